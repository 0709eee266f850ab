from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assets.errors import OriginalsError
from assets.originals.cache import (
    BYTES_VARIABLE,
    DEFAULT_BYTES,
    HANDED_OUT_SECONDS,
    OriginalCache,
    cache_bytes,
)
from assets.originals.incoming import open_incoming

LATER = HANDED_OUT_SECONDS + 1


class Shelf:
    """A cache with a clock that a test moves on."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.now = 1_800_000_000.0
        self._spool = folder / "spool"
        self.cache = OriginalCache(folder / "cache", max_bytes, lambda: self.now)

    def take(self, body: bytes) -> Path:
        with open_incoming(self._spool) as incoming:
            incoming.write(body)
            return self.cache.take(incoming, name_of(body))

    def find(self, body: bytes) -> Path | None:
        return self.cache.find([name_of(body)], digest_of(body))


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def name_of(body: bytes) -> str:
    return f"{digest_of(body)[:2]}/{digest_of(body)}.jpg"


ONE, TWO, THREE = (bytes([number]) * 100 for number in range(3))


def test_what_was_taken_is_found_by_its_digest(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1000)
    assert shelf.find(ONE) is None
    path = shelf.take(ONE)
    assert path == tmp_path / "cache" / name_of(ONE)
    assert path.read_bytes() == ONE
    assert shelf.find(ONE) == path


def test_another_process_finds_it_too(tmp_path: Path) -> None:
    path = Shelf(tmp_path, 1000).take(ONE)
    assert Shelf(tmp_path, 1000).find(ONE) == path


@pytest.mark.parametrize("bad", [b"", ONE[:50], b"?" * 100])
def test_a_copy_with_other_bytes_is_never_handed_out(tmp_path: Path, bad: bytes) -> None:
    shelf = Shelf(tmp_path, 1000)
    shelf.take(ONE).write_bytes(bad)
    assert shelf.find(ONE) is None
    assert not (tmp_path / "cache" / name_of(ONE)).exists()


def test_those_that_nobody_asked_for_longest_go_first(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 250)
    shelf.take(ONE)
    shelf.now += 1
    shelf.take(TWO)
    shelf.now += 1
    assert shelf.find(ONE) is not None
    shelf.now += LATER
    shelf.take(THREE)
    assert [shelf.find(body) is not None for body in (ONE, TWO, THREE)] == [True, False, True]


def test_what_was_handed_out_a_moment_ago_stays_whatever_room_it_takes(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 100)
    paths = [shelf.take(body) for body in (ONE, TWO, THREE)]
    assert all(path.exists() for path in paths)
    shelf.now += LATER
    shelf.find(TWO)
    shelf.take(ONE)
    assert [path.exists() for path in paths] == [True, True, False]


def test_what_another_process_is_handed_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, other = Shelf(tmp_path, 100), Shelf(tmp_path, 100)
    path = shelf.take(ONE)
    shelf.now += LATER
    other.now = shelf.now
    evict = OriginalCache._evict

    def evict_late(self: OriginalCache, victim: str) -> bool:
        assert other.find(ONE) == path
        return evict(self, victim)

    monkeypatch.setattr(OriginalCache, "_evict", evict_late)
    shelf.take(TWO)
    assert path.read_bytes() == ONE


def test_what_is_dropped_is_gone(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1000)
    shelf.take(ONE)
    shelf.cache.drop(name_of(ONE))
    shelf.cache.drop(name_of(ONE))
    assert shelf.find(ONE) is None


def test_how_much_room_there_is_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(BYTES_VARIABLE, raising=False)
    assert cache_bytes() == DEFAULT_BYTES
    monkeypatch.setenv(BYTES_VARIABLE, "1000")
    assert cache_bytes() == 1000


@pytest.mark.parametrize("told", ["10 GiB", "-1", "1e9", "²"])
def test_what_is_no_number_of_bytes_is_refused(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv(BYTES_VARIABLE, told)
    with pytest.raises(OriginalsError, match="PHOTODESK_CACHE_BYTES"):
        cache_bytes()
