"""A site, the catalog that keeps up with it, and what is known of both: what the state machine moves."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from servers import Request
from wordpress.model import BEGINNING
from wordpress.pages import export
from wordpress.server import Face, listen
from wordpress.site import Site

from catalog.store import open_catalog
from ledger_play.comparison import list_differences
from ledger_play.harvests import QUICK, SWEEP, Ending, Harvested, Harvester, quick_folder, small_batches
from ledger_play.held_time import Calendar, held
from ledger_play.told_changes import list_wrong_changes
from ledger_play.truth import Seen, Truth, truth_of

# Longer than any pause after which what failed for good is asked again.
LONG_REST_DAYS = 400

# So long a harvest takes, and lies from the next thing that happens.
HARVEST_SECONDS = 2

# So long, by its number, a thing that happens amid a harvest lies behind what was there before. What is saved twice
# within one second, and read in between, has the same `modified` as it had when it was read.
SECONDS_BEFORE_EVENTS = (1, 2, 5)

# Requests that an unchanged run may make beside its lists, and types that it may ask for.
OTHER_REQUESTS = 10


@dataclass(slots=True)
class Counts:
    """What was played."""

    steps: int = 0
    plays: int = 0
    harvests: int = 0
    early: int = 0
    checked: int = 0
    requests: int = 0


@dataclass(slots=True)
class Stage:
    """What all plays share: an event loop, a port, a folder, the calendar."""

    runner: asyncio.Runner
    listener: socket.socket
    folder: Path
    calendar: Calendar
    connections: int = 1
    counts: Counts = field(default_factory=Counts)


@contextmanager
def stage(connections: int = 1) -> Iterator[Stage]:
    """A stage that holds the program's time while the block lasts."""
    calendar = Calendar(BEGINNING)
    with (
        asyncio.Runner() as runner,
        listen() as listener,
        quick_folder() as folder,
        held(calendar),
        small_batches(),
    ):
        yield Stage(runner, listener, folder, calendar, connections)


# Something that happens before the so-manieth answer of a harvest.
Event = tuple[int, Callable[[], None]]


class Play:
    """One play on the stage, from an empty site and no catalog."""

    def __init__(self, on: Stage) -> None:
        self.stage = on
        self.calendar = on.calendar
        self.calendar.now = BEGINNING
        self.site = Site()
        self.face = Face(self.site, on.listener)
        shutil.rmtree(on.folder / "catalog", ignore_errors=True)
        self._harvester = Harvester(on.runner, self.face, on.folder, on.connections)
        self._export = on.folder / "export.xml"
        self.seen = Seen()
        # What the ledger was known to be equal to last, and when the harvests began that came since.
        self._right = Truth()
        self._since = ""
        self._others = 0
        self._paused: set[int] = set()
        self._unseen: set[int] = set()
        on.counts.plays += 1

    # What happens

    def pass_time(self, **spans: float) -> None:
        """Let time go on for the site and for the program."""
        self.calendar.put_forward(**spans)
        self.site.pass_time(**spans)
        self.seen.note(self.site)

    def note(self) -> None:
        """Take in what has been changed."""
        self.seen.note(self.site)

    def harvest(
        self,
        ending: Ending | None = None,
        events: Sequence[Event] = (),
        source: str = "/",
        *,
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> Harvested:
        """One harvest, with things that happen before some of its answers; then what can be checked is checked.

        It is of the site by default; `source` may be another path of it, or what `write_export` returns.
        """
        self.pass_time(seconds=HARVEST_SECONDS)
        self._since = self._since or self.calendar.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        self._note_failing()
        happened = Counter[str]()
        self.face.before = self._happening(events, happened)
        address = source if source == str(self._export) else self.face.url(source)
        done = self._harvester.harvest(address, ending, more)
        self.face.before = None
        # What was uploaded meanwhile failed too.
        self._note_failing()
        self._count(done)
        is_whole = done.is_complete and source == "/" and more is not QUICK
        if is_whole and not self.face.faults and not happened:
            if more is SWEEP:
                self.seen.note_sweep(self.site)
            self._check()
        else:
            self._others += 1
        self.pass_time(seconds=HARVEST_SECONDS)
        return done

    def write_export(self) -> str:
        """Write what an administrator exports of what is published; the file's path."""
        self._export.write_text(export(self.site, ("publish",)), encoding="utf-8")
        return str(self._export)

    def rest(self) -> None:
        """Let nothing fail or happen any more, and harvest once more: the ledger must be equal to the site."""
        self.face.mend()
        self.pass_time(days=LONG_REST_DAYS)
        self._paused.clear()
        self.harvest()
        again = self.harvest()
        most = self._most_requests()
        assert len(again.requests) <= most, (
            f"an unchanged site took {len(again.requests)} requests, more than {most}: "
            f"{[request.target for request in again.requests]}"
        )

    # How

    def _happening(self, events: Sequence[Event], happened: Counter[str]) -> Callable[[Request], None]:
        numbers = Counter[str]()

        def before(_request: Request) -> None:
            numbers["requests"] += 1
            for number, event in events:
                if number == numbers["requests"]:
                    # Two in one second, or in several.
                    self.pass_time(seconds=SECONDS_BEFORE_EVENTS[number % 3])
                    event()
                    happened["events"] += 1

        return before

    def _note_failing(self) -> None:
        """Remember what fails for good: it may not be asked again before its pause is over."""
        for fault in self.face.faults:
            if fault.status in {404, 410}:
                self._paused.update(
                    media.id for media in self.site.media.values() if media.path().startswith(fault.prefix)
                )

    def _count(self, done: Harvested) -> None:
        counts = self.stage.counts
        counts.harvests += 1
        counts.early += not done.is_complete
        counts.requests += len(done.requests)

    def _check(self) -> None:
        """Compare the ledger with the site, and the changes that are told with those that happened."""
        self.stage.counts.checked += 1
        is_alone = not self._others
        truth = truth_of(self.site, self.seen, self._right, is_alone=is_alone)
        gone = self._right.certain.keys() - truth.certain.keys() - truth.optional.keys()
        with open_catalog(self._harvester.catalog, read_only=True) as opened:
            store = opened.records
            wrong = list(list_differences(store, truth, self.seen, gone, self._paused))
            assert not wrong, "the ledger is not as the site is:\n" + "\n".join(wrong)
            wrong = list(
                list_wrong_changes(
                    store,
                    self._since,
                    self._right,
                    truth,
                    self.seen,
                    self._unseen | self._paused,
                    is_alone=is_alone,
                )
            )
            assert not wrong, "the changes told are not those that happened:\n" + "\n".join(wrong)
        self.seen.note_harvest(self.site)
        self.seen.note(self.site)
        self._right, self._since, self._others = truth, "", 0
        self._unseen = set(self._paused)

    def _most_requests(self) -> int:
        """What the harvest of an unchanged site may cost: a hundred entries a request, where the site allows it."""
        entries = sum(1 for _ in self.site.public_posts()) + len(self.site.media)
        per_page = self.site.most_per_page
        # Where lists are cut short each type may have a page of its own that is not full, and one that was refused.
        types = 0 if per_page >= 100 else 2 * len((*self.site.types, "media"))
        return -(-entries // per_page) + OTHER_REQUESTS + types
