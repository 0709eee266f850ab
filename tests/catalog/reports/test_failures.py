"""What failed and is needed: which address, on which pages, why, and what will happen next."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assets import (
    Failure,
    Fetch,
    ImageReference,
    Outcome,
    Page,
    PageKind,
    PostGone,
    Reading,
    Reason,
    Role,
    SourceKind,
    Stage,
)
from catalog.cli import main
from catalog.cli.console.failure_text import failure_lines
from catalog.harvest.ledger import Ledger
from catalog.reports.failures import NOT_ASKED, FailureKind, ListedFailure, list_failures
from catalog.store.catalog import open_store
from catalog.store.embedded import EmbeddedStore

HOME = "https://news.example/"
ROOT = "https://news.example/wp-json/"
BROKEN = "https://news.example/up/broken.jpg"
OTHER = "https://news.example/up/other.jpg"
RECORD = "https://news.example/wp-json/wp/v2/media/8"
POSTS = "https://news.example/wp-json/wp/v2/posts?include=7,8"
NOON = datetime(2025, 8, 1, 12, tzinfo=UTC)


def text_of(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Room:
    """A ledger whose harvests happen at noon, and the failures that it knows some time later."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store = store
        self.ledger = Ledger(store, "first", [HOME], lambda: text_of(NOON))

    def use(self, page: Page, *urls: str, sha256: str = "") -> None:
        """Have a page on record that uses pictures at some addresses."""
        references = tuple(map(ImageReference, urls))
        self.ledger.note_page(Reading(page, references))
        for reference in references:
            self.ledger.note_usage(page, reference, sha256)
        self.ledger.note_read(page)

    def fail(
        self,
        address: str,
        reason: Reason = Reason.GONE,
        times: int = 1,
        outcome: Outcome = Outcome.FAILED,
        stage: Stage = Stage.DOWNLOAD,
    ) -> None:
        """Have an address fail."""
        for _ in range(times):
            self.ledger.note_document(Fetch(address, outcome, text_of(NOON), reason=reason, stage=stage))

    def list(self, later: timedelta = timedelta(0), site: str = "", reason: str = "") -> list[ListedFailure]:
        reasons = [reason] if reason else []
        return list_failures(self.store, NOON + later, site, reasons)

    def next_step(self, later: timedelta = timedelta(0)) -> str:
        (one,) = self.list(later)
        return one.next_step


@pytest.fixture
def room() -> Iterator[Room]:
    with EmbeddedStore() as store:
        yield Room(store)


def post(number: int = 7) -> Page:
    return Page(
        HOME,
        url=f"{HOME}{number}/",
        site="news.example",
        kind=PageKind.POST,
        api_root=ROOT,
        post_id=number,
        source_kind=SourceKind.REST,
        modified="2025-07-01T00:00:00Z",
    )


def test_a_picture_is_told_with_the_pages_that_use_it(room: Room) -> None:
    room.use(post(7), BROKEN)
    room.use(post(8), BROKEN)
    room.fail(BROKEN)
    (one,) = room.list()
    assert (one.kind, one.address, one.reason) == (FailureKind.PICTURE, BROKEN, "gone")
    assert one.pages == (post(7).url, post(8).url)


def test_a_picture_that_no_live_use_needs_is_not_told(room: Room) -> None:
    room.use(post(), BROKEN)
    room.fail(BROKEN)
    room.ledger.note_gone(PostGone(ROOT, 7, "deleted"))
    assert room.list() == []


def test_a_picture_that_came_is_not_told(room: Room) -> None:
    room.fail(BROKEN)
    room.ledger.note_document(Fetch(BROKEN, Outcome.FETCHED, text_of(NOON), sha256="5f0c"))
    room.use(post(), BROKEN, sha256="5f0c")
    assert room.list() == []


def test_a_use_whose_picture_is_kept_from_before_says_so(room: Room) -> None:
    room.use(post(), BROKEN, sha256="5f0c")
    room.fail(BROKEN)
    (one,) = room.list()
    assert one.has_picture


def test_a_use_that_was_not_asked_for_yet_is_told(room: Room) -> None:
    room.use(post(), BROKEN)
    (one,) = room.list()
    assert one.reason == NOT_ASKED


def test_a_passing_failure_is_asked_at_the_next_harvest(room: Room) -> None:
    room.use(post(), BROKEN)
    room.fail(BROKEN, Reason.SERVER_ERROR)
    assert room.next_step() == f"asked again at the next harvest of {HOME}"


def test_a_lasting_failure_says_when_it_is_asked(room: Room) -> None:
    room.use(post(), BROKEN)
    room.fail(BROKEN, times=3)
    assert room.next_step() == "not before 2025-08-05 12:00 UTC, unless its post changes"


def test_a_lasting_failure_whose_time_has_come_is_asked_at_the_next_harvest(room: Room) -> None:
    room.use(post(), BROKEN)
    room.fail(BROKEN)
    assert room.next_step(timedelta(days=2)) == f"asked again at the next harvest of {HOME}"


def test_a_saved_page_has_to_be_harvested_again(room: Room) -> None:
    room.use(Page("saved.html", url=f"{HOME}9/", site="news.example"), BROKEN)
    room.fail(BROKEN)
    assert room.next_step() == "asked again when saved.html is harvested again"


@pytest.mark.parametrize(
    ("reason", "told"), [(Reason.ADDRESS_REFUSED, "--allow-address"), (Reason.ROBOTS, "robots.txt")]
)
def test_what_we_do_not_ask_says_on_what_that_hangs(room: Room, reason: Reason, told: str) -> None:
    room.use(post(), BROKEN)
    room.fail(BROKEN, reason, outcome=Outcome.REFUSED)
    assert told in room.next_step()


