"""A catalog copied into another place and back: everything is there, equal, or it is told what is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pictures import encoded, photo
from s3_server import S3Server

from catalog.cli import main
from catalog.decisions import decide
from catalog.errors import CatalogUnwritable
from catalog.model import RunRecord, SiteState, UsageRecord
from catalog.store import Catalog, copy_catalog, migrate, open_catalog
from catalog.store.copying import KINDS
from catalog.store.embedded import EmbeddedStore
from catalog.store.layout import ORIGINALS

PICTURES = 3


def quiet(_what: str, _done: int, _wanted: int) -> None:
    pass


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A catalog with records of every kind."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(PICTURES):
        (folder / f"{number}.jpg").write_bytes(encoded(photo(number), "JPEG"))
    catalog = tmp_path / "catalog"
    assert main(["harvest", str(folder), "--catalog", str(catalog)]) == 0
    with open_catalog(catalog) as opened:
        store = opened.records
        first, second, *_ = store.sha256s()
        decide(store, (first, second), "different", note="other day", by="me", at="2026-01-01T00:00:00Z")
        decide(store, (first, second), "same", note="look again", by="me", at="2026-01-02T00:00:00Z")
        store.put_site_state(SiteState(api_root="https://news.example/wp-json/", mark="2026-01-01T00:00:00"))
        usage = next(store.usages())
        history = [{"caption": "A qu\u00e1y \ud83d\udea2", "until": "2026-01-01", "n": 10**20}]
        store.put_usage(replace(usage, caption="NUL \x00 and \ud800", history=history))
    return catalog


def records(catalog: Catalog) -> dict[str, list[Any]]:
    return {
        kind.name: sorted(kind.list_all(catalog.records), key=kind.key_of)  # type: ignore[arg-type]
        for kind in KINDS
    }


def copy(source: str | Path, target: str | Path) -> list[str]:
    with open_catalog(source, read_only=True) as one, open_catalog(target) as other:
        return copy_catalog(one, other, quiet).differing


def assert_equal(one: str | Path, other: str | Path) -> None:
    with open_catalog(one, read_only=True) as first, open_catalog(other, read_only=True) as second:
        assert records(first) == records(second)
        for sha256 in first.records.sha256s():
            here, there = first.originals.path_of(sha256), second.originals.path_of(sha256)
            assert here is not None
            assert there is not None
            assert here.read_bytes() == there.read_bytes()


def test_a_folder_is_copied_into_another(source: Path, tmp_path: Path) -> None:
    assert copy(source, tmp_path / "copy") == []
    assert_equal(source, tmp_path / "copy")


def test_a_catalog_comes_back_from_a_database_as_it_was(
    source: Path, team_catalog: str, tmp_path: Path
) -> None:
    assert copy(source, team_catalog) == []
    assert_equal(source, team_catalog)
    assert copy(team_catalog, tmp_path / "back") == []
    assert_equal(source, tmp_path / "back")


def test_originals_go_into_a_bucket(
    source: Path, team_database: str, s3_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOTODESK_CACHE", str(tmp_path / "cache"))
    migrate(team_database, s3_server.new_address(), print)
    assert copy(source, team_database) == []
    assert_equal(source, team_database)


def test_a_copy_that_was_stopped_is_gone_on_with(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = EmbeddedStore.put_usage
    monkeypatch.setattr("catalog.store.copying.BATCH", 1)
    left = [2]

    def stopped(self: EmbeddedStore, record: UsageRecord) -> None:
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        put(self, record)

    monkeypatch.setattr(EmbeddedStore, "put_usage", stopped)
    with pytest.raises(KeyboardInterrupt):
        copy(source, tmp_path / "copy")
    monkeypatch.setattr(EmbeddedStore, "put_usage", put)
    with open_catalog(source, read_only=True) as one, open_catalog(tmp_path / "copy") as other:
        copied = copy_catalog(one, other, quiet)
    assert (copied.differing, copied.copied["originals"], copied.copied["usages"]) == ([], 0, PICTURES - 1)
    assert_equal(source, tmp_path / "copy")


def test_a_copy_is_made_again_of_what_came_since(source: Path, tmp_path: Path) -> None:
    copy(source, tmp_path / "copy")
    with open_catalog(source) as opened:
        opened.records.put_run(RunRecord(key="later", inputs_key="x"))
    assert copy(source, tmp_path / "copy") == []
    assert_equal(source, tmp_path / "copy")


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.put_run(RunRecord(key="own", inputs_key="x")),
        lambda store: store.put_usage(replace(next(store.usages()), caption="other words")),
    ],
)
def test_what_somebody_has_there_is_not_written_over(
    source: Path, tmp_path: Path, change: Callable[[Any], None]
) -> None:
    copy(source, tmp_path / "copy")
    with open_catalog(tmp_path / "copy") as opened:
        change(opened.records)
        before = records(opened)
    with pytest.raises(CatalogUnwritable, match="a catalog is copied into an empty one"):
        copy(source, tmp_path / "copy")
    with open_catalog(tmp_path / "copy", read_only=True) as opened:
        assert records(opened) == before


def test_an_original_that_rotted_is_told_and_not_copied(source: Path, tmp_path: Path) -> None:
    original = next((source / ORIGINALS).glob("??/*.jpg"))
    original.chmod(0o600)
    original.write_bytes(b"rotten")
    told = copy(source, tmp_path / "copy")
    assert [line.split(": ")[1] for line in told] == ["its bytes are others there", "missing in the copy"]
    assert not list((tmp_path / "copy" / ORIGINALS).glob(f"??/{original.name}"))


def test_the_command_tells_what_it_copied(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["copy", str(source), str(tmp_path / "copy"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["copied"]["originals"], told["compared"]["originals"]) == (PICTURES, PICTURES)
    assert told["differing"] == []


def test_what_is_not_equal_makes_the_command_fail(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    next((source / ORIGINALS).glob("??/*.jpg")).unlink()
    assert main(["copy", str(source), str(tmp_path / "copy")]) == 1
    assert "not among the originals" in capsys.readouterr().err
