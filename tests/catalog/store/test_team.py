"""A team's catalog by the address of its database."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.errors import CatalogLocked, CatalogUnwritable, NotACatalog
from catalog.store import (
    derived_at,
    derived_problems,
    has_lost_records,
    is_catalog,
    left_overs,
    open_catalog,
    originals_at,
    others_kept_out,
    require_catalog,
)
from catalog.store.team import find_cache


def test_a_teams_catalog_is_opened_by_its_address(team_catalog: str, tmp_path: Path) -> None:
    with open_catalog(team_catalog) as catalog:
        assert (catalog.location, catalog.records.is_shared) == (team_catalog, True)
        assert catalog.derived.is_relative_to(tmp_path / "cache")
        with catalog.originals.incoming() as incoming:
            incoming.write(b"GIF89a")
            path = catalog.originals.keep(incoming)
        assert path.is_relative_to(tmp_path / "originals")
        assert originals_at(team_catalog).path_of(incoming.sha256) == path
    assert derived_at(team_catalog) == catalog.derived


def test_a_database_is_a_catalog_once_it_was_migrated(team_catalog: str) -> None:
    assert is_catalog(team_catalog)
    require_catalog(team_catalog)
    assert not has_lost_records(team_catalog)
    assert [*left_overs(team_catalog), *derived_problems(team_catalog)] == []


def test_a_database_is_no_catalog_before(team_database: str) -> None:
    assert not is_catalog(team_database)
    with pytest.raises(NotACatalog):
        require_catalog(team_database)


def test_nobody_is_kept_out_of_a_teams_catalog(team_catalog: str) -> None:
    with others_kept_out(team_catalog), others_kept_out(team_catalog):
        pass


def test_what_shows_a_catalog_shows_no_password(team_catalog: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_catalog(f"{team_catalog}&password=hidden") as catalog:
        assert "hidden" not in f"{catalog!r} {catalog.name}"


def test_a_folder_for_derived_files_that_cannot_be_made_is_told(
    team_catalog: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PHOTODESK_CACHE", str(tmp_path / "file"))
    with pytest.raises(CatalogUnwritable, match="PHOTODESK_CACHE"):
        open_catalog(team_catalog)


def test_the_cache_is_where_the_desktop_standard_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PHOTODESK_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    assert find_cache() == Path("/cache/photodesk")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert find_cache() == Path.home() / ".cache" / "photodesk"


def test_one_process_of_a_machine_writes_its_derived_files(team_catalog: str) -> None:
    with open_catalog(team_catalog) as catalog, open_catalog(team_catalog) as other:
        with (
            catalog.writing_derived(),
            pytest.raises(CatalogLocked, match="PHOTODESK_CACHE"),
            other.writing_derived(),
        ):
            pass
        with other.writing_derived():
            pass
