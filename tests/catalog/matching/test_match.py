from __future__ import annotations

import json

import pytest

from catalog.matching.match import Match
from catalog.matching.relation import Relation

CROP = Match(
    asset="5f0c",
    relation=Relation.CROP,
    kept=0.634,
    beyond=0.1,
    larger="query",
    crop_box=(10, 20, 300, 200),
    mirrored=True,
    rotation=1.5,
    scale=0.5,
    gain=0.93,
    lift=7.6,
    overlays=((250, 180, 50, 30), (10, 20, 40, 40)),
    inliers=41,
    blocks_agreeing=80,
    blocks_compared=96,
    transform=(-0.5, 0.0, 310.0, 0.0, 0.5, 20.0),
    edits=("cut out",),
    why="few pixels in common",
)

# As catalogs keep it and as `--json` prints it.
WRITTEN = (
    '{"asset": "5f0c", "relation": "crop", "kept": 0.634, "beyond": 0.1, "larger": "query", '
    '"crop_box": [10, 20, 300, 200], "mirrored": true, "rotation": 1.5, "scale": 0.5, "gain": 0.93, "lift": 7.6, '
    '"overlays": [[250, 180, 50, 30], [10, 20, 40, 40]], "inliers": 41, "blocks_agreeing": 80, '
    '"blocks_compared": 96, "transform": [-0.5, 0.0, 310.0, 0.0, 0.5, 20.0], "edits": ["cut out"], '
    '"why": "few pixels in common"}'
)


def test_a_match_is_written_field_by_field() -> None:
    assert json.dumps(CROP.to_json()) == WRITTEN


def test_a_match_that_tells_the_least_is_of_two_equal_pictures() -> None:
    assert json.dumps(Match("5f0c", Relation.IDENTICAL).to_json()) == (
        '{"asset": "5f0c", "relation": "identical", "kept": 1.0, "beyond": 0.0, "larger": "asset", '
        '"crop_box": [0, 0, 0, 0], "mirrored": false, "rotation": 0.0, "scale": 1.0, "gain": 1.0, "lift": 0.0, '
        '"overlays": [], "inliers": 0, "blocks_agreeing": 0, "blocks_compared": 0, "transform": [], '
        '"edits": [], "why": ""}'
    )


def test_the_json_object_is_of_what_json_gives_back() -> None:
    assert CROP.to_json() == json.loads(WRITTEN)


def test_a_written_match_is_read_again() -> None:
    assert Match.from_json(json.loads(WRITTEN)) == CROP


def test_a_match_that_tells_the_least_is_read_again() -> None:
    identical = Match("5f0c", Relation.IDENTICAL)
    assert Match.from_json(identical.to_json()) == identical


def test_fields_of_a_later_version_are_passed_over() -> None:
    assert Match.from_json(CROP.to_json() | {"query": "aa11", "mood": "sombre"}) == CROP


@pytest.mark.parametrize("missing", ["relation", "overlays", "crop_box", "transform"])
def test_what_lacks_a_part_is_no_match(missing: str) -> None:
    document = CROP.to_json()
    del document[missing]
    with pytest.raises(KeyError):
        Match.from_json(document)


def test_what_names_no_asset_is_no_match() -> None:
    document = CROP.to_json()
    del document["asset"]
    with pytest.raises(TypeError):
        Match.from_json(document)


def test_a_relation_nobody_knows_is_no_match() -> None:
    with pytest.raises(ValueError, match="cousin"):
        Match.from_json(CROP.to_json() | {"relation": "cousin"})
