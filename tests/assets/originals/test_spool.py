from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from assets.errors import OriginalsError
from assets.originals.spool import Spool

# Another writer of the machine, that says when it has begun and waits to be killed.
WRITER = """
import sys
from pathlib import Path
from assets.originals.spool import Spool
with Spool(Path(sys.argv[1])).incoming() as incoming:
    incoming.write(b"half")
    print(incoming.path, flush=True)
    sys.stdin.read()
"""


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.part"))


def start_writer(folder: Path) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_what_comes_in_lies_in_a_folder_of_its_writer_and_is_gone_at_the_end(tmp_path: Path) -> None:
    one, other = Spool(tmp_path), Spool(tmp_path)
    with one.incoming() as first, one.incoming() as second, other.incoming() as third:
        assert first.path.parent == second.path.parent != third.path.parent
        first.write(b"bytes")
        assert first.path.read_bytes() == b"bytes"
    assert files(tmp_path) == []


def test_a_writer_that_lives_loses_nothing(tmp_path: Path) -> None:
    process, path = start_writer(tmp_path)
    try:
        assert Spool(tmp_path).clear() == 0
        assert path.read_bytes() == b"half"
    finally:
        end(process)


def test_what_a_killed_writer_left_is_swept_with_its_folder(tmp_path: Path) -> None:
    process, path = start_writer(tmp_path)
    end(process)
    assert path.exists()
    assert Spool(tmp_path).clear() == 1
    assert [one.name for one in tmp_path.iterdir()] == ["lock"]


def test_a_writer_of_the_same_process_loses_nothing_either(tmp_path: Path) -> None:
    with Spool(tmp_path).incoming() as incoming:
        incoming.write(b"bytes")
        assert Spool(tmp_path).clear() == 0
        assert incoming.path.read_bytes() == b"bytes"


def test_a_writer_clears_what_it_has_itself_and_goes_on(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    with spool.incoming():
        assert spool.clear() == 1
    with spool.incoming() as incoming:
        incoming.write(b"bytes")
        assert incoming.path.exists()


def test_a_writer_that_ends_takes_its_folder_with_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    with spool.incoming():
        pass
    assert len(list(tmp_path.iterdir())) == 3
    del spool
    gc.collect()
    assert [one.name for one in tmp_path.iterdir()] == ["lock"]


def test_who_writes_nothing_makes_no_folder(tmp_path: Path) -> None:
    assert Spool(tmp_path / "spool").clear() == 0
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(OriginalsError, match="file/spool: Not a directory"),
        Spool(tmp_path / "file/spool").incoming(),
    ):
        pass
