"""The photo desk's API: a real process, asked over real sockets."""

from __future__ import annotations

import hashlib
import io
import json
import select
import socket
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from desks import HOSTILE, RunningDesk, desk, harvested, made
from patience import PATIENCE_SECONDS, until
from pictures import encoded, flat, photo
from PIL import Image, ImageOps
from servers import Answer, Server

import catalog as catalog_package
from assets import Failure, Reason, Stage
from catalog.cli import main
from catalog.desk.services.failure_texts import WORDS
from catalog.desk.web.app import add_routes
from catalog.desk.web.openapi import document
from catalog.harvest.summary import MOST_FAILURES, HarvestSummary
from catalog.index.text_index import TextIndex
from catalog.model import UsageRecord
from catalog.store.catalog import open_store

Made = tuple[Path, list[Server]]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with harvested(tmp_path_factory.mktemp("desk")) as made_room:
        yield made_room


@pytest.fixture(scope="module")
def served(room: Made) -> Iterator[RunningDesk]:
    catalog, servers = room
    allowed = [part for one in servers for part in ("--allow-address", ":".join(map(str, one.host_port)))]
    with desk(catalog, "--workers", "2", *allowed) as running:
        yield running


def republished() -> bytes:
    image = ImageOps.mirror(photo(60, 800, 533)).crop((100, 60, 700, 480))
    return encoded(image, "JPEG", quality=70)


def digest(name: str) -> str:
    return hashlib.sha256(encoded(made()[name], "JPEG", quality=88)).hexdigest()


def copies_of(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """How the query shows each copy of the photographs in an answer, by the copy's digest."""
    return {copy["sha256"]: copy["query"] for photo in answer["photos"] for copy in photo["copies"]}


# Look-ups


def test_a_picture_in_the_body_is_looked_up(served: RunningDesk) -> None:
    answer = served.look_up(republished()).json
    assert answer["verdict"] == "used"
    assert answer["coverage"]["pictures"] == 6
    best = copies_of(answer)[digest("a")]
    assert (best["relation"], best["mirrored"]) == ("crop", True)
    first = answer["photos"][0]["uses"][0]
    assert first["caption"].startswith("The ceremony in the capital.")
    assert first["credit"] == "KCNA via REUTERS"


def test_of_a_picture_that_is_cut_short_it_is_told_how_much_decoded(served: RunningDesk) -> None:
    whole = republished()
    answer = served.look_up(whole[: len(whole) * 9 // 10]).json
    assert answer["verdict"] == "used"
    assert 0.7 < answer["decoded"] < 0.95
    assert {copy["decoded"] for copy in answer["photos"][0]["copies"]} == {1.0}


def test_a_form_with_a_picture_is_looked_up(served: RunningDesk) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="picture"; filename="../../etc/passwd"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n" + republished() + b"\r\n--x--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = served.ask("POST", "/api/v1/lookups", body, headers)
    assert answer.json["verdict"] == "used"


def test_a_picture_at_an_address_is_looked_up(served: RunningDesk, room: Made) -> None:
    answer = served.post("/api/v1/lookups", {"address": room[1][1].url("/a-small.jpg")}).json
    assert answer["verdict"] == "used"
    assert copies_of(answer)[digest("a-small")]["relation"] == "identical"


def test_a_look_up_has_the_shape_of_the_commands_json(served: RunningDesk) -> None:
    schema = json.loads(
        (Path(catalog_package.__file__).parent / "reports" / "lookup.schema.json").read_text()
    )
    jsonschema.Draft202012Validator(schema).validate(served.look_up(republished()).json)


def test_a_look_up_names_copies_that_the_picture_itself_does_not_match(served: RunningDesk) -> None:
    answer = served.post("/api/v1/lookups", {"asset": digest("a-crop")[:12]}).json
    assert set(copies_of(answer)) == {digest(name) for name in ("a", "a-crop", "a-small")}


def test_the_catalog_says_that_nothing_is_to_be_compared(served: RunningDesk) -> None:
    assert served.get("/api/v1/catalog").json["incomplete"] is None


def test_an_address_that_is_not_allowed_is_refused(served: RunningDesk) -> None:
    answer = served.post("/api/v1/lookups", {"address": f"{served.address}/api/v1/catalog"})
    assert answer.status == 422
    assert "refused" in answer.json["detail"]
    assert answer.json["reason"] == "address refused"


def test_an_asset_and_a_phash_are_looked_up(served: RunningDesk) -> None:
    answer = served.post("/api/v1/lookups", {"asset": digest("b")[:12]}).json
    assert {query["relation"] for query in copies_of(answer).values()} == {"identical", "copy"}
    phash = served.get(f"/api/v1/assets/{digest('b')}").json["fingerprints"]["phash64"]
    near = served.post("/api/v1/lookups", {"phash": phash}).json
    assert near["verdict"] == "possible"
    assert digest("b") in {one["asset"] for one in near["others"]}


def test_what_is_not_in_the_catalog_is_said_to_be_not(served: RunningDesk) -> None:
    answer = served.look_up(encoded(photo(99, 640, 480), "JPEG")).json
    assert (answer["verdict"], answer["photos"], answer["others"]) == ("not in this catalog", [], [])


def test_a_look_up_can_be_had_again_with_its_picture(served: RunningDesk) -> None:
    answer = served.look_up(republished()).json
    again = served.get(f"/api/v1/lookups/{answer['id']}").json
    assert again["photos"] == answer["photos"]
    picture = served.get(answer["picture"]["url"])
    assert picture.headers["content-type"] == "image/webp"
    with Image.open(io.BytesIO(picture.body)) as image:
        assert image.size == (answer["picture"]["width"], answer["picture"]["height"])
    assert served.get("/api/v1/lookups/nothing").status == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422),
        (b"<html><script>alert(1)</script></html>", 422),
        (b"\xff\xd8\xff\xe0 torn", 422),
    ],
)
def test_what_is_no_picture_is_told(served: RunningDesk, body: bytes, status: int) -> None:
    answer = served.look_up(body)
    assert (answer.status, answer.headers["content-type"]) == (
        status,
        "application/problem+json; charset=utf-8",
    )
    assert answer.json["detail"]


