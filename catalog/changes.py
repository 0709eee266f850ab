"""What changed since a time: edited captions, alt texts and credits, swapped pictures, withdrawn and new uses.

The ledger knows until when a usage said one thing and by when it said another; the change lies between. It does not
keep that a usage was withdrawn once it is back, so that a return cannot be told.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from urllib.parse import unquote

from assets import Role
from catalog.contract import Store
from catalog.lines import counted
from catalog.model import CHANGING_FIELDS, Json, UsageRecord
from catalog.moments import in_time, used_at
from catalog.terminal import printable

SamePhoto = Callable[[str], Collection[str]]

# Featured media that could not be looked up stands in the ledger with its REST record's address and no texts.
_MEDIA_RECORD = re.compile(r"wp/v2/(?:sites/[^/?&]+/)?media/[0-9]+")


class ChangeKind(StrEnum):
    """What sort of change it is."""

    CAPTION = "caption edited"
    ALT = "alt text edited"
    CREDIT = "credit edited"
    SWAPPED = "picture swapped"
    REPLACED = "file replaced"
    WITHDRAWN = "usage withdrawn"
    NEW_USE = "new use of a known photo"


_TEXTS = {"caption": ChangeKind.CAPTION, "alt": ChangeKind.ALT, "credit": ChangeKind.CREDIT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one usage.

    `between` are the last time it was seen as it was before, `""` for a new use, and the first time it is known to
    have been seen as it is since, which is also `at`. `before` and `after` hold what changed: a text, or the assets of
    a swapped picture. `asset` is the picture after the change. `detail` says what else the ledger knows of it.
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

    @property
    def at(self) -> str:
        """By when the change was seen."""
        return self.between[1]


@dataclass(frozen=True, slots=True)
class _State:
    """What a usage said for a while: by when it is known to have been seen so, and until when it was."""

    values: Json
    seen: str
    until: str


def changes(store: Store, since: str, same_photo: SamePhoto | None = None) -> Iterator[Change]:
    """What is known to have been seen changed at `since` or later, in order of time; `""` asks for everything.

    A change that may have been seen before as well is among them: `between` tells. `same_photo` gives the assets that
    show the same photograph as one; without it only equal files do.
    """
    found = _Finder(store, since, same_photo or (lambda sha256: (sha256,))).found()
    yield from sorted(found, key=lambda change: (change.at, change.page, change.usage, change.kind))


def last_harvest(store: Store) -> str:
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
        self._page = _PageNow("", ())
        self._known: dict[frozenset[str], _PagesOfPhoto] = {}

    def found(self) -> Iterator[Change]:
        """Every change, in no order."""
        new: list[UsageRecord] = []
        for usage in self._store.usages():
            for asset in {entry["asset"] for entry in usage.history if entry.get("asset")} - {usage.asset}:
                self._had[asset].append(usage)
            if usage.first_seen >= self._since:
                new.append(usage)
            if usage.history:
                yield from self._edits(usage)
            if usage.withdrawn and usage.withdrawn >= self._since:
                yield self._withdrawal(usage)
        for usage in new:
            yield from self._new_use(usage)

    # Edited and swapped

    def _edits(self, usage: UsageRecord) -> Iterator[Change]:
        states = _read_states(usage)
        for earlier, later in pairwise(states):
            if later.seen < self._since:
                continue
            between = (earlier.until, later.seen)
            for name, kind in _TEXTS.items():
                before, after = earlier.values[name], later.values[name]
                if before.split() != after.split():
                    detail = _credit_fields(earlier, later) if name == "credit" else ""
                    yield _change(usage, kind, between, later.values["asset"], (before, after), detail)
            before, after = earlier.values["asset"], later.values["asset"]
            if before and after and before != after:
                old, new = earlier.values["url"], later.values["url"]
                detail = "at the same address" if old == new else f"its address was {old}"
                yield _change(usage, self._swap(before, after), between, after, (before, after), detail)

    def _swap(self, before: str, after: str) -> ChangeKind:
        same = after in self._same_photo(before) or before in self._same_photo(after)
        return ChangeKind.REPLACED if same else ChangeKind.SWAPPED

    # Withdrawn

    def _withdrawal(self, usage: UsageRecord) -> Change:
        """That a usage is gone, or which other featured picture took its place."""
        if self._page.key != usage.page:
            self._page = _PageNow(usage.page, self._store.usages_of_page(usage.page))
        heir = next((one for one in self._page.featured if self._takes_over(usage, one)), None)
        if heir is not None:
            pair = usage.asset, heir.asset
            detail = f"featured picture, its address was {usage.url}"
            return _change(
                heir, self._swap(*pair), (usage.last_seen, heir.first_seen), heir.asset, pair, detail
            )
        still = not self._page.assets.isdisjoint(self._photo(usage.asset))
        detail = "the page still uses the photo elsewhere" if still else ""
        return _change(
            usage, ChangeKind.WITHDRAWN, (usage.last_seen, usage.withdrawn), usage.asset, detail=detail
        )

    def _takes_over(self, usage: UsageRecord, other: UsageRecord) -> bool:
        """Whether the other usage is the page's featured picture in its place, since the same reading of the page."""
        return (
            usage.role == Role.FEATURED.value
            and bool(usage.asset and other.asset)
            and usage.asset != other.asset
            and usage.withdrawn <= other.first_seen
            and self._harvests.is_one(usage.withdrawn, other.first_seen)
        )

    # New

    def _new_use(self, usage: UsageRecord) -> Iterator[Change]:
        """That a page uses a photo which others used in an earlier harvest."""
        asset = next(_states(usage)).values["asset"]
        pages = self._pages_of(frozenset(self._photo(asset)))
        # The longer ago, the surer it was another harvest: those known before are the first of them.
        known = bisect_left(
            pages.times, True, key=lambda time: time >= usage.first_seen or self._is_one(time, usage)
        )
        own = pages.first.get(usage.page, usage.first_seen)
        if not known or (own < usage.first_seen and not self._is_one(own, usage)):
            return
        detail = pages.told(known, usage.page)
        yield _change(usage, ChangeKind.NEW_USE, ("", usage.first_seen), asset, detail=detail)

    def _is_one(self, time: str, usage: UsageRecord) -> bool:
        return self._harvests.is_one(time, usage.first_seen)

    def _pages_of(self, photo: frozenset[str]) -> _PagesOfPhoto:
        """The pages that a photo is known from, gathered once however many use it."""
        known = self._known.get(photo)
        if known is None:
            known = self._known[photo] = _PagesOfPhoto(
                (_seen_with(usage, asset), usage)
                for asset in photo
                for usage in (*self._store.usages_of_asset(asset), *self._had.get(asset, ()))
            )
        return known

    def _photo(self, asset: str) -> set[str]:
        return {asset, *self._same_photo(asset)} if asset else set()


