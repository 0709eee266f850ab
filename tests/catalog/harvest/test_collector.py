"""Collecting the pictures of readings: what is asked, and what counts as done when."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import clocks
import pytest
from ledgers import HOME, ROOT, STORY, Days, day, picture, rest

from assets import PostGone, PostMoved, SiteRead, StrayAnswered, site_key
from assets.model import (
    Failure,
    Fetch,
    ImageReference,
    Outcome,
    Page,
    PageKind,
    Reading,
    Reason,
    SourceKind,
    Stage,
    Validators,
)
from assets.picture_model import Picture
from assets.pipeline import Collected, Pipeline
from catalog.harvest.collector import MAX_OTHER_ADDRESSES, RESULTS_PER_BATCH, Collector
from catalog.harvest.ledger import Ledger
from catalog.harvest.results import notice_of
from catalog.harvest.summary import HarvestSummary
from catalog.index.feature_store import FeatureStore
from catalog.store import Store
from catalog.store.catalog import open_store

ADDRESSES = ("https://news.example/a.jpg", "https://news.example/b.jpg")


class Patient:
    """A pipeline whose hosts want to be left alone for as long as a test says, and never refuse for good."""

    def __init__(self) -> None:
        self.closed: dict[str, float] = {}
        self.refusing: set[str] = set()

    def closed_seconds(self, host: str) -> float:
        return max(0.0, self.closed.get(host, 0.0) - asyncio.get_running_loop().time())

    def is_refusing(self, host: str) -> bool:
        return host in self.refusing


class Broken(Patient):
    """A pipeline that is asked for each address, and fails once it has been asked for all of them."""

    def __init__(self, addresses: int) -> None:
        super().__init__()
        self._left = addresses
        self._asked = asyncio.Event()

    async def collect(self, address: str, _validators: object, _referer: str) -> None:
        self._left -= 1
        if not self._left:
            self._asked.set()
        await self._asked.wait()
        raise RuntimeError(address)


def collect(folder: Path, *addresses: str) -> None:
    """Collect these addresses, each of which fails by a mistake."""
    references = tuple(map(ImageReference, addresses))

    async def work() -> None:
        with open_store(folder) as store, FeatureStore(folder, read_only=False) as studies:
            pipeline = cast("Pipeline", Broken(len(references)))
            ledger = Ledger(store, "inputs", ())
            async with Collector(store, ledger, studies, pipeline, HarvestSummary()) as collector:
                await collector.take(Reading(Page("news"), references))
                await collector.finish()

    asyncio.run(work())


def test_what_stops_the_last_address_comes_out(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"a\.jpg"):
        collect(tmp_path, ADDRESSES[0])


def test_what_else_died_is_logged_beside_the_error_that_comes_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(RuntimeError) as caught:
        collect(tmp_path, *ADDRESSES)
    (message,) = caplog.messages
    both = {f"a part of the harvest died too: {error!r}" for error in map(RuntimeError, ADDRESSES)}
    assert both - {message} == {f"a part of the harvest died too: {caught.value!r}"}


# What counts as read, and when


class Web(Patient):
    """A pipeline that gives for each address what a test says, when the test lets it; all that it gives is held."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []
        self.conditions: list[Validators | None] = []
        self.reasons: dict[str, Reason] = {}
        self.unchanged: set[str] = set()
        self.lost: set[str] = set()
        self.held: dict[str, asyncio.Event] = {}
        self.at = day(1)

    @property
    def paths(self) -> list[str]:
        """The names of the files that were asked for, in order."""
        return [address.rpartition("/")[2] for address, _ in self.asked]

    async def holds(self, sha256: str) -> bool:
        return sha256 not in self.lost

    async def collect(self, address: str, validators: Validators | None, referer: str) -> Collected:
        self.asked.append((address, referer))
        self.conditions.append(validators)
        if address in self.held:
            await self.held[address].wait()
        if address in self.reasons:
            reason = self.reasons[address]
            return Collected(Fetch(address, Outcome.FAILED, self.at, reason=reason, stage=Stage.DOWNLOAD))
        if address in self.unchanged:
            return Collected(Fetch(address, Outcome.UNCHANGED, self.at))
        fetch = Fetch(address, Outcome.FETCHED, self.at, sha256=sha256_of(address), length=100)
        return Collected(fetch, Picture("JPEG", 300, 200), "file")

    async def import_file(self, path: str) -> Collected:
        state = Path(path).stat()  # noqa: ASYNC240 - a file of the test's own
        self.asked.append((path, ""))
        fetch = Fetch(path, Outcome.FETCHED, self.at, sha256=sha256_of(path), length=100)
        return Collected(fetch, Picture("JPEG", 300, 200), "file", state.st_size, state.st_mtime_ns)


