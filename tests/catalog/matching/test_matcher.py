from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest
from matching import DrawnCatalog
from pictures import encoded, flat, gradient, logo_on_white, photo
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from assets.picture_model import FeatureRecord, Gray, Picture, Query
from assets.pictures.local_features import features
from catalog.index.candidates import Alike
from catalog.index.feature_store import Size
from catalog.index.naming import QUICK, THOROUGH, TOGETHER, Asked, Effort
from catalog.matching import matcher as matching
from catalog.matching.alignment import Alignment
from catalog.matching.match import Match
from catalog.matching.matcher import (
    Matcher,
    _is_better,
    _whole_on_whole,
)
from catalog.matching.pixels.transforms import transform_places
from catalog.matching.relation import Relation

SEEDS = range(12)
SIZE = (800, 533)


def scene(seed: int) -> Image.Image:
    return photo(seed, *SIZE)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrawnCatalog]:
    pictures = {f"scene {seed}": scene(seed) for seed in SEEDS}
    pictures |= {
        "flat": flat(),
        "gradient": gradient(),
        "logo": logo_on_white(),
        "thumbnail": photo(20, 150, 100),
    }
    with DrawnCatalog(tmp_path_factory.mktemp("catalog"), pictures) as drawn:
        yield drawn


def only(catalog: DrawnCatalog, image: Image.Image, seed: int = 3):  # noqa: ANN201
    found = catalog.found(image)
    assert list(found) == [f"scene {seed}"], found
    return found[f"scene {seed}"]


