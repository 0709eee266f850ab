"""Clusters judged pair by pair against what is true of a made newsroom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from benchmarks.known import Known

# What must be reached.
PRECISION = 1.0
RECALL = 0.98

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reported:
    """A cluster as it is reported: the upload behind each asset, if it is a size variant, and who uses them."""

    id: str
    copies: Mapping[str, str]
    uses: frozenset[tuple[str, str]] = frozenset()


def reported(document: Mapping[str, Any]) -> list[Reported]:
    """The clusters of a `photodesk-duplicates/2` document."""
    return [
        Reported(
            cluster["id"],
            {copy["sha256"]: copy.get("upload") or "" for copy in cluster["copies"]},
            frozenset((use["page"], use["asset"]) for use in cluster.get("uses", [])),
        )
        for cluster in document["clusters"]
    ]


def judged(known: Known, document: Mapping[str, Any]) -> dict[str, Any]:
    """Every figure that the clusters of a document come to."""
    clusters = reported(document)
    photographs = members_of(known)
    true = pairs(photographs.values())
    said = pairs(cluster.copies for cluster in clusters)
    whole = set(photographs.values())
    precision, recall = share(len(said & true), len(said)), share(len(said & true), len(true))
    return {
        "assets": len(known.sources),
        "clusters": len(clusters),
        "precision": precision,
        "recall": recall,
        "passed": (precision or 0.0) >= PRECISION and (1.0 if recall is None else recall) >= RECALL,
        "pairs": {
            "true": len(true),
            "reported": len(said),
            "wrong": len(said - true),
            "same_scene": sum(is_same_scene(known, pair) for pair in said - true),
            "missed": len(true - said),
        },
        "exactly_right": sum(frozenset(cluster.copies) in whole for cluster in clusters),
        "split": split(known, photographs, clusters),
        "glued": glued(known, clusters, said - true),
        "edits": together_by_edit(known, clusters),
        "size_variants": folded(known, clusters),
        "folded_wrongly": folded_wrongly(known, clusters),
        "uses_not_listed": missing_uses(known, clusters),
        "members": [
            {"id": cluster.id, "members": [known.label(one) for one in cluster.copies]}
            for cluster in clusters
        ],
    }


def members_of(known: Known) -> dict[str, frozenset[str]]:
    """The assets that show each photograph."""
    found: dict[str, set[str]] = defaultdict(set)
    for sha256, sources in known.sources.items():
        for source in sources:
            found[source].add(sha256)
    return {source: frozenset(found[source]) for source in sorted(found)}


def pairs(groups: Iterable[Iterable[str]]) -> set[Pair]:
    """Every two that some group holds both."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def is_same_scene(known: Known, pair: Pair) -> bool:
    """Whether two assets show one scene in other frames."""
    one, other = (
        {known.groups[source] for source in known.sources.get(sha256, ()) if source in known.groups}
        for sha256 in pair
    )
    return not one.isdisjoint(other)


def split(
    known: Known, photographs: Mapping[str, frozenset[str]], clusters: Sequence[Reported]
) -> list[dict[str, Any]]:
    """Photographs that no single cluster holds whole, with the parts they fell into."""
    found = []
    for source, members in photographs.items():
        parts = {members.intersection(cluster.copies) for cluster in clusters}
        parts |= {frozenset({one}) for one in members}
        whole = [part for part in parts if part and not any(part < other for other in parts)]
        if len(whole) > 1:
            whole.sort(key=lambda part: (-len(part), sorted(part)))
            names = [sorted(known.label(one) for one in part) for part in whole]
            found.append({"photograph": source, "parts": names})
    return found


def glued(known: Known, clusters: Sequence[Reported], wrong: set[Pair]) -> list[dict[str, Any]]:
    """Clusters that hold two assets without a photograph in common, with the pairs that are wrong."""
    found = []
    for cluster in clusters:
        here = sorted(wrong & pairs([cluster.copies]))
        if here:
            sources = {source for pair in here for one in pair for source in known.sources.get(one, ())}
            found.append(
                {
                    "cluster": cluster.id,
                    "photographs": sorted(sources),
                    "pairs": [[known.label(one) for one in pair] for pair in here],
                }
            )
    return found


def together_by_edit(known: Known, clusters: Sequence[Reported]) -> dict[str, dict[str, float | int | None]]:
    """For each kind of edit how many there are, and which share is in a cluster with the photograph itself."""
    said = pairs(cluster.copies for cluster in clusters)
    rows: dict[str, list[bool]] = defaultdict(list)
    for name, sha256, source in known.edits:
        original = known.originals[source]
        rows[name].append(sha256 == original or _pair(sha256, original) in said)
    return {
        name: {"files": len(row), "together": share(sum(row), len(row))} for name, row in sorted(rows.items())
    }


def folded(known: Known, clusters: Sequence[Reported]) -> dict[str, dict[str, float | int | None]]:
    """For each kind of size variant how many there are, and which shares are with, and folded into, their upload."""
    said = pairs(cluster.copies for cluster in clusters)
    rows: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for sha256, (kind, uploads) in known.variants.items():
        together = any(_pair(sha256, upload) in said for upload in uploads)
        told = [cluster.copies.get(sha256, "") for cluster in clusters]
        rows[kind].append((together, any(_names(upload, uploads) for upload in told)))
    return {
        kind: {
            "files": len(row),
            "together": share(sum(together for together, _ in row), len(row)),
            "folded": share(sum(right for _, right in row), len(row)),
        }
        for kind, row in sorted(rows.items())
    }


def folded_wrongly(known: Known, clusters: Sequence[Reported]) -> list[str]:
    """Assets that are called a size variant of what they are none of."""
    return [
        known.label(sha256)
        for cluster in clusters
        for sha256, upload in cluster.copies.items()
        if upload and not _names(upload, known.variants.get(sha256, ("", frozenset()))[1])
    ]


def missing_uses(known: Known, clusters: Sequence[Reported]) -> int:
    """How many uses of a clustered asset its cluster does not list."""
    return sum(
        use not in cluster.uses for cluster in clusters for use in set(known.uses) if use[1] in cluster.copies
    )


def _names(upload: str, uploads: Iterable[str]) -> bool:
    """Whether a digest, or how one begins, is that of one of the uploads."""
    return bool(upload) and any(one.startswith(upload) for one in uploads)


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