def sha256_of(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


class Run:
    """One run over a store and a web, whose clock does not wait."""

    def __init__(self, store: Store, web: Web, folder: Path, number: int = 1) -> None:
        self.store = store
        self.web = web
        self.summary = HarvestSummary()
        self._folder = folder
        self._number = number

    def __call__(self, scenario: Callable[[Collector], Coroutine[object, object, None]]) -> None:
        async def work() -> None:
            ledger = Days(self.store).on(self._number)
            with FeatureStore(self._folder, read_only=False) as features:
                pipeline = cast("Pipeline", self.web)
                async with Collector(self.store, ledger, features, pipeline, self.summary) as collector:
                    await scenario(collector)

        clocks.run(work())

    def take(self, *readings: Reading) -> None:
        """Take readings one after the other, each when what came before is through, and finish."""

        async def scenario(collector: Collector) -> None:
            for reading in readings:
                await collector.take(reading)
                await asyncio.sleep(1)
            await collector.finish()

        self(scenario)

    def take_together(self, *readings: Reading) -> None:
        """Take readings while those before are under way, and finish."""

        async def scenario(collector: Collector) -> None:
            for reading in readings:
                await collector.take(reading)
            await collector.finish()

        self(scenario)


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
def run(store: Store, web: Web, tmp_path: Path) -> Run:
    return Run(store, web, tmp_path)


def read_of(store: Store, post_id: int = 7) -> str:
    return Days(store).page(post_id).read


def diagnosed(reason: Reason) -> ImageReference:
    record = f"{ROOT}wp/v2/media/8"
    return ImageReference(record, resolved=False, diagnosis=Failure(Stage.DISCOVER, reason, record))


def test_a_page_whose_uses_are_on_record_counts_as_read(store: Store, run: Run) -> None:
    run.take(Reading(rest(), (picture(), picture("ann.jpg"))))
    assert read_of(store) == day(1)


def test_a_page_without_pictures_counts_as_read(store: Store, run: Run) -> None:
    run.take(Reading(rest()))
    assert read_of(store) == day(1)


def test_a_page_does_not_count_as_read_while_a_picture_is_under_way(store: Store, web: Web, run: Run) -> None:
    slow = picture("slow.jpg")
    web.held[slow.url] = asyncio.Event()
    read: list[tuple[str, int]] = []

    async def scenario(collector: Collector) -> None:
        await collector.take(Reading(rest(), (picture(), slow)))
        await asyncio.sleep(5)
        read.append((read_of(store), len(list(store.usages()))))
        web.held[slow.url].set()
        await collector.finish()
        read.append((read_of(store), len(list(store.usages()))))

    run(scenario)
    assert read == [("", 1), (day(1), 2)]


def test_a_page_does_not_count_as_read_where_a_run_stops_with_a_picture_under_way(
    store: Store, web: Web, run: Run
) -> None:
    slow = picture("slow.jpg")
    web.held[slow.url] = asyncio.Event()

    async def scenario(collector: Collector) -> None:
        await collector.take(Reading(rest(), (picture(), slow)))
        await asyncio.sleep(0)

    run(scenario)
    assert read_of(store) == ""


def test_what_was_done_before_a_run_stopped_is_written(store: Store, web: Web, run: Run) -> None:
    slow = picture("slow.jpg")
    web.held[slow.url] = asyncio.Event()

    async def scenario(collector: Collector) -> None:
        await collector.take(Reading(rest(), (picture(), slow)))
        await asyncio.sleep(0.1)

    run(scenario)
    assert [usage.url for usage in store.usages()] == [picture().url]


@pytest.mark.parametrize("reason", [Reason.SERVER_ERROR, Reason.GONE])
def test_a_page_with_a_picture_that_failed_counts_as_read_when_that_is_on_record(
    store: Store, web: Web, run: Run, reason: Reason
) -> None:
    web.reasons[picture().url] = reason
    run.take(Reading(rest(), (picture(),)))
    fetch = store.fetch(picture().url)
    assert fetch is not None
    assert (read_of(store), fetch.reason, [usage.asset for usage in store.usages()]) == (
        day(1),
        reason.value,
        [""],
    )


@pytest.mark.parametrize(("reason", "read"), [(Reason.SERVER_ERROR, ""), (Reason.FORBIDDEN, day(1))])
def test_a_featured_picture_that_was_not_to_be_looked_up_is_read_again_where_that_may_pass(
    store: Store, run: Run, reason: Reason, read: str
) -> None:
    run.take(Reading(rest(), (diagnosed(reason),)))
    assert read_of(store) == read


def test_a_featured_picture_that_was_not_to_be_looked_up_is_on_record(store: Store, run: Run) -> None:
    run.take(Reading(rest(), (diagnosed(Reason.FORBIDDEN),)))
    assert [(usage.asset, (usage.diagnosis or {})["reason"]) for usage in store.usages()] == [
        ("", "forbidden")
    ]


def test_a_featured_picture_that_was_not_to_be_looked_up_is_not_asked_for(web: Web, run: Run) -> None:
    run.take(Reading(rest(), (diagnosed(Reason.FORBIDDEN),)))
    assert (web.asked, run.summary.reasons) == ([], {"forbidden": 1})


def test_what_says_that_it_is_not_settled_is_read_again(store: Store, run: Run) -> None:
    run.take(Reading(rest(), (picture(),), is_settled=False))
    assert read_of(store) == ""


def test_a_page_does_not_count_as_read_while_the_upload_behind_a_size_is_under_way(
    store: Store, web: Web, run: Run
) -> None:
    web.held[picture().url] = asyncio.Event()

    async def scenario(collector: Collector) -> None:
        collector.takes_uploads = True
        await collector.take(Reading(rest(), (ImageReference(SMALL, uploads=(picture().url,)),)))
        await asyncio.sleep(1)

    run(scenario)
    assert (read_of(store), [usage.url for usage in store.usages()]) == ("", [SMALL])


def test_each_page_counts_as_read_by_its_own_pictures(store: Store, web: Web, run: Run) -> None:
    slow = picture("slow.jpg")
    web.held[slow.url] = asyncio.Event()

    async def scenario(collector: Collector) -> None:
        await collector.take(Reading(rest(7), (slow,)))
        await collector.take(Reading(rest(8, f"{HOME}8/"), (picture(),)))
        await asyncio.sleep(1)

    run(scenario)
    assert (read_of(store, 7), read_of(store, 8)) == ("", day(1))


# Sites


def test_a_site_is_noted_at_the_end_and_not_before(store: Store, web: Web, run: Run) -> None:
    slow = picture("slow.jpg")
    web.held[slow.url] = asyncio.Event()
    noted: list[bool] = []

    async def scenario(collector: Collector) -> None:
        await collector.take(Reading(rest(), (slow,)))
        collector.note_site(SiteRead(ROOT, "m", is_whole=True))
        await asyncio.sleep(5)
        noted.append(store.site_state(site_key(ROOT)) is not None)
        web.held[slow.url].set()
        await collector.finish()
        noted.append(store.site_state(site_key(ROOT)) is not None)

    run(scenario)
    assert noted == [False, True]


def test_a_site_is_not_noted_where_a_run_stops(store: Store, run: Run) -> None:
    async def scenario(collector: Collector) -> None:
        collector.note_site(SiteRead(ROOT, "m", is_whole=True))
        await asyncio.sleep(1)

    run(scenario)
    assert store.site_state(site_key(ROOT)) is None


# What is asked


def test_an_address_that_two_pages_show_is_asked_once_for_the_first(web: Web, run: Run) -> None:
    run.take(Reading(rest(7), (picture(),)), Reading(rest(8, f"{HOME}8/"), (picture(),)))
    assert web.asked == [(picture().url, STORY)]


def test_both_pages_have_the_picture_that_was_asked_once(store: Store, run: Run) -> None:
    run.take(Reading(rest(7), (picture(),)), Reading(rest(8, f"{HOME}8/"), (picture(),)))
    assert [usage.asset for usage in store.usages()] == [sha256_of(picture().url)] * 2


def test_an_address_that_is_under_way_is_not_asked_beside(web: Web, run: Run) -> None:
    web.held[picture().url] = asyncio.Event()

    async def scenario(collector: Collector) -> None:
        await collector.take(Reading(rest(7), (picture(),)))
        await collector.take(Reading(rest(8, f"{HOME}8/"), (picture(),)))
        await asyncio.sleep(1)
        web.held[picture().url].set()
        await collector.finish()

    run(scenario)
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    ("changed", "times"),
    [
        (day(2), 2),
        # Two clocks are never quite the same.
        ("2025-08-01T05:59:58Z", 2),
        ("2025-08-01T05:59:57Z", 1),
        ("2025-07-01T00:00:00Z", 1),
        ("", 1),
    ],
)
def test_an_address_whose_item_changed_since_is_asked_again(
    web: Web, run: Run, changed: str, times: int
) -> None:
    later = picture(media_modified=changed)
    run.take(Reading(rest(7), (picture(),)), Reading(rest(8, f"{HOME}8/"), (later,)))
    assert len(web.asked) == times


