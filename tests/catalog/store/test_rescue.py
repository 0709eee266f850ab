"""Records that cannot even be opened are given a beginning that can."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.errors import CatalogLocked, NotACatalog, UnsupportedVersion
from catalog.model import AssetRecord, DecisionRecord
from catalog.store.base import Finding, FindingKind
from catalog.store.catalog import open_store
from catalog.store.journals.durable_files import acquire_lock
from catalog.store.layout import DECISIONS, JOURNAL
from catalog.store.rescue import rescue

SHA256 = "5f" + "0" * 62
DECISION = DecisionRecord(key="aa bb", first="aa", second="bb", decision="same")
HEADER = b'["photodesk-catalog",2]\n'
ROTTEN = b'["photodesk-cXtalog",2]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog of one record, without originals."""
    with open_store(tmp_path / "catalog") as store:
        store.put_asset(AssetRecord(sha256=SHA256))
    return tmp_path / "catalog"


def put_original(folder: Path) -> None:
    path = folder / "originals" / "5f" / f"{SHA256}.jpg"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"picture")


def rot_header(folder: Path) -> None:
    body = (folder / JOURNAL).read_bytes()
    (folder / JOURNAL).write_bytes(body.replace(HEADER, ROTTEN))


def records_in(folder: Path) -> list[str]:
    with open_store(folder, read_only=True) as store:
        return store.sha256s()


def test_records_that_can_be_opened_need_no_rescue(folder: Path) -> None:
    before = (folder / JOURNAL).read_bytes()
    assert rescue(folder) == []
    assert (folder / JOURNAL).read_bytes() == before


def test_a_first_line_that_rotted_is_written_anew(folder: Path) -> None:
    before = (folder / JOURNAL).read_bytes()
    rot_header(folder)
    rescue(folder)
    assert (folder / JOURNAL).read_bytes() == before


def test_a_first_line_that_rotted_is_told_with_what_was_done(folder: Path) -> None:
    rot_header(folder)
    assert rescue(folder) == [
        Finding(
            FindingKind.DAMAGED_JOURNAL,
            "catalog.jsonl",
            f"{folder}/catalog.jsonl: not a photodesk catalog",
            "set aside in catalog.jsonl.damaged",
        )
    ]


def test_a_first_line_that_rotted_is_set_aside(folder: Path) -> None:
    rot_header(folder)
    rescue(folder)
    assert (folder / f"{JOURNAL}.damaged").read_bytes() == ROTTEN


def test_what_is_rescued_needs_no_other_rescue(folder: Path) -> None:
    rot_header(folder)
    rescue(folder)
    assert rescue(folder) == []


def test_lines_that_are_not_good_stay_behind_one_that_is(folder: Path) -> None:
    rot_header(folder)
    with (folder / JOURNAL).open("ab") as file:
        file.write(b"rotten\n")
    rescue(folder)
    assert (folder / JOURNAL).read_bytes().endswith(b"\nrotten\n")


def test_a_good_line_after_one_that_is_not_is_enough(folder: Path) -> None:
    good = (folder / JOURNAL).read_bytes().removeprefix(HEADER)
    (folder / JOURNAL).write_bytes(ROTTEN + b"rotten\n" + good)
    rescue(folder)
    assert records_in(folder) == [SHA256]


@pytest.mark.parametrize("text", [b"dear diary\nno line of ours\n", b"dear diary\n", b"dear diary"])
def test_a_file_without_a_good_line_is_none_of_ours(folder: Path, text: bytes) -> None:
    (folder / JOURNAL).write_bytes(text)
    with pytest.raises(NotACatalog, match="not a photodesk catalog"):
        rescue(folder)


def test_a_file_that_is_none_of_ours_stays_as_it_is(folder: Path) -> None:
    (folder / JOURNAL).write_bytes(b"dear diary\nno line of ours\n")
    with pytest.raises(NotACatalog):
        rescue(folder)
    assert (folder / JOURNAL).read_bytes() == b"dear diary\nno line of ours\n"


def test_a_file_that_is_none_of_ours_is_let_go(folder: Path) -> None:
    (folder / JOURNAL).write_bytes(b"dear diary\n")
    with pytest.raises(NotACatalog):
        rescue(folder)
    acquire_lock(folder / JOURNAL).release()


def test_a_journal_that_is_gone_is_begun_anew(tmp_path: Path) -> None:
    put_original(tmp_path)
    rescue(tmp_path)
    assert (tmp_path / JOURNAL).read_bytes() == HEADER


def test_an_empty_journal_is_begun_anew(tmp_path: Path) -> None:
    put_original(tmp_path)
    (tmp_path / JOURNAL).write_bytes(b"")
    rescue(tmp_path)
    assert records_in(tmp_path) == []


