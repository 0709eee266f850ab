"""Several writers at the same time: nothing is lost, nobody waits in a circle."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from postgres_server import PostgresServer
from team_writers import run_writers

import catalog
from catalog.model import AssetRecord, DecisionRecord, FetchRecord, UsageRecord, decision_key
from catalog.store.postgres import PostgresStore

WRITERS = ("0", "1", "2", "3")


@pytest.fixture(autouse=True)
def _found_by_writers(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(catalog.__file__).parents[1]
    monkeypatch.setenv("PYTHONPATH", f"{root}{os.pathsep}{root / 'tests' / 'support'}")


def entries(store: PostgresStore, key: str) -> int:
    usage = store.usage(key)
    assert usage is not None
    return len({entry["until"] for entry in usage.history})


def test_four_writers_keep_all_entries_of_one_history(team_catalog: str, team_store: PostgresStore) -> None:
    run_writers("add_history", team_catalog, WRITERS, 100)
    assert entries(team_store, "u") == 400


def test_batches_that_lock_rows_in_either_order_lose_nothing(
    team_catalog: str, team_store: PostgresStore
) -> None:
    run_writers("add_history_in_batches", team_catalog, WRITERS, 25)
    assert (entries(team_store, "a"), entries(team_store, "b")) == (100, 100)


def test_batches_that_lock_at_their_end_lose_nothing(team_catalog: str, team_store: PostgresStore) -> None:
    run_writers("add_history_freely", team_catalog, WRITERS, 25)
    assert (entries(team_store, "a"), entries(team_store, "b")) == (100, 100)


def test_a_decision_waits_for_no_batch(team_catalog: str, team_store: PostgresStore) -> None:
    with team_store.batch(), team_store.changing(UsageRecord, "u") as row:
        row.record = UsageRecord(key="u", page="p")
        with PostgresStore(team_catalog) as desk, desk.changing(DecisionRecord, "aa bb") as decision:
            decision.record = DecisionRecord(key="aa bb", first="aa", second="bb", decision="same")
        assert team_store.decision(decision_key("aa", "bb")) is not None


def test_what_another_wrote_meanwhile_is_read_again(team_catalog: str, team_store: PostgresStore) -> None:
    team_store.put_usage(UsageRecord(key="u", page="p"))
    tries = []

    def work() -> None:
        known = team_store.usage("u")
        assert known is not None
        if not tries:
            with PostgresStore(team_catalog) as other:
                other.put_usage(replace(known, caption="theirs"))
        tries.append(known.caption)
        team_store.put_usage(replace(known, credit="ours"))

    team_store.write_batch(work)
    assert tries == ["", "theirs"]
    assert team_store.usage("u") == UsageRecord(key="u", page="p", caption="theirs", credit="ours")


def test_a_row_that_another_made_meanwhile_is_read_again(
    team_catalog: str, team_store: PostgresStore
) -> None:
    tries = []

    def work() -> None:
        with team_store.changing(FetchRecord, "x") as row:
            if not tries:
                with PostgresStore(team_catalog) as other:
                    other.put_fetch(FetchRecord(url="x", failures=1))
            tries.append(row.record)
            row.record = FetchRecord(url="x", failures=(row.record.failures if row.record else 0) + 1)

    team_store.write_batch(work)
    assert len(tries) == 2
    assert team_store.fetch("x") == FetchRecord(url="x", failures=2)


def test_work_that_is_always_too_late_is_done_with_all_others_kept_out(
    team_catalog: str, team_store: PostgresStore
) -> None:
    team_store.put_usage(UsageRecord(key="u", page="p"))
    tries = []

    def work() -> None:
        known = team_store.usage("u")
        assert known is not None
        if len(tries) < 3:
            with PostgresStore(team_catalog) as other:
                other.put_usage(replace(known, position=known.position + 1))
        tries.append(known.position)
        team_store.put_usage(replace(known, credit="ours"))

    team_store.write_batch(work)
    found = team_store.usage("u")
    assert found is not None
    assert (tries, found.position, found.credit) == ([0, 1, 2, 3], 3, "ours")


def test_a_batch_tells_its_own_new_assets(team_catalog: str, team_store: PostgresStore) -> None:
    team_store.put_asset(AssetRecord(sha256="known"))
    with team_store.batch() as written:
        with PostgresStore(team_catalog) as other:
            other.put_asset(AssetRecord(sha256="theirs"))
        for sha256 in ("known", "theirs", "ours"):
            team_store.put_asset(AssetRecord(sha256=sha256, width=1))
    assert written.new_assets == 1


def test_a_row_that_was_made_in_a_locking_batch_counts_as_new(team_store: PostgresStore) -> None:
    with team_store.batch() as written:
        with team_store.changing(AssetRecord, "ours") as row:
            row.record = AssetRecord(sha256="ours")
        with team_store.changing(AssetRecord, "none"):
            pass
    assert (written.new_assets, team_store.sha256s()) == (1, ["ours"])


def test_what_is_written_early_and_ends_late_is_told_as_new(
    team_catalog: str, team_store: PostgresStore
) -> None:
    with PostgresStore(team_catalog) as late, PostgresStore(team_catalog, read_only=True) as reader:
        with late.batch():
            with late.changing(AssetRecord, "late") as row:
                row.record = AssetRecord(sha256="late")
            late.counts()
            team_store.put_asset(AssetRecord(sha256="early"))
            mark = reader.mark()
            assert reader.put_since(mark) == ([], [], [])
        assert reader.put_since(mark) == ([], [], ["late"])


def test_a_reader_hears_that_others_have_written(team_catalog: str, team_store: PostgresStore) -> None:
    with PostgresStore(team_catalog, read_only=True) as reader:
        assert not reader.refresh()
        team_store.put_asset(AssetRecord(sha256="aa"))
        assert reader.refresh()
        assert not reader.refresh()


def test_another_database_of_the_server_has_other_marks(
    postgres_server: PostgresServer, team_store: PostgresStore
) -> None:
    from catalog.store.postgres import migrate

    address = postgres_server.make_database()
    try:
        migrate(address, "/originals")
        with PostgresStore(address) as other:
            assert team_store.put_since(other.mark()) is None
    finally:
        postgres_server.drop_database(address)
