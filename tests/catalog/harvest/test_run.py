"""The harvest end to end: the command, real servers, a real catalog."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from newsroom import Newsroom
from patience import PATIENCE_SECONDS, soon, until
from pictures import jpeg_bytes, photo
from servers import Answer, Line, Request, Route, Server

from assets import site_key
from catalog.cli import main
from catalog.store.catalog import open_store
from catalog.store.layout import JOURNAL


def harvest(catalog: Path, *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    """Exit code and summary of a harvest in a process of its own."""
    command = [sys.executable, "-m", "catalog.cli", "harvest", "--json", "--catalog", catalog, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}


def allowing(server: Server) -> str:
    return f"--allow-address={server.host_port[0]}:{server.host_port[1]}"


def post(server: Server, **fields: object) -> dict[str, object]:
    """A post in the shape of the REST API, on a site that this server is."""
    links = {"self": [{"href": server.url("/wp-json/wp/v2/posts/7")}]}
    return {
        "id": 7,
        "type": "post",
        "date_gmt": "2025-08-23T04:41:03",
        "link": server.url("/a-story/"),
        "title": {"rendered": "A story"},
        "content": {"rendered": ""},
        "featured_media": 0,
        "_links": links,
        **fields,
    }


@pytest.fixture
def room_arguments(newsroom: Newsroom) -> list[str]:
    return [*newsroom.sites, *(f"--allow-address={host}" for host in newsroom.allow)]


def test_a_newsroom_is_harvested_whole(newsroom: Newsroom, room_arguments: list[str], tmp_path: Path) -> None:
    code, summary = harvest(tmp_path / "catalog", *room_arguments)
    assert code == 1
    assert summary["reasons"].keys() <= {"robots tag", "protected"}
    with open_store(tmp_path / "catalog", read_only=True) as store:
        found = {(usage.page, usage.role, usage.alt, usage.caption) for usage in store.usages()}
        expected = {
            (use["post_url"], use["role"], use["alt"], use["caption"])
            for use in newsroom.facts["uses"]
            if use["access"] == "public"
        }
        assert expected - found == set()
        assert len(list(store.usages())) == len(newsroom.facts["uses"]) == summary["references"]
        assert summary["assets_new"] == store.counts()["assets"]


def test_a_second_harvest_moves_no_picture_and_reads_only_what_changed(
    newsroom: Newsroom, room_arguments: list[str], tmp_path: Path
) -> None:
    _, first = harvest(tmp_path / "catalog", *room_arguments)
    code, second = harvest(tmp_path / "catalog", *room_arguments)
    assert code == 0
    assert (second["fetched"], second["bytes"], second["failed"]) == (0, 0, 0)
    assert (first["pages"] > 0, second["pages"]) == (True, 0)


def test_featured_media_that_does_not_answer_is_taken_from_the_page(
    newsroom: Newsroom, room_arguments: list[str], tmp_path: Path
) -> None:
    harvest(tmp_path / "catalog", *room_arguments)
    barred = [use for use in newsroom.facts["uses"] if use["access"] in ("unauthorized", "deleted")]
    assert barred
    with open_store(tmp_path / "catalog", read_only=True) as store:
        for use in barred:
            featured = [one for one in store.usages_of_page(use["post_url"]) if one.role == "featured"]
            assert len(featured) == 1
            assert featured[0].asset
            assert featured[0].diagnosis is not None
            assert (
                featured[0].diagnosis["reason"]
                == {"unauthorized": "unauthorized", "deleted": "gone"}[use["access"]]
            )


def test_a_dry_run_of_a_live_site_fetches_no_picture_and_leaves_no_catalog(
    newsroom: Newsroom, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code = main(["harvest", newsroom.sites[1], f"--allow-address={newsroom.allow[1]}", "--dry-run", "--json"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 0
    assert {line["page_url"] for line in lines} == {use["post_url"] for use in newsroom.uses(1)}
    assert len(lines) == len(newsroom.uses(1))
    assert list(tmp_path.iterdir()) == []


def test_a_limit_takes_that_many_posts(newsroom: Newsroom, tmp_path: Path) -> None:
    _, summary = harvest(
        tmp_path / "catalog", newsroom.sites[1], f"--allow-address={newsroom.allow[1]}", "--limit", "3"
    )
    assert summary["pages"] == 3
    with open_store(tmp_path / "catalog", read_only=True) as store:
        state = store.site_state(site_key(newsroom.site(1)["api_root"]))
        assert state is not None
        assert state.mark == ""


def test_a_saved_post_is_followed_to_its_featured_media_and_files(tmp_path: Path) -> None:
    picture = jpeg_bytes(photo(1, width=320, height=200))
    media = {
        "id": 8,
        "media_type": "image",
        "alt_text": "Kim waves",
        "caption": {"rendered": "<p>Kim waves. (KCNA)</p>"},
        "media_details": {"width": 320, "height": 200, "sizes": [], "image_meta": []},
    }
    with Server({"/up/kim.jpg": Answer(picture, content_type="image/jpeg")}) as server:
        media["source_url"] = server.url("/up/kim.jpg")
        server.routes["/wp-json/wp/v2/media/8"] = Answer(
            json.dumps(media).encode(), content_type="application/json"
        )
        saved = tmp_path / "post.json"
        saved.write_text(json.dumps(post(server, featured_media=8)))
        code, summary = harvest(tmp_path / "catalog", saved, allowing(server))
        assert code == 0
        assert (summary["fetched"], summary["assets_new"], summary["bytes"]) == (1, 1, len(picture))
        with open_store(tmp_path / "catalog", read_only=True) as store:
            (usage,) = store.usages()
            assert (usage.page, usage.alt, usage.caption, usage.credit) == (
                server.url("/a-story/"),
                "Kim waves",
                "Kim waves. (KCNA)",
                "KCNA",
            )
            asset = store.asset(usage.asset)
            assert asset is not None
            assert (asset.width, asset.height, asset.format) == (320, 200, "JPEG")
            assert set(asset.fingerprints) == {"phash64", "phash256", "dhash64"}
            original = tmp_path / "catalog" / "originals" / asset.original
            assert original.read_bytes() == picture


def test_a_caption_that_was_edited_leaves_its_history_and_a_picture_taken_out_is_withdrawn(
    tmp_path: Path,
) -> None:
    routes = {f"/{name}.jpg": Answer(jpeg_bytes(photo(number))) for number, name in enumerate("ab")}
    with Server(routes) as server:
        saved = tmp_path / "post.json"

        def run(*captions: tuple[str, str]) -> None:
            figures = "".join(
                f'<figure><img src="{server.url(f"/{name}.jpg")}"><figcaption>{caption}</figcaption></figure>'
                for name, caption in captions
            )
            saved.write_text(json.dumps(post(server, content={"rendered": figures})))
            harvest(tmp_path / "catalog", saved, allowing(server))

        run(("a", "Kim arrives."), ("b", "A crowd."))
        run(("a", "Kim arrives in Pyongyang."))
        with open_store(tmp_path / "catalog", read_only=True) as store:
            first, second = sorted(store.usages(), key=lambda usage: usage.url)
            assert (first.caption, first.withdrawn) == ("Kim arrives in Pyongyang.", "")
            assert [earlier["caption"] for earlier in first.history] == ["Kim arrives."]
            assert second.withdrawn


@pytest.mark.parametrize(("text", "is_gone"), [("The story goes on. " * 40, True), ("Please accept.", False)])
def test_the_only_picture_taken_out_of_a_story_is_withdrawn(
    tmp_path: Path, text: str, *, is_gone: bool
) -> None:
    story = f"<html><body><article><h1>Kim arrives</h1><p>{'The story goes on. ' * 40}</p><img src=/a.jpg></article>"
    with Server({"/a.jpg": Answer(jpeg_bytes(photo(1)))}) as server:
        server.routes["/story/"] = Answer(story.encode(), content_type="text/html")
        harvest(tmp_path / "catalog", server.url("/story/"), allowing(server))
        server.routes["/story/"] = Answer(
            f"<article><p>{text}</p></article>".encode(), content_type="text/html"
        )
        harvest(tmp_path / "catalog", server.url("/story/"), allowing(server))
    with open_store(tmp_path / "catalog", read_only=True) as store:
        (usage,) = store.usages()
        assert bool(usage.withdrawn) is is_gone


def test_featured_media_that_cannot_be_had_stays_on_record_until_it_can(tmp_path: Path) -> None:
    media = {"id": 8, "media_type": "image", "alt_text": "Kim waves", "media_details": []}
    record = "/wp-json/wp/v2/media/8"
    with Server({"/up/kim.jpg": Answer(jpeg_bytes(photo(1)), content_type="image/jpeg")}) as server:
        saved = tmp_path / "post.json"
        saved.write_text(json.dumps(post(server, featured_media=8)))
        code, summary = harvest(tmp_path / "catalog", saved, allowing(server))
        assert (code, summary["references"], summary["reasons"]) == (1, 1, {"gone": 1})
        media["source_url"] = server.url("/up/kim.jpg")
        server.routes[record] = Answer(json.dumps(media).encode(), content_type="application/json")
        with open_store(tmp_path / "catalog", read_only=True) as store:
            (before,) = store.usages()
        harvest(tmp_path / "catalog", saved, allowing(server))
        with open_store(tmp_path / "catalog", read_only=True) as store:
            (after,) = store.usages()
    assert (before.role, before.media_id, before.asset) == ("featured", 8, "")
    assert before.diagnosis is not None
    assert (after.key, after.first_seen, after.alt) == (before.key, before.first_seen, "Kim waves")
    assert after.asset


def test_every_address_ends_as_a_fetch_with_a_reason(tmp_path: Path) -> None:
    routes = {
        "/good.jpg": Answer(jpeg_bytes(photo(1))),
        "/page.jpg": Answer(b"<!doctype html><p>Not here", content_type="text/html"),
        "/empty.jpg": Answer(b""),
        "/cut.jpg": Answer(jpeg_bytes(photo(2))[:900]),
    }
    with Server(routes) as server:
        addresses = tmp_path / "urls.txt"
        addresses.write_text(
            "".join(f"{server.url(path)}\n" for path in (*routes, "/gone.jpg")) + "nonsense\n"
        )
        code, summary = harvest(tmp_path / "catalog", addresses, allowing(server))
        assert code == 1
        assert (summary["fetched"], summary["failed"]) == (2, 4)
        with open_store(tmp_path / "catalog", read_only=True) as store:
            reasons = {fetch.url.rpartition("/")[2]: fetch.reason for fetch in store.fetches()}
    assert reasons["good.jpg"] == ""
    assert reasons["page.jpg"] == "not a picture"
    assert reasons["empty.jpg"] == "empty"
    assert reasons["cut.jpg"] == ""
    assert reasons["gone.jpg"] == "gone"
    assert list((tmp_path / "catalog" / "originals" / "incoming").iterdir()) == []


def test_after_the_best_address_failed_another_of_the_same_picture_is_tried(tmp_path: Path) -> None:
    with Server({"/wp-content/uploads/k-300x200.jpg": Answer(jpeg_bytes(photo(1)))}) as server:
        small, full = (server.url(f"/wp-content/uploads/k{end}.jpg") for end in ("-300x200", ""))
        saved = tmp_path / "post.json"
        saved.write_text(
            json.dumps(post(server, content={"rendered": f'<a href="{full}"><img src="{small}"></a>'}))
        )
        harvest(tmp_path / "catalog", saved, allowing(server))
        with open_store(tmp_path / "catalog", read_only=True) as store:
            (usage,) = store.usages()
            assert usage.url == full
            assert usage.asset


def test_originals_keeps_the_upload_behind_a_size_variant_and_relates_both(tmp_path: Path) -> None:
    routes = {
        "/wp-content/uploads/k.jpg": Answer(jpeg_bytes(photo(1, width=640, height=480))),
        "/wp-content/uploads/k-320x240.jpg": Answer(jpeg_bytes(photo(1, width=320, height=240))),
    }
    with Server(routes) as server:
        image = f'<img src="{server.url("/wp-content/uploads/k-320x240.jpg")}">'
        saved = tmp_path / "post.json"
        saved.write_text(json.dumps(post(server, content={"rendered": image})))
        harvest(tmp_path / "catalog", saved, "--originals", allowing(server))
        with open_store(tmp_path / "catalog", read_only=True) as store:
            by_width = {asset.width: asset for asset in store.assets()}
            assert [one["relation"] for one in by_width[320].related] == ["size variant of"]
            assert by_width[640].related[0]["asset"] == by_width[320].sha256


def test_a_folder_of_pictures_is_copied_once_and_read_once(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    photo(1).save(folder / "one.jpg")
    (folder / "again.jpg").write_bytes((folder / "one.jpg").read_bytes())
    (folder / "notes.txt").write_text("call Jane")
    code, first = harvest(tmp_path / "catalog", folder)
    assert code == 0
    assert (first["pages"], first["fetched"], first["assets_new"], first["skipped"]) == (2, 2, 1, 1)
    _, second = harvest(tmp_path / "catalog", folder)
    assert (second["fetched"], second["unchanged"]) == (0, 2)
    with open_store(tmp_path / "catalog", read_only=True) as store:
        assert {usage.url for usage in store.usages()} == {str(folder / "one.jpg"), str(folder / "again.jpg")}


def test_a_rotten_original_is_mended_when_its_bytes_come_again(tmp_path: Path) -> None:
    catalog, body = tmp_path / "catalog", jpeg_bytes(photo(1, width=320, height=200))
    picture = Answer(body, content_type="image/jpeg")
    with Server({"/a.jpg": picture, "/b.jpg": picture}) as server:
        for name in ("a", "b"):
            addresses = tmp_path / f"{name}.txt"
            addresses.write_text(server.url(f"/{name}.jpg"))
            assert harvest(catalog, addresses, allowing(server))[0] == 0
            (path,) = (catalog / "originals").glob("??/*")
            if name == "a":
                path.write_bytes(body[:500] + b"?" + body[501:])
    assert path.read_bytes() == body


def test_a_loopback_address_is_refused_unless_it_is_named(tmp_path: Path) -> None:
    with Server({"/a.jpg": Answer(jpeg_bytes(photo(1)))}) as server:
        code, summary = harvest(tmp_path / "catalog", server.url("/a.jpg"))
        assert code == 1
        assert summary["reasons"] == {"address refused": 1}
        assert server.paths == []


PICTURES = 2000


def acknowledged(catalog: Path) -> set[str]:
    """The addresses whose pictures are on record."""
    if not (catalog / JOURNAL).is_file():
        return set()
    with open_store(catalog, read_only=True) as store:
        return {fetch.url for fetch in store.fetches() if fetch.outcome == "fetched"}


def test_a_killed_harvest_goes_on_and_asks_nothing_acknowledged_again(tmp_path: Path) -> None:
    """Also on a server without validators, where only the ledger can know."""
    bodies = [jpeg_bytes(photo(number, width=96, height=64)) for number in range(20)]

    def picture(request: Request) -> Answer:
        number = int(request.path.strip("/p.jg"))
        # Bytes after the end of a JPEG are no part of the picture, and make each file another asset.
        body = bodies[number % 20] + f"{number:06}".encode()
        # Half of them are not answered before the kill, however quick the machine.
        delay = 3600 if process.poll() is None and number >= PICTURES // 2 else 0
        return Answer(body, content_type="image/jpeg", delay_seconds=delay)

    with Server({f"/p{number}.jpg": picture for number in range(PICTURES)}) as server:
        addresses, catalog = tmp_path / "urls.txt", tmp_path / "catalog"
        addresses.write_text("".join(f"{server.url(f'/p{number}.jpg')}\n" for number in range(PICTURES)))
        command = [
            sys.executable,
            "-m",
            "catalog.cli",
            "harvest",
            addresses,
            allowing(server),
            "--catalog",
            catalog,
        ]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            until(lambda: acknowledged(catalog) or process.poll() is not None)
            assert process.poll() is None
            process.send_signal(signal.SIGKILL)
        before = acknowledged(catalog)
        asked_before = len(server.paths)
        assert 0 < len(before) < PICTURES
        code, summary = harvest(catalog, addresses, allowing(server))
        assert code == 0
        assert summary["fetched"] + summary["unchanged"] == PICTURES
        asked_again = {server.url(path) for path in server.paths[asked_before:]}
        assert asked_again & before == set()
        with open_store(catalog, read_only=True) as store:
            assert store.counts()["assets"] == PICTURES
            assert all(usage.asset for usage in store.usages())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_harvest_with_what_is_done_kept(tmp_path: Path, number: signal.Signals) -> None:
    slow = Answer(jpeg_bytes(photo(1)), delay_seconds=3600)
    with Server({"/a.jpg": Answer(jpeg_bytes(photo(2))), "/slow.jpg": slow}) as server:
        addresses = tmp_path / "urls.txt"
        addresses.write_text(f"{server.url('/a.jpg')}\n{server.url('/slow.jpg')}\n")
        command = [
            sys.executable,
            "-m",
            "catalog.cli",
            "harvest",
            addresses,
            allowing(server),
            "--catalog",
            tmp_path / "c",
        ]
        environment = {**os.environ, "PYTHONWARNINGS": "error"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            until(
                lambda: (
                    "/slow.jpg" in server.paths
                    and (acknowledged(tmp_path / "c") or process.poll() is not None)
                )
            )
            process.send_signal(number)
            output, _ = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 130
        assert "interrupted" in output
        with open_store(tmp_path / "c", read_only=True) as store:
            assert Counter(bool(usage.asset) for usage in store.usages()) == {True: 1}


DEAF = """
import asyncio
from catalog.cli.harvest import _run_until_signalled