def cropped(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    w, h = image.size
    return image.crop((int(left * w), int(top * h), int(right * w), int(bottom * h)))


@pytest.mark.parametrize(
    "edit",
    [
        lambda image: image,
        lambda image: image.resize((400, 267)),
        lambda image: image.resize((1600, 1066)),
        lambda image: image.convert("L"),
        lambda image: image.filter(ImageFilter.GaussianBlur(2)),
        lambda image: ImageOps.autocontrast(image, cutoff=8),
        lambda image: image.point(lambda level: min(255, level * 0.7)),
        lambda image: image.resize((640, 533)),
    ],
    ids=["same", "half", "double", "gray", "blurred", "contrast", "darker", "squeezed"],
)
def test_the_whole_picture_is_a_copy(catalog: DrawnCatalog, edit) -> None:  # noqa: ANN001
    match = only(catalog, edit(scene(3)))
    assert match.relation is Relation.COPY
    assert match.kept == pytest.approx(1.0, abs=0.02)
    assert not match.mirrored
    assert match.rotation in (0.0, pytest.approx(0, abs=0.3), pytest.approx(360, abs=0.3))


@pytest.mark.parametrize("box", [(0.1, 0.0, 0.9, 1.0), (0.0, 0.0, 0.6, 0.6), (0.35, 0.3, 0.95, 0.9)])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_part_is_a_crop(
    catalog: DrawnCatalog, box: tuple[float, float, float, float], *, mirrored: bool
) -> None:
    part = cropped(scene(3), *box)
    match = only(catalog, ImageOps.mirror(part) if mirrored else part)
    left, top, right, bottom = box
    assert match.relation is Relation.CROP
    assert match.larger == "asset"
    assert match.kept == pytest.approx((right - left) * (bottom - top), abs=0.02)
    assert match.mirrored is mirrored
    expected = (left * 800, top * 533, (right - left) * 800, (bottom - top) * 533)
    assert np.abs(np.subtract(match.crop_box, expected)).max() < 8


def test_what_is_cut_in_the_catalog_is_found_by_the_whole(catalog: DrawnCatalog) -> None:
    wider = photo(3, 1200, 800)
    with DrawnCatalog(catalog.folder / "part", {"scene 3": cropped(wider, 0.2, 0.1, 0.8, 0.9)}) as part:
        match = only(part, wider)
    assert match.relation is Relation.CROP
    assert match.larger == "query"
    assert match.kept == pytest.approx(0.48, abs=0.02)
    assert np.abs(np.subtract(match.crop_box, (240, 80, 720, 640))).max() < 10


def test_a_calm_sky_beyond_one_edge_is_no_frame(catalog: DrawnCatalog) -> None:
    wider = photo(3, 1200, 800)
    sky = wider.filter(ImageFilter.GaussianBlur(20)).crop((0, 0, 1200, 200))
    wider.paste(sky, (0, 0))
    with DrawnCatalog(
        catalog.folder / "under the sky", {"scene 3": cropped(wider, 0.1, 0.25, 0.9, 0.9)}
    ) as part:
        match = only(part, wider)
    assert match.relation is Relation.CROP
    assert match.larger == "query"


@pytest.mark.parametrize("mirrored", [False, True])
def test_of_two_crops_each_shows_what_the_other_lacks(catalog: DrawnCatalog, *, mirrored: bool) -> None:
    whole = photo(3, 1200, 800)
    part = cropped(whole, 0.3, 0.0, 1.0, 0.8)
    with DrawnCatalog(
        catalog.folder / f"left-{mirrored}", {"scene 3": cropped(whole, 0.0, 0.0, 0.8, 1.0)}
    ) as left:
        match = only(left, ImageOps.mirror(part) if mirrored else part)
    assert (match.relation, match.larger, match.mirrored) == (Relation.CROP, "asset", mirrored)
    assert match.kept == pytest.approx(0.5 * 0.8 / 0.8, abs=0.02)
    assert match.beyond == pytest.approx(0.2 / 0.7, abs=0.02)
    assert np.abs(np.subtract(match.crop_box, (360, 0, 600, 640))).max() < 10


@pytest.mark.parametrize(
    ("turn", "degrees"),
    [(Image.Transpose.ROTATE_270, 90), (Image.Transpose.ROTATE_180, 180), (Image.Transpose.ROTATE_90, 270)],
)
def test_a_turned_picture_is_found_with_its_angle(
    catalog: DrawnCatalog, turn: Image.Transpose, degrees: int
) -> None:
    match = only(catalog, scene(5).transpose(turn), 5)
    assert match.relation is Relation.COPY
    assert match.rotation == pytest.approx(degrees, abs=0.3)


def test_a_mirrored_picture_is_said_to_be_mirrored(catalog: DrawnCatalog) -> None:
    match = only(catalog, ImageOps.mirror(scene(6)), 6)
    assert (match.relation, match.mirrored) == (Relation.COPY, True)


def page_with(image: Image.Image) -> Image.Image:
    page = Image.new("RGB", (1280, 1000), "white")
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 1280, 60), fill="navy")
    for line in range(18):
        draw.text(
            (40, 660 + 18 * line), "Officials said on Monday that the ceremony went on. " * 3, fill="black"
        )
    page.paste(image.resize((800, 533)), (40, 100))
    return page


def test_a_picture_in_a_screenshot_is_contained(catalog: DrawnCatalog) -> None:
    match = only(catalog, page_with(scene(7)), 7)
    assert match.relation is Relation.CONTAINED
    assert match.kept == pytest.approx(1.0, abs=0.03)


def test_both_pictures_of_a_collage_are_found(catalog: DrawnCatalog) -> None:
    collage = Image.new("RGB", (1600, 533))
    collage.paste(scene(1), (0, 0))
    collage.paste(scene(2), (800, 0))
    found = catalog.found(collage)
    assert {name: one.relation for name, one in found.items()} == {
        "scene 1": Relation.CONTAINED,
        "scene 2": Relation.CONTAINED,
    }


