"""The state machine: changes of a site, harvests between them and in their midst, some of them ended early."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from wordpress.server import CLOSED

from ledger_play.changes import CHANGES, publish
from ledger_play.harvests import QUICK, SWEEP, Ending
from ledger_play.play import Event, Play, Stage

numbers = st.integers(0, 210)
changes = st.tuples(st.sampled_from(sorted(CHANGES)), numbers)

# What is listed comes early in a harvest; what shifts lists is what matters while they are read.
requests = st.integers(1, 10) | st.integers(1, 32)
shifts = st.tuples(st.sampled_from(("publish", "delete", "trash", "edit_text")), numbers)
events = st.lists(st.tuples(requests, shifts | changes), min_size=1, max_size=5)

# Minutes in which what is scheduled may become public, and days.
spans = st.sampled_from((1, 60, 3600, 90_000, 1_000_000))

UPLOADS = "/wp-content/uploads/"


class LedgerMachine(RuleBasedStateMachine):
    """Plays a site and its ledger; `Play` checks what can be checked after every harvest.

    `machine_on` makes a class that plays on a stage.
    """

    stage: ClassVar[Stage]
    reads_other_sources: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.play = Play(self.stage)

    def _step(self) -> None:
        self.play.stage.counts.steps += 1

    @initialize(
        given=st.lists(numbers, max_size=12), cap=st.sampled_from((100, 100, 5, 2)), silent=st.booleans()
    )
    def begin(self, given: list[int], cap: int, silent: bool) -> None:
        site = self.play.site
        site.most_per_page, site.caps_silently = cap, silent
        for number in given:
            publish(site, number)
            self.play.pass_time(minutes=7)
        self.play.note()

    @rule(change=changes)
    def change(self, change: tuple[str, int]) -> None:
        self._step()
        self._change(change)

    @rule(several=st.lists(changes, min_size=2, max_size=5))
    def change_several(self, several: list[tuple[str, int]]) -> None:
        self._step()
        for change in several:
            self._change(change)

    @rule(seconds=spans)
    def pass_time(self, seconds: int) -> None:
        self._step()
        self.play.pass_time(seconds=seconds)

    @rule(
        prefix=st.sampled_from((UPLOADS, f"{UPLOADS}2025/01/photo-1", f"{UPLOADS}2025/01/photo-2")),
        status=st.sampled_from((503, 404, CLOSED)),
    )
    def fail_pictures(self, prefix: str, status: int) -> None:
        self._step()
        self.play.face.fail(prefix, status)

    @rule(
        prefix=st.sampled_from(("/wp-json/", "/wp-json/wp/v2/media", "/wp-json/wp/v2/posts", "/story-", "/")),
        status=st.sampled_from((503, CLOSED)),
    )
    def fail_answers(self, prefix: str, status: int) -> None:
        self._step()
        self.play.face.fail(prefix, status)

    @rule()
    def mend(self) -> None:
        self._step()
        self.play.face.mend()

    @rule()
    def harvest(self) -> None:
        self._step()
        self.play.harvest()

    @rule()
    def mend_and_harvest(self) -> None:
        self._step()
        self.play.face.mend()
        self.play.harvest()

    @rule(events=events)
    def harvest_while_things_happen(self, events: list[tuple[int, tuple[str, int]]]) -> None:
        self._step()
        self.play.harvest(events=self._events(events))

    @rule(
        at_request=st.integers(0, 32),
        at_sync=st.integers(0, 8),
        kill=st.booleans(),
        events=st.just([]) | events,
    )
    def harvest_that_ends_early(
        self,
        at_request: int,
        at_sync: int,
        kill: bool,
        events: list[tuple[int, tuple[str, int]]],
    ) -> None:
        self._step()
        self.play.harvest(Ending(at_request, at_sync, kill), self._events(events))

    @rule()
    def mend_and_sweep(self) -> None:
        self._step()
        self.play.face.mend()
        self.play.harvest(more=SWEEP)

    @rule()
    def harvest_quickly(self) -> None:
        self._step()
        self.play.harvest(more=QUICK)

    @precondition(lambda self: self.reads_other_sources)
    @rule()
    def read_feed(self) -> None:
        self._step()
        self._read("/feed/")

    @precondition(lambda self: self.reads_other_sources)
    @rule(number=numbers)
    def read_page(self, number: int) -> None:
        self._step()
        public = list(self.play.site.public_posts())
        if public:
            link = self.play.site.link_of(public[number % len(public)])
            self._read(link.removeprefix(self.play.site.base))

    @precondition(lambda self: self.reads_other_sources)
    @rule()
    def read_export(self) -> None:
        self._step()
        self._read(self.play.write_export())

    def teardown(self) -> None:
        """Once the site rests, one more harvest makes the ledger equal to it."""
        if sys.exc_info()[0] is None:
            self.play.rest()

    def _read(self, source: str) -> None:
        """Read another source that shows the site; what it shows has been seen by the API before."""
        self.play.face.mend()
        self.play.harvest()
        self.play.harvest(source=source)

    def _change(self, change: tuple[str, int]) -> None:
        name, number = change
        CHANGES[name](self.play.site, number)
        self.play.note()

    def _events(self, events: list[tuple[int, tuple[str, int]]]) -> list[Event]:
        def happening(change: tuple[str, int]) -> Callable[[], None]:
            return partial(self._change, change)

        return [(number, happening(change)) for number, change in events]


def machine_on(stage: Stage, *, reads_other_sources: bool = True) -> type[LedgerMachine]:
    """The machine, to be run by hypothesis, that plays on a stage, with the site's other sources or without them."""
    values = {"stage": stage, "reads_other_sources": reads_other_sources}
    return type("LedgerMachine", (LedgerMachine,), values)