def test_a_body_beyond_the_cap_is_refused(served: RunningDesk) -> None:
    with socket.create_connection((served.host, served.port), timeout=PATIENCE_SECONDS) as line:
        head = f"POST /api/v1/lookups HTTP/1.1\r\nHost: {served.host}:{served.port}\r\n"
        line.sendall(f"{head}Content-Type: image/jpeg\r\nContent-Length: {200 << 20}\r\n\r\n".encode())
        sent = 0
        answer = b""
        with suppress(ConnectionError):
            while sent < 100 << 20 and not answer:
                answers, takes, _ = select.select([line], [line], [], PATIENCE_SECONDS)
                if answers:
                    answer = line.recv(1000)
                elif takes:
                    sent += line.send(bytes(1 << 20))
    assert b" 413 " in answer
    assert sent < 80 << 20


# Decisions


def test_a_decision_is_kept_and_wins(served: RunningDesk) -> None:
    answer = served.look_up(republished()).json
    query = answer["picture"]["sha256"]
    told = served.post("/api/v1/decisions", {"first": query, "second": digest("a"), "decision": "different"})
    assert (told.status, told.json["decision"]) == (201, "different")
    again = served.get(f"/api/v1/lookups/{answer['id']}").json
    assert digest("a") not in copies_of(again)
    assert again["set_aside"] == 1
    served.post("/api/v1/decisions", {"first": query, "second": digest("a"), "decision": "undecided"})
    again = served.get(f"/api/v1/lookups/{answer['id']}").json
    assert digest("a") in copies_of(again)
    assert {one["decision"] for one in served.get("/api/v1/decisions").json["decisions"]} == {"undecided"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"first": "ab", "second": "cd", "decision": "same"},
        {"first": "a" * 64, "second": "a" * 64, "decision": "same"},
        {"first": "a" * 64, "second": "b" * 64, "decision": "perhaps"},
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(served: RunningDesk, body: dict[str, str]) -> None:
    assert served.post("/api/v1/decisions", body).status == 400


