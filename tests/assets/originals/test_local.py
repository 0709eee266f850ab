from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pictures import encoded, jpeg_bytes, photo

from assets.errors import OriginalsError, SourceNotFound, SourceUnreadable
from assets.originals.base import StoredFile
from assets.originals.incoming import Incoming
from assets.originals.local import LocalOriginals

PICTURE = jpeg_bytes(photo(1, 64, 48))
DIGEST = hashlib.sha256(PICTURE).hexdigest()


def keep(originals: LocalOriginals, body: bytes) -> Path:
    with originals.incoming() as incoming:
        incoming.write(body)
        return originals.keep(incoming)


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_kept_file_lies_under_its_digest(tmp_path: Path) -> None:
    path = keep(LocalOriginals(tmp_path), PICTURE)
    assert path == tmp_path / DIGEST[:2] / f"{DIGEST}.jpg"
    assert path.read_bytes() == PICTURE
    assert files(tmp_path) == [f"{DIGEST[:2]}/{DIGEST}.jpg"]


def test_length_and_digest_are_known_while_bytes_come_in(tmp_path: Path) -> None:
    with LocalOriginals(tmp_path).incoming() as incoming:
        for start in range(0, len(PICTURE), 100):
            incoming.write(PICTURE[start : start + 100])
        assert (incoming.length, incoming.sha256) == (len(PICTURE), DIGEST)
        assert incoming.path.read_bytes() == PICTURE


def test_what_is_not_kept_is_gone(tmp_path: Path) -> None:
    with LocalOriginals(tmp_path).incoming() as incoming:
        incoming.write(PICTURE)
    assert files(tmp_path) == []


def test_what_fails_on_the_way_is_gone(tmp_path: Path) -> None:
    def fail() -> None:
        with LocalOriginals(tmp_path).incoming() as incoming:
            incoming.write(PICTURE)
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        fail()
    assert files(tmp_path) == []


def test_a_body_sent_again_replaces_the_first_try(tmp_path: Path) -> None:
    originals = LocalOriginals(tmp_path)
    with originals.incoming() as incoming:
        incoming.write(b"GIF89a half of something longer" * 100)
        incoming.restart()
        incoming.write(PICTURE)
        assert (incoming.length, incoming.sha256) == (len(PICTURE), DIGEST)
        assert originals.keep(incoming).read_bytes() == PICTURE


def test_equal_bytes_lie_there_once(tmp_path: Path) -> None:
    originals = LocalOriginals(tmp_path)
    first = keep(originals, PICTURE)
    number = first.stat().st_ino
    assert keep(originals, PICTURE) == first
    assert first.stat().st_ino == number
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize("bad", [PICTURE[:100], PICTURE[:100] + b"?" + PICTURE[101:], b""])
def test_a_shortened_or_rotten_original_is_mended_by_its_bytes(tmp_path: Path, bad: bytes) -> None:
    originals = LocalOriginals(tmp_path)
    path = keep(originals, PICTURE)
    path.write_bytes(bad)
    assert keep(originals, PICTURE) == path
    assert path.read_bytes() == PICTURE
    assert len(files(tmp_path)) == 1


def test_a_link_in_an_original_s_place_is_replaced_and_what_it_leads_to_left_alone(tmp_path: Path) -> None:
    originals = LocalOriginals(tmp_path / "o")
    path = keep(originals, PICTURE)
    mine = tmp_path / "mine.jpg"
    mine.write_bytes(b"?" * len(PICTURE))
    path.unlink()
    path.symlink_to(mine)
    assert keep(originals, PICTURE) == path
    assert (path.is_symlink(), path.read_bytes(), mine.read_bytes()) == (False, PICTURE, b"?" * len(PICTURE))


@pytest.mark.parametrize(
    ("body", "extension"),
    [
        (PICTURE, ".jpg"),
        (encoded(photo(1, 8, 8), "PNG"), ".png"),
        (encoded(photo(1, 8, 8), "GIF"), ".gif"),
        (encoded(photo(1, 8, 8), "WEBP"), ".webp"),
        (encoded(photo(1, 8, 8), "AVIF"), ".avif"),
        (encoded(photo(1, 8, 8), "TIFF"), ".tif"),
        (encoded(photo(1, 8, 8), "BMP"), ".bmp"),
        (encoded(photo(1, 64, 64), "JPEG2000"), ".jp2"),
        (encoded(photo(1, 64, 64), "ICO"), ".ico"),
        (b"<svg onload='alert(1)'>", ".bin"),
        (b"", ".bin"),
    ],
)
def test_the_extension_comes_from_the_first_bytes(tmp_path: Path, body: bytes, extension: str) -> None:
    assert keep(LocalOriginals(tmp_path), body).suffix == extension


