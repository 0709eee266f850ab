"""Pictures and what is known between two of them: verified matches with each as the query, and decisions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.decisions import DIFFERENT, SAME, Decisions
from catalog.matching import WHOLE, Box, Match, Relation, move_box, reverse
from catalog.model import AssetRecord

# Share of the smaller of two parts of a picture that must be common, or they may be two photographs in it.
SAME_PLACE = 0.5

# The box around what is seen of a picture tells its place where at least this share of the box is seen.
FILLED = 0.75


@dataclass(slots=True)
class MatchGraph:
    """Pictures, the matches between two of them by query and asset, and what was decided, both ways round.

    Pictures that are `apart` are other frames of one scene: no way of matches makes them one photo. The `leading` ones
    have whole copies that were compared with them alone.
    """

    assets: Mapping[str, AssetRecord]
    matches: dict[tuple[str, str], Match] = field(default_factory=dict)
    near: dict[str, set[str]] = field(default_factory=dict)
    same: set[tuple[str, str]] = field(default_factory=set)
    different: set[tuple[str, str]] = field(default_factory=set)
    apart: set[tuple[str, str]] = field(default_factory=set)
    leading: set[str] = field(default_factory=set)

    def join(self, one: str, other: str) -> None:
        """Note that two pictures have to do with each other."""
        self.near.setdefault(one, set()).add(other)
        self.near.setdefault(other, set()).add(one)

    def transform(self, query: str, asset: str) -> tuple[tuple[float, ...], int] | None:
        """What takes places of one picture to the other, and the inliers it rests on."""
        if match := self.matches.get((query, asset)):
            return match.transform, match.inliers
        if match := self.matches.get((asset, query)):
            return reverse(match.transform), match.inliers
        return None

    def is_frame(self, one: str) -> bool:
        """Whether a picture seems to hold others in a frame, on a page or beside something else.

        It does where two of them lie in different places of it. Else the matches are counted: of two pictures that
        differ beyond a straight line either may be the collage, and beyond a crop's edge there may be a line that
        is no frame. What holds the same is no witness against it: that is a copy of the frame.
        """
        held = {other for other in self.near.get(one, ()) if self._contains(one, other)}
        if not held or self.holds_apart(one):
            return bool(held)
        others = self.near[one] - held
        return len(held) >= sum(not any(self._contains(other, inner) for inner in held) for other in others)

    def holds_apart(self, one: str) -> bool:
        """Whether a picture in it and another part of it, which others show, lie in different places."""
        near = self.near.get(one, ())
        held = [place for other in near if self._contains(one, other) and (place := self._place(other, one))]
        parts = [place for other in near if self.is_cut_of(other, one) and (place := self._place(other, one))]
        return any(overlap(place, other) < SAME_PLACE for place in held for other in (*held, *parts))

    def _contains(self, one: str, other: str) -> bool:
        match = self.matches.get((one, other))
        return match is not None and match.relation is Relation.CONTAINED

    def show_same(self, via: str, one: str, others: Iterable[str]) -> bool:
        """Whether a picture shows the same place of another as all others of which that is known; of one it must be."""
        place = self._place(one, via)
        places = [known for other in others if (known := self._place(other, via)) is not None]
        if place is None or not places:
            return False
        return all(overlap(place, known) >= SAME_PLACE for known in places)

    def _place(self, one: str, other: str) -> Box | None:
        """What a picture shows of another that it matches, in the other's pixels; None where that is not known well."""
        if match := self.matches.get((one, other)):
            return find_shown_box(match) if self._fills_its_box(match, one) else None
        if match := self.matches.get((other, one)):
            if not self._fills_its_box(match, other):
                return None
            box = Box(*map(float, match.crop_box))
            return (
                box
                if match.larger == "query"
                else move_box(np.reshape(reverse(match.transform), (2, 3)), box)
            )
        return None

    def _fills_its_box(self, match: Match, query: str) -> bool:
        asset = self.assets[match.asset if match.larger == "asset" else query]
        _, _, width, height = match.crop_box
        return match.kept * asset.width * asset.height >= FILLED * width * height

    def is_cut_of(self, one: str, other: str) -> bool:
        """Whether a picture is a crop of the other."""
        match, back = self.matches.get((one, other)), self.matches.get((other, one))
        if match is not None:
            return match.relation is Relation.CROP and match.larger == "asset" and match.kept < WHOLE
        return back is not None and back.relation is Relation.CROP and back.larger == "query"


def graph_of(assets: Mapping[str, AssetRecord], pairs: VerifiedPairs, decisions: Decisions) -> MatchGraph:
    """What is known of some pictures; a match that a person refused is left out."""
    graph = MatchGraph(assets)
    for one in assets:
        for other, decision in decisions.list_about(one):
            if other in assets and decision in (SAME, DIFFERENT):
                (graph.same if decision == SAME else graph.different).add((one, other))
                if decision == SAME:
                    graph.join(one, other)
    for one in assets:
        for other, match in pairs.of(one).items():
            if other in assets and (one, other) not in graph.different:
                graph.matches[one, other] = match
                graph.join(one, other)
    graph.leading = set(pairs.copies.values())
    for one, other in pairs.apart():
        graph.apart |= {(one, other), (other, one)}
    return graph


def components(graph: MatchGraph) -> Iterator[set[str]]:
    """Pictures that some way of matches and decisions connects."""
    unseen = dict.fromkeys(sorted(graph.near))
    while unseen:
        start = next(iter(unseen))
        found, waiting = {start}, deque([start])
        while waiting:
            for other in graph.near[waiting.popleft()] - found:
                found.add(other)
                waiting.append(other)
        for one in found:
            del unseen[one]
        yield found


def find_shown_box(match: Match) -> Box:
    """What a query shows of the asset, in the asset's pixels."""
    box = Box(*map(float, match.crop_box))
    return box if match.larger == "asset" else move_box(np.reshape(match.transform, (2, 3)), box)


def overlap(one: Box, other: Box) -> float:
    """Which share of the smaller of two boxes lies in the other."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    smaller = min(one.width * one.height, other.width * other.height)
    return max(0.0, width) * max(0.0, height) / max(1.0, smaller)