def test_a_decision_is_answered_with_those_that_it_contradicts(served: RunningDesk) -> None:
    one, other, third = (letter * 64 for letter in "345")

    def decided(first: str, second: str, decision: str) -> list[dict[str, str]]:
        body = {"first": first, "second": second, "decision": decision}
        told = served.post("/api/v1/decisions", body)
        assert told.status == 201
        return told.json["contradicts"]

    assert decided(one, other, "different") == decided(one, third, "same") == []
    against = decided(other, third, "same")
    assert [(told["first"], told["second"], told["decision"], told["by"]) for told in against] == [
        (one, other, "different", "desk"),
        (one, third, "same", "desk"),
    ]
    assert all(told["at"] for told in against)
    for pair in ((one, other), (one, third), (other, third)):
        assert decided(*pair, "undecided") == []


# Search, assets, clusters


def test_words_find_pictures_whatever_their_case_and_accents(served: RunningDesk) -> None:
    found = served.get("/api/v1/search?words=RICE+h%C3%A1rvest").json
    assert {one["asset"] for one in found["results"]} == {digest("b"), digest("b-gray")}
    assert found["total"] == 2


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("credit=getty", {"b", "b-gray"}),
        ("since=2025-08-06", {"a-small", "b-gray"}),
        ("until=2025-08-01", {"a"}),
        ("words=ceremony&since=2025-08-05&until=2025-08-06", {"a-small"}),
        ("words=nowhere", set()),
    ],
)
def test_filters_narrow_a_search(served: RunningDesk, query: str, names: set[str]) -> None:
    found = served.get(f"/api/v1/search?{query}").json
    assert {one["asset"] for one in found["results"]} == {digest(name) for name in names}


def test_a_site_narrows_a_search(served: RunningDesk, room: Made) -> None:
    site = ":".join(map(str, room[1][0].host_port))
    found = served.get(f"/api/v1/search?site={site}").json
    assert {one["asset"] for one in found["results"]} == {digest(name) for name in "abc"}


def test_an_asset_is_told_with_its_usages_and_cluster(served: RunningDesk) -> None:
    told = served.get(f"/api/v1/assets/{digest('a-crop')}").json
    assert told["cluster"] == digest("a")[:12]
    assert [one["title"] for one in told["usages"]] == ["gathering story"]


def test_an_original_is_a_download_that_no_browser_shows(served: RunningDesk) -> None:
    answer = served.get(f"/api/v1/assets/{digest('a')}/original")
    assert hashlib.sha256(answer.body).hexdigest() == digest("a")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_thumbnail_is_made_by_us_and_never_changes(served: RunningDesk) -> None:
    answer = served.get(f"/api/v1/assets/{digest('a')}/thumbnail?side=160")
    with Image.open(io.BytesIO(answer.body)) as image:
        assert (image.format, image.size) == ("WEBP", (160, 107))
    assert "immutable" in answer.headers["cache-control"]
    assert served.get(f"/api/v1/assets/{digest('a')}/thumbnail?side=161").status == 400


def test_clusters_are_listed_sorted_and_filtered(served: RunningDesk) -> None:
    listed = served.get("/api/v1/clusters").json
    assert [(one["id"], one["copies"], one["uses"], one["sites"]) for one in listed["clusters"]] == [
        (digest("a")[:12], 3, 3, 2),
        (digest("b")[:12], 2, 2, 2),
    ]
    assert served.get("/api/v1/clusters?order=asc").json["clusters"][0]["id"] == digest("b")[:12]
    found = served.get("/api/v1/clusters?conflict=credit&words=ceremony").json
    assert [one["id"] for one in found["clusters"]] == [digest("a")[:12]]
    assert served.get("/api/v1/clusters?limit=1&offset=1").json["clusters"][0]["id"] == digest("b")[:12]