def test_a_journal_that_is_gone_is_told_with_what_was_done(tmp_path: Path) -> None:
    put_original(tmp_path)
    (finding,) = rescue(tmp_path)
    assert finding == Finding(
        FindingKind.DAMAGED_JOURNAL,
        "catalog.jsonl",
        f"{tmp_path}/catalog.jsonl: it is gone, though there are originals; put back a copy of it, or let "
        "`photodesk check --repair` make the records of pictures again",
        "begun anew; the next harvest of their pages brings the uses of pictures",
    )


def test_a_journal_that_is_begun_anew_sets_nothing_aside(tmp_path: Path) -> None:
    put_original(tmp_path)
    rescue(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [JOURNAL, f"{JOURNAL}.lock", "originals"]


def test_where_there_never_was_a_catalog_there_is_nothing_to_rescue(tmp_path: Path) -> None:
    with pytest.raises(NotACatalog, match="there is no catalog here"):
        rescue(tmp_path)


def test_where_there_never_was_a_catalog_no_lock_is_left(tmp_path: Path) -> None:
    with pytest.raises(NotACatalog):
        rescue(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_journal_without_originals_has_nothing_to_rescue(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(b"")
    assert rescue(tmp_path) == []


def test_records_of_a_later_version_are_not_rescued(folder: Path) -> None:
    (folder / JOURNAL).write_bytes(b'["photodesk-catalog",3]\n')
    with pytest.raises(UnsupportedVersion):
        rescue(folder)


def test_nothing_is_rescued_while_another_writes(folder: Path) -> None:
    rot_header(folder)
    lock = acquire_lock(folder / JOURNAL)
    with pytest.raises(CatalogLocked):
        rescue(folder)
    lock.release()


def test_the_lock_is_let_go_afterwards(folder: Path) -> None:
    rot_header(folder)
    rescue(folder)
    acquire_lock(folder / JOURNAL).release()


def test_an_address_is_no_place_to_rescue() -> None:
    with pytest.raises(NotACatalog, match="none is opened by s3"):
        rescue("s3://bucket")


# Decisions


@pytest.fixture
def decided(folder: Path) -> Path:
    """The same catalog with a decision."""
    with open_store(folder, decides=True) as store:
        store.put_decision(DECISION)
    return folder


def decisions_in(folder: Path) -> list[DecisionRecord]:
    with open_store(folder, read_only=True) as store:
        return list(store.decisions())


def rot(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(HEADER, ROTTEN))


def test_decisions_whose_first_line_rotted_can_be_opened_again(decided: Path) -> None:
    rot(decided / DECISIONS)
    (finding,) = rescue(decided)
    assert (finding.path, finding.mended) == (DECISIONS, "set aside in decisions.jsonl.damaged")
    assert decisions_in(decided) == [DECISION]
    assert (decided / f"{DECISIONS}.damaged").read_bytes() == ROTTEN


def test_both_journals_are_rescued(decided: Path) -> None:
    rot_header(decided)
    rot(decided / DECISIONS)
    assert [one.path for one in rescue(decided)] == [JOURNAL, DECISIONS]
    assert decisions_in(decided) == [DECISION]
    assert rescue(decided) == []


def test_decisions_without_a_good_line_are_set_aside_and_begun_anew(decided: Path) -> None:
    (decided / DECISIONS).write_bytes(b"dear diary\n")
    assert [one.path for one in rescue(decided)] == [DECISIONS]
    assert (decided / f"{DECISIONS}.damaged").read_bytes() == b"dear diary\n\n"
    open_store(decided).close()
    assert (decided / DECISIONS).read_bytes() == HEADER


def test_decisions_that_are_gone_are_told(decided: Path) -> None:
    (decided / DECISIONS).unlink()
    assert rescue(decided) == [
        Finding(
            FindingKind.DAMAGED_JOURNAL,
            DECISIONS,
            "what was decided is lost, unless there is a copy of it",
            "begun anew, with what earlier versions kept elsewhere",
        )
    ]


def test_decisions_of_a_catalog_made_before_are_not_gone(folder: Path) -> None:
    (folder / DECISIONS).unlink()
    path = folder / JOURNAL
    path.write_bytes(path.read_bytes().replace(HEADER, b'["photodesk-catalog",1]\n'))
    assert rescue(folder) == []


def test_decisions_survive_that_all_records_are_lost(tmp_path: Path) -> None:
    with open_store(tmp_path, decides=True) as store:
        store.put_decision(DECISION)
    original = tmp_path / "originals" / "5f" / f"5f{'0' * 62}.jpg"
    original.parent.mkdir(parents=True)
    original.write_bytes(b"picture")
    (tmp_path / JOURNAL).unlink()
    assert [one.path for one in rescue(tmp_path)] == [JOURNAL]
    assert decisions_in(tmp_path) == [DECISION]


def test_decisions_of_a_later_version_are_not_rescued(decided: Path) -> None:
    (decided / DECISIONS).write_bytes(b'["photodesk-catalog",3]\n')
    with pytest.raises(UnsupportedVersion):
        rescue(decided)
