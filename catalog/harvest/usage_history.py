"""What a usage said, and for how long: its history read back, the oldest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from assets import Role
from catalog.model import CHANGING_FIELDS, Json, UsageRecord

TEXTS = ("caption", "alt", "credit")

# Featured media that could not be looked up stands in the ledger with its REST record's address and no texts.
_MEDIA_RECORD = re.compile(r"wp/v2/(?:sites/[^/?&]+/)?media/[0-9]+")


@dataclass(frozen=True, slots=True)
class UsageState:
    """What a usage said for a while: by when it is known to have been seen so, and until when it was."""

    values: Json
    seen: str
    until: str


def states(usage: UsageRecord) -> Iterator[UsageState]:
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
        yield UsageState(values, begun, end)


def read_states(usage: UsageRecord) -> list[UsageState]:
    """What a usage said, without what stands there while the featured media could not be looked up."""
    kept: list[UsageState] = []
    for state in states(usage):
        if _MEDIA_RECORD.search(unquote(state.values["url"])) or (kept and _stands_in(state, kept[-1])):
            continue
        if kept and _stands_in(kept[-1], state):
            kept.pop()
        kept.append(state)
    return kept


def _stands_in(state: UsageState, other: UsageState) -> bool:
    """Whether a featured picture was taken from the page for want of its media item: it comes without any text."""
    return (
        state.values["role"] == Role.FEATURED.value
        and state.values["url"] != other.values["url"]
        and not any(state.values[name] for name in TEXTS)
        and any(other.values[name] for name in TEXTS)
    )


def find_first_seen(usage: UsageRecord, asset: str) -> str:
    """When a usage was first known to have this picture."""
    return next(state.seen for state in states(usage) if state.values["asset"] == asset)
