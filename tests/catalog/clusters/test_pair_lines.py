"""Lines of a file by the pictures that they name."""

from __future__ import annotations

from pathlib import Path

from catalog.clusters.pair_lines import PairLines

ONE, OTHER = "1" * 64, "2" * 64


def naming(folder: Path, text: str, sha256: str = ONE) -> list[bytes]:
    path = folder / "pairs"
    path.write_text(text)
    with PairLines(path) as lines:
        return list(lines.naming(sha256))


def test_every_line_that_names_a_picture_is_told_and_no_other(tmp_path: Path) -> None:
    text = f"a {ONE}\nb {OTHER}\nc {OTHER} {ONE}\n"
    assert naming(tmp_path, text) == [f"a {ONE}\n".encode(), f"c {OTHER} {ONE}\n".encode()]


def test_a_line_that_names_a_picture_twice_is_told_once(tmp_path: Path) -> None:
    assert naming(tmp_path, f"a {ONE} {ONE}\n") == [f"a {ONE} {ONE}\n".encode()]


def test_a_torn_line_is_passed_over(tmp_path: Path) -> None:
    assert naming(tmp_path, f"a {OTHER}\nb {ONE}") == []


def test_an_empty_file_names_nothing(tmp_path: Path) -> None:
    assert naming(tmp_path, "") == []


def test_where_there_is_no_file_nothing_is_named(tmp_path: Path) -> None:
    with PairLines(tmp_path / "none") as lines:
        assert list(lines.naming(ONE)) == []