def test_an_item_that_says_it_changed_in_the_future_is_not_asked_for_each_page(web: Web, run: Run) -> None:
    logo = picture(media_modified="2099-01-01T00:00:00Z")
    run.take(*(Reading(rest(number, f"{HOME}{number}/"), (logo,)) for number in range(7, 11)))
    assert len(web.asked) == 1


def test_an_item_that_changes_twice_in_a_run_is_asked_each_time(web: Web, run: Run) -> None:
    shown = [picture(media_modified=day(number)) for number in (1, 2, 3)]
    run.take(*(Reading(rest(at, f"{HOME}{at}/"), (one,)) for at, one in enumerate(shown, 7)))
    assert len(web.asked) == 3


def test_what_this_run_got_before_it_was_interrupted_is_not_asked(
    store: Store, web: Web, run: Run, tmp_path: Path
) -> None:
    run.take(Reading(rest(), (picture(),)))
    again = Run(store, web, tmp_path)
    again.take(Reading(rest(), (picture(),)))
    assert (len(web.asked), again.summary.unchanged) == (1, 1)


def test_what_this_run_got_is_asked_where_its_item_changed_since(
    store: Store, web: Web, run: Run, tmp_path: Path
) -> None:
    run.take(Reading(rest(), (picture(),)))
    Run(store, web, tmp_path).take(Reading(rest(), (picture(media_modified=day(2)),)))
    assert len(web.asked) == 2


