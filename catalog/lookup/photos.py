"""Photographs that a query shows, from the pictures that it was found to show: whole clusters, not single files."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.clusters import (
    ID_DIGITS,
    UNMOVED,
    ClusterBuilder,
    Copy,
    Group,
    Verify,
    find_query_groups,
    transforms_to_best,
)
from catalog.decisions import Decisions
from catalog.harvest import explain_cut
from catalog.lookup.answer import Found, FoundCopy, Photo
from catalog.matching import Match, Relation, chain, reverse
from catalog.store import Catalog


class PhotoFinder:
    """Puts the photographs together that a query shows; only what is near the pictures that it matches is read."""

    def __init__(self, catalog: Catalog, decisions: Decisions, verify: Verify) -> None:
        self._catalog = catalog
        self._decisions = decisions
        self._verify = verify

    def photos(self, sha256: str, hits: Mapping[str, Found], *, is_final: bool) -> tuple[Photo, ...]:
        """Each photograph by itself, that of the best hit first; `is_final` says that all pictures were compared."""
        if not hits:
            return ()
        matches = {one: found.match for one, found in hits.items()}
        groups = find_query_groups(
            self._catalog, self._decisions, self._verify, sha256, matches, is_final=is_final
        )
        return tuple(self._photo(group, hits) for group in groups)

    def _photo(self, group: Group, hits: Mapping[str, Found]) -> Photo:
        cluster = ClusterBuilder(self._catalog).cluster_without_conflicts(group)
        to_best = transforms_to_best(group)
        through, from_query = _way_in(group, hits, to_best)
        copies = []
        for copy in cluster.copies:
            sha256 = copy.asset.sha256
            hit = hits.get(sha256)
            if hit is not None:
                transform = _transform_of(hit.match) if hit.match is not None else ()
                told = _told_of(copy, hit.explanation, copy.substitute)
                copies.append(FoundCopy(copy, told, hit.match, hit.decision, transform=transform))
                continue
            onto = to_best.get(sha256)
            composed = chain(reverse(onto), from_query) if onto is not None and from_query else ()
            told = _told_of(copy, _explanation(copy, cluster.copies[0], through))
            copies.append(FoundCopy(copy, told, through=through, transform=composed))
        return Photo(cluster, tuple(copies))


def _way_in(
    group: Group, hits: Mapping[str, Found], to_best: Mapping[str, tuple[float, ...]]
) -> tuple[str, tuple[float, ...]]:
    """The copy by which the query reaches the others, and the transform from it to the best copy."""
    best = group.members[0].sha256
    here = [one for one in hits if any(member.sha256 == one for member in group.members)]
    for one in sorted(here, key=lambda one: one != best):
        match, onto = hits[one].match, to_best.get(one)
        if match is not None and onto is not None:
            return one, chain(onto, _transform_of(match))
    return (here[0], ()) if here else ("", ())


def _transform_of(match: Match) -> tuple[float, ...]:
    return match.transform or (UNMOVED if match.relation is Relation.IDENTICAL else ())


def _told_of(copy: Copy, explanation: str, substitute: str = "") -> str:
    """An explanation with what is to be known of the file: that it is cut short, or a substitute."""
    parts = (explanation, explain_cut(copy.asset.decoded), substitute)
    return "; ".join(part for part in parts if part)


def _explanation(copy: Copy, best: Copy, through: str) -> str:
    """How a copy belongs to the photograph, of which the query was not found to show it itself."""
    if copy is best:
        return f"the best copy, which copy {through[:ID_DIGITS]} shows"
    return f"as a copy of {best.asset.sha256[:ID_DIGITS]}: {copy.explanation}"
