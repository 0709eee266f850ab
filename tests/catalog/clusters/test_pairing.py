"""Looking all pictures up among each other: in which order, what is a whole copy, and what becomes of a bad picture."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from matching import DrawnCatalog
from pictures import encoded, flat, photo
from PIL import Image, ImageDraw

from assets import Failure
from assets.errors import WorkerDied
from catalog.clusters import pairing
from catalog.clusters.grouping import groups, verifier
from catalog.clusters.pairing import _is_whole_copy, _Running, _Task, pair_missing, sort_copies_first
from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.decisions import Decisions
from catalog.index.build import study_missing
from catalog.index.candidates import CandidateIndex
from catalog.index.feature_store import FeatureStore
from catalog.matching.match import Match
from catalog.matching.matcher import Matcher
from catalog.matching.relation import Relation
from catalog.model import AssetRecord
from catalog.store.catalog import Catalog, open_catalog

T = TypeVar("T")


def test_what_seems_to_be_a_copy_is_looked_up_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing, "WORTH_SORTING", 2)
    pictures = {str(seed): photo(seed, 300, 200) for seed in range(8)}
    pictures |= {
        "smaller 5": photo(5, 300, 200).resize((240, 160)),
        "flat": flat(),
        "flat too": flat("#5a5a5a"),
    }
    with DrawnCatalog(tmp_path, pictures) as catalog:
        every = [catalog.studies.sha256_of(row) for row in range(len(catalog.studies))]
        unknown = "0" * 64
        first = sort_copies_first([unknown, *every], catalog.studies)
    assert first[:2] == [every[5], every[8]]
    assert first[2:] == [unknown, *(one for row, one in enumerate(every) if row not in (5, 8))]


def make(location: Path, pictures: Mapping[str, Image.Image]) -> dict[str, str]:
    """Catalog pictures with their studies; their names by SHA-256."""
    names = {}
    with open_catalog(location) as catalog:
        for name, image in pictures.items():
            with catalog.originals.incoming() as incoming:
                incoming.write(encoded(image, "PNG", compress_level=1))
                catalog.originals.keep(incoming)
                sha256 = incoming.sha256
            names[sha256] = name
            catalog.records.put_asset(
                AssetRecord(sha256=sha256, format="PNG", width=image.width, height=image.height)
            )
        asyncio.run(study_missing(catalog, workers=1))
    return names


def pair(location: Path) -> int:
    with open_catalog(location, read_only=True) as catalog:
        result = asyncio.run(pair_missing(catalog, workers=1))
    assert result.failures == []
    return result.done


def clusters(catalog: Catalog, names: Mapping[str, str]) -> list[set[str]]:
    with FeatureStore(catalog.derived) as studies:
        matcher = Matcher(studies, CandidateIndex(catalog.derived, studies))
        found = groups(
            catalog.records.assets(),
            VerifiedPairs(catalog.derived),
            Decisions(catalog.records),
            verifier(studies, matcher),
        )
    return [{names[member.sha256] for member in group.members} for group in found]


def copies_of(image: Image.Image, count: int, largest: int = 480) -> dict[str, Image.Image]:
    sizes = [largest, *(largest * 7 // 8 - 10 * number for number in range(count - 1))]
    return {f"copy {size}": image.resize((size, size * 2 // 3)) for size in sizes}


def test_whole_copies_are_compared_with_the_best_alone(tmp_path: Path) -> None:
    whole = photo(3, 480, 320)
    with_logo = whole.copy()
    ImageDraw.Draw(with_logo).rectangle((20, 240, 180, 300), fill="white")
    pictures = copies_of(whole, 8) | {
        "with a bar": with_logo,
        "crop": whole.crop((60, 40, 330, 220)),
        "other": photo(4, 480, 320),
    }
    names = make(tmp_path / "catalog", pictures)
    assert pair(tmp_path / "catalog") == len(pictures)
    assert pair(tmp_path / "catalog") == 0
    with open_catalog(tmp_path / "catalog", read_only=True) as catalog:
        pairs = VerifiedPairs(catalog.derived)
        assert {names[best] for best in pairs.copies.values()} == {"copy 480"}
        assert {names[one] for one in pairs.copies} == set(copies_of(whole, 8)) - {"copy 480"}
        by_name = {name: sha256 for sha256, name in names.items()}
        # What is more than a copy is looked up, and matches the best alone.
        for one, other in (("with a bar", "crop"), ("crop", "with a bar")):
            assert {names[sha256] for sha256 in pairs.of(by_name[one])} == {"copy 480", other}
        assert clusters(catalog, names) == [set(pictures) - {"other"}]


def test_a_better_copy_that_comes_later_is_what_all_are_compared_with(tmp_path: Path) -> None:
    whole = photo(3, 720, 480)
    names = make(tmp_path / "catalog", copies_of(whole, 7))
    pair(tmp_path / "catalog")
    names |= make(tmp_path / "catalog", {"large": whole})
    assert pair(tmp_path / "catalog") == 1
    with open_catalog(tmp_path / "catalog", read_only=True) as catalog:
        pairs = VerifiedPairs(catalog.derived)
        assert {names[best] for best in pairs.copies.values()} == {"large"}
        assert len(pairs.copies) == 7
        assert clusters(catalog, names) == [{"large", *copies_of(whole, 7)}]


def test_another_frame_beside_many_copies_stays_apart(tmp_path: Path) -> None:
    whole = photo(3, 480, 320)
    other = whole.copy()
    other.paste(photo(9, 480, 320).crop((150, 90, 330, 230)), (150, 90))
    names = make(tmp_path / "catalog", copies_of(whole, 7) | {"other frame": other})
    pair(tmp_path / "catalog")
    with open_catalog(tmp_path / "catalog", read_only=True) as catalog:
        assert "other frame" not in {names[one] for one in VerifiedPairs(catalog.derived).copies}
        assert clusters(catalog, names) == [set(copies_of(whole, 7))]


WHOLE_COPY = Match(
    "a" * 64, Relation.COPY, kept=1.0, crop_box=(0, 0, 6, 4), blocks_agreeing=97, blocks_compared=100
)


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        (WHOLE_COPY, True),
        (replace(WHOLE_COPY, blocks_agreeing=96), False),
        (replace(WHOLE_COPY, relation=Relation.CROP), False),
        (replace(WHOLE_COPY, relation=Relation.SIBLING), False),
        (replace(WHOLE_COPY, overlays=((0, 0, 2, 2),)), False),
        (replace(WHOLE_COPY, edits=("recoloured",)), False),
        (replace(WHOLE_COPY, kept=0.9), False),
        (replace(WHOLE_COPY, beyond=0.1), False),
    ],
)
def test_a_whole_copy_shows_all_and_nothing_else(match: Match, *, expected: bool) -> None:
    assert _is_whole_copy(match) == expected


class Pool:
    """Does tasks as a pool would; a worker that gets the bad picture dies."""

    def __init__(self, bad: str) -> None:
        self.bad = bad
        self.asked: list[list[str]] = []

    async def run(self, argument: str) -> object:
        _, _, best, pictures = json.loads(argument)
        self.asked.append(pictures)
        if self.bad in pictures:
            raise WorkerDied("killed")
        return [[{"best": best}] if best else [] for _ in pictures]


async def gather(running: _Running, *tasks: _Task) -> list[tuple[str, object, str]]:
    return [told async for told in running._do(tasks)]


def test_of_many_pictures_of_a_task_only_the_one_that_a_worker_dies_of_fails() -> None:
    pool = Pool("c")
    found = asyncio.run(gather(_Running(pool, "there", 1), _Task(("a", "b", "c", "d", "e"))))  # type: ignore[arg-type]
    assert [(sha256, isinstance(told, Failure)) for sha256, told, _ in found] == [
        ("a", False),
        ("b", False),
        ("c", True),
        ("d", False),
        ("e", False),
    ]


def test_a_copy_that_a_worker_dies_of_is_left_to_be_looked_up() -> None:
    pool = Pool("b")
    found = asyncio.run(gather(_Running(pool, "there", 1), _Task(("a", "b"), best="z")))  # type: ignore[arg-type]
    assert found == [("a", [{"best": "z"}], "z")]


def test_it_ends_early_with_all_that_was_found_kept(tmp_path: Path) -> None:
    make(tmp_path / "catalog", {str(seed): photo(seed, 200, 140) for seed in range(5)})
    with open_catalog(tmp_path / "catalog", read_only=True) as catalog:
        asked: list[int] = []
        result = asyncio.run(
            pair_missing(catalog, workers=1, is_enough=lambda: len(asked) >= 2 or bool(asked.append(1)))
        )
        assert result.done == 3
        assert sum(one.sha256 in VerifiedPairs(catalog.derived) for one in catalog.records.assets()) == 3


def test_an_original_that_is_gone_is_told(tmp_path: Path) -> None:
    (sha256,) = make(tmp_path / "catalog", {"one": photo(1, 200, 140)})
    with open_catalog(tmp_path / "catalog", read_only=True) as catalog:
        path = catalog.originals.path_of(sha256)
        assert path is not None
        path.unlink()
        result = asyncio.run(pair_missing(catalog, workers=1))
    assert [(one.address, one.detail) for one in result.failures] == [
        (sha256, "the original is gone from the catalog")
    ]
