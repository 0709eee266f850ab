"""A site harvested again and again: what is listed, asked and told with which options."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pictures import jpeg_bytes, photo
from servers import Answer, Server
from small_site import SmallSite

from assets import site_key
from catalog.model import Json
from catalog.store.catalog import open_store


@pytest.fixture
def site() -> SmallSite:
    """Two posts and a page, a picture each."""
    site = SmallSite()
    site.post(7, "seven.jpg")
    site.post(8, "eight.jpg")
    site.post(9, "nine.jpg", kind="page")
    return site


@pytest.fixture
def server(site: SmallSite) -> Iterator[Server]:
    with site.running() as server:
        yield server


def command(catalog: Path, server: Server, *arguments: str) -> list[str]:
    allowed = f"--allow-address={server.host_port[0]}:{server.host_port[1]}"
    harvest = [sys.executable, "-m", "catalog.cli", "harvest", "--catalog", str(catalog), allowed]
    return [*harvest, server.url("/"), *arguments]


def harvest(catalog: Path, server: Server, *arguments: str) -> str:
    """What a harvest of the site prints."""
    done = subprocess.run(
        command(catalog, server, *arguments), capture_output=True, text=True, timeout=180, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def summary(catalog: Path, server: Server, *arguments: str) -> Json:
    return dict(json.loads(harvest(catalog, server, *arguments, "--json")))


def test_types_narrow_what_is_read_and_the_others_are_counted_by_name(server: Server, tmp_path: Path) -> None:
    told = summary(tmp_path / "c", server, "--types", "posts")
    assert (told["pages"], told["passed_over"]) == (2, {"page": 1})


def test_a_quick_run_says_when_the_whole_list_was_last_gone_through(server: Server, tmp_path: Path) -> None:
    summary(tmp_path / "c", server)
    with open_store(tmp_path / "c", read_only=True) as store:
        state = store.site_state(site_key(server.url("/wp-json/")))
    told = summary(tmp_path / "c", server, "--reconcile", "1")
    assert state is not None
    assert told["listed"] == {server.url("/wp-json/"): state.listed}


def test_a_run_that_lists_all_has_nothing_to_say_of_earlier_ones(server: Server, tmp_path: Path) -> None:
    summary(tmp_path / "c", server)
    assert summary(tmp_path / "c", server)["listed"] == {}


def test_posts_that_moved_or_are_gone_are_counted(site: SmallSite, server: Server, tmp_path: Path) -> None:
    summary(tmp_path / "c", server)
    site.posts["post"][7]["link"] = server.url("/moved/")
    del site.posts["post"][8]
    told = summary(tmp_path / "c", server)
    assert (told["moved"], told["gone"]) == (1, 1)


def test_checking_files_sees_one_that_was_exchanged_under_its_name(
    site: SmallSite, server: Server, tmp_path: Path
) -> None:
    summary(tmp_path / "c", server)
    site.files["seven.jpg"] = Answer(jpeg_bytes(photo(99)), content_type="image/jpeg")
    assert summary(tmp_path / "c", server, "--check-files")["assets_new"] == 1


def test_files_that_were_just_checked_are_left_alone(server: Server, tmp_path: Path) -> None:
    summary(tmp_path / "c", server, "--check-files")
    before = server.paths.count("/up/seven.jpg")
    summary(tmp_path / "c", server, "--check-files", "7")
    assert server.paths.count("/up/seven.jpg") == before


def test_checking_files_asks_for_what_failed_for_good(
    site: SmallSite, server: Server, tmp_path: Path
) -> None:
    site.files["seven.jpg"] = Answer(status=404)
    summary(tmp_path / "c", server)
    del site.files["seven.jpg"]
    site.post(7, "seven.jpg")
    assert summary(tmp_path / "c", server, "--check-files")["assets_new"] == 1


def test_what_failed_for_good_is_left_alone_at_the_next_run(
    site: SmallSite, server: Server, tmp_path: Path
) -> None:
    site.files["seven.jpg"] = Answer(status=404)
    summary(tmp_path / "c", server)
    summary(tmp_path / "c", server)
    assert server.paths.count("/up/seven.jpg") == 1


def test_a_picture_that_is_asked_again_need_not_have_its_post_read(
    site: SmallSite, server: Server, tmp_path: Path
) -> None:
    site.files["seven.jpg"] = Answer(status=503)
    summary(tmp_path / "c", server)
    del site.files["seven.jpg"]
    site.post(7, "seven.jpg")
    told = summary(tmp_path / "c", server)
    assert (told["pages"], told["fetched"], told["failed"]) == (0, 1, 0)


def test_the_end_of_a_harvest_names_what_failed(site: SmallSite, server: Server, tmp_path: Path) -> None:
    site.files["seven.jpg"] = Answer(status=404)
    lines = harvest(tmp_path / "c", server).splitlines()
    assert lines[1] == "failed: 1 gone"
    assert lines[2] == f"  {server.url('/up/seven.jpg')}: gone (HTTP 404)"
    assert "`photodesk failures`" in lines[3]


def failures(catalog: Path) -> list[Json]:
    """What `photodesk failures` tells."""
    done = subprocess.run(
        [sys.executable, "-m", "catalog.cli", "failures", "--json", "--catalog", catalog],
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_address_that_was_not_there_is_listed_until_it_is(server: Server, tmp_path: Path) -> None:
    late = server.url("/late/")
    summary(tmp_path / "c", server, late)
    (told,) = failures(tmp_path / "c")
    assert (told["address"], told["next"]) == (late, f"asked again when {late} is harvested again")
    server.routes["/late/"] = Answer(b"<title>Late</title><img src=/up/late.jpg>", content_type="text/html")
    summary(tmp_path / "c", server, late)
    assert late not in [told["address"] for told in failures(tmp_path / "c")]


def test_a_limit_takes_posts_that_were_not_read_yet(server: Server, tmp_path: Path) -> None:
    summary(tmp_path / "c", server, "--limit", "2")
    assert summary(tmp_path / "c", server, "--limit", "2")["pages"] == 1


def test_since_reads_known_posts_again(server: Server, tmp_path: Path) -> None:
    summary(tmp_path / "c", server)
    assert summary(tmp_path / "c", server, "--since", "2025-07-01")["pages"] == 3