class Deaf:
    stopping = False

    def stop(self):
        self.stopping = True
        print("asked to stop", flush=True)

    async def run(self, inputs, stream):
        print("begun", flush=True)
        await asyncio.sleep(3600)

asyncio.run(_run_until_signalled(Deaf(), []))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_a_harvest_that_does_not_stop(number: signal.Signals) -> None:
    command = [sys.executable, "-c", DEAF]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for told in ("begun", "asked to stop"):
            assert process.stdout.readline() == f"{told}\n"
            process.send_signal(number)
        output = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, output) == (130, ("", ""))


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="only Linux has work that nobody waits for")
def test_a_harvest_lets_others_go_first(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "catalog.cli", "harvest", "-", "--catalog", tmp_path / "catalog"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        until(lambda: os.sched_getscheduler(process.pid) == os.SCHED_BATCH)
        policy = os.sched_getscheduler(process.pid)
        process.kill()
    assert policy == os.SCHED_BATCH


def test_pages_of_many_sites_are_read_at_once(tmp_path: Path) -> None:
    asked: set[int] = set()

    async def answer(request: Request, line: Line) -> None:
        asked.add(int(request.headers["host"].partition(":")[0].split(".")[-1]))
        await soon(lambda: len(asked) == 24)
        await line.send(bytes(Answer(b"<p>A story without pictures.", content_type="text/html")))

    with ExitStack() as stack:
        routes: dict[str, Route] = {"/": answer}
        servers = [stack.enter_context(Server(routes, host=f"127.0.0.{2 + n}")) for n in range(24)]
        addresses = [server.url("/") for server in servers]
        _, summary = harvest(tmp_path / "catalog", *addresses, *map(allowing, servers))
    assert (summary["reasons"], len(asked)) == ({"no picture": 24}, 24)
