"""What is known between two pictures, and where one lies in another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from catalog.clusters.match_graph import MatchGraph, components, find_shown_box, graph_of, overlap
from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.decisions import DIFFERENT, SAME, UNDECIDED, Decisions, decide
from catalog.matching.matcher import Match
from catalog.matching.pixels.regions import Box
from catalog.matching.relation import Relation
from catalog.model import AssetRecord
from catalog.store.embedded import EmbeddedStore

Place = tuple[int, int, int, int]

# Pictures of 600 x 400 pixels.
WHOLE = (0, 0, 600, 400)
LEFT, RIGHT = (0, 0, 300, 400), (300, 0, 300, 400)
UNMOVED = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
DOUBLED = (2.0, 0.0, 10.0, 0.0, 2.0, 20.0)


def match(
    asset: str,
    relation: Relation,
    *,
    larger: str = "asset",
    box: Place = WHOLE,
    kept: float | None = None,
    transform: tuple[float, ...] = UNMOVED,
) -> Match:
    share = box[2] * box[3] / (600 * 400) if kept is None else kept
    return Match(asset, relation, kept=share, larger=larger, crop_box=box, inliers=50, transform=transform)


def graph(*draws: tuple[str, Match]) -> MatchGraph:
    """The graph of matches by their query."""
    names = {name for query, found in draws for name in (query, found.asset)}
    drawn = MatchGraph({name: AssetRecord(sha256=name, width=600, height=400) for name in names})
    for query, found in draws:
        drawn.matches[query, found.asset] = found
        drawn.join(query, found.asset)
    return drawn


def contained(frame: str, photo: str) -> tuple[str, Match]:
    """The frame as the query: the photo lies in it."""
    return frame, match(photo, Relation.CONTAINED)


def crop(photo: str, whole: str, box: Place) -> tuple[str, Match]:
    return photo, match(whole, Relation.CROP, box=box)


# Near


def test_what_is_joined_is_near_both_ways() -> None:
    drawn = MatchGraph({})
    drawn.join("a", "b")
    drawn.join("a", "c")
    assert drawn.near == {"a": {"b", "c"}, "b": {"a"}, "c": {"a"}}


# Transforms


def test_a_transform_is_that_of_the_match() -> None:
    drawn = graph(("a", match("b", Relation.COPY, transform=DOUBLED)))
    assert drawn.transform("a", "b") == (DOUBLED, 50)


def test_a_transform_the_other_way_is_that_of_the_match_reversed() -> None:
    drawn = graph(("a", match("b", Relation.COPY, transform=DOUBLED)))
    assert drawn.transform("b", "a") == ((0.5, 0.0, -5.0, 0.0, 0.5, -10.0), 50)


def test_the_match_itself_goes_before_the_one_the_other_way() -> None:
    drawn = graph(
        ("a", match("b", Relation.COPY, transform=DOUBLED)),
        ("b", replace(match("a", Relation.COPY), inliers=7)),
    )
    assert drawn.transform("b", "a") == (UNMOVED, 7)


def test_without_a_match_there_is_no_transform() -> None:
    assert graph(contained("a", "b")).transform("a", "c") is None


# Frames


def test_a_picture_that_nothing_matches_is_no_frame() -> None:
    assert not MatchGraph({}).is_frame("a")


def test_a_picture_that_holds_no_other_is_no_frame() -> None:
    assert not graph(crop("a", "b", LEFT)).is_frame("a")


def test_a_picture_that_holds_another_is_a_frame() -> None:
    assert graph(contained("frame", "a")).is_frame("frame")


def test_what_lies_in_a_frame_is_none() -> None:
    assert not graph(contained("frame", "a")).is_frame("a")


def test_as_many_that_hold_nothing_of_it_do_not_outvote_a_frame() -> None:
    assert graph(contained("frame", "a"), crop("frame", "b", WHOLE)).is_frame("frame")


def test_more_that_hold_nothing_of_it_outvote_a_frame() -> None:
    drawn = graph(contained("frame", "a"), crop("frame", "b", WHOLE), crop("frame", "c", WHOLE))
    assert not drawn.is_frame("frame")


def test_what_holds_the_same_is_no_witness_against_a_frame() -> None:
    drawn = graph(
        contained("frame", "a"),
        crop("frame", "b", WHOLE),
        crop("frame", "copy", WHOLE),
        contained("copy", "a"),
    )
    assert drawn.is_frame("frame")


def test_what_holds_another_than_it_is_a_witness_against_a_frame() -> None:
    drawn = graph(
        contained("frame", "a"), crop("frame", "b", WHOLE), crop("frame", "c", WHOLE), contained("c", "b")
    )
    assert not drawn.is_frame("frame")


def test_two_in_different_places_make_a_frame_whatever_the_others_are() -> None:
    others = [crop("frame", name, WHOLE) for name in "cdef"]
    places = [crop("a", "frame", LEFT), crop("b", "frame", RIGHT)]
    drawn = graph(contained("frame", "a"), contained("frame", "b"), *places, *others)
    assert drawn.is_frame("frame")


# In different places


def test_two_held_in_different_places_lie_apart() -> None:
    drawn = graph(
        contained("frame", "a"),
        contained("frame", "b"),
        crop("a", "frame", LEFT),
        crop("b", "frame", RIGHT),
    )
    assert drawn.holds_apart("frame")


def test_one_that_is_held_and_a_crop_of_another_part_lie_apart() -> None:
    drawn = graph(contained("frame", "a"), crop("a", "frame", LEFT), crop("b", "frame", RIGHT))
    assert drawn.holds_apart("frame")


def test_two_crops_alone_do_not_lie_apart() -> None:
    assert not graph(crop("a", "whole", LEFT), crop("b", "whole", RIGHT)).holds_apart("whole")


def test_one_alone_does_not_lie_apart() -> None:
    assert not graph(contained("frame", "a"), crop("a", "frame", LEFT)).holds_apart("frame")


@pytest.mark.parametrize(("left", "is_apart"), [(150, False), (152, True)])
def test_two_of_which_half_is_common_lie_in_one_place(left: int, is_apart: bool) -> None:
    drawn = graph(
        contained("frame", "a"),
        contained("frame", "b"),
        crop("a", "frame", LEFT),
        crop("b", "frame", (left, 0, 300, 400)),
    )
    assert drawn.holds_apart("frame") is is_apart


def test_what_lies_somewhere_unknown_does_not_lie_apart() -> None:
    drawn = graph(
        contained("frame", "a"),
        contained("frame", "b"),
        crop("a", "frame", LEFT),
        ("b", match("frame", Relation.CROP, box=RIGHT, kept=0.1)),
    )
    assert not drawn.holds_apart("frame")


def test_a_picture_that_nothing_matches_holds_nothing_apart() -> None:
    assert not MatchGraph({}).holds_apart("a")


# The same place


def test_two_that_show_one_place_show_the_same() -> None:
    drawn = graph(crop("a", "via", LEFT), crop("b", "via", LEFT))
    assert drawn.show_same("via", "a", ["b"])


def test_two_that_show_different_places_do_not_show_the_same() -> None:
    drawn = graph(crop("a", "via", LEFT), crop("b", "via", RIGHT))
    assert not drawn.show_same("via", "a", ["b"])


def test_one_that_shows_another_place_is_enough() -> None:
    drawn = graph(crop("a", "via", LEFT), crop("b", "via", LEFT), crop("c", "via", RIGHT))
    assert not drawn.show_same("via", "a", ["b", "c"])


def test_those_of_which_no_place_is_known_do_not_count() -> None:
    drawn = graph(crop("a", "via", LEFT), crop("b", "via", LEFT))
    assert drawn.show_same("via", "a", ["b", "unknown"])


def test_where_no_other_place_is_known_nothing_shows_the_same() -> None:
    drawn = graph(crop("a", "via", LEFT))
    assert not drawn.show_same("via", "a", ["unknown"])


def test_a_picture_of_which_no_place_is_known_does_not_show_the_same() -> None:
    drawn = graph(crop("b", "via", LEFT))
    assert not drawn.show_same("via", "unknown", ["b"])


@pytest.mark.parametrize(("left", "is_same"), [(150, True), (152, False)])
def test_half_in_common_is_the_same_place(left: int, is_same: bool) -> None:
    drawn = graph(crop("a", "via", LEFT), crop("b", "via", (left, 0, 300, 400)))
    assert drawn.show_same("via", "a", ["b"]) is is_same


# Places


def test_a_place_is_the_box_in_the_picture_that_is_larger() -> None:
    assert graph(crop("a", "b", RIGHT))._place("a", "b") == Box(300, 0, 300, 400)


def test_a_place_in_the_smaller_is_the_box_taken_there() -> None:
    drawn = graph(("a", match("b", Relation.CROP, larger="query", box=LEFT, transform=DOUBLED)))
    assert drawn._place("a", "b") == Box(10, 20, 600, 800)


def test_a_place_is_told_by_the_match_the_other_way() -> None:
    drawn = graph(("b", match("a", Relation.CROP, larger="query", box=RIGHT)))
    assert drawn._place("a", "b") == Box(300, 0, 300, 400)


def test_a_place_told_the_other_way_is_taken_back() -> None:
    drawn = graph(("b", match("a", Relation.CONTAINED, box=(10, 20, 100, 200), kept=1.0, transform=DOUBLED)))
    assert drawn._place("a", "b") == Box(0, 0, 50, 100)


def test_no_place_is_known_without_a_match() -> None:
    assert graph(crop("a", "b", LEFT))._place("a", "c") is None


@pytest.mark.parametrize(("share", "is_known"), [(0.75, True), (0.74, False)])
@pytest.mark.parametrize("query", ["a", "b"])
def test_a_box_tells_a_place_where_three_quarters_of_it_are_seen(
    query: str, share: float, is_known: bool
) -> None:
    asset = "b" if query == "a" else "a"
    drawn = graph((query, match(asset, Relation.CROP, box=LEFT, kept=share / 2)))
    assert (drawn._place("a", "b") is not None) is is_known


@pytest.mark.parametrize(("larger", "is_known"), [("asset", False), ("query", True)])
def test_what_is_seen_of_a_box_is_a_share_of_the_larger(larger: str, is_known: bool) -> None:
    drawn = graph(("a", match("b", Relation.CROP, larger=larger, box=LEFT, kept=0.1)))
    drawn.assets = {
        "a": AssetRecord(sha256="a", width=2000, height=1000),
        "b": AssetRecord(sha256="b", width=600, height=400),
    }
    assert (drawn._place("a", "b") is not None) is is_known


# Cuts


def test_a_crop_is_a_cut() -> None:
    assert graph(crop("a", "b", LEFT)).is_cut_of("a", "b")


def test_the_whole_is_no_cut_of_its_crop() -> None:
    assert not graph(crop("a", "b", LEFT)).is_cut_of("b", "a")


@pytest.mark.parametrize(("kept", "is_cut"), [(0.96, True), (0.97, False)])
def test_nearly_the_whole_is_no_cut(kept: float, is_cut: bool) -> None:
    drawn = graph(("a", match("b", Relation.CROP, kept=kept)))
    assert drawn.is_cut_of("a", "b") is is_cut


def test_a_copy_is_no_cut() -> None:
    assert not graph(("a", match("b", Relation.COPY, kept=0.5))).is_cut_of("a", "b")


def test_a_picture_that_is_larger_is_no_cut() -> None:
    drawn = graph(("a", match("b", Relation.CROP, larger="query", box=LEFT)))
    assert not drawn.is_cut_of("a", "b")


def test_a_cut_is_told_by_the_match_the_other_way() -> None:
    drawn = graph(("b", match("a", Relation.CROP, larger="query", box=LEFT)))
    assert drawn.is_cut_of("a", "b")


@pytest.mark.parametrize(("relation", "larger"), [(Relation.CROP, "asset"), (Relation.COPY, "query")])
def test_another_match_the_other_way_tells_no_cut(relation: Relation, larger: str) -> None:
    drawn = graph(("b", match("a", relation, larger=larger, box=LEFT)))
    assert not drawn.is_cut_of("a", "b")


def test_the_match_itself_says_whether_it_is_a_cut() -> None:
    back = ("b", match("a", Relation.CROP, larger="query", box=LEFT))
    assert not graph(("a", match("b", Relation.COPY)), back).is_cut_of("a", "b")


def test_without_a_match_nothing_is_a_cut() -> None:
    assert not graph(crop("a", "b", LEFT)).is_cut_of("a", "c")


# Made of what is known


Known = Callable[..., MatchGraph]


@pytest.fixture
def known(tmp_path: Path) -> Known:
    """Makes the graph of pictures from copies that were verified and from decisions."""

    def make(pictures: str, copies: list[str], decided: dict[str, str]) -> MatchGraph:
        with VerifiedPairs(tmp_path / "derived") as pairs:
            for query, asset in copies:
                told = asdict(match(asset, Relation.COPY)) | {"query": query, "relation": "copy"}
                pairs.add(query, [told])
        with EmbeddedStore() as store:
            for (one, other), decision in decided.items():
                decide(store, (one, other), decision, note="", by="", at="")
            assets = {name: AssetRecord(sha256=name) for name in pictures}
            return graph_of(assets, VerifiedPairs(tmp_path / "derived"), Decisions(store))

    return make


def test_a_verified_match_is_known_by_its_query(known: Known) -> None:
    assert set(known("ab", ["ab"], {}).matches) == {("a", "b")}


def test_a_verified_match_makes_two_near(known: Known) -> None:
    assert known("ab", ["ab"], {}).near == {"a": {"b"}, "b": {"a"}}


def test_a_match_with_a_picture_that_is_not_asked_about_is_left_out(known: Known) -> None:
    found = known("a", ["ab", "ba"], {})
    assert (found.matches, found.near) == ({}, {})


def test_a_match_that_a_person_refused_is_left_out_both_ways(known: Known) -> None:
    found = known("ab", ["ab", "ba"], {"ab": DIFFERENT})
    assert (found.matches, found.near) == ({}, {})


def test_a_match_of_another_picture_stays_where_one_was_refused(known: Known) -> None:
    assert set(known("abc", ["ab", "ac"], {"ab": DIFFERENT}).matches) == {("a", "c")}


def test_what_was_decided_different_is_known_both_ways(known: Known) -> None:
    found = known("ab", [], {"ab": DIFFERENT})
    assert (found.different, found.same) == ({("a", "b"), ("b", "a")}, set())


def test_what_was_decided_the_same_is_known_both_ways(known: Known) -> None:
    found = known("ab", [], {"ab": SAME})
    assert (found.same, found.different) == ({("a", "b"), ("b", "a")}, set())


def test_what_was_decided_the_same_is_near(known: Known) -> None:
    assert known("ab", [], {"ab": SAME}).near == {"a": {"b"}, "b": {"a"}}


def test_what_was_left_undecided_is_not_known(known: Known) -> None:
    found = known("ab", ["ab"], {"ab": UNDECIDED})
    assert (found.same, found.different, set(found.matches)) == (set(), set(), {("a", "b")})


def test_a_decision_about_a_picture_that_is_not_asked_about_is_left_out(known: Known) -> None:
    found = known("a", [], {"ab": SAME})
    assert (found.same, found.near) == (set(), {})


# Components


def test_pictures_that_a_way_connects_belong_together() -> None:
    assert list(components(graph(crop("b", "a", LEFT), crop("b", "c", LEFT)))) == [{"a", "b", "c"}]


def test_pictures_without_a_way_between_them_do_not() -> None:
    found = list(components(graph(crop("d", "c", LEFT), crop("b", "a", LEFT))))
    assert found == [{"a", "b"}, {"c", "d"}]


def test_a_circle_of_matches_is_gone_round_once() -> None:
    drawn = graph(crop("a", "b", LEFT), crop("b", "c", LEFT), crop("c", "a", LEFT))
    assert list(components(drawn)) == [{"a", "b", "c"}]


def test_a_picture_that_nothing_matches_is_in_no_component() -> None:
    assert list(components(MatchGraph({"a": AssetRecord(sha256="a")}))) == []


# Boxes


def test_what_a_crop_shows_is_its_box() -> None:
    assert find_shown_box(match("b", Relation.CROP, box=RIGHT)) == Box(300, 0, 300, 400)


def test_what_a_larger_query_shows_is_its_box_in_the_asset() -> None:
    found = find_shown_box(match("b", Relation.CROP, larger="query", box=RIGHT, transform=DOUBLED))
    assert found == Box(610, 20, 600, 800)


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        (Box(0, 0, 10, 10), Box(0, 0, 10, 10), 1.0),
        (Box(0, 0, 10, 10), Box(5, 0, 10, 10), 0.5),
        (Box(0, 0, 10, 10), Box(0, 5, 10, 10), 0.5),
        (Box(0, 0, 10, 10), Box(-5, -5, 10, 10), 0.25),
        (Box(0, 0, 100, 100), Box(20, 20, 10, 10), 1.0),
        (Box(20, 20, 10, 10), Box(0, 0, 100, 100), 1.0),
        (Box(0, 0, 10, 10), Box(10, 0, 10, 10), 0.0),
        (Box(0, 0, 10, 10), Box(20, 20, 10, 10), 0.0),
        (Box(0, 0, 10, 10), Box(0, 20, 10, 10), 0.0),
        (Box(0, 0, 0, 0), Box(0, 0, 10, 10), 0.0),
        (Box(0, 0, 0.5, 0.5), Box(0, 0, 10, 10), 0.25),
    ],
)
def test_an_overlap_is_a_share_of_the_smaller(one: Box, other: Box, share: float) -> None:
    assert overlap(one, other) == share


def test_other_frames_of_one_scene_are_apart_both_ways(tmp_path: Path) -> None:
    with VerifiedPairs(tmp_path / "derived") as pairs:
        pairs.add("a", [asdict(match("b", Relation.SIBLING)) | {"query": "a", "relation": "sibling"}])
    with EmbeddedStore() as store:
        assets = {name: AssetRecord(sha256=name) for name in "ab"}
        found = graph_of(assets, VerifiedPairs(tmp_path / "derived"), Decisions(store))
    assert (found.apart, found.near) == ({("a", "b"), ("b", "a")}, {})