def test_a_cluster_is_told_as_the_command_tells_it(
    served: RunningDesk, room: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["duplicates", "--catalog", str(room[0]), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["clusters"]
    by_id = {one["id"]: one for one in told}
    name = digest("a")[:12]
    assert served.get(f"/api/v1/clusters/{name}").json == by_id[name]


@pytest.mark.parametrize("name", ["b", "c"], ids=["of a cluster", "of a picture alone"])
def test_an_evidence_bundle_is_packed(served: RunningDesk, name: str) -> None:
    answer = served.get(f"/api/v1/clusters/{digest(name)[:12]}/evidence")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as bundle:
        assert json.loads(bundle.read("manifest.json"))["best"] == digest(name)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/assets/zz",
        "/api/v1/assets/abcd",
        "/api/v1/clusters/0000",
        "/api/v1/harvests/nothing",
        "/api/v1/nothing",
        "/api/v1/assets/..%2f..%2fetc%2fpasswd",
        "/static/..%2fapi.py",
        "/static/%2e%2e/api.py",
    ],
)
def test_what_is_not_there_is_not_found(served: RunningDesk, path: str) -> None:
    assert served.get(path).status in (400, 404)


def test_a_page_that_is_not_there_leads_back(served: RunningDesk) -> None:
    answer = served.get("/nope", Accept="text/html,*/*;q=0.8")
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html")
    assert b'href="/"' in answer.body
    assert served.get("/nope", Accept="application/json").headers["content-type"].startswith("text/plain")
    nothing = served.get("/api/v1/nothing", Accept="text/html")
    assert (nothing.status, nothing.json["status"]) == (404, 404)


# Harvests


def test_a_harvest_runs_and_tells_its_progress(tmp_path: Path, room: Made) -> None:
    server = room[1][0]
    allowed = ("--allow-address", ":".join(map(str, server.host_port)))
    with desk(tmp_path / "new", "--workers", "1", *allowed) as running:
        assert running.get("/api/v1/catalog").json["coverage"]["pictures"] == 0
        queued = running.post("/api/v1/harvests", {"inputs": [server.url("/ceremony/")]})
        assert (queued.status, queued.json["state"]) == (202, "queued")
        events = running.get(f"/api/v1/harvests/{queued.json['id']}/events").body.decode().split("\n\n")
        told = [json.loads(one.partition("data: ")[2]) for one in events if "data: " in one]
        assert told[-1]["state"] == "done"
        assert told[-1]["summary"]["fetched"] == 1
        assert running.look_up(republished()).json["verdict"] == "used"


def test_the_desk_answers_while_a_harvest_reads_a_page_that_takes_long(tmp_path: Path) -> None:
    words = b"<p>Some words of a story, a few of them.</p>" * 100_000
    page = Answer(b"<html><body><article>" + words + b"</article></body></html>", content_type="text/html")
    with Server({"/long/": page}) as server:
        allowed = ("--allow-address", ":".join(map(str, server.host_port)))
        with desk(tmp_path / "new", "--workers", "1", *allowed) as running:
            name = running.post("/api/v1/harvests", {"inputs": [server.url("/long/")]}).json["id"]
            until(lambda: "/long/" in server.paths)
            moments = [time.monotonic()]
            while running.get(f"/api/v1/harvests/{name}").json["summary"] is None:
                assert running.get("/static/base.css").status == 200
                moments.append(time.monotonic())
    longest = max(later - earlier for earlier, later in pairwise(moments))
    # Who reads it himself answers once, when it is read.
    assert longest < (moments[-1] - moments[0]) / 3


