"""A folder of edits made from photographs and from nothing, with what is true of each.

The result depends on the seed, the photographs' names and pixels, and on the installed codecs; not on how many
processes make it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
from PIL import Image

from benchmarks.edits import forms, motion, pages, retouching
from benchmarks.edits.composites import COMPOSITES, WITH_BACKDROP
from benchmarks.edits.kinds import KINDS
from benchmarks.edits.library import Library, read_library
from benchmarks.edits.pictures import pick, random_of, read
from benchmarks.edits.templates import DRAWINGS
from benchmarks.edits.truth_table import (
    ANY,
    CATALOG,
    EDITS,
    ELEMENT,
    OTHER,
    SAME,
    Row,
    Shown,
    write_tables,
)

# How far subjects move, in pixels of 640, and for each camera that moves.
BURST_PIXELS = 5, 8, 14, 22
PARALLAX_PIXELS = 8, 22
PARALLAX_FORMS = "plain", "150 px", "canvas 40 %"

# Drawings of one template that tell something else, and edits of each that do not.
VARIANTS = 2
EDITS_OF_DRAWINGS = "half", "quality 20", "border", "caption", "logo", "crop 80 %"

FAMILIES = "photographs", "bursts", "sheets", "siblings", "templates"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made: how many photographs, edits of siblings and designs of each template."""

    folder: Path
    out: Path
    seed: str
    photos: int = 12
    siblings: int = 400
    designs: int = 8
    families: tuple[str, ...] = FAMILIES


@dataclass(frozen=True, slots=True)
class Made:
    """What a task wrote: rows of the truth, and pictures for the catalog."""

    rows: tuple[Row, ...]
    shown: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A part of the work that needs nothing of the others."""

    plan: Plan
    family: str
    name: str
    others: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


def make(plan: Plan, jobs: int = 1) -> list[Row]:
    """Make the edits and the catalog's pictures; returns what is true of them, which is written beside them too."""
    library = read_library(plan.folder)
    for name in (EDITS, CATALOG):
        (plan.out / name).mkdir(parents=True)
    for name in library.pictures:
        (plan.out / CATALOG / name).symlink_to((plan.folder / name).resolve())
    made = list(_done(list(tasks(plan, library)), jobs))
    rows = sorted((row for one in made for row in one.rows), key=lambda row: (row.file, row.source))
    shown = [Shown(name, name) for name in library.pictures]
    write_tables(plan.out, rows, [*shown, *(each for one in made for each in one.shown)])
    return rows


def tasks(plan: Plan, library: Library) -> Iterator[Task]:
    """All that a plan asks for, in parts."""
    chosen = library.chosen(plan.seed, plan.photos)
    # What a photograph is put together with: as many others, from behind those that are edited.
    others = library.chosen(plan.seed, 2 * plan.photos + pages.THUMBNAILS)[plan.photos :] or chosen
    for number, name in enumerate(chosen):
        other = others[number % len(others)]
        for family in ("photographs", "bursts"):
            if family in plan.families:
                yield Task(plan, family, name, (other,))
    if "sheets" in plan.families and chosen:
        for start in range(0, len(chosen), pages.THUMBNAILS):
            sheet = [*chosen[start : start + pages.THUMBNAILS], *others][: pages.THUMBNAILS]
            yield Task(plan, "sheets", f"sheet{start}", tuple(dict.fromkeys(sheet)))
    if "siblings" in plan.families:
        yield from _sibling_tasks(plan, library)
    if "templates" in plan.families:
        for number in range(plan.designs):
            yield Task(plan, "templates", str(number), tuple(dict.fromkeys((*others, *chosen))))


def _sibling_tasks(plan: Plan, library: Library) -> Iterator[Task]:
    siblings = library.siblings()
    every = [(name, form) for name in siblings for form in forms.OF_SIBLINGS]
    every.sort(key=lambda one: random_of(plan.seed, *one, "sibling").random())
    taken: dict[str, list[str]] = {}
    for name, form in every[: plan.siblings]:
        taken.setdefault(name, []).append(form)
    for name in sorted(taken):
        yield Task(plan, "siblings", name, siblings[name], tuple(taken[name]))


def _done(every: Sequence[Task], jobs: int) -> Iterator[Made]:
    if jobs == 1:
        yield from map(do, every)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(do, every)


def do(task: Task) -> Made:
    """Make what a task asks for."""
    cv2.setNumThreads(1)
    work = {
        "photographs": edit_photograph,
        "bursts": move_subjects,
        "sheets": lay_out_sheet,
        "siblings": edit_sibling,
        "templates": draw_design,
    }
    return work[task.family](task)


def edit_photograph(task: Task) -> Made:
    """Every kind of edit of a photograph, and two crops of it that overlap."""
    photo, other = read(task.plan.folder / task.name), read(task.plan.folder / task.others[0])
    rows = []
    for name, kind in KINDS.items():
        picture = kind.make(photo, other, random_of(task.plan.seed, task.name, name))
        file = _save(task, picture, name)
        rows.append(Row(file, task.name, SAME, name, kind.family))
        if kind.with_other is not None:
            rows.append(Row(file, task.others[0], ANY, name, kind.family))
    crops = retouching.two_crops(photo, random_of(task.plan.seed, task.name, "two crops"))
    catalogued = _save(task, crops[0], "one crop", CATALOG)
    file = _save(task, crops[1], "other crop")
    rows.append(Row(file, catalogued, SAME, "overlapping crops", "crops that overlap"))
    rows.append(Row(file, task.name, SAME, "crop of two", "crop against whole"))
    return Made(tuple(rows), (Shown(catalogued, task.name),))


