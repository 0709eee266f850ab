"""Who belongs together: clusters of catalogued pictures that show one photograph.

A cluster grows from its best copy. What joins is a verified match to the best copy, found directly or by going from
match to match and then verified on the pixels, or else a direct match to a whole copy or crop of it, but no further:
chains do not glue. A collage or screenshot may lie in several clusters, since it shows several photographs, and joins
none of them to another. What a person decided wins.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from catalog.clusters.match_graph import SAME_PLACE, MatchGraph, components, find_shown_box, graph_of, overlap
from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.decisions import SAME, Decisions
from catalog.harvest import explain_cut
from catalog.index import FeatureStore
from catalog.matching import Match, Matcher, Relation, chain
from catalog.model import AssetRecord

# Uncropped copies with this share of the largest one's pixels are as good; then metadata decide.
NEARLY_AS_LARGE = 0.9

# Matches from one to the next that may lead to one that is verified: each adds its error to the transform.
MOST_STEPS = 4

# Ways by which a picture is tried, before it counts as another photograph.
MOST_TRIALS = 3

UNMOVED = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
MOST_INLIERS = 10_000

Verify = Callable[[str, str, tuple[float, ...], int], Match | None]


@dataclass(frozen=True, slots=True)
class Member:
    """A picture of a cluster: how it shows the best copy, None for that itself and where only a person says so.

    Where it was not found to show the best copy itself, `beside` names the member that the match is with.
    """

    sha256: str
    match: Match | None = None
    decision: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The pictures of one photograph, the best copy first, and why it was taken for the best."""

    why_best: str
    members: tuple[Member, ...]


def groups(
    assets: Iterable[AssetRecord], pairs: VerifiedPairs, decisions: Decisions, verify: Verify
) -> list[Group]:
    """The clusters among some pictures; pictures that are alone are in none."""
    return groups_of_graph(graph_of({asset.sha256: asset for asset in assets}, pairs, decisions), verify)


def groups_of_graph(graph: MatchGraph, verify: Verify) -> list[Group]:
    """The clusters among pictures of which all that is known is in a graph."""
    refused: dict[str, set[str]] = {}
    for one, other in graph.different:
        refused.setdefault(one, set()).add(other)
    found: list[Group] = []
    for component in components(graph):
        found += _Component(graph, component, refused, verify).groups()
    return found


def make_single_group(asset: AssetRecord, *, is_final: bool) -> Group:
    """The group of a picture that is in no cluster; `is_final` where all pictures have been compared."""
    only = "the only copy" if is_final else "the only copy so far"
    return Group(f"{only} ({format_size(asset)})", (Member(asset.sha256),))


def verifier(feature_store: FeatureStore, matcher: Matcher) -> Verify:
    """Verifies on the pixels that are kept of two catalogued pictures."""

    def verify(query: str, asset: str, transform: tuple[float, ...], inliers: int) -> Match | None:
        rows = feature_store.row_of(query), feature_store.row_of(asset)
        if rows[0] is None or rows[1] is None:
            return None
        match = matcher.verify(rows[0], rows[1], transform, inliers)
        return match if match is not None and match.relation.is_same_photo else None

    return verify


def rank_metadata(asset: AssetRecord) -> tuple[bool, int]:
    """What makes one copy better than another of its size: a credit that is embedded in it, and what else is."""
    return not _is_credited(asset), -len(asset.embedded)


def _is_credited(asset: AssetRecord) -> bool:
    return any(name in asset.embedded for name in ("credit", "byline", "copyright"))


def format_size(asset: AssetRecord) -> str:
    """A picture's size in pixels, what format it has where that is not known.

    >>> format_size(AssetRecord(sha256="5f", format="JPEG", width=640, height=360))
    '640 × 360'
    >>> format_size(AssetRecord(sha256="5f", format="SVG"))
    'SVG'
    """
    return f"{asset.width} × {asset.height}" if asset.width and asset.height else asset.format


