"""What any place for originals must do. Another one joins by one line in `PLACES`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from memory_originals import MemoryOriginals
from pictures import jpeg_bytes, photo
from s3_server import S3Server

from assets.originals.base import OriginalStore, StoredFile
from assets.originals.bucket import BucketOriginals
from assets.originals.local import LocalOriginals

PLACES: dict[str, Callable[[Path], OriginalStore] | None] = {
    "a folder": lambda folder: LocalOriginals(folder / "originals"),
    "plain": lambda folder: MemoryOriginals(folder / "spool"),
    # It needs a server.
    "a bucket": None,
}

JPEG = jpeg_bytes(photo(1, 60, 40))
SHA256 = hashlib.sha256(JPEG).hexdigest()
NAME = f"{SHA256[:2]}/{SHA256}.jpg"


@pytest.fixture(params=PLACES)
def originals(request: pytest.FixtureRequest, tmp_path: Path) -> OriginalStore:
    if (place := PLACES[request.param]) is not None:
        return place(tmp_path)
    server: S3Server = request.getfixturevalue("s3_server")
    return BucketOriginals(server.new_address(), tmp_path)


def kept(originals: OriginalStore, body: bytes = JPEG) -> Path:
    with originals.incoming() as incoming:
        incoming.write(body)
        return originals.keep(incoming)


def test_what_was_kept_is_found_by_its_digest(originals: OriginalStore) -> None:
    kept(originals)
    found = originals.path_of(SHA256)
    assert found is not None
    assert found.read_bytes() == JPEG


def test_keeping_tells_a_path_with_the_bytes_whose_last_parts_are_the_name(originals: OriginalStore) -> None:
    path = kept(originals)
    assert path.read_bytes() == JPEG
    assert f"{path.parent.name}/{path.name}" == NAME


def test_what_was_never_kept_is_not_found(originals: OriginalStore) -> None:
    assert originals.path_of(SHA256) is None
    assert originals.path_of("no digest") is None


def test_who_only_asks_whether_it_is_there_is_told(originals: OriginalStore) -> None:
    assert not originals.holds(SHA256)
    kept(originals)
    assert (originals.holds(SHA256), originals.holds("no digest")) == (True, False)


def test_what_comes_in_and_is_not_kept_is_gone(originals: OriginalStore) -> None:
    with originals.incoming() as incoming:
        incoming.write(JPEG)
        path = incoming.path
        assert path.read_bytes() == JPEG
    assert not path.exists()
    assert list(originals.list_files()) == []


def test_equal_bytes_lie_there_once(originals: OriginalStore) -> None:
    assert kept(originals) == kept(originals)
    assert list(originals.list_files()) == [StoredFile(NAME, SHA256)]


def test_what_is_kept_is_told_by_name_and_digest_in_order(originals: OriginalStore) -> None:
    bodies = [jpeg_bytes(photo(seed, 40, 30)) for seed in range(4)]
    for body in bodies:
        kept(originals, body)
    names = [one.name for one in originals.list_files()]
    assert names == sorted(names)
    assert {one.sha256 for one in originals.list_files()} == {
        hashlib.sha256(body).hexdigest() for body in bodies
    }


def test_the_digest_of_what_lies_there_is_that_of_its_bytes(originals: OriginalStore) -> None:
    kept(originals)
    assert originals.digest_of(NAME) == SHA256
    assert originals.digest_of("5f/none.jpg") == ""


def test_what_is_set_aside_is_an_original_no_more_and_told_where_it_is(originals: OriginalStore) -> None:
    kept(originals)
    assert originals.set_aside(NAME) == f"set-aside/{NAME}"
    assert originals.path_of(SHA256) is None
    assert list(originals.list_files()) == []


def test_what_is_set_aside_twice_does_not_take_the_place_of_the_first(originals: OriginalStore) -> None:
    kept(originals)
    first = originals.set_aside(NAME)
    kept(originals)
    assert originals.set_aside(NAME) == f"{first}.1"


def test_what_was_left_unfinished_is_cleared(originals: OriginalStore) -> None:
    with originals.incoming() as incoming:
        incoming.write(JPEG)
        assert originals.clear_incoming() == 1
        assert originals.clear_incoming() == 0