def test_halves_that_run_into_each_other_are_found(catalog: DrawnCatalog) -> None:
    halves = Image.new("RGB", (800, 533))
    halves.paste(cropped(scene(1), 0.0, 0.0, 0.6, 1.0).resize((400, 444)).crop((0, 0, 400, 444)))
    halves.paste(cropped(scene(2), 0.4, 0.0, 1.0, 1.0).resize((400, 444)), (400, 0))
    halves = halves.crop((0, 0, 800, 444))
    # No seam is left between them.
    halves.paste(halves.crop((385, 0, 415, 444)).filter(ImageFilter.GaussianBlur(5)), (385, 0))
    found = catalog.found(halves)
    assert {name: one.relation for name, one in found.items()} == {
        "scene 1": Relation.CONTAINED,
        "scene 2": Relation.CONTAINED,
    }
    assert found["scene 1"].kept == pytest.approx(0.6, abs=0.03)
    assert found["scene 2"].kept == pytest.approx(0.6, abs=0.03)


def test_a_logo_is_told_where_it_lies(catalog: DrawnCatalog) -> None:
    image = scene(8)
    draw = ImageDraw.Draw(image)
    draw.rectangle((600, 400, 780, 510), fill="white")
    draw.ellipse((640, 420, 740, 490), fill="black")
    match = only(catalog, image, 8)
    assert match.relation is Relation.COPY
    assert len(match.overlays) == 1
    x, y, width, height = match.overlays[0]
    assert 560 <= x <= 640
    assert 360 <= y <= 440
    assert 100 <= width <= 240
    assert 70 <= height <= 180


def test_a_bar_hides_its_share(catalog: DrawnCatalog) -> None:
    image = scene(9)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 440, 800, 533), fill="#102060")
    draw.text((30, 470), "BREAKING: the ceremony went on", fill="white", font_size=30)
    match = only(catalog, image, 9)
    assert match.relation is Relation.COPY
    assert match.kept == pytest.approx(440 / 533, abs=0.03)


@pytest.mark.parametrize("colour", [(20, 60, 150), (120, 120, 120), (245, 245, 245)])
def test_a_bar_that_lets_light_through_hides_its_share(
    catalog: DrawnCatalog, colour: tuple[int, int, int]
) -> None:
    image = scene(9)
    bar = Image.new("RGB", (image.width, 100), colour)
    place = (0, image.height - 120, image.width, image.height - 20)
    image.paste(Image.blend(image.crop(place), bar, 0.8), place[:2])
    ImageDraw.Draw(image).text((160, place[1] + 30), "Talks resume in the north", fill="black", font_size=40)
    match = only(catalog, image, 9)
    assert match.relation is Relation.COPY
    assert match.kept == pytest.approx(1 - 0.8 * 100 / image.height, abs=0.05)


def with_headline(image: Image.Image) -> Image.Image:
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 430, 800, 510), fill="white")
    draw.text((20, 448), "Record heat closes schools in the north", fill="black", font_size=38)
    return image


def test_a_headline_in_both_is_a_shared_element(tmp_path: Path) -> None:
    with DrawnCatalog(tmp_path, {"other": with_headline(scene(14))}) as drawn:
        found = drawn.found(with_headline(scene(15)))
    assert [(one.relation, one.mirrored) for one in found.values()] == [(Relation.SHARED_ELEMENT, False)]


def test_crops_that_overlap_by_a_quarter_are_the_same_photo(tmp_path: Path) -> None:
    whole = photo(3, 1400, 533)
    with DrawnCatalog(tmp_path, {"right": whole.crop((600, 0, 1400, 533))}) as drawn:
        match = drawn.found(whole.crop((0, 0, 800, 533)))["right"]
    assert match.relation is Relation.CROP
    assert match.beyond == pytest.approx(0.75, abs=0.02)


def test_letters_hide_nothing(catalog: DrawnCatalog) -> None:
    image = scene(9)
    ImageDraw.Draw(image).text(
        (20, 430), "WHEN THE CEREMONY", fill="white", font_size=78, stroke_width=4, stroke_fill="black"
    )
    match = only(catalog, image, 9)
    assert match.relation is Relation.COPY
    assert match.kept > 0.95


