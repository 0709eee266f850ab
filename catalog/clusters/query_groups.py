"""The photographs that a picture which was asked for is of: their clusters, found among the few pictures near it.

Clusters are as a report has them. Where pictures have not been compared yet the query is what they have in common: one
is laid on the other by way of it, and joins it if their pixels say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from catalog.clusters.grouping import UNMOVED, Group, Member, Verify, groups_of_graph, make_single_group
from catalog.clusters.match_graph import SAME_PLACE, MatchGraph, find_shown_box, graph_of, overlap
from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.decisions import DIFFERENT, Decisions
from catalog.matching import Box, Match, Relation, chain, move_box, reverse
from catalog.model import AssetRecord
from catalog.store import Catalog, Store

# Pictures that have not been compared, and that the query shows to be apart, to which the next one is compared.
MOST_APART = 8

# By digest how the query shows a picture; None where only a person says that it does.
Hits = Mapping[str, Match | None]


def find_query_groups(
    catalog: Catalog, decisions: Decisions, verify: Verify, sha256: str, hits: Hits, *, is_final: bool
) -> list[Group]:
    """The clusters that a query is of, that of the best hit first; a hit in none of them is a group of its own.

    The query may be a catalogued picture, by its digest. `is_final` says that all pictures have been compared.
    """
    pairs = VerifiedPairs(catalog.derived, is_whole=False)
    assets = _read_assets(catalog.records, pairs, decisions, hits)
    if sha256 not in assets:
        refused = {other for other, decision in decisions.list_about(sha256) if decision == DIFFERENT}
        assets = {one: asset for one, asset in assets.items() if one not in refused}
    graph = graph_of(assets, pairs, decisions)
    if sha256 in assets:
        _join_to_query(graph, pairs, verify, sha256, hits)
    else:
        _join_by_query(graph, pairs, verify, hits)
    found = [group for group in groups_of_graph(graph, verify) if _is_of(group, sha256, hits, graph)]
    covered = {member.sha256 for group in found for member in group.members}
    alone = [assets[one] for one in hits if one in assets and one not in covered]
    found += [make_single_group(asset, is_final=is_final) for asset in alone]
    places = {one: place for place, one in enumerate(hits)}
    return sorted(
        found, key=lambda group: min(places.get(member.sha256, len(places)) for member in group.members)
    )


def _read_assets(
    store: Store, pairs: VerifiedPairs, decisions: Decisions, pictures: Iterable[str]
) -> dict[str, AssetRecord]:
    """The pictures that matches and decisions connect with some; the matches are taken in."""
    known: set[str] = set()
    waiting = set(pictures)
    while waiting:
        known |= pairs.read_around(waiting)
        waiting = {other for one in known for other in decisions.list_same(one)} - known
    return {one: asset for one in sorted(known) if (asset := store.asset(one)) is not None}


# What was not compared yet


def _join_to_query(graph: MatchGraph, pairs: VerifiedPairs, verify: Verify, sha256: str, hits: Hits) -> None:
    """Note what looking up a catalogued picture came to, where comparing would come to it only later."""
    for other, match in hits.items():
        is_compared = sha256 in pairs and other in pairs
        if match is not None and other != sha256 and other in graph.assets and not is_compared:
            _note(graph, verify, sha256, match)


def _join_by_query(graph: MatchGraph, pairs: VerifiedPairs, verify: Verify, hits: Hits) -> None:
    """Note which hits show the same, of those that were not compared with each other."""
    apart: list[Match] = []
    for one, match in hits.items():
        if match is None or one not in graph.assets:
            continue
        for other in apart:
            if other.asset in graph.near.get(one, ()):
                break
            is_compared = one in pairs and other.asset in pairs
            if is_compared or overlap(_place_in_query(match), _place_in_query(other)) < SAME_PLACE:
                continue
            transform = chain(other.transform or UNMOVED, reverse(match.transform or UNMOVED))
            found = verify(one, other.asset, transform, min(match.inliers, other.inliers))
            if found is not None:
                _note(graph, verify, one, found)
                break
        else:
            if len(apart) < MOST_APART:
                apart.append(match)


def _note(graph: MatchGraph, verify: Verify, query: str, match: Match) -> None:
    """Note a match as comparing does, both ways round where the query is a crop."""
    asset = match.asset
    if (query, asset) in graph.different or (query, asset) in graph.matches:
        return
    graph.matches[query, asset] = match
    graph.join(query, asset)
    if match.relation is Relation.CROP and match.larger == "asset" and (asset, query) not in graph.matches:
        back = verify(asset, query, reverse(match.transform), match.inliers)
        if back is not None:
            graph.matches[asset, query] = back


# Which clusters


def _is_of(group: Group, sha256: str, hits: Hits, graph: MatchGraph) -> bool:
    """Whether a cluster's photograph is what the query shows.

    A page or a collage holds several: there the query must show the place that the cluster is about.
    """
    if any(member.sha256 == sha256 for member in group.members):
        return True
    for member in group.members:
        if member.sha256 not in hits:
            continue
        match = hits[member.sha256]
        place = _place_of_group(member, group, graph) if graph.is_frame(member.sha256) else None
        if match is None or place is None or overlap(find_shown_box(match), place) >= SAME_PLACE:
            return True
    return False


def _place_of_group(member: Member, group: Group, graph: MatchGraph) -> Box | None:
    """Where in a member that is which the others show; None where nobody knows."""
    best, *others = group.members
    if member is not best:
        shown = graph.matches.get((member.beside or best.sha256, member.sha256))
        if shown is not None:
            return find_shown_box(shown)
        return _place_in_query(member.match) if member.match is not None else None
    direct = (other.match for other in others if other.match is not None and not other.beside)
    return next(map(find_shown_box, direct), None)


def _place_in_query(match: Match) -> Box:
    """What a match's query shows of the asset, in the query's pixels."""
    box = Box(*map(float, match.crop_box))
    if match.larger == "query":
        return box
    return move_box(np.reshape(reverse(match.transform or UNMOVED), (2, 3)), box)


# From the query to every copy


def transforms_to_best(group: Group) -> dict[str, tuple[float, ...]]:
    """By member the transform that takes its places to the best copy, where matches tell it."""
    found: dict[str, tuple[float, ...]] = {group.members[0].sha256: UNMOVED}
    for member in group.members[1:]:
        onto = found.get(member.beside or group.members[0].sha256)
        if member.match is not None and onto is not None:
            found[member.sha256] = chain(onto, member.match.transform or UNMOVED)
    return found
