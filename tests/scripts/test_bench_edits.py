"""What is made to measure verdicts with is what its table says, and the same each time."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from benchmarks.edits import cards, composites, cutting, forms, motion, pages, retouching, templates, tilting
from benchmarks.edits.kinds import KINDS
from benchmarks.edits.library import read_library
from benchmarks.edits.making import BURST_PIXELS, FAMILIES, Plan, make
from benchmarks.edits.pictures import blob, random_of
from benchmarks.edits.truth_table import (
    ANY,
    CATALOG,
    EDITS,
    ELEMENT,
    OTHER,
    SAME,
    Row,
    read_rows,
    read_shown,
)
from pictures import encoded, photo
from PIL import Image

# 640 on the long side, so that a shift in pixels is one in pixels of 640.
PHOTO = photo(1, 640, 420)
OTHER_PHOTO = photo(2, 640, 420)


def chance(*words: object) -> np.random.Generator:
    return random_of("test", *words)


def levels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture, np.float32)


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three photographs, two of one scene, and a drawing."""
    folder = tmp_path_factory.mktemp("photographs")
    rows = [("a.png", "photo", ""), ("b.png", "photo", "street"), ("c.png", "photo", "street")]
    for seed, (name, _, _) in enumerate(rows):
        (folder / name).write_bytes(encoded(photo(seed, 360, 260), "PNG"))
    (folder / "drawn.png").write_bytes(encoded(photo(9, 300, 200), "PNG"))
    with (folder / "manifest.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("file", "kind", "group"), *rows, ("drawn.png", "graphic", "street")])
    return folder


@pytest.fixture(scope="module")
def made(photographs: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Row]]:
    out = tmp_path_factory.mktemp("made") / "out"
    return out, make(Plan(photographs, out, "seed", photos=1, siblings=9, designs=1))


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_makes_the_same_files_in_any_number_of_processes(
    photographs: Path, made: tuple[Path, list[Row]], tmp_path: Path
) -> None:
    make(Plan(photographs, tmp_path / "again", "seed", photos=1, siblings=9, designs=1), jobs=2)
    assert digests(tmp_path / "again") == digests(made[0])


def test_another_seed_makes_other_edits(photographs: Path, tmp_path: Path) -> None:
    for seed in ("one", "two"):
        make(Plan(photographs, tmp_path / seed, seed, siblings=4, families=("siblings",)))
    assert digests(tmp_path / "one" / EDITS) != digests(tmp_path / "two" / EDITS)


def test_the_table_names_every_file(made: tuple[Path, list[Row]]) -> None:
    out, rows = made
    assert {row.file for row in rows} == {path.name for path in (out / EDITS).iterdir()}


def test_every_source_is_catalogued(made: tuple[Path, list[Row]]) -> None:
    out, rows = made
    assert {row.source for row in rows} <= {path.name for path in (out / CATALOG).iterdir()}


def test_every_catalogued_picture_is_said_to_show_something(made: tuple[Path, list[Row]]) -> None:
    out, _ = made
    assert read_shown(out).keys() == {path.name for path in (out / CATALOG).iterdir()}


def test_the_table_can_be_read_again(made: tuple[Path, list[Row]]) -> None:
    out, rows = made
    assert sorted(map(str, read_rows(out))) == sorted(map(str, rows))


def test_all_families_are_made(made: tuple[Path, list[Row]]) -> None:
    found = {row.family for row in made[1]}
    assert {kind.family for kind in KINDS.values()} | {
        "moved",
        "still",
        "edited sibling",
        "template",
    } <= found


def test_only_families_that_are_asked_for_are_made(photographs: Path, tmp_path: Path) -> None:
    rows = make(Plan(photographs, tmp_path / "out", "seed", designs=1, families=("templates",)))
    assert {row.family for row in rows} == {"template", "drawing"}


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        ("moved", {OTHER}),
        ("still", {SAME}),
        ("edited sibling", {OTHER}),
        ("beside siblings", {SAME}),
        ("drawing", {SAME}),
        ("template", {ELEMENT, ANY}),
        ("tilted", {SAME}),
    ],
)
def test_what_is_expected_of_a_family(made: tuple[Path, list[Row]], family: str, expected: set[str]) -> None:
    assert {row.expected for row in made[1] if row.family == family} == expected


def test_the_edit_of_one_of_a_scene_is_held_against_the_others_of_it(made: tuple[Path, list[Row]]) -> None:
    pairs = {(Path(row.file).stem[-1], row.source) for row in made[1] if row.family == "edited sibling"}
    assert pairs <= {("b", "c.png"), ("c", "b.png")}


