from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from parts import Parts, Trouble

from assets.queries import QueryOptions, QueryReader

# Nobody is asked: the downloader is a stand-in.
ADDRESS = "http://127.0.0.1:9/photo.jpg"


class Fetched(Exception):
    """The downloader was asked."""


def run(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], Path]:
    """Look an address up with stand-ins; what was open then, and the folder for what is downloaded."""
    downloader = parts.part("downloader")

    async def picture(*_question: object) -> None:
        raise Fetched

    monkeypatch.setattr(downloader, "picture", picture, raising=False)
    monkeypatch.setattr("assets.http.Downloader", lambda *_options: downloader)
    monkeypatch.setattr("assets.queries.Inspector", lambda _workers: parts.part("inspector"))
    reader = QueryReader(QueryOptions())

    async def work() -> list[str]:
        async with reader:
            with pytest.raises(Fetched):
                await reader.address(ADDRESS)
            return list(parts.open)

    try:
        return asyncio.run(work()), Path(reader._folder.name)
    except Trouble as trouble:
        trouble.add_note(reader._folder.name)
        raise


def test_connections_are_opened_with_the_first_address(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _folder = run(Parts(), monkeypatch)
    assert found == ["inspector", "downloader"]


def test_what_it_downloaded_is_gone_when_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    _found, folder = run(Parts(), monkeypatch)
    assert not folder.exists()


@pytest.mark.parametrize("failing", ["close inspector", "close downloader"])
def test_all_are_closed_when_one_fails_to(failing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = Parts(failing)
    with pytest.raises(Trouble):
        run(parts, monkeypatch)
    assert parts.open == []


@pytest.mark.parametrize("failing", ["close inspector", "close downloader"])
def test_the_error_of_the_one_that_fails_to_close_comes_out(
    failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Trouble, match=failing):
        run(Parts(failing), monkeypatch)


@pytest.mark.parametrize("failing", ["open inspector", "close inspector", "close downloader"])
def test_its_folder_is_gone_whatever_fails(failing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Trouble) as caught:
        run(Parts(failing), monkeypatch)
    assert not Path(caught.value.__notes__[0]).exists()
