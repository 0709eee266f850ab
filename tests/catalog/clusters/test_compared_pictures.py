"""Which pictures have been compared with all others, by the file that comparing writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.clusters.compared_pictures import ComparedPictures
from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.matching.match import Match
from catalog.matching.relation import Relation
from catalog.store.layout import PAIRS

FIRST, SECOND = "aa" * 32, "bb" * 32


def compare(derived: Path, *pictures: str) -> None:
    """Keep that pictures were looked up, each of them with one match."""
    match = Match("cc" * 32, Relation.COPY)
    with VerifiedPairs(derived) as pairs:
        for sha256 in pictures:
            pairs.add(sha256, [match.to_json() | {"query": sha256}])


def test_without_a_file_none_was_compared(tmp_path: Path) -> None:
    assert FIRST not in ComparedPictures(tmp_path)


def test_those_that_were_looked_up_were_compared(tmp_path: Path) -> None:
    compare(tmp_path, FIRST, SECOND)
    compared = ComparedPictures(tmp_path)
    assert FIRST in compared
    assert SECOND in compared


def test_one_that_came_to_nothing_was_compared(tmp_path: Path) -> None:
    with VerifiedPairs(tmp_path) as pairs:
        pairs.add(FIRST, [])
    assert FIRST in ComparedPictures(tmp_path)


def test_what_others_matched_was_not_compared_itself(tmp_path: Path) -> None:
    compare(tmp_path, FIRST)
    assert "cc" * 32 not in ComparedPictures(tmp_path)


def test_what_was_written_since_is_taken_in(tmp_path: Path) -> None:
    compared = ComparedPictures(tmp_path)
    compare(tmp_path, FIRST)
    compared.refresh()
    assert FIRST in compared


@pytest.mark.parametrize("is_gone", [False, True])
def test_what_a_file_made_anew_lacks_is_forgotten(tmp_path: Path, is_gone: bool) -> None:
    compare(tmp_path, FIRST)
    compared = ComparedPictures(tmp_path)
    VerifiedPairs.remove(tmp_path)
    if not is_gone:
        compare(tmp_path, SECOND)
    compared.refresh()
    assert FIRST not in compared


def test_what_follows_a_torn_line_is_not_counted(tmp_path: Path) -> None:
    compare(tmp_path, FIRST, SECOND)
    path = tmp_path / PAIRS
    path.write_bytes(path.read_bytes()[:30] + b"\n" + path.read_bytes())
    assert FIRST not in ComparedPictures(tmp_path)


def test_a_line_that_was_half_written_is_taken_in_when_it_is_whole(tmp_path: Path) -> None:
    compare(tmp_path, FIRST)
    path = tmp_path / PAIRS
    line = path.read_bytes()
    path.write_bytes(line[:-9])
    compared = ComparedPictures(tmp_path)
    with path.open("ab") as file:
        file.write(line[-9:])
    compared.refresh()
    assert FIRST in compared