def test_drawings_are_nobodys_sibling(photographs: Path) -> None:
    assert read_library(photographs).siblings() == {"b.png": ("c.png",), "c.png": ("b.png",)}


def test_photographs_without_another_of_their_scene_are_edited_first(photographs: Path) -> None:
    assert read_library(photographs).chosen("seed", 1) == ["a.png"]


def test_so_many_edits_of_siblings_are_made_as_were_asked_for(made: tuple[Path, list[Row]]) -> None:
    assert sum(row.family == "beside siblings" for row in made[1]) == 9


def test_every_form_of_a_frame_is_made(made: tuple[Path, list[Row]]) -> None:
    counted = Counter(row.kind.partition(", ")[0] for row in made[1] if row.family == "moved")
    assert all(counted[f"burst {pixels} px"] == len(forms.OF_BURSTS) for pixels in BURST_PIXELS)


def test_a_sheet_has_a_row_for_each_of_its_photographs(made: tuple[Path, list[Row]]) -> None:
    sheets = [row for row in made[1] if row.kind == "thumbnails"]
    assert {row.source for row in sheets} == {"a.png", "b.png", "c.png"}


def test_of_crops_that_overlap_one_is_catalogued(made: tuple[Path, list[Row]]) -> None:
    row = next(row for row in made[1] if row.kind == "overlapping crops")
    assert read_shown(made[0])[row.source] == {"a.png"}


def test_every_kind_has_a_name_that_a_family_does_not_have() -> None:
    assert not KINDS.keys() & set(FAMILIES)


# Each kind


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_depends_on_its_chance_alone(kind: str) -> None:
    made = [KINDS[kind].make(PHOTO, OTHER_PHOTO, chance(kind)).tobytes() for _ in range(2)]
    assert made[0] == made[1]


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_leaves_the_photograph_as_it_was(kind: str) -> None:
    before = PHOTO.tobytes()
    KINDS[kind].make(PHOTO, OTHER_PHOTO, chance(kind))
    assert PHOTO.tobytes() == before


def test_what_moves_is_moved_by_as_much_as_was_said() -> None:
    mask = blob((420, 640), chance("blob"), (0.5, 0.5), 0.25)
    made = levels(motion.moved(PHOTO, mask, (14.0, -8.0)))
    inside = (blob((420, 640), chance("blob"), (0.5, 0.5), 0.1) > 0).nonzero()
    there = made[inside[0] - 8, inside[1] + 14]
    assert np.abs(there - levels(PHOTO)[inside]).max() <= 1


def test_what_is_far_from_what_moves_stays_as_it_is() -> None:
    mask = blob((420, 640), chance("blob"), (0.5, 0.5), 0.15)
    made = levels(motion.moved(PHOTO, mask, (22.0, 0.0)))
    assert np.abs(made - levels(PHOTO))[:, :60].max() == 0


def test_what_was_behind_a_subject_is_not_left_as_a_second_one() -> None:
    mask = blob((420, 640), chance("blob"), (0.5, 0.5), 0.25)
    made = levels(motion.moved(PHOTO, mask, (22.0, 0.0)))
    moved_here = np.roll(mask, 22, axis=1) > 0
    left = (mask > 0) & ~moved_here & ~(np.roll(mask, 26, axis=1) > 0)
    assert np.abs(made - levels(PHOTO))[left].mean() > 5


@pytest.mark.parametrize("count", [1, 2])
def test_as_many_subjects_move_as_were_said(count: int) -> None:
    masks = motion.subjects_of(PHOTO, chance("subjects"), count, 0.3 / count)
    assert len(masks) == count


def test_a_subject_has_about_the_area_that_was_said() -> None:
    mask = motion.subjects_of(PHOTO, chance("subjects"), 1, 0.2)[0]
    assert 0.15 <= mask.mean() <= 0.25


def test_a_burst_moves_between_a_seventh_and_a_third_of_the_picture() -> None:
    made = levels(motion.burst(PHOTO, chance("burst"), 22))
    changed = (np.abs(made - levels(PHOTO)).max(axis=2) > 3).mean()
    assert 0.1 <= changed <= 0.45


def test_parallax_moves_what_is_in_front_against_what_is_behind() -> None:
    front = motion.foreground(PHOTO, chance("front"))
    assert front[:60].max() == 0
    assert front[-60:].min() == 1


def test_round_what_is_cut_out_all_is_white() -> None:
    made = levels(cutting.cut_out_on_white(PHOTO, chance("white")))
    assert made[:8, :8].min() == 255


