"""Migrations: made once, newer ones refused, settings for all machines."""

from __future__ import annotations

import pytest
from postgres_server import PostgresServer

from catalog.cli import main
from catalog.errors import CatalogError, NotACatalog, UnsupportedVersion
from catalog.model import AssetRecord, UsageRecord
from catalog.store.postgres import PostgresStore, migrate, read_settings
from catalog.store.postgres.migrating import check_place


def name_of(address: str) -> str:
    return address.partition("@/")[2].partition("?")[0]


def test_a_database_without_a_catalog_says_how_one_is_made(team_database: str) -> None:
    with pytest.raises(NotACatalog, match="photodesk migrate"):
        PostgresStore(team_database)


def test_a_catalog_is_migrated_once(team_database: str) -> None:
    told: list[str] = []
    first = migrate(team_database, "s3://bucket/photos/", told.append)
    assert (first, first.originals) == (migrate(team_database, tell=told.append), "s3://bucket/photos")
    assert told == ["migration 1 applied"]
    assert read_settings(team_database) == first


def test_a_later_format_is_refused(postgres_server: PostgresServer, team_catalog: str) -> None:
    postgres_server.run_sql("INSERT INTO migrations VALUES (99)", name_of(team_catalog))
    with pytest.raises(UnsupportedVersion, match="written by a later photodesk"):
        PostgresStore(team_catalog)
    with pytest.raises(UnsupportedVersion, match="written by a later photodesk"):
        migrate(team_catalog)


def test_an_earlier_format_is_to_be_migrated(team_catalog: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.store.postgres.settings.FORMAT", 2)
    with pytest.raises(UnsupportedVersion, match="photodesk migrate"):
        PostgresStore(team_catalog)


def test_originals_stay_where_they_are_once_there_are_pictures(
    team_catalog: str, team_store: PostgresStore
) -> None:
    assert migrate(team_catalog, "s3://bucket").originals == "s3://bucket"
    team_store.put_asset(AssetRecord(sha256="aa"))
    with pytest.raises(CatalogError, match="lie at s3://bucket"):
        migrate(team_catalog, "/elsewhere")


@pytest.mark.parametrize("place", ["originals", "s3://", "https://bucket.example/", "./originals"])
def test_a_place_that_others_could_not_find_is_refused(place: str) -> None:
    with pytest.raises(CatalogError):
        check_place(place)


def test_words_are_found_without_the_index_too(
    postgres_server: PostgresServer, team_catalog: str, team_store: PostgresStore
) -> None:
    team_store.put_usage(UsageRecord(key="u", page="p", caption="100% of the Ministers_"))
    for _ in range(2):
        found = {
            word: len(list(team_store.find_usages([word]))) for word in ("inister", "0%", "s_", "0_", "\\")
        }
        assert found == {"inister": 1, "0%": 1, "s_": 1, "0_": 0, "\\": 0}
        postgres_server.run_sql("DROP EXTENSION pg_trgm CASCADE", name_of(team_catalog)) if _ == 0 else None


def test_rows_that_another_server_numbered_are_numbered_anew(
    postgres_server: PostgresServer, team_catalog: str, team_store: PostgresStore
) -> None:
    team_store.put_asset(AssetRecord(sha256="aa"))
    postgres_server.run_sql("UPDATE assets SET xid = '99999999'", name_of(team_catalog))
    migrate(team_catalog)
    assert team_store.put_since(team_store.mark()) == ([], [], [])


def test_the_command_migrates_and_tells_where_originals_lie(
    team_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate", team_database, "--originals", "/shared/originals"]) == 0
    assert "up to date, originals at /shared/originals" in capsys.readouterr().out


def test_a_password_is_not_taken_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["migrate", "postgresql://a:secret@b/c"],
        ["check", "--catalog", "postgresql://a:secret@b/c"],
    ):
        with pytest.raises(SystemExit):
            main(words)
        told = capsys.readouterr().err
        assert "shown to everybody" in told
        assert "secret" not in told