def test_the_same_bytes_are_identical(catalog: DrawnCatalog) -> None:
    sha256, name = next(iter(catalog.names.items()))
    found = catalog.matcher.matches(catalog.query(scene(0)), sha256)
    assert [(one.asset, one.relation) for one in found] == [(sha256, Relation.IDENTICAL)]
    assert name == "scene 0"


@pytest.mark.parametrize("seed", [30, 31, 32])
def test_another_photo_is_not_found(catalog: DrawnCatalog, seed: int) -> None:
    assert catalog.found(scene(seed)) == {}


@pytest.mark.parametrize(
    "image",
    [flat("red"), flat("white", 150, 150), gradient(), Image.new("RGB", (1, 1)), Image.new("RGB", (2, 3000))],
    ids=["flat", "card", "gradient", "pixel", "line"],
)
def test_what_shows_nothing_matches_nothing(catalog: DrawnCatalog, image: Image.Image) -> None:
    assert catalog.found(image) == {}


def test_thumbnails_of_other_scenes_match_nothing(catalog: DrawnCatalog) -> None:
    for seed in (40, 41, 42):
        assert catalog.found(photo(seed, 150, 100)) == {}


def test_another_frame_of_the_scene_is_a_sibling(catalog: DrawnCatalog) -> None:
    """The background stands still; a third of the picture shows something else."""
    image = scene(10)
    other = scene(50).resize((400, 267))
    mask = Image.new("L", other.size, 0)
    ImageDraw.Draw(mask).ellipse((20, 10, 380, 257), fill=255)
    image.paste(other, (230, 150), mask.filter(ImageFilter.GaussianBlur(3)))
    match = only(catalog, image, 10)
    assert match.relation is Relation.SIBLING


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turned", [False, True])
def test_the_transform_takes_places_of_the_query_to_the_asset(
    catalog: DrawnCatalog, *, mirrored: bool, turned: bool
) -> None:
    part = scene(4).crop((200, 100, 700, 500)).resize((1000, 800))
    if mirrored:
        part = ImageOps.mirror(part)
    if turned:
        part = part.transpose(Image.Transpose.ROTATE_180)
    a, b, c, d, e, f = only(catalog, part, 4).transform
    # The query's left upper corner shows that corner of the crop which was moved there.
    across = 700 if mirrored != turned else 200
    assert (c, f) == (pytest.approx(across, abs=3), pytest.approx(500 if turned else 100, abs=3))
    assert (a, e) == (
        pytest.approx(-0.5 if across == 700 else 0.5, abs=0.01),
        pytest.approx(-0.5 if turned else 0.5, abs=0.01),
    )
    assert (b, d) == (pytest.approx(0, abs=0.01), pytest.approx(0, abs=0.01))


@pytest.mark.parametrize("mirrored", [False, True])
def test_two_catalogued_pictures_are_verified_under_a_transform(tmp_path: Path, *, mirrored: bool) -> None:
    part = scene(4).crop((200, 100, 700, 500))
    pictures = {"whole": scene(4), "part": ImageOps.mirror(part) if mirrored else part, "other": scene(5)}
    with DrawnCatalog(tmp_path, pictures) as drawn:
        transform = (-1, 0, 700, 0, 1, 100) if mirrored else (1, 0, 200, 0, 1, 100)
        match = drawn.matcher.verify(1, 0, transform, 100)
        assert match is not None
        assert (match.relation, match.mirrored) == (Relation.CROP, mirrored)
        assert match.crop_box == pytest.approx((200, 100, 500, 400), abs=4)
        assert match.transform == pytest.approx(transform, abs=2)
        assert drawn.matcher.verify(1, 2, transform, 100) is None