def test_a_cut_out_keeps_the_pixels_of_its_middle() -> None:
    mask = cutting.subject(PHOTO, chance("white"))
    made = levels(cutting.cut_out_on_white(PHOTO, chance("white")))
    kept = mask > 0.999
    assert kept.mean() > 0.1
    assert np.abs(made - levels(PHOTO))[kept].max() <= 1


def test_a_split_has_one_photograph_on_each_side() -> None:
    made = cutting.split(Image.new("RGB", (640, 420), "red"), Image.new("RGB", (640, 420), "blue"), chance(1))
    assert (made.getpixel((5, made.height // 2)), made.getpixel((made.width - 5, made.height // 2))) == (
        (255, 0, 0),
        (0, 0, 255),
    )


def test_an_inset_covers_two_fifths_of_a_side() -> None:
    changed = (levels(cutting.inset(PHOTO, chance("inset"))) != levels(PHOTO)).any(axis=2)
    assert 0.34 <= changed.any(axis=0).mean() <= 0.48


@pytest.mark.parametrize("share", [0.04, 0.08, 0.12])
def test_perspective_cuts_off_what_it_moves_out(share: float) -> None:
    made = tilting.in_perspective(PHOTO, chance(share), share)
    assert made.width == round(640 * (1 - share))


def test_a_quote_card_is_dimmed_by_half_or_more() -> None:
    card = levels(cards.quote_card(Image.new("RGB", (640, 420), (200, 200, 200)), chance("quote")))
    assert 60 <= np.median(card) <= 105


def test_a_gradient_card_is_dark_below() -> None:
    card = levels(cards.gradient_card(PHOTO, chance("card")))
    assert np.median(card[-40:]) < 20


def test_the_photograph_on_a_page_is_230_pixels_wide() -> None:
    made = levels(pages.news_page(Image.new("RGB", (640, 420), (255, 0, 255)), chance("page")))
    figure = (np.abs(made - (255, 0, 255)).max(axis=2) < 2).any(axis=0).sum()
    assert figure == 230


def test_a_chat_has_the_size_of_a_phone() -> None:
    assert pages.chat(PHOTO, chance("chat")).size == (1080, 2340)


def test_two_crops_overlap_and_neither_holds_the_other() -> None:
    one, other = retouching.two_crops(PHOTO, chance("crops"))
    shared = one.width + other.width - 640
    assert 0.09 * 640 <= shared <= 0.37 * 640


def test_a_crop_keeps_the_share_that_was_said() -> None:
    made = retouching.cropped(PHOTO, chance("crop"), 0.1)
    assert made.width * made.height / (640 * 420) == pytest.approx(0.1, abs=0.005)


@pytest.mark.parametrize("name", templates.DRAWINGS)
def test_another_drawing_of_a_template_tells_something_else(name: str) -> None:
    draw = templates.DRAWINGS[name]
    one, other = (levels(draw(chance(name), chance(name, told))) for told in range(2))
    assert (np.abs(one - other) > 60).any()


@pytest.mark.parametrize("name", templates.DRAWINGS)
def test_two_drawings_of_a_template_have_much_in_common(name: str) -> None:
    draw = templates.DRAWINGS[name]
    one, other = (draw(chance(name), chance(name, told)).convert("L") for told in range(2))
    assert (np.abs(levels(one) - levels(other)) < 40).mean() > 0.35


def test_maps_by_party_differ_in_nothing_that_gray_tells() -> None:
    one, other = (templates.map_by_party(chance("map"), chance("map", told)) for told in range(2))
    assert np.abs(levels(one.convert("L")) - levels(other.convert("L"))).max() <= 6


def test_maps_by_party_differ_in_colour() -> None:
    one, other = (templates.map_by_party(chance("map"), chance("map", told)) for told in range(2))
    assert (np.abs(levels(one) - levels(other)).max(axis=2) > 40).mean() > 0.2


@pytest.mark.parametrize("name", composites.COMPOSITES)
def test_the_element_of_a_composite_is_the_same_over_another_photograph(name: str) -> None:
    compose = composites.COMPOSITES[name]
    made = [
        levels(compose(one, photo(3, 640, 420), chance(name), chance(name, number)))
        for number, one in enumerate((PHOTO, OTHER_PHOTO))
    ]
    assert (made[0] == made[1]).all(axis=2).mean() > 0.1


def test_another_person_before_a_backdrop_takes_a_fifth_of_it() -> None:
    made = [
        levels(composites.one_backdrop(one, photo(3, 640, 420), chance("one"), chance(number)))
        for number, one in enumerate((PHOTO, OTHER_PHOTO))
    ]
    assert (made[0] != made[1]).any(axis=2).mean() > 0.2
