"""What changed since a time: edited captions, alt texts and credits, swapped pictures, withdrawn and new uses.

The ledger knows until when a usage said one thing and by when it said another; the change lies between. It does not
keep that a usage was withdrawn once it is back, so that a return cannot be told.

A picture that was exchanged for another is one change, a swap, though at another address the ledger keeps two usages:
one that is gone and one that came in its place (`swaps`). A picture editor who hears of a swap looks for another
photograph, so another size or crop of the same one is told as a replaced file, and the same file at another address
as a usage that was withdrawn while the page still uses the photo.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, pairwise

from assets import PageKind, Role
from catalog.harvest import UsageState, find_first_seen, list_observations, read_states, states
from catalog.model import PageRecord, UsageRecord, in_time, use_time_of
from catalog.reports.swaps import Same, heirs
from catalog.reports.wording import format_count
from catalog.store import Store

SamePhoto = Callable[[str], Collection[str]]


class ChangeKind(StrEnum):
    """What sort of change it is."""

    CAPTION = "caption edited"
    ALT = "alt text edited"
    CREDIT = "credit edited"
    SWAPPED = "picture swapped"
    REPLACED = "file replaced"
    WITHDRAWN = "usage withdrawn"
    NEW_USE = "new use of a known photo"
    RETURNED = "usage back"
    MOVED = "page moved"
    PROTECTED = "page protected"


# Kinds of edits to a text, by the field that has it.
TEXT_KINDS = {"caption": ChangeKind.CAPTION, "alt": ChangeKind.ALT, "credit": ChangeKind.CREDIT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one usage.

    `between` are the last time it was seen as it was before, `""` for a new use, and the first time it is known to
    have been seen as it is since, which is also `at`. `before` and `after` hold what changed: a text, or the assets of
    a swapped picture, whose `addresses` were and are these. `asset` is the picture after the change. `detail` says what
    else the ledger knows of it.
    """

    kind: ChangeKind
    between: tuple[str, str]
    usage: str
    page: str
    site: str
    asset: str
    before: str = ""
    after: str = ""
    detail: str = ""
    addresses: tuple[str, ...] = ()

    @property
    def at(self) -> str:
        """By when the change was seen."""
        return self.between[1]


def list_changes(store: Store, since: str, same_photo: SamePhoto | None = None) -> Iterator[Change]:
    """What is known to have been seen changed at `since` or later, in order of time; `""` asks for everything.

    A change that may have been seen before as well is among them: `between` tells. `same_photo` gives the assets that
    show the same photograph as one; without it only equal files do.
    """
    found = _Finder(store, since, same_photo or (lambda sha256: (sha256,))).find()
    yield from sorted(found, key=lambda change: (change.at, change.page, change.usage, change.kind))


def find_last_harvest(store: Store) -> str:
    """When the last harvest that came to its end began, `""` when none did."""
    finished = [run for run in store.runs() if run.finished]
    return max(finished, key=lambda run: (run.finished, run.started)).started if finished else ""