def test_what_failed_in_an_interrupted_run_is_asked_when_it_goes_on(
    store: Store, web: Web, run: Run, tmp_path: Path
) -> None:
    web.reasons[picture().url] = Reason.TIMEOUT
    run.take(Reading(rest(), (picture(),)))
    Run(store, web, tmp_path).take(Reading(rest(), (picture(),)))
    assert len(web.asked) == 2


def test_a_picture_that_is_as_it_was_is_kept(store: Store, web: Web, run: Run, tmp_path: Path) -> None:
    run.take(Reading(rest(), (picture(),)))
    web.unchanged.add(picture().url)
    later = Run(store, web, tmp_path, 2)
    later.take(Reading(rest(), (picture(),)))
    assert [usage.asset for usage in store.usages()] == [sha256_of(picture().url)]
    assert (later.summary.fetched, later.summary.unchanged) == (0, 1)


def test_a_picture_whose_file_was_lost_is_asked_for_without_conditions(
    store: Store, web: Web, run: Run, tmp_path: Path
) -> None:
    run.take(Reading(rest(), (picture(),)))
    Run(store, web, tmp_path, 2).take(Reading(rest(), (picture(),)))
    web.lost.add(sha256_of(picture().url))
    Run(store, web, tmp_path, 3).take(Reading(rest(), (picture(),)))
    assert [condition is None for condition in web.conditions] == [True, False, True]