def test_a_kept_file_and_its_name_are_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync: Callable[[int], None] = os.fsync
    settled: list[int] = []

    def noted(descriptor: int) -> None:
        fsync(descriptor)
        settled.append(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", noted)
    with LocalOriginals(tmp_path).incoming() as incoming:
        incoming.write(PICTURE)
        path = LocalOriginals(tmp_path).keep(incoming)
    assert settled == [one.stat().st_ino for one in (path, tmp_path, path.parent)]


def test_originals_have_the_permissions_of_ordinary_files(tmp_path: Path) -> None:
    ordinary = tmp_path / "ordinary"
    ordinary.touch()
    assert keep(LocalOriginals(tmp_path / "o"), PICTURE).stat().st_mode == ordinary.stat().st_mode


def test_an_original_is_found_by_its_digest(tmp_path: Path) -> None:
    originals = LocalOriginals(tmp_path)
    assert originals.path_of(DIGEST) is None
    path = keep(originals, PICTURE)
    assert originals.path_of(DIGEST) == path


@pytest.mark.parametrize("digest", ["", "ab", "../" * 21 + "x", "*" * 64])
def test_what_is_no_digest_finds_nothing(tmp_path: Path, digest: str) -> None:
    keep(LocalOriginals(tmp_path), PICTURE)
    assert LocalOriginals(tmp_path).path_of(digest) is None


def test_leftovers_of_a_killed_run_are_removed_and_nothing_else(tmp_path: Path) -> None:
    originals = LocalOriginals(tmp_path)
    assert originals.clear_incoming() == 0
    path = keep(originals, PICTURE)
    (tmp_path / "incoming" / "left.part").write_bytes(b"half")
    (tmp_path / "incoming" / "somebody's notes").touch()
    assert originals.clear_incoming() == 1
    assert files(tmp_path) == sorted([path.relative_to(tmp_path).as_posix(), "incoming/somebody's notes"])


def test_what_is_no_original_is_listed_as_a_stray_or_as_unfinished(tmp_path: Path) -> None:
    keep(LocalOriginals(tmp_path), PICTURE).rename(tmp_path / f"{DIGEST}.jpg")
    (tmp_path / "incoming" / "left.part").touch()
    listed = {file.name: file for file in LocalOriginals(tmp_path).list_files()}
    left = "incoming/left.part"
    assert listed == {
        f"{DIGEST}.jpg": StoredFile(f"{DIGEST}.jpg"),
        left: StoredFile(left, is_unfinished=True),
    }


# Local files


def test_a_local_file_is_copied_in(tmp_path: Path) -> None:
    source = tmp_path / "source.png"
    source.write_bytes(PICTURE)
    assert LocalOriginals(tmp_path / "o").import_file(source, 10**6) == (DIGEST, len(PICTURE))
    assert source.read_bytes() == PICTURE
    assert files(tmp_path / "o") == [f"{DIGEST[:2]}/{DIGEST}.jpg"]


def copy(source: Path, folder: Path, max_bytes: int = 10**6) -> None:
    with LocalOriginals(folder).incoming() as incoming:
        incoming.copy_from(source, max_bytes)


def test_a_local_file_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match=r"gone\.jpg: no such file"):
        copy(tmp_path / "gone.jpg", tmp_path / "o")


def test_a_local_file_over_the_cap_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "source.jpg"
    source.write_bytes(PICTURE)
    copy(source, tmp_path / "o", max_bytes=len(PICTURE))
    with pytest.raises(SourceUnreadable, match="more than 100 bytes"):
        copy(source, tmp_path / "o", max_bytes=100)


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(SourceUnreadable, match="not a regular file"):
        copy(tmp_path / "pipe.jpg", tmp_path / "o")


def test_a_local_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source.jpg"
    source.write_bytes(PICTURE)
    write = Incoming.write

    def write_while_it_grows(self: Incoming, data: bytes) -> None:
        write(self, data)
        if self.length == len(PICTURE):
            source.write_bytes(PICTURE[:-1] + b"?")
            os.utime(source, ns=(0, 0))

    monkeypatch.setattr(Incoming, "write", write_while_it_grows)
    with pytest.raises(SourceUnreadable, match="changed while it was read"):
        copy(source, tmp_path / "o")


# Faults


def test_a_folder_that_cannot_be_written_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(OriginalsError, match=r"file/incoming/\w+\.part: Not a directory"),
        LocalOriginals(tmp_path / "file").incoming(),
    ):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        incoming = Incoming(Path("/dev/full"), full)
        with pytest.raises(OriginalsError, match="/dev/full: No space left on device"):
            incoming.write(b"GIF89a")
        assert incoming.length == 0


def test_in_a_shared_folder_only_what_was_abandoned_goes(tmp_path: Path) -> None:
    originals = LocalOriginals(tmp_path, is_shared=True)
    with originals.incoming() as mine:
        left = mine.path.with_name(f"left{mine.path.suffix}")
        left.touch()
        os.utime(left, (0, 0))
        assert [file.name for file in originals.list_files()] == [f"incoming/{left.name}"]
        assert originals.clear_incoming() == 1
        assert mine.path.exists()