def test_numbers_are_as_precise_as_they_are_read(catalog: DrawnCatalog) -> None:
    match = only(catalog, cropped(scene(3), 0.1, 0.0, 0.9, 1.0).point(lambda level: level * 0.77 + 9))
    places = {"kept": 3, "beyond": 3, "rotation": 1, "scale": 4, "gain": 2, "lift": 1}
    values = {name: getattr(match, name) for name in places}
    assert values == {name: round(value, places[name]) for name, value in values.items()}


def test_the_scale_is_that_of_the_query(catalog: DrawnCatalog) -> None:
    assert only(catalog, scene(3).resize((1200, 800))).scale == pytest.approx(1.5, abs=0.01)


def test_contrast_and_brightness_are_those_of_the_query(catalog: DrawnCatalog) -> None:
    match = only(catalog, scene(3).point(lambda level: level * 0.6 + 50))
    assert (match.gain, match.lift) == (pytest.approx(0.6, abs=0.03), pytest.approx(50, abs=3))


def test_of_a_mirrored_query_that_is_the_larger_the_box_lies_in_it_as_it_is(tmp_path: Path) -> None:
    wider = photo(3, 1200, 800)
    with DrawnCatalog(tmp_path, {"scene 3": wider.crop((120, 80, 720, 640))}) as part:
        match = only(part, ImageOps.mirror(wider))
    assert (match.larger, match.mirrored) == ("query", True)
    assert match.crop_box == pytest.approx((480, 80, 600, 560), abs=8)


# Which of two matches with one picture

WORDS = Match("5f0c", Relation.SHARED_ELEMENT, blocks_agreeing=9, inliers=9)


def is_better(found: dict[str, object], known: dict[str, object]) -> bool:
    return _is_better(replace(WORDS, **found), replace(WORDS, **known))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"relation": Relation.IDENTICAL}, {"relation": Relation.COPY, "blocks_agreeing": 99}),
        ({"relation": Relation.CROP}, {"relation": Relation.SIBLING, "blocks_agreeing": 99}),
        ({"relation": Relation.SIBLING}, {"blocks_agreeing": 99}),
        ({"blocks_agreeing": 10}, {"inliers": 99}),
        ({"inliers": 10}, {}),
        ({"inliers": 10}, {"mirrored": True, "blocks_agreeing": 99}),
        ({"inliers": 10, "mirrored": True}, {"blocks_agreeing": 99}),
        ({"relation": Relation.COPY, "mirrored": True}, {"inliers": 99}),
        ({"relation": Relation.COPY, "mirrored": True, "blocks_agreeing": 10}, {"relation": Relation.COPY}),
    ],
)
def test_of_two_matches_one_is_better(better: dict[str, object], worse: dict[str, object]) -> None:
    assert (is_better(better, worse), is_better(worse, better)) == (True, False)


@pytest.mark.parametrize("other", [{}, {"mirrored": True}])
def test_of_two_equal_matches_the_first_stays(other: dict[str, object]) -> None:
    assert not is_better(other, {})


# Whole on whole


@pytest.mark.parametrize(
    ("turns", "top_left", "top_right"),
    [(0, (0, 0), (120, 0)), (1, (120, 0), (120, 60)), (2, (120, 60), (0, 60)), (3, (0, 60), (0, 0))],
)
def test_the_whole_of_a_query_is_turned_clockwise_onto_the_asset(
    turns: int, top_left: tuple[float, float], top_right: tuple[float, float]
) -> None:
    """A query of 300 x 200 on an asset of 120 x 60."""
    matrix = _whole_on_whole((200, 300), (60, 120), turns)
    corners = transform_places(matrix, np.array([[0.0, 0.0], [300.0, 0.0]]))
    np.testing.assert_allclose(corners, [top_left, top_right], atol=1e-9)


@pytest.mark.parametrize(("turns", "bottom_left"), [(0, (0, 60)), (1, (0, 0)), (2, (120, 0)), (3, (120, 60))])
def test_the_other_edge_follows(turns: int, bottom_left: tuple[float, float]) -> None:
    matrix = _whole_on_whole((200, 300), (60, 120), turns)
    np.testing.assert_allclose(transform_places(matrix, np.array([[0.0, 200.0]])), [bottom_left], atol=1e-9)


