from __future__ import annotations

import hashlib
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from patience import PATIENCE_SECONDS
from pictures import encoded, jpeg_bytes, photo
from s3_server import S3Server, running

from assets.errors import OriginalsError
from assets.originals import objects
from assets.originals.bucket import BucketOriginals
from assets.originals.cache import BYTES_VARIABLE
from assets.originals.objects import Bucket

PICTURE = jpeg_bytes(photo(1, 64, 48))
DIGEST = hashlib.sha256(PICTURE).hexdigest()
NAME = f"{DIGEST[:2]}/{DIGEST}.jpg"
KEY = f"originals/{NAME}"


@pytest.fixture
def address(s3_server: S3Server) -> str:
    return s3_server.new_address()


@pytest.fixture
def originals(address: str, tmp_path: Path) -> BucketOriginals:
    return BucketOriginals(address, tmp_path / "mine")


def keep(originals: BucketOriginals, body: bytes = PICTURE) -> Path:
    with originals.incoming() as incoming:
        incoming.write(body)
        return originals.keep(incoming)


def names(originals: BucketOriginals) -> list[str]:
    return [one.name for one in originals.list_files()]


def objects_in(address: str) -> list[str]:
    return [one.key for folder in ("originals", "set-aside") for one in Bucket(address).list_below(folder)]


def test_a_kept_original_lies_in_the_bucket_under_its_digest(
    originals: BucketOriginals, address: str
) -> None:
    keep(originals)
    assert objects_in(address) == [KEY]


def test_another_machine_finds_what_was_kept(
    originals: BucketOriginals, address: str, tmp_path: Path
) -> None:
    keep(originals)
    path = BucketOriginals(address, tmp_path / "other").path_of(DIGEST)
    assert path == tmp_path / "other/cache" / NAME
    assert path.read_bytes() == PICTURE


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_an_original_of_any_kind_is_found(
    originals: BucketOriginals, address: str, tmp_path: Path, kind: str
) -> None:
    body = encoded(photo(1, 8, 8), kind)
    path = keep(originals, body)
    found = BucketOriginals(address, tmp_path / "other").path_of(hashlib.sha256(body).hexdigest())
    assert found is not None
    assert found.name == path.name


def test_what_was_kept_is_read_without_the_bucket(originals: BucketOriginals, address: str) -> None:
    path = keep(originals)
    Bucket(address).remove(KEY)
    assert originals.path_of(DIGEST) == path
    assert not originals.holds(DIGEST)


def test_writers_that_race_with_equal_bytes_make_one_object(address: str, tmp_path: Path) -> None:
    def race(number: int) -> Path:
        return keep(BucketOriginals(address, tmp_path / str(number)))

    with ThreadPoolExecutor(8) as threads:
        paths = list(threads.map(race, range(8)))
    assert {path.read_bytes() for path in paths} == {PICTURE}
    assert objects_in(address) == [KEY]


@pytest.mark.parametrize("bad", [PICTURE[:100], PICTURE[:100] + b"?" + PICTURE[101:], b""])
def test_a_shortened_or_rotten_original_is_mended_by_its_bytes(
    originals: BucketOriginals, address: str, bad: bytes
) -> None:
    Bucket(address).replace(KEY, bad)
    assert keep(originals).read_bytes() == PICTURE
    assert originals.digest_of(NAME) == DIGEST


