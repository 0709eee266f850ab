"""What people decided about pairs of pictures: it wins over what the program sees."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from catalog.contract import Store
from catalog.errors import UnknownPicture
from catalog.model import DecisionRecord, decision_key

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
    known = store.decision(key)
    if known is not None:
        earlier = {"decision": known.decision, "note": known.note, "by": known.by, "at": known.at}
        record = replace(record, history=[*known.history, earlier])
    store.put_decision(record)
    return record


def named(store: Store, text: str) -> str:
    """The SHA-256 of the picture that a text names: a file's, or a catalogued asset's by how its digest begins.

    Raises UnknownPicture where it names none, or several.
    """
    path = Path(text)
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    assets = store.assets_with_prefix(text.lower()) if text else []
    if len(assets) == 1:
        return assets[0].sha256
    if assets:
        raise UnknownPicture(f"{text}: {len(assets)} pictures begin so; give more digits")
    raise UnknownPicture(f"{text}: no such file, and no picture in the catalog begins so")


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

    def same_as(self, one: str) -> Iterator[str]:
        """The pictures that were decided to be the same as one."""
        return (other for other, decision in self._by_picture.get(one, {}).items() if decision == SAME)

    def about(self, one: str) -> Iterator[tuple[str, str]]:
        """Every other picture about which something was decided with one, and what."""
        yield from self._by_picture.get(one, {}).items()