# Which candidates are compared


class Shelf:
    """Stands in for a catalog of small scenes by row number, for its features and for its index."""

    def __init__(self, *seeds: int) -> None:
        self.scenes = [photo(seed, 240, 160).convert("L") for seed in seeds]
        self.lost: set[int] = set()
        self.near: list[Alike] = []
        self.efforts: list[Effort] = []
        self.named: dict[Effort, list[int]] = {}

    def row_of(self, sha256: str) -> int | None:
        return int(sha256)

    def sha256_of(self, row: int) -> str:
        return str(row)

    def size_of(self, row: int) -> Size:
        return Size(480, 320, 240, 160)

    def study_of(self, row: int) -> FeatureRecord | None:
        if row in self.lost:
            return None
        image = self.scenes[row]
        return FeatureRecord(features(gray_of(image), 50), encoded(image, "PNG"))

    def find_named(self, asked: Sequence[Asked], effort: Effort) -> list[list[int]]:
        """All rows, or those that a test names."""
        self.efforts.append(effort)
        named = self.named.get(effort, range(len(self.scenes)))
        return [[row for row in named if row != one.own] for one in asked]

    def count_as(self, stand_ins: dict[int, int]) -> None:
        """What the index counts is told by `named`."""

    def find_alike(self, fingerprints: object) -> list[Alike]:
        return self.near

    def matches(self, image: Image.Image, sha256: str = "") -> list[Match]:
        return Matcher(self, self).matches(query_of(image), sha256)  # type: ignore[arg-type]


def query_of(image: Image.Image) -> Query:
    gray = gray_of(image.convert("L"))
    seen = features(gray, 50)
    return Query(Picture("PNG", gray.width, gray.height), gray, (), (seen, seen))


def gray_of(image: Image.Image) -> Gray:
    return Gray(image.width, image.height, image.tobytes())


