"""What the embedded store promises beyond what any store does: a catalog on disk, its writers and readers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from catalog.errors import CatalogLocked, NotACatalog
from catalog.model import AssetRecord, UsageRecord
from catalog.store.catalog import open_store
from catalog.store.embedded import EmbeddedStore


def usage(key: str, page: str = "https://a.example/1", asset: str = "aa", **fields: object) -> UsageRecord:
    return replace(UsageRecord(key=key, page=page, asset=asset), **fields)  # type: ignore[arg-type]


def test_records_come_in_the_order_in_which_they_first_came() -> None:
    store = EmbeddedStore()
    for sha256 in ("bb", "aa"):
        store.put_asset(AssetRecord(sha256=sha256))
    store.put_asset(AssetRecord(sha256="bb", width=5))
    assert [asset.sha256 for asset in store.assets()] == ["bb", "aa"]


def test_a_catalog_opened_again_holds_what_was_put(tmp_path: Path) -> None:
    with open_store(tmp_path / "catalog") as store:
        store.put_asset(AssetRecord(sha256="aa"))
        store.put_usage(usage("1"))
    with open_store(tmp_path / "catalog", read_only=True) as store:
        assert store.asset("aa") == AssetRecord(sha256="aa")
        assert [one.key for one in store.usages_of_asset("aa")] == ["1"]


def test_a_second_writer_is_told_who_holds_the_catalog(tmp_path: Path) -> None:
    with open_store(tmp_path), pytest.raises(CatalogLocked, match=r"in use by process \d+"):
        open_store(tmp_path)


def test_a_reader_is_let_in_beside_a_writer(tmp_path: Path) -> None:
    with open_store(tmp_path) as writer:
        writer.put_asset(AssetRecord(sha256="aa"))
        with open_store(tmp_path, read_only=True) as reader:
            assert reader.counts()["assets"] == 1


def test_reading_a_folder_without_a_catalog_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotACatalog, match="there is no catalog here"):
        open_store(tmp_path / "none", read_only=True)
    assert not (tmp_path / "none").exists()


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("mine")
    with pytest.raises(NotACatalog, match="other things"):
        open_store(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.odt"]


def test_a_field_of_a_later_version_is_passed_over() -> None:
    document = AssetRecord(sha256="aa").to_json() | {"mood": "sombre"}
    assert AssetRecord.from_json(document) == AssetRecord(sha256="aa")