def test_an_original_with_other_bytes_is_told_as_damaged_and_never_handed_out(
    originals: BucketOriginals, address: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Bucket(address).replace(KEY, b"?" * len(PICTURE))
    with caplog.at_level(logging.WARNING):
        assert originals.path_of(DIGEST) is None
    assert f"{address}/{KEY}: damaged" in caplog.text
    assert [path for path in tmp_path.rglob("*") if path.suffix in (".jpg", ".part")] == []
    assert originals.digest_of(NAME) == hashlib.sha256(b"?" * len(PICTURE)).hexdigest()


def test_copies_take_no_more_room_than_they_may(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BYTES_VARIABLE, "1")
    originals = BucketOriginals(address, tmp_path)
    old = keep(originals)
    os.utime(old, (0, 0))
    new = keep(originals, PICTURE + b"other")
    assert (old.exists(), new.exists()) == (False, True)
    assert originals.path_of(DIGEST) == old


def test_what_is_not_kept_is_put_nowhere(originals: BucketOriginals, address: str) -> None:
    with originals.incoming() as incoming:
        incoming.write(PICTURE)
    assert objects_in(address) == []


def test_it_is_told_when_each_was_put(originals: BucketOriginals) -> None:
    keep(originals)
    (file,) = originals.list_files()
    assert file.put_at is not None
    assert file.put_at.tzinfo is not None


def test_what_lies_in_no_original_s_place_is_a_stray(originals: BucketOriginals, address: str) -> None:
    for key in ("originals/notes.txt", f"originals/00/{DIGEST}.jpg", "segments/1"):
        Bucket(address).create(key, b"")
    assert [(one.name, one.sha256) for one in originals.list_files()] == [
        (f"00/{DIGEST}.jpg", ""),
        ("notes.txt", ""),
    ]


def test_what_is_removed_or_set_aside_is_not_read_from_a_copy(originals: BucketOriginals) -> None:
    keep(originals)
    originals.remove(NAME)
    assert originals.path_of(DIGEST) is None
    keep(originals)
    originals.set_aside(NAME)
    assert originals.path_of(DIGEST) is None


def test_a_bucket_that_does_not_answer_says_nothing_of_the_bytes(
    originals: BucketOriginals, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(originals)
    monkeypatch.setattr(objects, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    refused = BucketOriginals(repr(originals).split("'")[1], Path("unused"))
    with pytest.raises(OriginalsError, match="access was refused"):
        refused.digest_of(NAME)


# Kills

# A harvest that is killed at its own hands, before or after the put.
HARVEST = """
import os, signal, sys
from pathlib import Path
from assets.originals import bucket
create = bucket.Bucket.create
def die(self, key, body):
    if sys.argv[3] == "after":
        create(self, key, body)
    os.kill(os.getpid(), signal.SIGKILL)
bucket.Bucket.create = die
originals = bucket.BucketOriginals(sys.argv[1], Path(sys.argv[2]))
with originals.incoming() as incoming:
    incoming.write(Path(sys.argv[4]).read_bytes())
    originals.keep(incoming)
"""


@pytest.mark.parametrize(("moment", "there"), [("before", []), ("after", [NAME])])
def test_what_a_killed_harvest_was_keeping_is_there_whole_or_not_at_all(
    originals: BucketOriginals, address: str, tmp_path: Path, moment: str, there: list[str]
) -> None:
    (tmp_path / "picture.jpg").write_bytes(PICTURE)
    ended = subprocess.run(
        [sys.executable, "-c", HARVEST, address, tmp_path / "mine", moment, tmp_path / "picture.jpg"],
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    assert names(originals) == there
    assert [originals.digest_of(name) for name in there] == [DIGEST] * len(there)
    assert originals.clear_incoming() == 1


@pytest.fixture
def own_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    folder = tmp_path / "server"
    folder.mkdir()
    with running(folder) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


def test_nothing_that_was_kept_is_lost_when_the_server_is_killed(
    own_server: S3Server, tmp_path: Path
) -> None:
    originals = BucketOriginals(own_server.new_address(), tmp_path / "mine")
    kept: list[str] = []
    enough = threading.Event()

    def keep_many(first: int) -> None:
        for number in range(first, first + 60):
            kept.append(keep(originals, PICTURE + b"%d" % number).stem)
            if len(kept) >= 40:
                enough.set()

    with ThreadPoolExecutor(4) as threads:
        keeping = [threads.submit(keep_many, 1000 * number) for number in range(4)]
        assert enough.wait(PATIENCE_SECONDS)
        own_server.kill()
        own_server.start()
        for one in keeping:
            one.result()
    assert len(kept) == 240
    assert [originals.digest_of(f"{sha256[:2]}/{sha256}.jpg") for sha256 in kept] == kept
    assert names(originals) == sorted(f"{sha256[:2]}/{sha256}.jpg" for sha256 in kept)