class _Component:
    """The clusters of pictures that are connected."""

    def __init__(
        self, graph: MatchGraph, pictures: set[str], refused: Mapping[str, set[str]], verify: Verify
    ) -> None:
        self._graph = graph
        # By picture those that a person told apart from it.
        self._refused = refused
        self._verify = verify
        self._frames = {one for one in pictures if graph.is_frame(one)}
        self._cut = {
            one
            for one in pictures
            if any(other not in self._frames and graph.is_cut_of(one, other) for other in graph.near[one])
        }
        self._free = set(pictures)
        # Nothing that these are made of changes while clusters are built, and each picture is asked for many times.
        self._ranks: dict[str, tuple[object, ...]] = {}
        # By picture the numbers of the clusters it lies in: those of two that are together have one in common.
        self._numbers: dict[str, set[int]] = {one: set() for one in pictures}
        self._noted = 0

    def groups(self) -> list[Group]:
        """The clusters, the one around the best picture first."""
        found: list[Group] = []
        seeds = self._free - self._frames
        while best := self._choose_best(seeds):
            seeds.discard(best)
            group = self._build_group(best)
            self._free -= {member.sha256 for member in group.members} - self._frames
            seeds &= self._free
            self._keep(group, found)
        # What only frames have in common: screenshots of one page, collages with one photo.
        seeds = set(self._frames)
        # One that is not open is never opened again.
        while best := self._choose_best(seeds := {one for one in seeds if self._open(one)}):
            seeds.discard(best)
            group = self._of_one_place(self._build_group(best))
            found = [self._add_shown(earlier, group) for earlier in found]
            if not all(self._are_together(best, member.sha256) for member in group.members[1:]):
                self._keep(group, found)
        return found

    def _keep(self, group: Group, found: list[Group]) -> None:
        if len(group.members) > 1:
            self._note(group)
            found.append(group)

    def _add_shown(self, group: Group, framed: Group) -> Group:
        """A cluster with those of a frame's that show the same place of a picture which both have."""
        members = {member.sha256: member for member in group.members}
        # A collage shows other places too: it bears no witness.
        witnesses = [one for one in members if not self._graph.holds_apart(one)]
        names = [member.sha256 for member in framed.members]
        for via in sorted(members.keys() & set(names), key=self._rank):
            for one in names:
                match = self._graph.matches.get((one, via))
                is_new = match is not None and one not in members and self._may_join(one, members)
                if is_new and self._graph.show_same(via, one, witnesses):
                    members[one] = Member(one, match, beside=via)
        if len(members) == len(group.members):
            return group
        group = Group(group.why_best, tuple(members.values()))
        self._note(group)
        return group

    def _note(self, group: Group) -> None:
        self._noted += 1
        for member in group.members:
            self._numbers[member.sha256].add(self._noted)

    def _are_together(self, one: str, other: str) -> bool:
        return not self._numbers[one].isdisjoint(self._numbers[other])

    def _open(self, frame: str) -> bool:
        """Whether a frame matches another that is not yet in one cluster with it."""
        return any(
            other in self._frames and not self._are_together(frame, other)
            for other in self._graph.near[frame]
        )

    def _of_one_place(self, group: Group) -> Group:
        """The members that show the same part of the best copy, which may be a collage, as the first of them does."""
        best, *others = group.members
        direct = [member for member in others if member.match is not None and not member.beside]
        kept = [
            member
            for member in others
            if member not in direct or _overlap_in_best(member, direct[0]) >= SAME_PLACE
        ]
        return Group(group.why_best, (best, *kept))

    # The best copy

    def _choose_best(self, pictures: set[str]) -> str | None:
        """The largest uncropped, whole one; of nearly equal ones that with metadata, which agrees best, the oldest."""
        if not pictures:
            return None
        candidates = pictures - self._cut or pictures
        candidates = {one for one in candidates if self._graph.assets[one].decoded >= 1} or candidates
        largest = max(self._area(one) for one in candidates)
        large = [one for one in candidates if self._area(one) >= NEARLY_AS_LARGE * largest]
        return min(large, key=self._rank)

    def _area(self, one: str) -> int:
        return self._graph.assets[one].width * self._graph.assets[one].height

    def _rank(self, one: str) -> tuple[object, ...]:
        known = self._ranks.get(one)
        if known is None:
            asset = self._graph.assets[one]
            known = self._ranks[one] = (
                *rank_metadata(asset),
                # The best of many whole copies was told when they were compared with it.
                one not in self._graph.leading,
                -round(self._agreement(one), 2),
                asset.first_seen,
                one,
            )
        return known

    def _agreement(self, one: str) -> float:
        """The mean share of blocks in which a picture agrees with others: what lies over it costs."""
        shares = [
            match.kept * match.blocks_agreeing / max(1, match.blocks_compared)
            for other in self._graph.near[one]
            if (match := self._graph.matches.get((one, other)) or self._graph.matches.get((other, one)))
            and match.relation is Relation.COPY
        ]
        return sum(shares) / len(shares) if shares else 0.0

    def _why(self, best: str, others: int) -> str:
        asset = self._graph.assets[best]
        size = format_size(asset)
        if best in self._frames:
            reason = f"the largest ({size}) of copies that are all framed"
        elif best in self._cut:
            reason = f"the largest ({size}); every copy is cut"
        else:
            reason = f"the largest uncropped copy ({size})" if others else f"the only copy ({size})"
        if _is_credited(asset):
            reason += ", with its embedded credit"
        elif asset.embedded:
            reason += ", with embedded metadata"
        return "; ".join(part for part in (reason, explain_cut(asset.decoded)) if part)

    # Its members

    def _build_group(self, best: str) -> Group:
        members = {best: Member(best)}
        self._take_verified(best, members)
        self._take_beside(best, members)
        self._take_decided(best, members)
        return Group(self._why(best, len(members) - 1), tuple(members.values()))

    def _may_join(self, one: str, members: Mapping[str, Member]) -> bool:
        is_free = one in self._free or one in self._frames
        refused = self._refused.get(one)
        return is_free and (refused is None or refused.isdisjoint(members))

    def _take_verified(self, best: str, members: dict[str, Member]) -> None:
        """What a direct match, or a way of matches that pixels confirm, leads to."""
        trials = {best: MOST_TRIALS}
        waiting: deque[tuple[str, tuple[float, ...], int, int]] = deque([(best, UNMOVED, MOST_INLIERS, 0)])
        while waiting:
            here, to_best, inliers, steps = waiting.popleft()
            for other in sorted(self._graph.near[here], key=self._rank):
                if trials.get(other, 0) >= MOST_TRIALS or not self._may_join(other, members):
                    continue
                step = self._graph.transform(other, here)
                if step is None:
                    continue
                trials[other] = trials.get(other, 0) + 1
                match = self._match(other, best, chain(to_best, step[0]), min(inliers, step[1]))
                if match is None:
                    continue
                trials[other] = MOST_TRIALS
                members[other] = Member(other, match, self._decision(other, best))
                if steps < MOST_STEPS:
                    waiting.append((other, match.transform, match.inliers, steps + 1))

    def _match(self, query: str, best: str, transform: tuple[float, ...], inliers: int) -> Match | None:
        if (query, best) in self._graph.apart:
            return None
        known = self._graph.matches.get((query, best))
        return known if known is not None else self._verify(query, best, transform, inliers)

    def _take_beside(self, best: str, members: dict[str, Member]) -> None:
        """What matches a whole copy or a crop of the best copy, though it shows other parts of the photograph."""
        for member in list(members.values()):
            if member.sha256 in self._frames or member.sha256 == best:
                continue
            for other in sorted(self._graph.near[member.sha256], key=self._rank):
                match = self._graph.matches.get((other, member.sha256))
                if match is None or (other in self._frames and match.relation is not Relation.CONTAINED):
                    continue
                if other not in members and self._may_join(other, members):
                    members[other] = Member(other, match, beside=member.sha256)

    def _take_decided(self, best: str, members: dict[str, Member]) -> None:
        """What a person said is the same as a member."""
        for member in list(members):
            for other in sorted(self._graph.near[member]):
                is_new = (member, other) in self._graph.same and other not in members
                if is_new and self._may_join(other, members):
                    members[other] = Member(other, None, SAME)

    def _decision(self, one: str, best: str) -> str:
        return SAME if (one, best) in self._graph.same else ""


def _overlap_in_best(one: Member, other: Member) -> float:
    if one.match is None or other.match is None:
        return 0.0
    return overlap(find_shown_box(one.match), find_shown_box(other.match))
