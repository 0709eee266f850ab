"""What test_workers has its workers do; a module of its own, so that workers import nothing else."""

from __future__ import annotations

import os
import signal
import sys
import time
from fractions import Fraction
from pathlib import Path

from assets.model import Failure, Reason, Stage


def echo(argument: str) -> object:
    return argument


def pid(argument: str) -> object:
    return os.getpid()


def sleep(argument: str) -> object:
    """Sleep that many seconds, and note each beginning in the file that follows, if one does."""
    seconds, _, notes = argument.partition(" ")
    if notes:
        with Path(notes).open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()}\n")
    time.sleep(float(seconds))
    return os.getpid()


def crash(argument: str) -> object:
    """Die of a signal, unless the argument is `live`."""
    if argument != "live":
        os.kill(os.getpid(), signal.SIGSEGV)
    return argument


def crash_once(flag: str) -> object:
    """Die the first time only."""
    if not Path(flag).exists():
        Path(flag).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def take_memory(count: str) -> object:
    return len(bytearray(int(count)))


def threads(argument: str) -> object:
    """How many threads the libraries of numbers and of pictures use."""
    # Slow to import, which no other worker here needs to wait for.
    import cv2

    return (os.environ["OPENBLAS_NUM_THREADS"], cv2.getNumThreads())


def echo_when(argument: str) -> object:
    """The second word, once there is a file of the first one's path; that it waits says one of its name beside it."""
    path, word = argument.split()
    Path(path).with_name(word).touch()
    while not Path(path).exists():
        time.sleep(0.005)
    return word


def shout(argument: str) -> object:
    os.write(1, b"out")
    os.write(2, b"err")
    sys.stdout.write("out")
    sys.stdout.flush()
    return argument


def value(argument: str) -> object:
    return Failure(Stage.DECODE, Reason.DAMAGED_PICTURE, argument)


def foreign(argument: str) -> object:
    """A value whose unpickling imports a module that the pool does not know."""
    return Fraction(1, 3)
