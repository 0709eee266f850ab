"""What runs inside a worker process, and the messages between it and its pool.

A message is its length and its bytes. Arguments are texts, answers are pickled: plain values and those of
`assets.model` and `assets.picture_model`, and nothing else is read.
"""

from __future__ import annotations

import importlib
import io
import os
import pickle
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from typing import Any

from assets import model, picture_model

LENGTH = struct.Struct("!I")


def frame_message(message: bytes) -> bytes:
    """A message as it is sent."""
    return LENGTH.pack(len(message)) + message


def answer_of(message: bytes) -> object:
    """The value in an answer; any exception where it is none that a worker sends by itself."""
    return _Answers(io.BytesIO(message)).load()


class _Answers(pickle.Unpickler):
    """Reads plain values and those of the two models: a hostile picture may have taken the worker over."""

    def find_class(self, module: str, name: str) -> object:
        for words in (model, picture_model):
            found = vars(words).get(name)
            if module == words.__name__ and isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed")


class _Writer(pickle.Pickler):
    """Writes enum members by their class and value; some Pythons would name `getattr`, which is not read."""

    def reducer_override(self, value: object) -> Any:  # noqa: ANN401 - as pickle has it
        """How a value is written; NotImplemented leaves that to pickle."""
        return (type(value), (value.value,)) if isinstance(value, Enum) else NotImplemented


def _pickle_answer(answer: object) -> bytes:
    buffer = io.BytesIO()
    _Writer(buffer).dump(answer)
    return buffer.getvalue()


def serve() -> None:
    """Answer arguments until the pool is gone; what a worker process runs."""
    descriptor, module, name, deadline_seconds, memory_bytes = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit(resource.RLIMIT_AS, int(memory_bytes))
    # A crash must not write gigabytes of memory to disk.
    _limit(resource.RLIMIT_CORE, 0)
    function: Callable[[str], object] = getattr(importlib.import_module(module), name)
    with socket.socket(fileno=int(descriptor)) as pool, suppress(OSError, EOFError):
        _silence()
        pool.sendall(frame_message(b"ready"))
        while True:
            argument = os.fsdecode(_receive(pool))
            # SIGALRM ends the process, also in the midst of a decoder's C code.
            signal.setitimer(signal.ITIMER_REAL, float(deadline_seconds))
            answer = function(argument)
            signal.setitimer(signal.ITIMER_REAL, 0)
            pool.sendall(frame_message(_pickle_answer(answer)))


def _limit(what: int, amount: int) -> None:
    # Not every system knows or allows every limit.
    with suppress(OSError, ValueError):
        resource.setrlimit(what, (amount, amount))


def _silence() -> None:
    """Send standard error nowhere: libtiff and others write their complaints there."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stderr.fileno() if sys.stderr is not None else 2)
    os.close(nowhere)


def _receive(pool: socket.socket) -> bytes:
    (length,) = LENGTH.unpack(_receive_exactly(pool, LENGTH.size))
    return _receive_exactly(pool, length)


def _receive_exactly(pool: socket.socket, length: int) -> bytes:
    message = b""
    while len(message) < length:
        part = pool.recv(length - len(message))
        if not part:
            raise EOFError("the pool is gone")
        message += part
    return message