def move_subjects(task: Task) -> Made:
    """Frames in which something moved, and the photograph itself in the same forms."""
    photo, seed = read(task.plan.folder / task.name), task.plan.seed
    frames = [("still", photo, tuple(forms.OF_BURSTS), SAME)]
    for pixels in BURST_PIXELS:
        rng = random_of(seed, task.name, "burst", pixels)
        frame = motion.burst(photo, rng, pixels, subjects=int(rng.integers(1, 3)))
        frames.append((f"burst {pixels} px", frame, tuple(forms.OF_BURSTS), OTHER))
    for pixels in PARALLAX_PIXELS:
        frame = motion.parallax(photo, random_of(seed, task.name, "parallax", pixels), pixels)
        frames.append((f"parallax {pixels} px", frame, PARALLAX_FORMS, OTHER))
    rows = []
    for name, frame, every, expected in frames:
        for form in every:
            kind = f"{name}, {form}"
            picture = forms.OF_BURSTS[form](frame, random_of(seed, task.name, kind))
            family = "still" if expected == SAME else "moved"
            rows.append(Row(_save(task, picture, kind), task.name, expected, kind, family))
    return Made(tuple(rows))


def lay_out_sheet(task: Task) -> Made:
    photos = [read(task.plan.folder / name) for name in task.others]
    sheet = pages.contact_sheet(photos, random_of(task.plan.seed, task.name))
    file = _save(task, sheet, "thumbnails")
    return Made(tuple(Row(file, name, SAME, "thumbnails", "small in a page") for name in task.others))


def edit_sibling(task: Task) -> Made:
    """A photograph in some forms: itself, and not the others of its scene."""
    photo, rows = read(task.plan.folder / task.name), []
    for form in task.forms:
        rng = random_of(task.plan.seed, task.name, "sibling", form)
        file = _save(task, forms.OF_SIBLINGS[form](photo, rng), f"sibling {form}")
        rows.append(Row(file, task.name, SAME, f"own, {form}", "beside siblings"))
        rows += [Row(file, other, OTHER, f"sibling, {form}", "edited sibling") for other in task.others]
    return Made(tuple(rows))


def draw_design(task: Task) -> Made:
    """One design of every template: catalogued once, drawn with other data, and edited."""
    seed, rows, shown = task.plan.seed, [], []
    for name, draw in DRAWINGS.items():
        base = draw(random_of(seed, name, task.name), random_of(seed, name, task.name, "catalogued"))
        catalogued = _save(task, base, name, CATALOG)
        shown.append(Shown(catalogued, catalogued))
        for number in range(VARIANTS):
            variant = draw(random_of(seed, name, task.name), random_of(seed, name, task.name, number))
            file = _save(task, variant, f"{name} {number}")
            rows.append(Row(file, catalogued, ELEMENT, name, "template"))
        for form in EDITS_OF_DRAWINGS:
            rng = random_of(seed, name, task.name, form)
            file = _save(task, forms.OF_SIBLINGS[form](base, rng), f"{name} {form}")
            rows.append(Row(file, catalogued, SAME, f"drawing, {form}", "drawing"))
    composed = _compose(task)
    return Made((*rows, *composed.rows), (*shown, *composed.shown))


def _compose(task: Task) -> Made:
    """One drawn element over different photographs, and one backdrop behind different people."""
    seed, rows, shown = task.plan.seed, [], []
    for name, compose in COMPOSITES.items():
        order = random_of(seed, name, task.name, "photographs").permutation(len(task.others))
        backdrop, *photographs = (task.others[place] for place in order[: VARIANTS + 2])
        behind = read(task.plan.folder / backdrop)
        catalogued = ""
        for number, photograph in enumerate(photographs):
            chance = random_of(seed, name, task.name), random_of(seed, name, task.name, number)
            picture = compose(read(task.plan.folder / photograph), behind, *chance)
            file = _save(task, picture, f"{name} {number}", EDITS if catalogued else CATALOG)
            under = {photograph, backdrop} if name in WITH_BACKDROP else {photograph}
            if catalogued:
                rows.append(Row(file, catalogued, ELEMENT, name, "template"))
                rows += [Row(file, one, ANY, name, "template") for one in sorted(under)]
            else:
                catalogued = file
                shown += [Shown(file, one) for one in (file, *sorted(under))]
    return Made(tuple(rows), tuple(shown))


def _save(task: Task, picture: Image.Image, kind: str, folder: str = EDITS) -> str:
    """Write a picture as a site would; returns its name."""
    words = re.sub(r"[^a-z0-9]+", "_", kind.lower()).strip("_")
    name = f"{words}-{Path(task.name).stem}.jpg"
    quality = pick(random_of(task.plan.seed, name), (78, 82, 85, 90))
    picture.save(task.plan.out / folder / name, "JPEG", quality=quality)
    return name