class _PageNow:
    """A page's featured pictures, gone ones too, and the assets that it uses now."""

    def __init__(self, key: str, usages: Sequence[UsageRecord]) -> None:
        self.key = key
        self.featured = [usage for usage in usages if usage.role == Role.FEATURED.value]
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
        self._earliest = (earliest.page, used_at(earliest)) if earliest is not None else ("", "")

    def told(self, known: int, page: str) -> str:
        """Where the photo was observed earliest, which may be the very page, and from how many it was known before."""
        earliest, time = self._earliest
        told = f"earliest observed on {'this page' if earliest == page else earliest} at {time}"
        first = next(iter(self.first))
        if known > 1:
            told += f", known from {counted(known, 'page')}"
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


def _states(usage: UsageRecord) -> Iterator[_State]:
    """What a usage said, the oldest first.

    An entry of the history holds only what was different before: the rest is as in the state that followed.
    """
    values: Json = {name: getattr(usage, name) for name in CHANGING_FIELDS}
    held = [values]
    for entry in reversed(usage.history):
        values = values | {name: entry[name] for name in CHANGING_FIELDS if name in entry}
        held.append(values)
    until = [entry["until"] for entry in usage.history] + [usage.last_seen]
    # A harvest that notes when it saw the change tells exactly; else it was there when it was last seen at the latest.
    seen = [entry.get("seen") or end for entry, end in zip(usage.history, until[1:], strict=True)]
    for values, begun, end in zip(reversed(held), [usage.first_seen, *seen], until, strict=True):
        yield _State(values, begun, end)