@pytest.fixture
def votes(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How many features agree with each row, which then lies as it is with twenty inliers."""
    votes: list[float] = []
    monkeypatch.setattr(matching, "find_plane", lambda *_: None)
    monkeypatch.setattr(matching, "pairs_of", lambda _table, features: features.row)
    monkeypatch.setattr(Matcher, "_unpack_features", lambda self, row: Row(self._feature_store, row))
    monkeypatch.setattr(matching, "Proposals", lambda _table, _features, row: Lying(votes[row]))
    return votes


def Row(shelf: Shelf, row: int) -> SimpleNamespace | None:  # noqa: N802
    """Stands for a row's features: a test knows them by their number."""
    return None if row in shelf.lost else SimpleNamespace(row=row)


@dataclass
class Lying:
    """A row on which the query lies as it is."""

    most_votes: float
    inliers: ClassVar[Any] = 20

    def align(self) -> Alignment | None:
        matrix = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
        return None if self.inliers is None else Alignment(matrix, self.inliers)


def rows(matches: list[Match]) -> list[int]:
    return sorted(int(match.asset) for match in matches)


SCENE = photo(3, 240, 160)


def test_the_twelve_on_which_most_points_lie_are_compared(
    votes: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    votes += [10, 20, 11, 19, 12, 18, 13, 17, 14, 16, 21, 22, 23, 24]
    # The more votes, the fewer points.
    monkeypatch.setattr(Lying, "inliers", property(lambda self: int(40 - self.most_votes)))
    assert rows(Shelf(*[3] * 14).matches(SCENE)) == list(range(12))


@pytest.mark.parametrize(("others", "found"), [(8.0, [0, 1]), (7.9, [0])])
def test_all_but_the_first_need_eight_votes(votes: list[float], others: float, found: list[int]) -> None:
    votes += [9, others]
    assert rows(Shelf(3, 3).matches(SCENE)) == found


@pytest.mark.parametrize(("first", "found"), [(6.0, [0]), (5.9, [])])
def test_the_first_needs_fewer(votes: list[float], first: float, found: list[int]) -> None:
    votes += [first]
    assert rows(Shelf(3).matches(SCENE)) == found


@pytest.mark.parametrize(("inliers", "found"), [(6, [0]), (5, [])])
def test_six_points_must_lie_as_they_should(
    votes: list[float], monkeypatch: pytest.MonkeyPatch, inliers: int, found: list[int]
) -> None:
    votes += [9]
    monkeypatch.setattr(Lying, "inliers", inliers)
    assert rows(Shelf(3).matches(SCENE)) == found


@pytest.mark.parametrize(("inliers", "found"), [(7, ["1", "0"]), (6, ["1"])])
def test_of_pictures_that_are_compared_together_seven_must(
    votes: list[float], monkeypatch: pytest.MonkeyPatch, inliers: int, found: list[str]
) -> None:
    votes += [9, 9]
    monkeypatch.setattr(Lying, "inliers", inliers)
    shelf = Shelf(3, 3)
    (matches,) = Matcher(shelf, shelf).matches_of_many([(query_of(SCENE), "1")])  # type: ignore[arg-type]
    assert [match.asset for match in matches] == found


def test_what_does_not_lie_on_the_other_is_not_compared(
    votes: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    votes += [9]
    monkeypatch.setattr(Lying, "inliers", None)
    assert Shelf(3).matches(SCENE) == []


def test_a_picture_whose_features_are_gone_is_passed_over(votes: list[float]) -> None:
    votes += [9, 9]
    shelf = Shelf(3, 3)
    shelf.lost = {0}
    assert rows(shelf.matches(SCENE)) == [1]


@pytest.mark.parametrize("lost", [0, 1])
def test_a_picture_whose_preview_is_gone_is_not_verified(lost: int) -> None:
    shelf = Shelf(3, 3)
    shelf.lost = {lost}
    assert Matcher(shelf, shelf).verify(0, 1, (1, 0, 0, 0, 1, 0), 100) is None  # type: ignore[arg-type]


def test_another_picture_that_is_compared_is_no_match(votes: list[float]) -> None:
    votes += [9, 8]
    assert rows(Shelf(4, 3).matches(SCENE)) == [1]


@pytest.mark.parametrize(("distance", "inliers"), [(48, 8), (49, 0)])
def test_a_near_fingerprint_stands_for_features(votes: list[float], distance: int, inliers: int) -> None:
    votes += [0]
    shelf = Shelf(3)
    shelf.near = [Alike(0, 0, distance)]
    (match,) = shelf.matches(SCENE)
    assert match.inliers == inliers


@pytest.mark.parametrize(
    ("orientation", "mirrored", "rotation"),
    [(0, False, 0), (1, False, 90), (2, False, 180), (3, False, 270), (4, True, 0), (5, True, 90)],
)
def test_a_fingerprint_tells_how_the_query_is_turned(
    votes: list[float], orientation: int, mirrored: bool, rotation: int
) -> None:
    """Which turn and mirroring leads from the query to the picture."""
    votes += [0]
    shelf = Shelf(3)
    shelf.near = [Alike(0, orientation, 10)]
    turned = SCENE.rotate(90 * (orientation % 4), expand=True)
    (match,) = shelf.matches(ImageOps.mirror(turned) if mirrored else turned)
    assert (match.mirrored, round(match.rotation) % 360) == (mirrored, -rotation % 360)


def test_the_identical_picture_shows_the_whole(votes: list[float]) -> None:
    votes += [0]
    (match,) = Shelf(3).matches(SCENE, "0")
    assert (match.relation, match.crop_box) == (Relation.IDENTICAL, (0, 0, 480, 320))


def test_the_identical_picture_is_not_laid_on_itself(
    votes: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    votes += [20]
    shelf = Shelf(3)
    shelf.near = [Alike(0, 0, 0)]
    monkeypatch.setattr(Matcher, "_compare", lambda *_: pytest.fail("its pixels were compared"))
    assert [match.asset for match in shelf.matches(SCENE, "0")] == ["0"]


def test_the_identical_picture_comes_first(votes: list[float]) -> None:
    votes += [20, 9, 9]
    assert [match.asset for match in Shelf(3, 3, 3).matches(SCENE, "2")] == ["2", "0", "1"]


def test_the_same_photo_comes_before_another_frame(votes: list[float]) -> None:
    votes += [20, 9]
    shelf = Shelf(3, 3)
    other = photo(8, 240, 160).convert("L")
    shelf.scenes[0].paste(other.crop((70, 40, 190, 140)), (70, 40))
    assert [match.relation for match in shelf.matches(SCENE)] == [Relation.COPY, Relation.SIBLING]


def test_where_few_features_find_the_photo_no_more_are_looked_for(votes: list[float]) -> None:
    votes += [9, 9]
    shelf = Shelf(3, 3)
    shelf.named = {QUICK: [0]}
    assert rows(shelf.matches(SCENE)) == [0]
    assert shelf.efforts == [QUICK]


@pytest.mark.parametrize("scene_named", [3, 4])
def test_where_few_features_find_nothing_all_are_looked_for(votes: list[float], scene_named: int) -> None:
    votes += [9, 9]
    shelf = Shelf(scene_named, 3)
    shelf.named = {QUICK: [0] if scene_named == 4 else [], THOROUGH: [1]}
    assert rows(shelf.matches(SCENE)) == [1]
    assert shelf.efforts[:2] == [QUICK, THOROUGH]


def test_a_row_that_was_named_before_is_not_aligned_again(
    votes: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    votes += [9]
    compared: list[int] = []
    monkeypatch.setattr(Matcher, "_compare", lambda _self, candidate, _view: compared.append(candidate.row))
    shelf = Shelf(4)
    shelf.matches(SCENE)
    # As it is and mirrored; then its negative, without features.
    assert compared == [0, 0]


def test_pictures_that_are_compared_together_are_looked_for_at_once(votes: list[float]) -> None:
    votes += [9, 9]
    shelf = Shelf(3, 3)
    query = query_of(SCENE)
    found = Matcher(shelf, shelf).matches_of_many([(query, "0"), (query, "1")])  # type: ignore[arg-type]
    assert [[match.asset for match in matches] for matches in found] == [["0", "1"], ["1", "0"]]
    assert shelf.efforts == [TOGETHER]


def test_a_whole_copy_is_not_compared_where_another_stands_for_it(votes: list[float]) -> None:
    votes += [0, 0, 0]
    shelf = Shelf(3, 3, 3)
    shelf.near = [Alike(row, 0, row) for row in range(3)]
    shelf.named = {QUICK: [], THOROUGH: []}
    query = query_of(SCENE)
    matcher = Matcher(shelf, shelf, {0: 1, 2: 1})  # type: ignore[arg-type]
    assert [match.asset for match in matcher.matches(query)] == ["1"]


def test_the_whole_of_one_picture_is_laid_on_the_whole_of_another(catalog: DrawnCatalog) -> None:
    pictures = {
        "large": scene(3),
        "small": scene(3).resize((300, 200)),
        "part": cropped(scene(3), 0, 0, 0.6, 0.6),
    }
    with DrawnCatalog(catalog.folder / "whole", pictures) as drawn:
        match = drawn.matcher.compare_whole(1, 0)
        assert match is not None
        assert (match.relation, match.kept) == (Relation.COPY, pytest.approx(1.0, abs=0.02))
        other = drawn.matcher.compare_whole(2, 0)
        assert other is None or other.relation is not Relation.COPY
