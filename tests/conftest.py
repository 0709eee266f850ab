"""What all test modules share: that they leave nothing open, and a newsroom on loopback."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from newsroom import DRAWN_PHOTOS, Newsroom, running
from pictures import photo
from postgres_server import PostgresServer, require_postgres, running_server
from s3_server import S3Server
from s3_server import running as running_s3

from catalog.store import Store

# A script that starts the tests in the background has them, and what they start, ignore SIGINT.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes is the machine's business, and which ones are tried that of nobody's luck.
settings.register_profile(
    "unhurried", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True, scope="module")
def _collected() -> Iterator[None]:
    """What the tests of a module leave open is told there, not where the garbage collector happens to run next."""
    yield
    gc.collect()
    # What lives on is not gone through again after the next module: that would take a minute in all.
    gc.freeze()


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Six sites that republish eight drawn photographs."""
    folder: Path = tmp_path_factory.mktemp("newsroom")
    photos = folder / "photos"
    photos.mkdir()
    for seed in range(DRAWN_PHOTOS):
        photo(seed).save(photos / f"scene-{seed}.jpg", quality=90)
    with running(photos, folder / "newsroom.json", "--sites", "6", "--seed", "1") as room:
        yield room


@pytest.fixture(scope="session")
def _s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with running_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL of the session's own; where it is not installed, what needs it is skipped, in CI it fails."""
    require_postgres()
    with running_server() as server:
        yield server


@pytest.fixture
def s3_server(_s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """A real S3 server on loopback, and what it takes to be let in; skipped where it is not installed."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in _s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return _s3_server


@pytest.fixture
def team_database(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database."""
    address = postgres_server.make_database()
    yield address
    postgres_server.drop_database(address)


@pytest.fixture
def team_catalog(team_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a team's catalog, whose originals lie in a folder, and derived files in another."""
    from catalog.store.postgres import migrate

    monkeypatch.setenv("PHOTODESK_CACHE", str(tmp_path / "cache"))
    migrate(team_database, str(tmp_path / "originals"))
    return team_database


@pytest.fixture
def team_store(team_catalog: str) -> Iterator[Store]:
    """The store of a team's catalog, open to write."""
    from catalog.store.postgres import PostgresStore

    with PostgresStore(team_catalog) as store:
        yield store
