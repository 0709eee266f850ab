"""What failed for good is left alone for a while, though its page is read again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pictures import jpeg_bytes, photo
from servers import Answer, Server

from assets import Failure, Fetch, ImageReference, Outcome, Page, PageKind, Reading, Reason, SourceKind, Stage
from catalog.harvest.ledger import Ledger
from catalog.harvest.pauses import Pauses
from catalog.store.catalog import open_store
from catalog.store.embedded import EmbeddedStore

STORY = "https://news.example/story/"
ROOT = "https://news.example/wp-json/"
BROKEN = "https://news.example/up/broken.jpg"


@pytest.fixture
def store() -> Iterator[EmbeddedStore]:
    with EmbeddedStore() as store:
        yield store


def story(*urls: str, **fields: object) -> Reading:
    page = replace(Page(STORY, url=STORY, site="news.example"), **fields)  # type: ignore[arg-type]
    return Reading(page, tuple(map(ImageReference, urls)))


def post(*urls: str, modified: str = "2025-08-01T00:00:00Z") -> Reading:
    return story(
        *urls,
        source="https://news.example/",
        api_root=ROOT,
        post_id=7,
        kind=PageKind.POST,
        source_kind=SourceKind.REST,
        modified=modified,
    )


def fail(
    store: EmbeddedStore, reading: Reading, reason: Reason = Reason.GONE, ago: timedelta = timedelta(hours=1)
) -> None:
    """Have a reading on record, whose pictures all failed some time ago."""
    ledger = Ledger(store, "inputs", ())
    at = (datetime.now(UTC) - ago).strftime("%Y-%m-%dT%H:%M:%SZ")
    ledger.note_page(reading)
    for reference in reading.references:
        ledger.note_document(Fetch(reference.url, Outcome.FAILED, at, reason=reason, stage=Stage.DOWNLOAD))
        ledger.note_usage(reading.page, reference, "")


def test_what_failed_for_good_on_this_page_is_not_asked_before_its_time(store: EmbeddedStore) -> None:
    fail(store, story(BROKEN))
    assert list(Pauses(store).list_paused(story(BROKEN))) == [BROKEN]


def test_what_failed_for_good_is_asked_when_its_time_has_come(store: EmbeddedStore) -> None:
    fail(store, story(BROKEN), ago=timedelta(hours=25))
    assert not Pauses(store).list_paused(story(BROKEN))


@pytest.mark.parametrize(
    "reason", [Reason.SERVER_ERROR, Reason.TIMEOUT, Reason.ADDRESS_REFUSED, Reason.ROBOTS]
)
def test_what_failed_for_a_reason_that_passes_is_asked(store: EmbeddedStore, reason: Reason) -> None:
    fail(store, story(BROKEN), reason)
    assert not Pauses(store).list_paused(story(BROKEN))


def test_a_reason_that_the_user_took_away_does_not_hold(store: EmbeddedStore) -> None:
    fail(store, story(BROKEN), Reason.ROBOTS_TAG)
    assert not Pauses(store, {Reason.ROBOTS_TAG.value}).list_paused(story(BROKEN))


def test_a_use_on_another_page_is_new_and_asked(store: EmbeddedStore) -> None:
    fail(store, story(BROKEN))
    assert not Pauses(store).list_paused(story(BROKEN, url="https://news.example/other/"))


def test_a_use_at_another_address_is_asked(store: EmbeddedStore) -> None:
    fail(store, story(BROKEN))
    assert not Pauses(store).list_paused(story(BROKEN.replace("broken", "whole")))


def test_a_post_that_is_as_it_was_leaves_its_broken_picture_alone(store: EmbeddedStore) -> None:
    fail(store, post(BROKEN))
    assert list(Pauses(store).list_paused(post(BROKEN))) == [BROKEN]


def test_a_post_that_changed_has_its_broken_picture_asked(store: EmbeddedStore) -> None:
    fail(store, post(BROKEN))
    assert not Pauses(store).list_paused(post(BROKEN, modified="2025-08-02T00:00:00Z"))


def test_a_picture_that_changed_in_the_library_is_asked(store: EmbeddedStore) -> None:
    fail(store, post(BROKEN))
    reading = post(BROKEN)
    (reference,) = reading.references
    changed = replace(reference, media_modified="2025-08-02T00:00:00Z")
    assert not Pauses(store).list_paused(replace(reading, references=(changed,)))


@pytest.mark.parametrize(
    "named", [{"source": "page.html"}, {"source": BROKEN, "kind": PageKind.LIST}], ids=["file", "address"]
)
def test_what_a_user_names_is_asked(store: EmbeddedStore, named: dict[str, Any]) -> None:
    fail(store, story(BROKEN, **named))
    assert not Pauses(store).list_paused(story(BROKEN, **named))


def test_all_are_asked_where_files_are_checked(store: EmbeddedStore) -> None:
    fail(store, story(BROKEN))
    assert not Pauses(store, asks_all=True).list_paused(story(BROKEN))


def test_a_diagnosed_featured_picture_has_no_address_to_leave_alone(store: EmbeddedStore) -> None:
    diagnosis = Failure(Stage.DISCOVER, Reason.GONE, BROKEN)
    fail(store, story(BROKEN))
    reference = ImageReference(BROKEN, resolved=False, diagnosis=diagnosis)
    assert not Pauses(store).list_paused(replace(story(), references=(reference,)))


# The whole program


def harvest(catalog: Path, server: Server, *arguments: str) -> dict[str, Any]:
    allowed = f"--allow-address={server.host_port[0]}:{server.host_port[1]}"
    command = [sys.executable, "-m", "catalog.cli", "harvest", "--json", "--catalog", catalog, allowed]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=180, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture
def page() -> Iterator[Server]:
    """A live page with one picture that is there and one that is not."""
    html = (
        b"<title>Story</title><article><h1>Story</h1><p>" + b"Words of the story. " * 40 + b"</p>"
        b"<img src=/whole.jpg><img src=/broken.jpg></article>"
    )
    routes = {
        "/story/": Answer(html, content_type="text/html"),
        "/whole.jpg": Answer(jpeg_bytes(photo(1)), content_type="image/jpeg", headers={"ETag": '"1"'}),
    }
    with Server(routes) as server:
        yield server


def test_a_page_read_each_hour_asks_for_its_broken_picture_once(page: Server, tmp_path: Path) -> None:
    harvest(tmp_path / "catalog", page, page.url("/story/"))
    summary = harvest(tmp_path / "catalog", page, page.url("/story/"))
    assert page.paths.count("/broken.jpg") == 1
    assert (summary["failed"], summary["reasons"]) == (1, {"gone": 1})


def test_a_broken_picture_stays_on_record_while_it_is_left_alone(page: Server, tmp_path: Path) -> None:
    harvest(tmp_path / "catalog", page, page.url("/story/"))
    harvest(tmp_path / "catalog", page, page.url("/story/"))
    with open_store(tmp_path / "catalog", read_only=True) as store:
        (usage,) = [usage for usage in store.usages() if usage.url.endswith("/broken.jpg")]
    assert (usage.asset, usage.withdrawn) == ("", "")