class _Finder:
    """Goes through the ledger once and finds what changed."""

    def __init__(self, store: Store, since: str, same_photo: SamePhoto) -> None:
        self._store = store
        self._since = since
        self._same_photo = same_photo
        self._harvests = _Harvests(store)
        # Pictures that a usage had before they were swapped: the store finds usages by the present ones only.
        self._had: dict[str, list[UsageRecord]] = defaultdict(list)
        self._known: dict[frozenset[str], _PagesOfPhoto] = {}

    def find(self) -> Iterator[Change]:
        """Every change, in no order."""
        new: list[UsageRecord] = []
        gone: dict[str, list[UsageRecord]] = defaultdict(list)
        for usage in self._store.usages():
            for asset in {entry["asset"] for entry in usage.history if entry.get("asset")} - {usage.asset}:
                self._had[asset].append(usage)
            if usage.first_seen >= self._since:
                new.append(usage)
            yield from self._edits(usage)
            for observed in islice(list_observations(usage), 1, None):
                yield from (one for one in self._edits(observed) if not _is_told_by(usage, one))
            yield from self._returns(usage)
            if usage.withdrawn and self._may_count(usage.withdrawn):
                gone[usage.page].append(usage)
        swapped: set[str] = set()
        for page, usages in gone.items():
            yield from self._gone_from(page, usages, swapped)
        for usage in new:
            if usage.key not in swapped:
                yield from self._new_use(usage)
        for page_record in self._store.pages():
            yield from self._page_changes(page_record)

    def _gone_from(self, page: str, usages: Sequence[UsageRecord], swapped: set[str]) -> Iterator[Change]:
        """What went from a page; the usages that took a place are `swapped`."""
        now = _PageNow(self._store.usages_of_page(page), self._harvests.is_one, self._is_same_photo)
        swapped.update(heir.usage.key for heir in now.heirs.values())
        for usage in usages:
            change = self._describe_gone(usage, now)
            if change.at >= self._since:
                yield change

    def _may_count(self, withdrawn: str) -> bool:
        """Whether what took the place of a usage withdrawn then may have come at the time asked about or later."""
        return withdrawn >= self._since or self._harvests.is_one(withdrawn, self._since)

    # Edited and swapped

    def _edits(self, usage: UsageRecord) -> Iterator[Change]:
        if not usage.history:
            return
        told = read_states(usage)
        for number, (earlier, later) in enumerate(pairwise(told)):
            if later.seen < self._since:
                continue
            between = (earlier.until, later.seen)
            for name, kind in TEXT_KINDS.items():
                before, after = earlier.values[name], later.values[name]
                if before.split() != after.split():
                    detail = _credit_fields(earlier, later) if name == "credit" else ""
                    yield _change(usage, kind, between, later.values["asset"], (before, after), detail)
            before, after = earlier.values["asset"], later.values["asset"]
            former = _find_former_address(earlier, told[:number])
            is_another = before and after and before != after
            if is_another and (former or not _is_another_size(earlier, later)):
                old, new = former or earlier.values["url"], later.values["url"]
                detail = "at the same address" if old == new else f"its address was {old}"
                yield _change(
                    usage, self._swap(before, after), between, after, (before, after), detail, (old, new)
                )

    def _swap(self, before: str, after: str) -> ChangeKind:
        return ChangeKind.REPLACED if self._is_same_photo(before, after) else ChangeKind.SWAPPED

    def _is_same_photo(self, one: str, other: str) -> bool:
        return other in self._same_photo(one) or one in self._same_photo(other)

    # Withdrawn

    def _describe_gone(self, usage: UsageRecord, page: _PageNow) -> Change:
        """That a usage is gone, or which other picture took its place."""
        heir = page.heirs.get(usage.key)
        is_still_used = not page.assets.isdisjoint(self._photo(usage.asset))
        if heir is None:
            between = (usage.last_seen, usage.withdrawn)
            detail = (
                "the page still uses the photo elsewhere" if is_still_used else self._find_why_gone(usage)
            )
            return _change(usage, ChangeKind.WITHDRAWN, between, usage.asset, detail=detail)
        kind = self._swap(usage.asset, heir.asset)
        told = ["featured picture"] if usage.role == Role.FEATURED.value else []
        told.append(f"its address was {usage.url}")
        if kind is ChangeKind.SWAPPED:
            told += ["the page still uses the former elsewhere"] if is_still_used else []
            told += self._find_known_elsewhere(heir.usage, heir.asset)
        return _change(
            heir.usage,
            kind,
            (usage.last_seen, heir.usage.first_seen),
            heir.asset,
            (usage.asset, heir.asset),
            ", ".join(told),
            (usage.url, heir.values["url"]),
        )

    def _find_why_gone(self, usage: UsageRecord) -> str:
        page = self._store.page(usage.page)
        return f"the page is gone: {page.status}" if page is not None and page.gone else ""

    def _returns(self, usage: UsageRecord) -> Iterator[Change]:
        """That a usage was withdrawn, and that it was back later."""
        for entry in usage.history:
            withdrawn = entry.get("withdrawn", "")
            if withdrawn and withdrawn >= self._since:
                yield _change(usage, ChangeKind.WITHDRAWN, (entry["until"], withdrawn), usage.asset)
            if withdrawn and entry["seen"] >= self._since:
                yield _change(usage, ChangeKind.RETURNED, (withdrawn, entry["seen"]), usage.asset)

    # Of a page

    def _page_changes(self, page: PageRecord) -> Iterator[Change]:
        """That a page moved, and that it asks for a password now."""
        addresses = [*(entry["url"] for entry in page.earlier), page.url]
        for (before, after), entry in zip(pairwise(addresses), page.earlier, strict=True):
            if entry["until"] >= self._since:
                yield _page_change(page, ChangeKind.MOVED, entry["until"], (before, after))
        if page.protected > page.first_seen and page.protected >= self._since and not page.gone:
            detail = "it asks for a password; its uses are as they were last seen"
            yield _page_change(page, ChangeKind.PROTECTED, page.protected, detail=detail)

    # New

    def _new_use(self, usage: UsageRecord) -> Iterator[Change]:
        """That a page uses a photo which others used in an earlier harvest."""
        asset = next(states(usage)).values["asset"]
        if self._shows_only_more(usage):
            return
        for detail in self._find_known_elsewhere(usage, asset):
            yield _change(usage, ChangeKind.NEW_USE, ("", usage.first_seen), asset, detail=detail)

    def _shows_only_more(self, usage: UsageRecord) -> bool:
        """Whether a use came to light because another kind of source was read, or is on no public page of a story."""
        page = self._store.page(usage.page)
        if page is None:
            return False
        first = page.observed.get(usage.source_kind, "")
        is_first_of_kind = bool(first) and self._is_one(min(first, usage.first_seen), usage)
        was_known = page.first_seen < usage.first_seen and not self._is_one(page.first_seen, usage)
        is_public = page.status in ("", "publish") and page.kind != PageKind.ATTACHMENT.value
        return (is_first_of_kind and was_known) or not is_public

    def _find_known_elsewhere(self, usage: UsageRecord, asset: str) -> list[str]:
        """From where the photo was known with which a usage came to its page, if from anywhere."""
        pages = self._pages_of(frozenset(self._photo(asset)))
        # The longer ago, the surer it was another harvest: those known before are the first of them.
        known = bisect_left(
            pages.times, True, key=lambda time: time >= usage.first_seen or self._is_one(time, usage)
        )
        own = pages.first.get(usage.page, usage.first_seen)
        if not known or (own < usage.first_seen and not self._is_one(own, usage)):
            return []
        return [pages.describe(known, usage.page)]

    def _is_one(self, time: str, usage: UsageRecord) -> bool:
        return self._harvests.is_one(time, usage.first_seen)

    def _pages_of(self, photo: frozenset[str]) -> _PagesOfPhoto:
        """The pages that a photo is known from, gathered once however many use it."""
        known = self._known.get(photo)
        if known is None:
            known = self._known[photo] = _PagesOfPhoto(
                (find_first_seen(usage, asset), usage)
                for asset in photo
                for usage in (*self._store.usages_of_asset(asset), *self._had.get(asset, ()))
            )
        return known

    def _photo(self, asset: str) -> set[str]:
        return {asset, *self._same_photo(asset)} if asset else set()


