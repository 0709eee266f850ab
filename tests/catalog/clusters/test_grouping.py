"""Who belongs together, on matches that are written down: what real pictures hardly ever bring about at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from itertools import combinations
from pathlib import Path

import pytest
from effort import assert_grows_evenly

from catalog.clusters.grouping import Group, groups, groups_of_graph
from catalog.clusters.match_graph import MatchGraph
from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.decisions import Decisions
from catalog.matching.match import Match
from catalog.matching.relation import Relation
from catalog.model import AssetRecord
from catalog.store.embedded import EmbeddedStore

Found = list[set[str]]
Draw = tuple[str, str, Match]

WHOLE = (0, 0, 600, 400)
LEFT, RIGHT = (0, 0, 300, 400), (300, 0, 300, 400)
UNMOVED = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def match(relation: Relation, larger: str, kept: float, box: tuple[int, int, int, int] = WHOLE) -> Match:
    return Match("", relation, kept=kept, larger=larger, crop_box=box, inliers=50, transform=UNMOVED)


COPY = match(Relation.COPY, "asset", 1.0)


def copies(names: Iterable[str]) -> list[Draw]:
    """Each the whole of each other."""
    return [
        draw for one, other in combinations(names, 2) for draw in ((one, other, COPY), (other, one, COPY))
    ]


def inside(photo: str, frame: str, box: tuple[int, int, int, int]) -> list[Draw]:
    """A photo that lies in a frame, at a place of it."""
    share = box[2] * box[3] / (WHOLE[2] * WHOLE[3])
    return [
        (photo, frame, match(Relation.CROP, "asset", share, box)),
        (frame, photo, match(Relation.CONTAINED, "asset", 1.0)),
    ]


@pytest.fixture
def clustered(tmp_path: Path) -> Callable[[list[Draw]], Found]:
    """Makes clusters of drawn matches; pictures that are not drawn together never verify."""

    def make(draws: list[Draw]) -> Found:
        names = sorted({name for one, other, _ in draws for name in (one, other)})
        assets = [AssetRecord(sha256=name, width=600, height=400) for name in names]
        with VerifiedPairs(tmp_path / "derived") as pairs:
            for name in names:
                told = [
                    asdict(drawn) | {"query": name, "asset": other, "relation": drawn.relation.value}
                    for one, other, drawn in draws
                    if one == name
                ]
                pairs.add(name, told)
        with EmbeddedStore() as store:
            found = groups(
                assets, VerifiedPairs(tmp_path / "derived"), Decisions(store), lambda *_asked: None
            )
        return [{member.sha256 for member in group.members} for group in found]

    return make


def test_a_chain_of_matches_does_not_glue(clustered: Callable[[list[Draw]], Found]) -> None:
    found = clustered(copies("ab") + copies("bc") + copies("cd"))
    assert not any({"a", "d"} <= group for group in found)


def test_a_collage_lies_in_both_clusters_and_joins_nothing(
    clustered: Callable[[list[Draw]], Found],
) -> None:
    draws = copies(["a1", "a2"]) + copies(["b1", "b2"])
    draws += [draw for one in ("a1", "a2") for draw in inside(one, "collage", LEFT)]
    draws += [draw for one in ("b1", "b2") for draw in inside(one, "collage", RIGHT)]
    assert clustered(draws) == [{"a1", "a2", "collage"}, {"b1", "b2", "collage"}]


def test_copies_of_a_collage_join_nothing_either(clustered: Callable[[list[Draw]], Found]) -> None:
    frames = ["collage1", "collage2", "collage3"]
    draws = copies(frames)
    for frame in frames:
        draws += inside("a", frame, LEFT) + inside("b", frame, RIGHT)
    assert clustered(draws) == [{"a", *frames}, {"b", *frames}]


def test_one_line_beyond_a_crop_does_not_make_a_frame(clustered: Callable[[list[Draw]], Found]) -> None:
    draws = copies("abc") + inside("crop", "a", LEFT)
    draws += [draw for one in "bc" for draw in ((one, "crop", match(Relation.CROP, "query", 0.5, LEFT)),)]
    assert clustered(draws) == [{"a", "b", "c", "crop"}]


def test_what_only_a_framed_copy_shows_joins_its_photograph(
    clustered: Callable[[list[Draw]], Found],
) -> None:
    draws = copies(["plain", "framed1"]) + copies(["framed1", "framed2"])
    either = match(Relation.CONTAINED, "asset", 0.5, LEFT)
    for frame in ("framed1", "framed2"):
        draws += [("card", frame, either), (frame, "card", either)]
    assert clustered(draws) == [{"plain", "framed1", "framed2", "card"}]


def test_what_shows_another_place_of_a_collage_stays_apart(
    clustered: Callable[[list[Draw]], Found],
) -> None:
    draws = [draw for one in ("a1", "a2") for draw in inside(one, "collage1", LEFT)]
    draws += [draw for one in ("a1", "a2") for draw in inside(one, "collage2", LEFT)]
    draws += inside("b", "collage1", RIGHT) + inside("b", "collage2", RIGHT) + copies(["a1", "a2"])
    found = clustered(draws)
    assert not any({"a1", "b"} <= group for group in found)


def test_one_witness_that_errs_does_not_glue(clustered: Callable[[list[Draw]], Found]) -> None:
    draws = copies(["a1", "a2"]) + copies(["b1", "b2"])
    draws += inside("a1", "collage", LEFT) + inside("a2", "collage", (0, 0, 590, 400))
    # Of two pictures that differ beyond a line either may be the collage.
    for photo in ("b1", "b2"):
        draws += [(photo, "collage", match(Relation.CONTAINED, "asset", 0.5, RIGHT))]
        draws += [("collage", photo, match(Relation.CONTAINED, "asset", 0.5, RIGHT))]
    assert not any({"a1", "b1"} <= group for group in clustered(draws))


def best_of(tmp_path: Path, assets: list[AssetRecord]) -> tuple[str, str]:
    """The best of pictures that are all copies of each other, and why it is."""
    names = [asset.sha256 for asset in assets]
    with VerifiedPairs(tmp_path / "derived") as pairs:
        for one in names:
            told = [
                asdict(COPY) | {"query": one, "asset": other, "relation": "copy"}
                for other in names
                if other != one
            ]
            pairs.add(one, told)
    with EmbeddedStore() as store:
        (group,) = groups(assets, VerifiedPairs(tmp_path / "derived"), Decisions(store), lambda *_asked: None)
    return group.members[0].sha256, group.why_best


def test_a_file_that_is_cut_short_is_not_the_best_where_another_is_whole(tmp_path: Path) -> None:
    cut = AssetRecord(sha256="a", width=600, height=400, decoded=0.93)
    whole = AssetRecord(sha256="b", width=300, height=200)
    assert best_of(tmp_path, [cut, whole])[0] == "b"


def test_where_all_files_are_cut_short_the_best_says_so(tmp_path: Path) -> None:
    assets = [
        AssetRecord(sha256=name, width=600, height=400, decoded=decoded)
        for name, decoded in (("a", 0.93), ("b", 0.6))
    ]
    assert best_of(tmp_path, assets)[1].endswith("; only 93 % of this file decoded")


def graph_of_draws(draws: Iterable[tuple[str, str, Match]]) -> MatchGraph:
    """The graph of some matches; each picture has another size."""
    known = list(draws)
    names = sorted({name for one, other, _ in known for name in (one, other)})
    assets = {
        name: AssetRecord(sha256=name, width=600 - place % 7, height=400) for place, name in enumerate(names)
    }
    graph = MatchGraph(assets)
    for one, other, drawn in known:
        graph.matches[one, other] = replace(drawn, asset=other)
        graph.join(one, other)
    return graph


def grouped(graph: MatchGraph) -> list[Group]:
    return groups_of_graph(graph, lambda _query, asset, *_: replace(COPY, asset=asset))


def test_the_work_for_one_cluster_grows_with_its_copies_that_match_the_best() -> None:
    (group,) = assert_grows_evenly(
        lambda count: grouped(
            graph_of_draws((f"{number:06}", "000000", COPY) for number in range(1, count + 1))
        ),
        8000,
    )
    assert len(group.members) == 8001


def test_the_work_for_one_cluster_grows_with_its_copies_that_match_some_others() -> None:
    def draws(count: int) -> Iterable[Draw]:
        for number in range(count):
            for step in (1, 7, 31, 101, 331):
                yield f"{number:06}", f"{(number + step) % count:06}", COPY

    found = assert_grows_evenly(lambda count: grouped(graph_of_draws(draws(count))), 4000)
    assert sum(len(group.members) for group in found) > 3000


def test_who_is_refused_by_one_member_does_not_join() -> None:
    graph = graph_of_draws(copies("abc"))
    graph.different |= {("c", "b"), ("b", "c")}
    assert [{member.sha256 for member in group.members} for group in grouped(graph)] == [{"a", "b"}]
