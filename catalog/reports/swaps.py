"""Which picture of a page took another's place: one went and one came in the same reading of the page.

What came with the same bytes, or verified to show the same photograph, is the picture that went at another address.
What is left of a role was swapped where captions and alt texts agree, as far as both pictures have them, or where just
one went and one came. What is not as clear is left alone: a picture that went, and one that came.
"""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assets import Role
from catalog.harvest import states
from catalog.model import Json, UsageRecord

Same = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Heir:
    """A usage that took another's place, and what it said when it came."""

    usage: UsageRecord
    values: Json

    @property
    def asset(self) -> str:
        """The picture with which it came."""
        return str(self.values["asset"])


def heirs(usages: Sequence[UsageRecord], is_one_harvest: Same, is_same_photo: Same) -> dict[str, Heir]:
    """What took the place of usages that are gone, by their keys; `usages` are all of one page, gone ones too.

    `is_one_harvest` tells it of two times, `is_same_photo` of two assets that are not one.
    """
    went: dict[tuple[str, str], list[UsageRecord]] = defaultdict(list)
    for usage in usages:
        if usage.withdrawn:
            went[usage.withdrawn, usage.role].append(usage)
    readings = sorted({reading for reading, _ in went})
    came: dict[tuple[str, str], list[Heir]] = defaultdict(list)
    for usage in usages:
        number = bisect_right(readings, usage.first_seen)
        if number and is_one_harvest(readings[number - 1], usage.first_seen):
            heir = Heir(usage, next(states(usage)).values)
            came[readings[number - 1], heir.values["role"]].append(heir)
    return {
        usage.key: heir
        for (reading, role), gone in went.items()
        for usage, heir in _pair_usages(role, gone, came[reading, role], is_same_photo)
    }


def _pair_usages(
    role: str, went: Sequence[UsageRecord], came: Sequence[Heir], is_same_photo: Same
) -> Iterator[tuple[UsageRecord, Heir]]:
    """Who took whose place among the pictures of one role and reading."""
    went = sorted(went, key=lambda usage: usage.position)
    came = sorted(came, key=lambda heir: heir.usage.position)
    # At another address, as another size or crop: nothing that came in for another picture.
    for same in (operator.eq, is_same_photo):
        for usage in tuple(went):
            heir = next((one for one in came if _is_same(same, usage.asset, one.asset)), None)
            if heir is not None:
                went.remove(usage)
                came.remove(heir)
                if heir.asset != usage.asset:
                    yield usage, heir
    pairs = [(usage, heir) for usage in went for heir in came]
    # A page has one featured picture at a time.
    if role == Role.FEATURED.value:
        pairs = list(zip(went, came, strict=False))
    elif len(pairs) > 1:
        pairs = _keep_mutual([pair for pair in pairs if _say_the_same(*pair)])
    yield from (pair for pair in pairs if pair[0].asset and pair[1].asset)


def _is_same(same: Same, one: str, other: str) -> bool:
    return bool(one and other) and same(one, other)


def _keep_mutual(pairs: Sequence[tuple[UsageRecord, Heir]]) -> list[tuple[UsageRecord, Heir]]:
    """The pairs of which neither part is in another."""
    often = Counter(key for usage, heir in pairs for key in (("went", usage.key), ("came", heir.usage.key)))
    return [
        (usage, heir)
        for usage, heir in pairs
        if often["went", usage.key] == often["came", heir.usage.key] == 1
    ]


def _say_the_same(usage: UsageRecord, heir: Heir) -> bool:
    """Whether caption and alt text agree, as far as both have them; one of them at least."""
    texts = [
        (getattr(usage, name).split(), heir.values[name].split())
        for name in ("caption", "alt")
        if getattr(usage, name).strip() and heir.values[name].strip()
    ]
    return bool(texts) and all(before == after for before, after in texts)