class _PageNow:
    """The assets that a page uses now, and what took the place of usages that are gone."""

    def __init__(self, usages: Sequence[UsageRecord], is_one_harvest: Same, is_same_photo: Same) -> None:
        self.heirs = heirs(usages, is_one_harvest, is_same_photo)
        self.assets = {usage.asset for usage in usages if not usage.withdrawn}


class _PagesOfPhoto:
    """The pages that used a photo, when each was first seen with it, the times in order, and its earliest use."""

    def __init__(self, uses: Iterable[tuple[str, UsageRecord]]) -> None:
        found = sorted(uses, key=lambda use: (use[0], use[1].page))
        self.first: dict[str, str] = {}
        for time, usage in found:
            self.first.setdefault(usage.page, time)
        self.times = list(self.first.values())
        earliest = min((usage for _, usage in found), key=in_time, default=None)
        self._earliest = (earliest.page, use_time_of(earliest)) if earliest is not None else ("", "")

    def describe(self, known: int, page: str) -> str:
        """Where the photo was observed earliest, which may be the very page, and from how many it was known before."""
        earliest, time = self._earliest
        told = f"earliest observed on {'this page' if earliest == page else earliest} at {time}"
        first = next(iter(self.first))
        if known > 1:
            told += f", known from {format_count(known, 'page')}"
        elif first != earliest:
            told += f", known from {first}"
        return told


class _Harvests:
    """Tells whether two times belong to one harvest: within one, the order in which pages came says nothing."""

    def __init__(self, store: Store) -> None:
        runs = list(store.runs())
        self._starts = sorted(run.started for run in runs)
        self._ends = sorted(run.finished for run in runs if run.finished)

    def is_one(self, earlier: str, later: str) -> bool:
        """Whether no harvest began or ended between the two times."""
        if not self._starts:
            return earlier == later
        begun = bisect_right(self._starts, later) > bisect_right(self._starts, earlier)
        ended = bisect_left(self._ends, later) > bisect_left(self._ends, earlier)
        return not (begun or ended)


def _is_told_by(usage: UsageRecord, change: Change) -> bool:
    """Whether a change that a lesser source shows is one that the usage has, or had, from a more authoritative one."""
    name = next((field for field, kind in TEXT_KINDS.items() if kind is change.kind), "asset")
    after = change.after.split()
    return any(str(state.values[name]).split() == after for state in states(usage))


def _is_another_size(earlier: UsageState, later: UsageState) -> bool:
    """Whether two files differ because, at one of the times, only another size of the picture answered."""
    gave = [state.values["asset_url"] or state.values["url"] for state in (earlier, later)]
    return bool(earlier.values["url"] == later.values["url"] and gave[0] != gave[1])


def _find_former_address(state: UsageState, before: Sequence[UsageState]) -> str:
    """The address that a use had before and that its picture is kept from, `""` where it is from no such one."""
    gave = state.values["asset_url"]
    return gave if any(gave == one.values["url"] for one in before) else ""


def _page_change(
    page: PageRecord, kind: ChangeKind, at: str, pair: tuple[str, str] = ("", ""), detail: str = ""
) -> Change:
    return Change(
        kind=kind,
        between=("", at),
        usage="",
        page=page.key,
        site=page.site,
        asset="",
        before=pair[0],
        after=pair[1],
        detail=detail,
    )


def _credit_fields(earlier: UsageState, later: UsageState) -> str:
    before, after = earlier.values["credit_field"], later.values["credit_field"]
    return f"read from {after}, before from {before}" if before and after and before != after else ""


def _change(
    usage: UsageRecord,
    kind: ChangeKind,
    between: tuple[str, str],
    asset: str,
    pair: tuple[str, str] = ("", ""),
    detail: str = "",
    addresses: tuple[str, ...] = (),
) -> Change:
    return Change(
        kind=kind,
        between=between,
        usage=usage.key,
        page=usage.page,
        site=usage.site,
        asset=asset,
        before=pair[0],
        after=pair[1],
        detail=detail,
        addresses=addresses,
    )


# Told