def test_a_harvest_tells_which_addresses_failed_and_why(tmp_path: Path, room: Made) -> None:
    server = room[1][0]
    nowhere, page = server.url("/nowhere/"), server.url("/ceremony/")
    allowed = ("--allow-address", ":".join(map(str, server.host_port)))
    with desk(tmp_path / "new", "--workers", "1", *allowed) as running:
        for inputs, state in (([nowhere], "failed"), ([nowhere, page], "done with failures")):
            name = running.post("/api/v1/harvests", {"inputs": inputs}).json["id"]
            running.get(f"/api/v1/harvests/{name}/events")
            told = running.get(f"/api/v1/harvests/{name}").json
            assert (told["state"], told["summary"]["failed"]) == (state, 1)
            assert [(one["address"], one["reason"], one["why"]) for one in told["failures"]] == [
                (nowhere, "gone", "there is nothing at this address")
            ]


def test_a_summary_keeps_the_first_failures_and_counts_all() -> None:
    summary = HarvestSummary()
    for number in range(MOST_FAILURES + 3):
        summary.fail(Failure(Stage.DOWNLOAD, Reason.GONE, f"https://news.example/{number}.jpg"))
    assert [one.address[-6:] for one in summary.failures[-2:]] == ["48.jpg", "49.jpg"]
    assert (len(summary.failures), summary.failed) == (MOST_FAILURES, MOST_FAILURES + 3)
    assert "failures" not in summary.to_json()


def test_every_reason_has_plain_words() -> None:
    assert set(WORDS) == set(Reason)


def test_a_harvest_can_be_cancelled_and_the_next_one_runs(tmp_path: Path, room: Made) -> None:
    server = room[1][0]
    with (
        Server({"/slow/": Answer(b"<html></html>", content_type="text/html", delay_seconds=3600)}) as slow,
        desk(
            tmp_path / "new",
            "--workers",
            "1",
            *("--allow-address", ":".join(map(str, slow.host_port))),
            *("--allow-address", ":".join(map(str, server.host_port))),
        ) as running,
    ):
        first = running.post("/api/v1/harvests", {"inputs": [slow.url("/slow/")]}).json["id"]
        second = running.post("/api/v1/harvests", {"inputs": [server.url("/ceremony/")]}).json["id"]
        until(lambda: running.get(f"/api/v1/harvests/{first}").json["state"] != "queued")
        assert running.ask("DELETE", f"/api/v1/harvests/{first}").status == 200
        running.get(f"/api/v1/harvests/{second}/events")
        states = {one["id"]: one["state"] for one in running.get("/api/v1/harvests").json["harvests"]}
        assert states == {first: "cancelled", second: "done"}


@pytest.mark.parametrize("inputs", [[], ["/etc/passwd"], ["file:///etc/passwd"], "x", [1]])
def test_only_web_addresses_are_harvested(served: RunningDesk, inputs: object) -> None:
    assert served.post("/api/v1/harvests", {"inputs": inputs}).status == 400


def test_what_the_command_harvests_meanwhile_is_seen(tmp_path: Path, room: Made) -> None:
    server = room[1][0]
    allowed = ["--allow-address", ":".join(map(str, server.host_port))]
    catalog = tmp_path / "new"
    with desk(catalog, "--workers", "1") as running:
        assert running.look_up(republished()).json["verdict"] == "not in this catalog"
        assert main(["harvest", server.url("/ceremony/"), "--catalog", str(catalog), *allowed]) == 0
        until(lambda: running.look_up(republished()).json["verdict"] == "used")


def test_what_the_command_harvests_is_compared_in_the_background(tmp_path: Path, room: Made) -> None:
    catalog = tmp_path / "new"
    with desk(catalog, "--workers", "1") as running:
        pages = [server.url(path) for server, path in zip(room[1], ("/ceremony/", "/archive/"), strict=True)]
        allowed = [part for one in room[1] for part in ("--allow-address", ":".join(map(str, one.host_port)))]
        assert main(["harvest", *pages, "--catalog", str(catalog), *allowed]) == 0

        def compared() -> Any:  # noqa: ANN401
            told = running.get("/api/v1/clusters").json
            return told if told["total"] and not told["uncompared"] else None

        assert [row["copies"] for row in until(compared)["clusters"]] == [2]


