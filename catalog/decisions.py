"""What people decided about pairs of pictures: it wins over what the program sees."""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from catalog.errors import UnknownPicture
from catalog.model import DecisionRecord, decision_key
from catalog.store import Store, asset_beginning

SAME = "same"
DIFFERENT = "different"
UNDECIDED = "undecided"
DECISIONS = (SAME, DIFFERENT, UNDECIDED)


def decide(
    store: Store, pair: tuple[str, str], decision: str, *, note: str, by: str, at: str
) -> DecisionRecord:
    """Write what was decided about two pictures, by their SHA-256; what was decided before goes into its history."""
    first, second = sorted(pair)
    if first == second:
        raise UnknownPicture(f"{first}: one picture cannot be compared with itself")
    key = decision_key(first, second)
    record = DecisionRecord(key=key, first=first, second=second, decision=decision, note=note, by=by, at=at)
    with store.changing(DecisionRecord, key) as row:
        known = row.record
        if known is not None:
            earlier = {"decision": known.decision, "note": known.note, "by": known.by, "at": known.at}
            record = replace(record, history=[*known.history, earlier])
        row.record = record
    return record


def find_contradicted(store: Store, record: DecisionRecord) -> list[DecisionRecord]:
    """The other decisions that cannot all be right if this one is; none where they can.

    What is the same as the same picture is the same, however many decisions lead from one to the other.
    """
    others = [one for one in store.decisions() if one.key != record.key]
    joined = _Joined(others)
    if record.decision == DIFFERENT:
        return joined.way(joined.from_picture(record.first), record.second) or []
    found: dict[str, DecisionRecord] = {}
    if record.decision == SAME:
        ends = joined.from_picture(record.first), joined.from_picture(record.second)
        for other in others:
            if other.decision == DIFFERENT:
                found |= {one.key: one for one in _find_contradiction(joined, ends, other)}
    return list(found.values())


def contradictions(store: Store) -> Iterator[list[DecisionRecord]]:
    """Decisions that cannot all be right: that two pictures are different, and those by which they are the same."""
    records = list(store.decisions())
    joined = _Joined(records)
    for record in records:
        if record.decision == DIFFERENT:
            way = joined.way(joined.from_picture(record.first), record.second)
            if way is not None:
                yield [record, *way]


# By which decision each picture was reached that is the same as one; None for that itself.
_Reached = dict[str, DecisionRecord | None]


class _Joined:
    """Pictures that were decided to be the same, and by which decisions one leads to the other."""

    def __init__(self, records: Iterable[DecisionRecord]) -> None:
        self._near: dict[str, list[DecisionRecord]] = defaultdict(list)
        for record in records:
            if record.decision == SAME:
                self._near[record.first].append(record)
                self._near[record.second].append(record)

    def from_picture(self, start: str) -> _Reached:
        """The pictures that are the same as one, each by the fewest decisions."""
        reached: _Reached = {start: None}
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            for record in self._near.get(here, ()):
                there = _other_of(record, here)
                if there not in reached:
                    reached[there] = record
                    waiting.append(there)
        return reached

    def way(self, reached: _Reached, end: str) -> list[DecisionRecord] | None:
        """The decisions that lead to a picture, None where none do."""
        if end not in reached:
            return None
        found: list[DecisionRecord] = []
        while (record := reached[end]) is not None:
            found.append(record)
            end = _other_of(record, end)
        return found[::-1]


def _find_contradiction(
    joined: _Joined, ends: tuple[_Reached, _Reached], different: DecisionRecord
) -> list[DecisionRecord]:
    """Two pictures' being different, and what says with a decision between both ends that they are the same."""
    for one, other in ((different.first, different.second), (different.second, different.first)):
        here, there = joined.way(ends[0], one), joined.way(ends[1], other)
        if here is not None and there is not None:
            return [different, *reversed(here), *there]
    return []


def _other_of(record: DecisionRecord, one: str) -> str:
    return record.second if record.first == one else record.first


def resolve_digest(store: Store, text: str) -> str:
    """The SHA-256 of the picture that a text names: a file's, or a catalogued asset's by how its digest begins.

    Raises UnknownPicture where it names none, or several.
    """
    path = Path(text)
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    asset = asset_beginning(store, text)
    if asset is None:
        raise UnknownPicture(f"{text}: no such file, and no picture in the catalog begins so")
    return asset.sha256


class Decisions:
    """The decisions of a catalog, to be asked from either picture."""

    def __init__(self, store: Store) -> None:
        self._by_picture: dict[str, dict[str, str]] = {}
        for record in store.decisions():
            self._by_picture.setdefault(record.first, {})[record.second] = record.decision
            self._by_picture.setdefault(record.second, {})[record.first] = record.decision

    def of(self, one: str, other: str) -> str:
        """What was decided about two pictures, `""` where nobody did."""
        return self._by_picture.get(one, {}).get(other, "")

    def list_same(self, one: str) -> Iterator[str]:
        """The pictures that were decided to be the same as one."""
        return (other for other, decision in self._by_picture.get(one, {}).items() if decision == SAME)

    def list_about(self, one: str) -> Iterator[tuple[str, str]]:
        """Every other picture about which something was decided with one, and what."""
        yield from self._by_picture.get(one, {}).items()
