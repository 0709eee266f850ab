"""A catalog by its location: what it opens, what it leaves alone, what it says of what is not there."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from catalog.errors import CatalogLocked, CatalogUnwritable, NotACatalog
from catalog.model import AssetRecord
from catalog.store.base import Finding, FindingKind
from catalog.store.catalog import (
    Catalog,
    derived_at,
    derived_problems,
    folder_at,
    has_lost_records,
    is_catalog,
    left_overs,
    open_catalog,
    open_store,
    originals_at,
    others_kept_out,
    remove_left_over,
    require_catalog,
    resolve_location,
    unreadable_records,
)
from catalog.store.journals import journal as journal_module
from catalog.store.layout import JOURNAL, JOURNAL_INDEX

SHA256 = "5f" + "0" * 62
HEADER = b'["photodesk-catalog",2]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog with one record, closed."""
    with open_catalog(tmp_path / "catalog") as catalog:
        catalog.records.put_asset(AssetRecord(sha256=SHA256))
    return tmp_path / "catalog"


def put_original(folder: Path, name: str = f"5f/{SHA256}.jpg") -> None:
    path = folder / "originals" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"picture")


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def always_indexed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small journal has no index."""
    monkeypatch.setattr(journal_module, "UNCOVERED_BYTES", 0)
    monkeypatch.setattr(journal_module, "UNCOVERED_SHARE", 0)


# Locations


def test_a_path_names_its_folder(tmp_path: Path) -> None:
    assert folder_at(str(tmp_path)) == tmp_path


@pytest.mark.parametrize("location", ["s3://bucket/desk", "POSTGRES://db", "h2+tcp.x-1://a"])
def test_an_address_with_a_scheme_names_no_folder(location: str) -> None:
    with pytest.raises(NotACatalog):
        folder_at(location)


def test_an_address_is_refused_with_itself_and_its_scheme() -> None:
    with pytest.raises(NotACatalog) as caught:
        folder_at("s3://bucket/desk")
    assert str(caught.value) == "s3://bucket/desk: a catalog is a folder; none is opened by s3"


@pytest.mark.parametrize("location", ["c://desk", "./s3://desk", "3s://desk", "s3:/desk", "desk: a://b"])
def test_what_only_resembles_an_address_names_a_folder(location: str) -> None:
    assert folder_at(location) == Path(location)


def test_nothing_is_opened_by_an_address() -> None:
    with pytest.raises(NotACatalog, match="none is opened by s3"):
        open_catalog("s3://bucket")


def test_an_address_is_refused_where_the_originals_are_asked_for() -> None:
    with pytest.raises(NotACatalog, match="none is opened by s3"):
        originals_at("s3://bucket")


def test_a_relative_location_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert resolve_location("desks/../desk") == f"{tmp_path}/desk"


def test_an_absolute_location_stays(tmp_path: Path) -> None:
    assert resolve_location(tmp_path) == str(tmp_path)


def test_the_derived_folder_lies_in_the_catalog(tmp_path: Path) -> None:
    assert derived_at(tmp_path) == tmp_path / "derived"


def test_originals_are_found_without_opening_the_records(tmp_path: Path) -> None:
    put_original(tmp_path)
    assert originals_at(tmp_path).path_of(SHA256) == tmp_path / "originals" / "5f" / f"{SHA256}.jpg"


# Opening


def test_opening_to_write_makes_a_catalog(tmp_path: Path) -> None:
    open_catalog(tmp_path / "desks" / "desk").close()
    assert (tmp_path / "desks" / "desk" / JOURNAL).read_bytes() == HEADER


def test_opening_makes_no_folders_of_what_is_not_there(tmp_path: Path) -> None:
    open_catalog(tmp_path).close()
    assert not {"originals", "derived"} & names_in(tmp_path)


def test_a_catalog_knows_its_absolute_location(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with open_catalog("desk") as catalog:
        assert catalog.location == str(tmp_path / "desk")


def test_a_catalog_is_opened_again_by_what_it_knows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    with open_catalog("catalog", read_only=True) as catalog:
        location = catalog.location
    monkeypatch.chdir("/")
    with open_catalog(location, read_only=True) as catalog:
        assert catalog.records.asset(SHA256) == AssetRecord(sha256=SHA256)


def test_a_catalog_has_its_derived_folder(folder: Path) -> None:
    with open_catalog(folder, read_only=True) as catalog:
        assert catalog.derived == folder / "derived"


def test_a_catalog_has_its_originals(folder: Path) -> None:
    put_original(folder)
    with open_catalog(folder, read_only=True) as catalog:
        assert [one.name for one in catalog.originals.list_files()] == [f"5f/{SHA256}.jpg"]


def test_a_catalog_is_one_plain_value() -> None:
    assert [one.name for one in fields(Catalog)] == ["location", "records", "originals", "derived"]


def test_a_catalog_is_let_go_at_the_end_of_its_block(folder: Path) -> None:
    with open_catalog(folder):
        pass
    open_catalog(folder).close()


def test_a_catalog_is_let_go_where_its_block_fails(folder: Path) -> None:
    with pytest.raises(RuntimeError), open_catalog(folder):
        raise RuntimeError
    open_catalog(folder).close()


def test_two_do_not_write_at_once(folder: Path) -> None:
    with open_catalog(folder), pytest.raises(CatalogLocked):
        open_catalog(folder)


def test_who_reads_writes_nothing(folder: Path) -> None:
    before = names_in(folder)
    with open_catalog(folder, read_only=True) as catalog:
        assert catalog.records.sha256s() == [SHA256]
    assert names_in(folder) == before


def test_reading_where_nothing_is_says_how_a_catalog_is_made(tmp_path: Path) -> None:
    with pytest.raises(NotACatalog) as caught:
        open_catalog(tmp_path / "desk", read_only=True)
    assert str(caught.value) == (
        f"{tmp_path}/desk: there is no catalog here; `photodesk harvest --catalog {tmp_path}/desk` makes one"
    )


@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_in_the_place_of_a_catalog_is_said_to_be_no_folder(tmp_path: Path, read_only: bool) -> None:
    (tmp_path / "desk").write_text("mine")
    with pytest.raises(NotACatalog, match=r"desk: it is no folder; a catalog is one$"):
        open_catalog(tmp_path / "desk", read_only=read_only)


def test_a_link_to_nothing_in_the_place_of_a_catalog_is_said_to_be_no_folder(tmp_path: Path) -> None:
    (tmp_path / "desk").symlink_to(tmp_path / "gone")
    with pytest.raises(NotACatalog, match="it is no folder"):
        open_catalog(tmp_path / "desk")


def test_a_folder_that_holds_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("mine")
    with pytest.raises(NotACatalog) as caught:
        open_catalog(tmp_path)
    assert str(caught.value) == f"{tmp_path}: the folder holds other things than a catalog"


def test_a_folder_that_holds_other_things_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("mine")
    with pytest.raises(NotACatalog):
        open_catalog(tmp_path)
    assert names_in(tmp_path) == {"thesis.odt"}


def test_other_things_beside_a_catalog_do_not_matter(folder: Path) -> None:
    (folder / "thesis.odt").write_text("mine")
    open_catalog(folder).close()
    assert is_catalog(folder)


def test_an_empty_folder_becomes_a_catalog(tmp_path: Path) -> None:
    open_catalog(tmp_path).close()
    assert is_catalog(tmp_path)


def test_what_a_first_opening_that_was_killed_left_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / f"{JOURNAL}.lock").write_text("process 1")
    open_catalog(tmp_path).close()
    assert is_catalog(tmp_path)


def test_a_catalog_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CatalogUnwritable) as caught:
        open_catalog(tmp_path / "file" / "desk")
    assert str(caught.value) == f"{tmp_path}/file/desk: Not a directory"


def test_the_records_alone_are_opened_by_their_folder(folder: Path) -> None:
    with open_store(folder, read_only=True) as records:
        assert records.sha256s() == [SHA256]


@pytest.mark.parametrize("reads_all", [True, False])
def test_damage_before_what_came_since_is_seen_where_all_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reads_all: bool
) -> None:
    always_indexed(monkeypatch)
    with open_catalog(tmp_path) as catalog:
        catalog.records.put_asset(AssetRecord(sha256=SHA256))
        # More than the end that is compared.
        catalog.records.put_asset(AssetRecord(sha256="aa", original="x" * 5000))
    assert (tmp_path / "derived" / JOURNAL_INDEX).exists()
    body = (tmp_path / JOURNAL).read_bytes()
    (tmp_path / JOURNAL).write_bytes(body.replace(SHA256.encode(), b"6" * 64))
    with open_catalog(tmp_path, read_only=True, reads_all=reads_all) as catalog:
        assert len(catalog.records.damage) == reads_all


# Is it a catalog


def test_a_folder_with_a_journal_is_a_catalog(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(b"")
    assert is_catalog(tmp_path)


def test_a_folder_without_a_journal_is_no_catalog(tmp_path: Path) -> None:
    put_original(tmp_path)
    assert not is_catalog(tmp_path)


def test_a_folder_in_the_place_of_a_journal_makes_no_catalog(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).mkdir()
    assert not is_catalog(tmp_path)


# Lost records


def test_originals_without_a_journal_have_lost_their_records(tmp_path: Path) -> None:
    put_original(tmp_path)
    assert has_lost_records(tmp_path)


def test_originals_beside_an_empty_journal_have_lost_their_records(tmp_path: Path) -> None:
    put_original(tmp_path)
    (tmp_path / JOURNAL).write_bytes(b"")
    assert has_lost_records(tmp_path)


def test_originals_beside_a_journal_with_bytes_have_not_lost_them(tmp_path: Path) -> None:
    put_original(tmp_path)
    (tmp_path / JOURNAL).write_bytes(b"?")
    assert not has_lost_records(tmp_path)


def test_a_folder_in_the_place_of_a_journal_is_no_lost_journal(tmp_path: Path) -> None:
    put_original(tmp_path)
    (tmp_path / JOURNAL).mkdir()
    assert not has_lost_records(tmp_path)


def test_an_empty_journal_alone_has_lost_nothing(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(b"")
    assert not has_lost_records(tmp_path)


def test_nothing_at_all_has_lost_nothing(tmp_path: Path) -> None:
    assert not has_lost_records(tmp_path / "none")


@pytest.mark.parametrize(
    "name", ["5f/holiday.jpg", f"{SHA256}.jpg", f"5f/{SHA256}", f"5f/{SHA256.upper()}.jpg"]
)
def test_pictures_that_somebody_else_put_there_are_no_originals(tmp_path: Path, name: str) -> None:
    put_original(tmp_path, name)
    assert not has_lost_records(tmp_path)


@pytest.mark.parametrize("read_only", [True, False])
def test_a_catalog_whose_journal_is_gone_is_not_opened(tmp_path: Path, read_only: bool) -> None:
    put_original(tmp_path)
    with pytest.raises(NotACatalog) as caught:
        open_catalog(tmp_path, read_only=read_only)
    assert str(caught.value) == (
        f"{tmp_path}/catalog.jsonl: it is gone, though there are originals; put back a copy of it, or let "
        "`photodesk check --repair` make the records of pictures again"
    )


def test_a_catalog_whose_journal_is_empty_is_not_opened(tmp_path: Path) -> None:
    put_original(tmp_path)
    (tmp_path / JOURNAL).write_bytes(b"")
    with pytest.raises(NotACatalog, match=r"catalog\.jsonl: it is empty, though there are originals"):
        open_catalog(tmp_path)


# Required


def test_a_catalog_is_accepted_where_one_is_required(folder: Path) -> None:
    require_catalog(folder)


def test_what_is_left_of_a_catalog_is_accepted_where_one_is_required(tmp_path: Path) -> None:
    put_original(tmp_path)
    require_catalog(tmp_path)


def test_a_folder_without_either_is_refused_where_one_is_required(tmp_path: Path) -> None:
    with pytest.raises(NotACatalog, match="there is no catalog here"):
        require_catalog(tmp_path)


def test_a_file_is_refused_where_a_catalog_is_required(tmp_path: Path) -> None:
    (tmp_path / "desk").write_text("mine")
    with pytest.raises(NotACatalog, match="it is no folder"):
        require_catalog(tmp_path / "desk")


# Others kept out


def test_nobody_writes_while_others_are_kept_out(folder: Path) -> None:
    with others_kept_out(folder), pytest.raises(CatalogLocked):
        open_catalog(folder)


def test_others_are_let_in_afterwards(folder: Path) -> None:
    with others_kept_out(folder):
        pass
    open_catalog(folder).close()


def test_others_are_let_in_after_a_failure(folder: Path) -> None:
    with pytest.raises(RuntimeError), others_kept_out(folder):
        raise RuntimeError
    open_catalog(folder).close()


def test_others_are_not_kept_out_while_one_writes(folder: Path) -> None:
    with open_catalog(folder), pytest.raises(CatalogLocked), others_kept_out(folder):
        raise AssertionError("the lock is held")


def test_others_are_kept_out_of_what_is_left_of_a_catalog(tmp_path: Path) -> None:
    put_original(tmp_path)
    with others_kept_out(tmp_path), pytest.raises(CatalogLocked), others_kept_out(tmp_path):
        raise AssertionError("the lock is held")


def test_a_folder_that_is_no_catalog_gets_no_lock_file(tmp_path: Path) -> None:
    with others_kept_out(tmp_path):
        assert names_in(tmp_path) == set()


# Left over, derived, unreadable


def test_a_compaction_that_did_not_end_is_left_over(folder: Path) -> None:
    (folder / f"{JOURNAL}.new").write_bytes(b"half")
    assert list(left_overs(folder)) == [
        Finding(FindingKind.LEFT_OVER, "catalog.jsonl.new", "of a compaction that did not end")
    ]


def test_nothing_is_left_over_in_a_catalog_that_was_closed(folder: Path) -> None:
    assert list(left_overs(folder)) == []


def test_what_is_left_over_is_removed(folder: Path) -> None:
    (folder / f"{JOURNAL}.new").write_bytes(b"half")
    for finding in list(left_overs(folder)):
        remove_left_over(folder, finding)
    assert not (folder / f"{JOURNAL}.new").exists()


def test_what_is_left_over_may_be_gone_when_it_is_removed(folder: Path) -> None:
    before = names_in(folder)
    remove_left_over(folder, Finding(FindingKind.LEFT_OVER, "catalog.jsonl.new"))
    assert names_in(folder) == before


def index_of_journal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    always_indexed(monkeypatch)
    with open_catalog(folder) as catalog:
        catalog.records.put_asset(AssetRecord(sha256=SHA256))
    return folder / "derived" / JOURNAL_INDEX


def test_an_index_of_this_journal_is_no_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert index_of_journal(tmp_path, monkeypatch).exists()
    assert list(derived_problems(tmp_path)) == []


def test_no_index_is_no_problem(folder: Path) -> None:
    assert not (folder / "derived" / JOURNAL_INDEX).exists()
    assert list(derived_problems(folder)) == []


def test_an_index_of_another_journal_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index_of_journal(tmp_path, monkeypatch)
    (tmp_path / JOURNAL).write_bytes(HEADER)
    assert list(derived_problems(tmp_path)) == [
        Finding(FindingKind.DAMAGED_DERIVED, "derived/places-1.bin", "it does not belong to the journal")
    ]


def test_an_index_beside_an_empty_journal_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index_of_journal(tmp_path, monkeypatch)
    (tmp_path / JOURNAL).write_bytes(b"")
    assert [one.kind for one in derived_problems(tmp_path)] == [FindingKind.DAMAGED_DERIVED]


def test_records_that_cannot_be_opened_are_a_damaged_journal() -> None:
    assert unreadable_records(NotACatalog("desk: not a photodesk catalog")) == Finding(
        FindingKind.DAMAGED_JOURNAL, "catalog.jsonl", "desk: not a photodesk catalog"
    )
