"""A connection that is lost, refused or not allowed: what is told, and what counts."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from postgres_server import PostgresServer, require_postgres, running_server

from catalog.errors import CatalogError, CatalogUnreachable, CatalogUnwritable
from catalog.model import AssetRecord, RunRecord
from catalog.store.postgres import PostgresStore, migrate
from catalog.store.postgres.connection import Connection, Params, Rows, _LostConnection

SECRET = "s3cr3t-w0rd"  # noqa: S105 - of nobody


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgresServer]:
    """A server that a test may stop."""
    require_postgres()
    with running_server() as server:
        yield server


@pytest.fixture
def own_catalog(own_server: PostgresServer) -> str:
    address = own_server.make_database()
    migrate(address, "/originals")
    return address


def kick_out(server: PostgresServer) -> None:
    server.run_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' "
        "AND pid <> pg_backend_pid()"
    )


def test_a_read_goes_on_after_its_connection_was_lost(own_server: PostgresServer, own_catalog: str) -> None:
    with PostgresStore(own_catalog) as store:
        store.put_asset(AssetRecord(sha256="aa"))
        kick_out(own_server)
        assert store.asset("aa") == AssetRecord(sha256="aa")


def test_what_was_acknowledged_is_there_after_the_server_was_killed(
    own_server: PostgresServer, own_catalog: str
) -> None:
    with PostgresStore(own_catalog) as store:
        store.put_asset(AssetRecord(sha256="aa"))
        own_server.stop(signal.SIGQUIT)
        own_server.start()
        assert store.sha256s() == ["aa"]


def test_a_batch_that_locks_nothing_survives_the_loss_of_its_connection(
    own_server: PostgresServer, own_catalog: str
) -> None:
    with PostgresStore(own_catalog) as store:
        with store.batch():
            store.put_asset(AssetRecord(sha256="aa"))
            kick_out(own_server)
        assert store.sha256s() == ["aa"]


def test_a_batch_whose_locks_were_lost_is_refused_whole(own_server: PostgresServer, own_catalog: str) -> None:
    def write(store: PostgresStore) -> None:
        with store.batch():
            store.put_asset(AssetRecord(sha256="aa"))
            with store.changing(AssetRecord, "bb") as row:
                row.record = AssetRecord(sha256="bb")
            kick_out(own_server)

    with PostgresStore(own_catalog) as store:
        with pytest.raises(CatalogUnwritable, match="the connection to the database was lost"):
            write(store)
        assert store.sha256s() == []


def test_an_error_in_a_batch_leaves_the_connection_in_order(own_catalog: str) -> None:
    def fail(store: PostgresStore) -> None:
        with store.batch(), store.changing(AssetRecord, "aa") as row:
            row.record = AssetRecord(sha256="aa")
            raise RuntimeError

    with PostgresStore(own_catalog) as store:
        with pytest.raises(RuntimeError):
            fail(store)
        store.put_asset(AssetRecord(sha256="bb"))
        assert store.sha256s() == ["bb"]


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://ada:{SECRET}@127.0.0.1:1/photos",
        f"postgresql://ada:{SECRET}%zz@127.0.0.1/photos",
        f"postgresql://ada:{SECRET}/more@127.0.0.1/photos",
        f"postgresql://127.0.0.1:1/photos?user=ada&password={SECRET}",
        f"postgresql://ada@127.0.0.1:1/photos?password={SECRET}&nonsense=1",
        f"postgresql://ada:x{SECRET}@@127.0.0.1:1/photos",
    ],
)
def test_no_error_tells_a_password(address: str, caplog: pytest.LogCaptureFixture) -> None:
    require_postgres()
    with caplog.at_level(logging.DEBUG), pytest.raises(CatalogUnreachable) as caught:
        Connection(address)
    told = f"{caught.value!r} {caught.value} {caught.value.__cause__} {caplog.text}"
    assert SECRET not in told


def test_a_connection_shows_no_password(own_server: PostgresServer) -> None:
    address = f"{own_server.address('postgres')}&password={SECRET}"
    connection = Connection(address)
    assert SECRET not in f"{connection} {connection!r}"
    connection.close()


def test_a_store_for_reading_needs_the_right_to_select_alone(
    own_server: PostgresServer, own_catalog: str
) -> None:
    name = own_catalog.partition("@/")[2].partition("?")[0]
    own_server.run_sql("DROP OWNED BY reader; DROP ROLE reader") if has_role(own_server) else None
    own_server.run_sql("CREATE ROLE reader LOGIN", name)
    own_server.run_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader", name)
    with PostgresStore(own_server.address(name, "reader"), read_only=True) as store:
        assert store.put_since(store.mark()) == ([], [], [])
        assert (store.counts()["assets"], list(store.find_usages(["word"]))) == (0, [])
    with (
        PostgresStore(own_server.address(name, "reader")) as store,
        pytest.raises(CatalogUnwritable, match="permission denied"),
    ):
        store.put_asset(AssetRecord(sha256="aa"))


def has_role(server: PostgresServer) -> bool:
    import psycopg

    with psycopg.connect(server.address("postgres")) as connection:
        return bool(connection.execute("SELECT FROM pg_roles WHERE rolname = 'reader'").fetchall())


def test_a_store_for_reading_writes_nothing(own_catalog: str) -> None:
    with (
        PostgresStore(own_catalog, read_only=True) as store,
        pytest.raises(CatalogUnwritable, match="read-only transaction"),
    ):
        store.put_asset(AssetRecord(sha256="aa"))


def test_a_database_that_is_not_there_is_told_at_once(own_server: PostgresServer) -> None:
    with pytest.raises(CatalogError, match='database "none" does not exist'):
        Connection(own_server.address("none"))


def test_without_psycopg_the_extra_is_named_and_nothing_else_needs_it() -> None:
    program = """