def featured(reason: Reason) -> ImageReference:
    diagnosis = Failure(Stage.DISCOVER, reason, RECORD, "HTTP 404")
    return ImageReference(RECORD, role=Role.FEATURED, media_id=8, resolved=False, diagnosis=diagnosis)


def test_a_featured_picture_that_was_not_to_be_looked_up_is_told(room: Room) -> None:
    room.ledger.note_page(Reading(post(), (featured(Reason.GONE),)))
    room.ledger.note_usage(post(), featured(Reason.GONE), "")
    room.ledger.note_read(post())
    (one,) = room.list()
    assert (one.kind, one.reason, one.pages) == (FailureKind.FEATURED, "gone", (post().url,))
    assert one.next_step.startswith("never by itself")


def test_a_featured_picture_that_failed_for_a_passing_reason_is_looked_up_again(room: Room) -> None:
    room.ledger.note_page(Reading(post(), (featured(Reason.TIMEOUT),)))
    room.ledger.note_usage(post(), featured(Reason.TIMEOUT), "")
    assert room.next_step() == f"looked up again at the next harvest of {HOME}"


def test_a_page_that_asks_for_a_password_is_told(room: Room) -> None:
    protected = Failure(Stage.READ, Reason.PROTECTED, post().url)
    room.ledger.note_page(Reading(post(), failures=(protected,)))
    (one,) = room.list()
    assert (one.kind, one.reason) == (FailureKind.PAGE, "protected")


def test_an_address_of_an_api_that_failed_is_told_with_what_it_was_asked_for(room: Room) -> None:
    room.fail(POSTS, Reason.SERVER_ERROR)
    room.ledger.note_unread(POSTS, HOME)
    (one,) = room.list()
    assert (one.kind, one.address) == (FailureKind.DOCUMENT, POSTS)
    assert one.next_step == f"asked again when {HOME} is harvested again"


def test_a_document_that_a_later_harvest_did_without_is_not_told(room: Room) -> None:
    room.fail(POSTS, Reason.SERVER_ERROR)
    room.ledger.note_unread(POSTS, HOME)
    later = Ledger(room.store, "second", [HOME], lambda: text_of(NOON + timedelta(days=1)))
    later.note_end({}, finished=True)
    assert room.list() == []


def test_a_document_that_was_not_needed_is_not_told(room: Room) -> None:
    room.fail(f"{ROOT}wp/v2/posts/7")
    assert room.list() == []


def test_a_file_that_was_not_to_be_read_is_told_of_the_last_harvest(room: Room, tmp_path: Path) -> None:
    room.fail(str(tmp_path / "post.json"), Reason.MALFORMED, stage=Stage.READ)
    assert [one.address for one in room.list()] == [str(tmp_path / "post.json")]
    Ledger(room.store, "second", [HOME], lambda: text_of(NOON + timedelta(days=1)))
    assert room.list() == []


def test_the_newest_comes_first(room: Room) -> None:
    room.use(post(), BROKEN, OTHER)
    room.fail(BROKEN)
    at = text_of(NOON + timedelta(hours=1))
    room.ledger.note_document(Fetch(OTHER, Outcome.FAILED, at, reason=Reason.GONE, stage=Stage.DOWNLOAD))
    assert [one.address for one in room.list()] == [OTHER, BROKEN]


def test_one_site_alone_is_told(room: Room) -> None:
    room.use(post(), BROKEN)
    room.use(replace(post(8), site="other.example"), OTHER)
    room.fail(BROKEN)
    room.fail(OTHER)
    assert [one.address for one in room.list(site="other.example")] == [OTHER]


def test_one_reason_alone_is_told(room: Room) -> None:
    room.use(post(), BROKEN, OTHER)
    room.fail(BROKEN)
    room.fail(OTHER, Reason.TIMEOUT)
    assert [one.address for one in room.list(reason="timeout")] == [OTHER]


# For people


def test_a_person_reads_address_reason_page_and_what_comes(room: Room) -> None:
    room.use(post(), BROKEN)
    room.fail(BROKEN, times=2)
    assert list(failure_lines(room.list())) == [
        "1 picture",
        f"  {BROKEN}: gone",
        "    failed 2 times since 2025-08-01 12:00 UTC, last 2025-08-01 12:00 UTC",
        f"    1 use on {post().url}",
        "    not before 2025-08-03 12:00 UTC, unless its post changes",
    ]


def test_of_many_pages_the_first_are_named(room: Room) -> None:
    for number in range(5):
        room.use(post(number), BROKEN)
    room.fail(BROKEN)
    assert f"    5 uses on {HOME}0/, {HOME}1/, {HOME}2/, 2 more" in list(failure_lines(room.list()))


# The command


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    with open_store(tmp_path / "catalog") as store:
        room = Room(store)
        room.use(post(), BROKEN)
        room.fail(BROKEN)
    return tmp_path / "catalog"


def test_the_command_tells_one_object_a_line(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["failures", "--json", "--catalog", str(catalog)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert (json.loads(line)["address"], json.loads(line)["pages"]) == (BROKEN, [post().url])


def test_the_command_counts_uses_without_a_picture(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["failures", "--catalog", str(catalog)])
    assert capsys.readouterr().err == "1 address failed: 1 gone; 1 use without a picture\n"


def test_a_reason_that_is_none_is_a_usage_error(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["failures", "--reason", "bad luck", "--catalog", str(catalog)])
    assert raised.value.code == 2
    assert "'bad luck' is no reason" in capsys.readouterr().err