def test_words_are_indexed_in_the_background(tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    with open_store(folder) as store:
        store.put_usage(UsageRecord(key="u", page="https://a.example/1", asset="a" * 64, caption="Harvest"))
    index = TextIndex(folder / "derived")
    with desk(folder, "--workers", "1"), open_store(folder, read_only=True) as store:
        found = until(lambda: said.usages if (said := index.search(store, ["harvest"])) else ())
        assert found == ("u",)


# Safety


def test_another_name_for_this_machine_is_refused(served: RunningDesk) -> None:
    assert served.get("/api/v1/catalog", Host="evil.example").status == 421
    assert served.get("/api/v1/catalog", Host=f"evil.example:{served.port}").status == 421
    assert served.get("/api/v1/catalog", Host=f"localhost:{served.port}").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_page_may_change_nothing(served: RunningDesk, headers: dict[str, str]) -> None:
    body = {"first": "a" * 64, "second": "b" * 64, "decision": "same"}
    assert served.post("/api/v1/decisions", body, **headers).status == 403
    assert served.ask("DELETE", "/api/v1/harvests/x", headers=headers).status == 403


def test_our_own_page_may(served: RunningDesk) -> None:
    body = {"first": "a" * 64, "second": "b" * 64, "decision": "undecided"}
    headers = {"Origin": served.address, "Sec-Fetch-Site": "same-origin"}
    assert served.post("/api/v1/decisions", body, **headers).status == 201


def test_every_answer_forbids_foreign_and_inline_scripts(served: RunningDesk) -> None:
    for path in (
        "/",
        "/api/v1/catalog",
        "/api/v1/nothing",
        "/static/base.css",
        "/static/desk.css",
        "/nothing",
    ):
        policy = served.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_hostile_captions_are_data(served: RunningDesk) -> None:
    found = served.get("/api/v1/search?words=onerror").json
    assert found["results"][0]["usages"][0]["caption"] == HOSTILE
    assert served.get("/api/v1/search?words=onerror").headers["content-type"].startswith("application/json")


def test_beyond_this_machine_a_token_is_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["serve", "--host", "192.0.2.1", "--catalog", str(tmp_path / "c")]
    assert main(command) == 2
    assert "--token-file" in capsys.readouterr().err
    short = tmp_path / "short"
    short.write_text("secret")
    assert main([*command, "--token-file", str(short)]) == 2


def test_only_who_has_the_token_is_let_in(room: Made, tmp_path: Path) -> None:
    token = "a-long-enough-token"  # noqa: S105
    (tmp_path / "token").write_text(token + "\n")
    with desk(room[0], "--token-file", str(tmp_path / "token")) as running:
        assert running.get("/api/v1/catalog").status == 401
        assert running.get("/").headers["location"] == "/token"
        shared = running.get("/search?words=flood&site=news.example").headers["location"]
        assert shared == "/token?to=/search?words%3Dflood%26site%3Dnews.example"
        assert running.get("/api/v1/catalog", Authorization="Bearer wrong").status == 401
        for scheme in ("Bearer", "bearer", "BEARER "):
            assert running.get("/api/v1/catalog", Authorization=f"{scheme} {token}").status == 200
        assert running.get("/api/v1/catalog", Authorization=f"Basic {token}").status == 401
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        signed_in = running.ask("POST", "/token", f"token={token}".encode(), form)
        assert signed_in.headers["location"] == "/"
        for to, place in (
            (shared, "/search?words=flood&site=news.example"),
            ("/token?to=//elsewhere.example/", "/"),
            ("/token?to=https://elsewhere.example/", "/"),
            ("/token?to=/%0d%0aset-cookie:x", "/"),
        ):
            assert running.ask("POST", to, f"token={token}".encode(), form).headers["location"] == place
        refused = running.ask("POST", shared, b"token=wrong", form).headers["location"]
        assert refused == f"{shared}&wrong="
        cookie = signed_in.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert running.get("/api/v1/catalog", Cookie=cookie.partition(";")[0]).status == 200


def test_a_port_that_is_taken_is_told(
    served: RunningDesk, room: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", str(served.port), "--catalog", str(room[0])]) == 3
    assert capsys.readouterr().err == f"photodesk: 127.0.0.1:{served.port}: Address already in use\n"


@pytest.mark.parametrize(
    ("body", "reason"), [(None, "No such file or directory"), (b"\xff\xfe\x99", "not a text file")]
)
def test_a_token_file_that_cannot_be_read_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: bytes | None, reason: str
) -> None:
    file = tmp_path / "token"
    if body is not None:
        file.write_bytes(body)
    assert main(["serve", "--catalog", str(tmp_path / "c"), "--token-file", str(file)]) == 2
    assert capsys.readouterr().err == f"photodesk serve: {file}: {reason}\n"


# The document


def test_the_document_names_every_route_and_no_other() -> None:
    from aiohttp import web

    class Anything:
        def __getattr__(self, _name: str) -> Any:  # noqa: ANN401
            async def handler(_request: web.Request) -> web.Response:
                return web.Response()

            return handler

    application = web.Application()
    add_routes(application, Anything())  # type: ignore[arg-type]
    routes = {
        (route.method, route.resource.canonical)
        for route in application.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    told = {(method.upper(), path) for path, methods in document()["paths"].items() for method in methods}
    assert told == routes


def test_flat_pictures_are_answered_too(served: RunningDesk) -> None:
    assert served.look_up(encoded(flat(), "PNG")).json["verdict"] == "not in this catalog"


# What is never shown

DRAWING = b"<svg xmlns='http://www.w3.org/2000/svg' width='640' height='360' onload='alert(1)'/>"
DRAWN = hashlib.sha256(DRAWING).hexdigest()


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk over a catalog of one drawing."""
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "chart.svg").write_bytes(DRAWING)
    assert main(["harvest", str(folder / "chart.svg"), "--catalog", str(folder / "catalog")]) == 0
    with desk(folder / "catalog", "--workers", "1") as running:
        yield running


def test_a_drawing_is_a_download_and_nothing_that_a_browser_opens(drawn: RunningDesk) -> None:
    original = drawn.get(f"/api/v1/assets/{DRAWN}/original")
    assert original.body == DRAWING
    assert original.headers["content-type"] == "application/octet-stream"
    assert original.headers["content-disposition"] == f'attachment; filename="{DRAWN}.bin"'


def test_a_drawing_has_no_small_picture(drawn: RunningDesk) -> None:
    answer = drawn.get(f"/api/v1/assets/{DRAWN}/thumbnail?side=320")
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json; charset=utf-8")


def test_an_asset_says_why_it_cannot_be_compared(drawn: RunningDesk) -> None:
    told = drawn.get(f"/api/v1/assets/{DRAWN}").json
    assert (told["format"], told["reason"], told["width"]) == ("SVG", "unsupported picture", 640)


def test_the_same_drawing_is_found_by_its_bytes(drawn: RunningDesk) -> None:
    answer = drawn.look_up(DRAWING).json
    assert (answer["verdict"], answer["picture"]["url"]) == ("used", None)
    (copy,) = answer["photos"][0]["copies"]
    told = (copy["sha256"], copy["query"]["relation"], copy["reason"])
    assert told == (DRAWN, "identical", "unsupported picture")


def test_a_drawing_is_found_by_its_digest(drawn: RunningDesk) -> None:
    answer = drawn.post("/api/v1/lookups", {"asset": DRAWN}).json
    assert list(copies_of(answer)) == [DRAWN]
