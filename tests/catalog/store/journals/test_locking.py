"""One process at a time holds a lock, and the others are told which."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from catalog.errors import CatalogLocked, CatalogUnwritable
from catalog.store.journals.durable_files import acquire_lock

HOLDER = """
import sys
from pathlib import Path
from catalog.store.journals.durable_files import acquire_lock
lock = acquire_lock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_lock_is_held(tmp_path: Path) -> None:
    lock = acquire_lock(tmp_path / "j")
    assert lock.is_locked
    lock.release()


def test_a_lock_is_a_file_beside_the_other(tmp_path: Path) -> None:
    acquire_lock(tmp_path / "j.jsonl").release()
    assert [path.name for path in tmp_path.iterdir()] == ["j.jsonl.lock"]


def test_the_file_says_which_process_holds_it_since_when(tmp_path: Path) -> None:
    lock = acquire_lock(tmp_path / "j")
    told = (tmp_path / "j.lock").read_text()
    lock.release()
    assert re.fullmatch(rf"process {os.getpid()} since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d", told)


def test_who_comes_second_is_told_who_holds_it(tmp_path: Path) -> None:
    lock = acquire_lock(tmp_path / "j")
    with pytest.raises(CatalogLocked, match=rf"^{tmp_path}: in use by process {os.getpid()} since "):
        acquire_lock(tmp_path / "j")
    lock.release()


def test_the_holder_is_known_to_who_comes_second(tmp_path: Path) -> None:
    lock = acquire_lock(tmp_path / "j")
    (tmp_path / "j.lock").write_text("process 7")
    with pytest.raises(CatalogLocked) as caught:
        acquire_lock(tmp_path / "j")
    lock.release()
    assert caught.value.holder == "process 7"


def test_a_holder_that_has_not_said_who_it_is_is_another_process(tmp_path: Path) -> None:
    lock = acquire_lock(tmp_path / "j")
    (tmp_path / "j.lock").write_text("")
    with pytest.raises(CatalogLocked, match=r"in use by another process$"):
        acquire_lock(tmp_path / "j")
    lock.release()


def test_a_holder_told_in_no_utf_8_is_told_all_the_same(tmp_path: Path) -> None:
    lock = acquire_lock(tmp_path / "j")
    (tmp_path / "j.lock").write_bytes(b"process \xff")
    with pytest.raises(CatalogLocked, match=r"in use by process \ufffd$"):
        acquire_lock(tmp_path / "j")
    lock.release()


def test_a_lock_that_was_let_go_is_taken_again(tmp_path: Path) -> None:
    acquire_lock(tmp_path / "j").release()
    acquire_lock(tmp_path / "j").release()


def test_what_a_former_holder_said_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "j.lock").write_text("process 7 since long ago, and more than fits into what comes now")
    lock = acquire_lock(tmp_path / "j")
    told = (tmp_path / "j.lock").read_text()
    lock.release()
    assert told.startswith(f"process {os.getpid()} since ")
    assert "more than fits" not in told


def test_a_lock_of_one_thread_is_let_go_in_another(tmp_path: Path) -> None:
    lock = acquire_lock(tmp_path / "j")
    thread = Thread(target=lock.release)
    thread.start()
    thread.join()
    acquire_lock(tmp_path / "j").release()


def test_another_process_keeps_this_one_out_until_it_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "j")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(CatalogLocked, match=f"process {holder.pid} since"):
            acquire_lock(tmp_path / "j")
        holder.kill()
    acquire_lock(tmp_path / "j").release()


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "j.lock").mkdir()
    with pytest.raises(CatalogUnwritable, match=rf"^{tmp_path}/j\.lock: "):
        acquire_lock(tmp_path / "j")


def test_a_lock_whose_holder_cannot_be_written_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        with pytest.raises(CatalogUnwritable, match="No space left on device") as caught:
            acquire_lock(tmp_path / "j")
    # While somebody still holds the error, and with it the lock.
    assert caught.value
    acquire_lock(tmp_path / "j").release()
