"""Of which photographs a query is, on matches that are written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import combinations
from pathlib import Path

import pytest

from catalog.clusters.grouping import Group, Member
from catalog.clusters.query_groups import find_query_groups, transforms_to_best
from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.decisions import DIFFERENT, SAME, Decisions, decide
from catalog.matching.match import Match
from catalog.matching.relation import Relation
from catalog.model import AssetRecord
from catalog.store.catalog import open_catalog

Draw = tuple[str, str, Match]
Box = tuple[int, int, int, int]

WHOLE = (0, 0, 600, 400)
LEFT, RIGHT = (0, 0, 300, 400), (300, 0, 300, 400)
UNMOVED = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
QUERY = "f" * 64


def named(name: str) -> str:
    """A digest that begins like a name."""
    return name.encode().hex().ljust(64, "0")


def match(relation: Relation, larger: str = "asset", kept: float = 1.0, box: Box = WHOLE) -> Match:
    return Match("", relation, kept=kept, larger=larger, crop_box=box, inliers=50, transform=UNMOVED)


COPY = match(Relation.COPY)
IDENTICAL = replace(match(Relation.IDENTICAL), transform=())


def copies(names: Iterable[str]) -> list[Draw]:
    """Each the whole of each other."""
    return [
        draw for one, other in combinations(names, 2) for draw in ((one, other, COPY), (other, one, COPY))
    ]


def inside(photo: str, frame: str, box: Box) -> list[Draw]:
    """A photo that lies in a frame, at a place of it."""
    share = box[2] * box[3] / (WHOLE[2] * WHOLE[3])
    return [
        (photo, frame, match(Relation.CROP, "asset", share, box)),
        (frame, photo, match(Relation.CONTAINED)),
    ]


COLLAGE = [
    *copies(["a1", "a2"]),
    *copies(["b1", "b2"]),
    *(draw for one in ("a1", "a2") for draw in inside(one, "collage", LEFT)),
    *(draw for one in ("b1", "b2") for draw in inside(one, "collage", RIGHT)),
]


class Drawn:
    """A catalog of pictures with drawn matches; those that are not `compared` have none of their own."""

    def __init__(self, folder: Path, draws: Sequence[Draw], names: Iterable[str] = ()) -> None:
        self.folder = folder
        self.asked: list[tuple[str, str, tuple[float, ...]]] = []
        self.verified: set[tuple[str, str]] = set()
        self.names = sorted({name for one, other, _ in draws for name in (one, other)} | set(names))
        with open_catalog(folder) as catalog:
            for name in self.names:
                catalog.records.put_asset(AssetRecord(sha256=named(name), width=600, height=400))
        with VerifiedPairs(folder / "derived") as pairs:
            for name in sorted({name for one, other, _ in draws for name in (one, other)}):
                told = [
                    asdict(drawn)
                    | {"query": named(name), "asset": named(other), "relation": drawn.relation.value}
                    for one, other, drawn in draws
                    if one == name
                ]
                pairs.add(named(name), told)

    def verify(self, query: str, asset: str, transform: tuple[float, ...], inliers: int) -> Match | None:
        """Whether one lies on the other, as the test has it."""
        self.asked.append((query, asset, transform))
        return replace(COPY, asset=asset) if (query, asset) in self.verified else None

    def decide(self, one: str, other: str, decision: str) -> None:
        with open_catalog(self.folder) as catalog:
            decide(catalog.records, (one, other), decision, note="", by="", at="2025-08-01T00:00:00Z")

    def groups(
        self, hits: Mapping[str, Match | None], sha256: str = QUERY, *, is_final: bool = True
    ) -> list[Group]:
        asked = {named(one): hit and replace(hit, asset=named(one)) for one, hit in hits.items()}
        with open_catalog(self.folder, read_only=True) as catalog:
            decisions = Decisions(catalog.records)
            return find_query_groups(catalog, decisions, self.verify, sha256, asked, is_final=is_final)

    def names_of(self, hits: Mapping[str, Match | None], sha256: str = QUERY) -> list[set[str]]:
        by_digest = {named(name): name for name in self.names}
        return [{by_digest[member.sha256] for member in group.members} for group in self.groups(hits, sha256)]


# Clusters that are known


def test_a_query_that_shows_one_copy_is_of_its_whole_cluster(tmp_path: Path) -> None:
    drawn = Drawn(tmp_path, copies("abc") + copies("xy"))
    assert drawn.names_of({"a": COPY}) == [{"a", "b", "c"}]


def test_a_catalogued_picture_is_of_the_cluster_that_a_report_has_it_in(tmp_path: Path) -> None:
    drawn = Drawn(tmp_path, [*copies("ab"), *inside("a", "page", LEFT)])
    assert drawn.names_of({"page": IDENTICAL}, named("page")) == [{"a", "b", "page"}]


def test_a_picture_in_no_cluster_is_a_photograph_by_itself(tmp_path: Path) -> None:
    assert Drawn(tmp_path, copies("ab"), ["alone"]).names_of({"alone": COPY}) == [{"alone"}]


def test_a_query_that_shows_copies_of_two_clusters_is_of_both_each_by_itself(tmp_path: Path) -> None:
    drawn = Drawn(tmp_path, copies("ab") + copies("xy"))
    hits = {"x": match(Relation.CONTAINED, box=WHOLE), "b": match(Relation.CONTAINED, box=WHOLE)}
    assert drawn.names_of(hits) == [{"x", "y"}, {"a", "b"}]


def test_the_cluster_of_the_best_hit_comes_first(tmp_path: Path) -> None:
    drawn = Drawn(tmp_path, copies("ab") + copies("xy"))
    assert [next(iter(names & {"a", "x"})) for names in drawn.names_of({"y": COPY, "b": COPY})] == ["x", "a"]


# Collages


def test_a_catalogued_collage_is_of_each_photograph_in_it(tmp_path: Path) -> None:
    found = Drawn(tmp_path, COLLAGE).names_of({"collage": IDENTICAL}, named("collage"))
    assert found == [{"a1", "a2", "collage"}, {"b1", "b2", "collage"}]


def test_what_lies_in_a_collage_is_not_of_what_lies_beside_it(tmp_path: Path) -> None:
    hits = {"a1": COPY, "collage": match(Relation.CROP, "asset", 0.5, LEFT)}
    assert Drawn(tmp_path, COLLAGE).names_of(hits) == [{"a1", "a2", "collage"}]


def test_the_place_in_a_collage_tells_of_which_photograph_a_query_is(tmp_path: Path) -> None:
    hits = {"collage": match(Relation.CROP, "asset", 0.25, (320, 50, 200, 200))}
    assert Drawn(tmp_path, COLLAGE).names_of(hits) == [{"b1", "b2", "collage"}]


def test_what_only_a_collage_has_is_not_of_the_other_photograph_in_it(tmp_path: Path) -> None:
    drawn = Drawn(
        tmp_path, [*copies(["b1", "b2"]), *inside("b1", "page", RIGHT), *inside("b2", "page", RIGHT)]
    )
    assert drawn.names_of({"page": match(Relation.CROP, "asset", 0.5, LEFT)}) == [{"page"}]


# Not compared yet


def by_query(drawn: Drawn, *pairs: tuple[str, str]) -> Drawn:
    drawn.verified |= {(named(one), named(other)) for one, other in pairs}
    return drawn


def test_what_was_not_compared_is_joined_where_the_pixels_agree(tmp_path: Path) -> None:
    drawn = by_query(Drawn(tmp_path, [], "abc"), ("b", "a"))
    assert drawn.names_of({"a": COPY, "b": COPY, "c": COPY}) == [{"a", "b"}, {"c"}]


def test_one_is_laid_on_the_other_by_way_of_the_query(tmp_path: Path) -> None:
    drawn = Drawn(tmp_path, [], "ab")
    half = replace(COPY, transform=(0.5, 0.0, 0.0, 0.0, 0.5, 0.0), crop_box=(0, 0, 300, 200))
    drawn.groups({"a": COPY, "b": half})
    assert drawn.asked == [(named("b"), named("a"), (2.0, 0.0, 0.0, 0.0, 2.0, 0.0))]


def test_what_the_query_shows_in_different_places_is_not_laid_on_each_other(tmp_path: Path) -> None:
    drawn = Drawn(tmp_path, [], "ab")
    places = [match(Relation.CONTAINED, "query", 1.0, box) for box in (LEFT, RIGHT)]
    drawn.groups(dict(zip("ab", places, strict=True)))
    assert drawn.asked == []


def test_what_was_compared_is_not_joined_by_a_query(tmp_path: Path) -> None:
    drawn = by_query(Drawn(tmp_path, copies("ab") + copies("xy")), ("x", "a"))
    assert drawn.names_of({"a": COPY, "x": COPY}) == [{"a", "b"}, {"x", "y"}]


def test_a_catalogued_picture_that_was_not_compared_is_what_its_hits_have_in_common(tmp_path: Path) -> None:
    drawn = Drawn(tmp_path, copies("ab"), ["new"])
    hits = {"new": IDENTICAL, "a": COPY, "b": COPY}
    assert drawn.names_of(hits, named("new")) == [{"a", "b", "new"}]


@pytest.mark.parametrize(("is_final", "told"), [(True, "the only copy"), (False, "the only copy so far")])
def test_a_picture_alone_is_the_only_copy_only_when_all_were_compared(
    tmp_path: Path, is_final: bool, told: str
) -> None:
    (group,) = Drawn(tmp_path, [], ["alone"]).groups({"alone": COPY}, is_final=is_final)
    assert group.why_best == f"{told} (600 × 400)"


# Decisions


def test_what_a_person_said_is_the_same_belongs_to_it(tmp_path: Path) -> None:
    drawn = Drawn(tmp_path, copies("ab"), ["c"])
    drawn.decide(named("c"), named("b"), SAME)
    assert drawn.names_of({"a": COPY}) == [{"a", "b", "c"}]


def test_what_a_person_said_is_another_picture_than_the_query_is_left_out(tmp_path: Path) -> None:
    drawn = Drawn(tmp_path, copies("abc"))
    drawn.decide(QUERY, named("b"), DIFFERENT)
    assert drawn.names_of({"a": COPY}) == [{"a", "c"}]


# Transforms


def test_every_member_is_taken_to_the_best_copy_by_its_matches() -> None:
    half = replace(COPY, transform=(2.0, 0.0, 0.0, 0.0, 2.0, 0.0))
    beside = replace(COPY, transform=(1.0, 0.0, 10.0, 0.0, 1.0, 0.0))
    group = Group(
        "",
        (
            Member("best"),
            Member("half", half),
            Member("beside", beside, beside="half"),
            Member("said", None, SAME),
        ),
    )
    assert transforms_to_best(group) == {
        "best": UNMOVED,
        "half": (2.0, 0.0, 0.0, 0.0, 2.0, 0.0),
        "beside": (2.0, 0.0, 20.0, 0.0, 2.0, 0.0),
    }