import sys
sys.modules["psycopg"] = None
from catalog.cli import main
from catalog.store import open_catalog
with open_catalog(sys.argv[1]): pass
print(main(["export", "pages", "--catalog", "postgresql:///none"]))
assert "stamina" not in sys.modules or "catalog.store.postgres.connection" in sys.modules
"""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", program, f"{folder}/catalog"], capture_output=True, text=True, check=True
        )
    assert done.stdout == "3\n"
    assert "pip install 'photodesk[team]'" in done.stderr


def lose_at_the_end(monkeypatch: pytest.MonkeyPatch, *, after: bool) -> None:
    """Lose the connection before, or after, the next COMMIT has come to the server."""
    fetch, left = Connection._fetch, [1]

    def lost(self: Connection, statement: str, params: Params) -> Rows:
        if statement != "COMMIT" or not left[0]:
            return fetch(self, statement, params)
        left[0] -= 1
        if after:
            fetch(self, statement, params)
        assert self._raw is not None
        self._raw.close()
        raise _LostConnection("lost")

    monkeypatch.setattr(Connection, "_fetch", lost)


def test_what_was_written_before_its_end_was_lost_is_known_by_its_row(
    team_store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_at_the_end(monkeypatch, after=True)
    with team_store.changing(RunRecord, "r") as row:
        row.record = RunRecord(key="r", inputs_key="x")
    assert team_store.run("r") is not None


def test_a_number_that_a_crashed_server_gave_again_ends_nothing_else(
    team_store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_at_the_end(monkeypatch, after=False)
    # As of the transaction that has the number now.
    monkeypatch.setattr(Connection, "_has_ended", lambda _self, _number: True)
    with (
        pytest.raises(CatalogUnwritable, match="whether what was written last counts is not known"),
        team_store.changing(RunRecord, "r") as row,
    ):
        row.record = RunRecord(key="r", inputs_key="x")
    assert team_store.run("r") is None