def _read_states(usage: UsageRecord) -> list[_State]:
    """What a usage said, without what stands there while the featured media could not be looked up."""
    kept: list[_State] = []
    for state in _states(usage):
        if _MEDIA_RECORD.search(unquote(state.values["url"])) or (kept and _stands_in(state, kept[-1])):
            continue
        if kept and _stands_in(kept[-1], state):
            kept.pop()
        kept.append(state)
    return kept


def _stands_in(state: _State, other: _State) -> bool:
    """Whether a featured picture was taken from the page for want of its media item: it comes without any text."""
    return (
        state.values["role"] == Role.FEATURED.value
        and state.values["url"] != other.values["url"]
        and not any(state.values[name] for name in _TEXTS)
        and any(other.values[name] for name in _TEXTS)
    )


def _seen_with(usage: UsageRecord, asset: str) -> str:
    """When a usage was first known to have this picture."""
    return next(state.seen for state in _states(usage) if state.values["asset"] == asset)


def _credit_fields(earlier: _State, later: _State) -> str:
    before, after = earlier.values["credit_field"], later.values["credit_field"]
    return f"read from {after}, before from {before}" if before and after and before != after else ""


def _change(
    usage: UsageRecord,
    kind: ChangeKind,
    between: tuple[str, str],
    asset: str,
    pair: tuple[str, str] = ("", ""),
    detail: str = "",
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
    )


# Told


def change_record(change: Change) -> dict[str, object]:
    """A change as its JSON line tells it."""
    return {
        "kind": change.kind.value,
        "at": change.at,
        "between": list(change.between),
        "site": change.site,
        "page": change.page,
        "usage": change.usage,
        "asset": change.asset,
        "before": change.before,
        "after": change.after,
        "detail": change.detail,
    }


def change_line(change: Change) -> str:
    """A change as a person reads it, on one line.

    >>> earlier, later = "2025-08-01T06:00:00Z", "2025-09-01T06:00:00Z"
    >>> told = Change(kind=ChangeKind.CREDIT, between=(earlier, later), usage="u", page="/7/", site="a.example",
    ...     asset="5f0c", before="KCNA")
    >>> change_line(told)
    '2025-09-01T06:00:00Z  credit edited  a.example /7/  "KCNA" -> none (unchanged until 2025-08-01T06:00:00Z)'
    """
    place = " ".join(part for part in (change.site, change.page) if part)
    parts = [change.at, change.kind.value, place, _what(change)]
    return printable("  ".join(" ".join(part.split()) for part in parts if part))


def _what(change: Change) -> str:
    """What was before and is now, what else is known, and until when it was as before."""
    said = change.detail
    if change.kind in _TEXTS.values():
        said = f"{_quoted(change.before)} -> {_quoted(change.after)}"
        said += f", {change.detail}" if change.detail else ""
    elif change.before or change.after:
        said = f"{change.before[:12]} -> {change.after[:12]}, {change.detail}"
    elif change.asset:
        said = ", ".join(part for part in (change.asset[:12], change.detail) if part)
    until = f"(unchanged until {change.between[0]})" if change.between[0] else ""
    return f"{said} {until}"


def _quoted(text: str) -> str:
    return f'"{text}"' if text.strip() else "none"