def test_a_local_file_that_is_as_it_was_is_not_read_again(
    store: Store, web: Web, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "kim.jpg"
    file.write_bytes(b"kim")
    reading = Reading(
        Page(str(file), kind=PageKind.FILE, source_kind=SourceKind.FILE), (ImageReference(str(file)),)
    )
    run.take(reading)
    Run(store, web, tmp_path, 2).take(reading)
    file.write_bytes(b"another")
    Run(store, web, tmp_path, 3).take(reading)
    assert web.paths == ["kim.jpg"] * 2


# Other addresses of a picture

SMALL = f"{HOME}up/kim-300x200.jpg"


def test_another_size_is_asked_for_where_the_best_failed(store: Store, web: Web, run: Run) -> None:
    web.reasons[picture().url] = Reason.GONE
    run.take(Reading(rest(), (picture(variants=(SMALL,)),)))
    (usage,) = store.usages()
    assert (usage.url, usage.asset, usage.asset_url) == (picture().url, sha256_of(SMALL), SMALL)


def test_another_size_is_not_asked_for_where_the_best_came(web: Web, run: Run) -> None:
    run.take(Reading(rest(), (picture(variants=(SMALL,)),)))
    assert web.paths == ["kim.jpg"]


def test_another_size_is_not_asked_for_where_it_would_end_the_same(web: Web, run: Run) -> None:
    web.reasons[picture().url] = Reason.CONNECT
    run.take(Reading(rest(), (picture(variants=(SMALL,)),)))
    assert web.paths == ["kim.jpg"]


def test_not_all_of_many_sizes_are_tried(web: Web, run: Run) -> None:
    sizes = tuple(f"{HOME}up/kim-{number}00x200.jpg" for number in range(1, 9))
    web.reasons.update(dict.fromkeys((picture().url, *sizes), Reason.GONE))
    run.take(Reading(rest(), (picture(variants=sizes),)))
    assert len(web.asked) == 1 + MAX_OTHER_ADDRESSES


@pytest.mark.parametrize(
    ("takes", "paths"), [(False, ["kim-300x200.jpg"]), (True, ["kim-300x200.jpg", "kim.jpg"])]
)
def test_the_upload_behind_a_size_is_taken_where_that_is_wanted(
    web: Web, run: Run, takes: bool, paths: list[str]
) -> None:
    async def scenario(collector: Collector) -> None:
        collector.takes_uploads = takes
        await collector.take(Reading(rest(), (ImageReference(SMALL, uploads=(picture().url,)),)))
        await collector.finish()

    run(scenario)
    assert web.paths == paths


def test_an_upload_and_its_size_are_related(store: Store, run: Run) -> None:
    async def scenario(collector: Collector) -> None:
        collector.takes_uploads = True
        await collector.take(Reading(rest(), (ImageReference(SMALL, uploads=(picture().url,)),)))
        await collector.finish()

    run(scenario)
    asset = store.asset(sha256_of(SMALL))
    assert asset is not None
    assert [one["asset"] for one in asset.related] == [sha256_of(picture().url)]


# Asked again, and left alone


def failing(store: Store, web: Web, folder: Path, *, hours_ago: float) -> None:
    """Have a post's picture fail for good some hours ago."""
    web.reasons[picture().url] = Reason.GONE
    web.at = (datetime.now(UTC) - timedelta(hours=hours_ago)).isoformat()
    Run(store, web, folder).take(Reading(rest(), (picture(),)))
    web.asked.clear()


def test_what_failed_for_good_is_not_asked_and_counts_as_failed(
    store: Store, web: Web, tmp_path: Path
) -> None:
    failing(store, web, tmp_path, hours_ago=1)
    later = Run(store, web, tmp_path, 2)
    later.take(Reading(rest(), (picture(),)))
    assert (web.asked, later.summary.failed) == ([], 1)
    assert "not asked again before" in later.summary.failures[0].detail


def test_what_failed_for_good_on_one_page_is_asked_where_another_is_new(
    store: Store, web: Web, tmp_path: Path
) -> None:
    failing(store, web, tmp_path, hours_ago=1)
    later = Run(store, web, tmp_path, 2)
    later.take(Reading(rest(), (picture(),)), Reading(rest(8, f"{HOME}8/"), (picture(),)))
    assert (web.paths, later.summary.failed) == (["kim.jpg"], 1)


def test_what_is_left_alone_keeps_its_page_read(store: Store, web: Web, tmp_path: Path) -> None:
    failing(store, web, tmp_path, hours_ago=1)
    Run(store, web, tmp_path, 2).take(Reading(rest(), (picture(),)))
    assert read_of(store) == day(1)


def take_again(run: Run) -> None:
    (usage,) = run.store.usages()

    async def scenario(collector: Collector) -> None:
        await collector.take_again(usage)
        await collector.finish()

    run(scenario)


def test_a_picture_that_is_asked_again_is_written_to_its_use(store: Store, web: Web, tmp_path: Path) -> None:
    failing(store, web, tmp_path, hours_ago=25)
    del web.reasons[picture().url]
    take_again(Run(store, web, tmp_path, 2))
    assert [usage.asset for usage in store.usages()] == [sha256_of(picture().url)]


def test_a_picture_that_fails_again_leaves_its_use_as_it_was(store: Store, web: Web, tmp_path: Path) -> None:
    failing(store, web, tmp_path, hours_ago=25)
    before = list(store.usages())
    take_again(Run(store, web, tmp_path, 2))
    fetch = store.fetch(picture().url)
    assert fetch is not None
    assert (list(store.usages()), fetch.failures) == (before, 2)


# Counted and written


def test_every_address_is_fetched_unchanged_or_failed(web: Web, run: Run) -> None:
    web.reasons[f"{HOME}up/bad.jpg"] = Reason.GONE
    run.take(Reading(rest(), (picture(), picture("ann.jpg"), picture("bad.jpg"))))
    summary = run.summary
    assert (summary.fetched, summary.unchanged, summary.failed) == (2, 0, 1)
    assert (summary.references, summary.settled, summary.assets_new, summary.bytes) == (3, 3, 2, 200)


def test_posts_that_moved_or_are_gone_are_counted_and_written(store: Store, run: Run) -> None:
    async def scenario(collector: Collector) -> None:
        await collector.take(Reading(rest(7), (picture(),)))
        await collector.take(Reading(rest(8, f"{HOME}8/"), (picture("ann.jpg"),)))
        await asyncio.sleep(1)
        collector.note_moved(PostMoved(ROOT, 7, f"{HOME}new/"))
        collector.note_gone(PostGone(ROOT, 8, "deleted"))
        await collector.finish()

    run(scenario)
    assert (run.summary.moved, run.summary.gone) == (1, 1)
    assert (Days(store).page(7).url, Days(store).page(8).status) == (f"{HOME}new/", "deleted")


@pytest.mark.parametrize(("status", "gone"), [("", 0), ("deleted", 1)])
def test_a_page_in_no_list_is_counted_where_it_is_gone(run: Run, status: str, gone: int) -> None:
    async def scenario(collector: Collector) -> None:
        collector.note_stray(StrayAnswered(STORY, status, STORY))
        await collector.finish()

    run(scenario)
    assert run.summary.gone == gone


@pytest.mark.parametrize(("stage", "written"), [(Stage.READ, 1), (Stage.DOWNLOAD, 0)])
def test_a_failure_is_written_where_no_fetch_tells_it(
    store: Store, run: Run, stage: Stage, written: int
) -> None:
    async def scenario(collector: Collector) -> None:
        collector.note_failure(Failure(stage, Reason.MALFORMED, STORY))
        await collector.finish()

    run(scenario)
    assert (run.summary.failed, len(list(store.fetches()))) == (1, written)


@pytest.mark.parametrize(
    ("outcome", "detail", "text"),
    [
        (Outcome.FETCHED, "a notice before the JSON", "a notice before the JSON"),
        (Outcome.FETCHED, "", None),
        (Outcome.FAILED, "HTTP 404", None),
    ],
)
def test_what_was_read_in_spite_of_something_is_noticed(
    outcome: Outcome, detail: str, text: str | None
) -> None:
    notice = notice_of(Fetch(STORY, outcome, day(1), detail=detail))
    assert (notice and notice.text) == text


def test_a_full_batch_is_written_at_once(store: Store, run: Run) -> None:
    written: list[int] = []

    async def scenario(collector: Collector) -> None:
        for number in range(RESULTS_PER_BATCH):
            collector.note_document(Fetch(f"{HOME}{number}", Outcome.FETCHED, day(1)))
        written.append(len(list(store.fetches())))

    run(scenario)
    assert written == [RESULTS_PER_BATCH]


def test_a_batch_is_not_written_before_it_is_full_or_its_time_has_come(store: Store, run: Run) -> None:
    written: list[int] = []

    async def scenario(collector: Collector) -> None:
        collector.note_document(Fetch(HOME, Outcome.FETCHED, day(1)))
        written.append(len(list(store.fetches())))
        await asyncio.sleep(1)
        written.append(len(list(store.fetches())))

    run(scenario)
    assert written == [0, 1]


# Many hosts


def at_host(host: str, *names: str) -> tuple[ImageReference, ...]:
    return tuple(ImageReference(f"https://{host}/{name}.jpg") for name in names)


def page(host: str, number: int = 0) -> Page:
    return Page(f"https://{host}/", url=f"https://{host}/{number}/", site=host)


def test_a_host_that_does_not_answer_keeps_no_other_waiting(store: Store, web: Web, run: Run) -> None:
    slow = at_host("slow.example", *map(str, range(2000)))
    web.held = {one.url: asyncio.Event() for one in slow}

    async def scenario(collector: Collector) -> None:
        await collector.take(Reading(page("slow.example"), slow))
        for number in range(60):
            host = f"news{number}.example"
            await collector.take(Reading(page(host), at_host(host, *"abcdef")))
        await asyncio.sleep(1)

    run(scenario)
    assert sum(usage.site != "slow.example" for usage in store.usages()) == 360


def test_what_is_on_record_does_not_depend_on_the_order_of_the_hosts(store: Store, tmp_path: Path) -> None:
    readings = [
        Reading(page(f"{host}.example", number), at_host(f"{host}.example", f"{number}x", "logo"))
        for host in "abcd"
        for number in range(5)
    ]
    found = []
    for number, told in enumerate((readings, readings[::-1], readings[::2] + readings[1::2])):
        with open_store(tmp_path / str(number)) as own:
            Run(own, Web(), tmp_path / str(number)).take_together(*told)
            found.append(sorted(own.usages(), key=lambda usage: usage.key))
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 40


class Refusing(Web):
    """A web in which a host wants to be left alone after its first picture, and gives no other until then."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__()
        self._host = host
        self._seconds = seconds
        self._is_first = True

    async def collect(self, address: str, validators: Validators | None, referer: str) -> Collected:
        if self._host not in address or not (self._is_first or self.closed_seconds(self._host)):
            return await super().collect(address, validators, referer)
        attempts = int(self._is_first)
        if self._is_first:
            self.closed[self._host] = asyncio.get_running_loop().time() + self._seconds
            self._is_first = False
        told = {"reason": Reason.RATE_LIMITED, "stage": Stage.DOWNLOAD, "attempts": attempts}
        return Collected(Fetch(address, Outcome.FAILED, self.at, **told))  # type: ignore[arg-type] # by name


def test_a_host_that_refuses_one_picture_gives_the_others_later(store: Store, tmp_path: Path) -> None:
    web = Refusing("busy.example", 120)
    run = Run(store, web, tmp_path)
    readings = [Reading(page(host), at_host(host, *"abcdef")) for host in ("busy.example", "quick.example")]
    run.take_together(*readings)
    assert (run.summary.fetched, run.summary.failed, run.summary.settled) == (11, 1, 12)
    assert [host.split("/")[2] for host, _ in web.asked[:6]] == ["quick.example"] * 6
    assert not [usage.url for usage in store.usages() if usage.lacks_picture and "a.jpg" not in usage.url]


def test_what_a_host_refuses_to_the_end_is_recorded_and_asked_in_the_next_run(
    store: Store, tmp_path: Path
) -> None:
    web = Refusing("busy.example", 1e9)
    web.refusing.add("busy.example")
    run = Run(store, web, tmp_path)
    run.take_together(Reading(page("busy.example"), at_host("busy.example", *"abcdef")))
    assert run.summary.reasons == {"rate limited": 6}
    assert {
        one.reason for one in map(store.fetch, (f"https://busy.example/{n}.jpg" for n in "abcdef")) if one
    } == {"rate limited"}
    again = Run(store, Web(), tmp_path, 2)
    again.take_together(Reading(page("busy.example"), at_host("busy.example", *"abcdef")))
    assert again.summary.fetched == 6


def test_another_address_at_a_host_that_refuses_is_waited_for(store: Store, tmp_path: Path) -> None:
    web = Refusing("busy.example", 120)
    web.reasons["https://news.example/a.jpg"] = Reason.NOT_FOUND
    run = Run(store, web, tmp_path)
    variant = ImageReference("https://news.example/a.jpg", variants=("https://busy.example/b.jpg",))
    run.take_together(
        Reading(page("busy.example"), at_host("busy.example", "x")), Reading(page("n"), (variant,))
    )
    assert (run.summary.fetched, run.summary.failed) == (1, 2)
    assert web.paths == ["a.jpg", "b.jpg"]


def test_a_run_that_stops_while_a_host_is_left_alone_is_gone_on_with(store: Store, tmp_path: Path) -> None:
    web = Refusing("busy.example", 1e6)
    readings = [Reading(page(host), at_host(host, *"abc")) for host in ("busy.example", "quick.example")]

    async def scenario(collector: Collector) -> None:
        for reading in readings:
            await collector.take(reading)
        await asyncio.sleep(60)

    Run(store, web, tmp_path)(scenario)
    assert sum(bool(usage.asset) for usage in store.usages()) == 3
    again = Run(store, Web(), tmp_path)
    again.take_together(*readings)
    assert (again.summary.fetched, again.summary.unchanged) == (3, 3)


# One page read twice


def test_a_page_that_is_read_again_waits_until_all_it_showed_before_is_on_record(
    store: Store, web: Web, run: Run
) -> None:
    gone, kept, new = picture("gone.jpg"), picture("kept.jpg"), picture("new.jpg")
    web.held = {gone.url: asyncio.Event()}

    async def scenario(collector: Collector) -> None:
        await collector.take(Reading(rest(), (gone, kept)))
        await collector.take(Reading(rest(), (kept, new)))
        await asyncio.sleep(1)
        web.held[gone.url].set()
        await collector.finish()

    run(scenario)
    told = {usage.url: bool(usage.withdrawn) for usage in store.usages()}
    assert told == {gone.url: True, kept.url: False, new.url: False}


def test_a_page_that_is_read_again_under_another_address_waits_too(store: Store, web: Web, run: Run) -> None:
    web.held = {picture().url: asyncio.Event()}
    moved = f"{HOME}moved/"

    async def scenario(collector: Collector) -> None:
        await collector.take(Reading(rest(), (picture(),)))
        await collector.take(Reading(rest(url=moved), (picture(),)))
        await asyncio.sleep(1)
        web.held[picture().url].set()
        await collector.finish()

    run(scenario)
    assert Days(store).page().url == moved


def test_many_readings_of_a_page_that_shows_nothing_are_taken(store: Store, web: Web, run: Run) -> None:
    web.held = {picture().url: asyncio.Event()}

    async def scenario(collector: Collector) -> None:
        for references in ((picture(),), *[()] * 2000):
            await collector.take(Reading(rest(), references))
        await asyncio.sleep(1)
        web.held[picture().url].set()
        await collector.finish()

    run(scenario)
    assert (run.summary.pages, [bool(usage.withdrawn) for usage in store.usages()]) == (2001, [True])
