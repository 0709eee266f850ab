"""Processes that run one function on one argument at a time, and may die of it without harm to anything else.

One process a slot, each with its own socket, a deadline and a memory limit. A worker that dies or passes its
deadline loses only the argument in hand. Each is a new interpreter: a process with an event loop and threads
must not be forked, and `multiprocessing` would import the main module again.
"""

from __future__ import annotations

import asyncio
import importlib
import io
import json
import os
import pickle
import resource
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from types import TracebackType
from typing import Any, Self

from assets import model
from assets.errors import WorkerDied, WorkerTimeout

# The largest allowed pictures take 1 to 5 s of a core; what takes longer than this was made to take long.
DEADLINE_SECONDS = 10.0

# Interpreter and libraries map 0.2 GiB, the pixels of the largest allowed picture 0.8. The decoder of WebP
# holds a picture several times over: there this limit is reached at some 120 megapixels.
MEMORY_BYTES = 2 * 1024**3

# Importing NumPy and Pillow takes 0.2 s on an idle machine; this is for a very busy one.
START_SECONDS = 60.0

# A start fails when the machine is out of memory or processes for a moment, or for good.
START_ATTEMPTS = 3

# How much later than its pool would stop it a worker ends by itself, should the pool be gone.
OWN_DEADLINE_SLACK_SECONDS = 1.0

# An answer has a few kilobytes; a longer one comes from a worker that something has taken over.
MAX_MESSAGE_BYTES = 16 * 1024 * 1024

_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from assets import workers; workers.serve()"
)

# Each library would start a thread a core and map memory for each thread.
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

_LENGTH = struct.Struct("!I")


class WorkerPool:
    """Runs a function in worker processes; an async context manager.

    The function is found again by its module and name, and answers with plain values or with those of
    `assets.model`; as a text `module:name` it need not be imported here. Processes start when they are first needed.
    """

    def __init__(
        self,
        function: Callable[[str], object] | str,
        slots: int,
        deadline_seconds: float = DEADLINE_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        module, name = _found_by(function)
        self._deadline_seconds = deadline_seconds
        own_deadline = deadline_seconds + OWN_DEADLINE_SLACK_SECONDS
        self._arguments = (module, name, str(own_deadline), str(memory_bytes))
        self._free = asyncio.Semaphore(slots)
        # A stack: few pictures start few processes.
        self._idle: list[_Worker] = []
        self._started: set[_Worker] = set()
        self._prepared: list[_Worker] = []
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closed = True
        self._idle.clear()
        for worker in self._started:
            worker.stop()
        await asyncio.gather(*(asyncio.to_thread(worker.reap) for worker in self._started))

    def prepare(self) -> None:
        """Start a worker before it is needed: while it starts, its pool's process can do other things."""
        # Where none can be started now, the first argument will tell.
        with suppress(OSError):
            worker = _Worker(self._arguments)
            self._started.add(worker)
            self._prepared.append(worker)

    async def run(self, argument: str) -> object:
        """What the function returns for the argument.

        Where the worker dies the argument is tried once more in a new one, then WorkerDied is raised. One
        that passes the deadline raises WorkerTimeout at once.
        """
        async with self._free:
            worker = await self._ready()
            try:
                answer = await worker.ask(argument, self._deadline_seconds)
            except WorkerDied:
                worker = await self._ready()
                answer = await worker.ask(argument, self._deadline_seconds)
            self._idle.append(worker)
            return answer

    async def _ready(self) -> _Worker:
        """A worker that waits for an argument: an idle one, else a new one."""
        while self._idle:
            worker = self._idle.pop()
            if worker.is_running():
                return worker
            worker.stop()
        for _ in range(START_ATTEMPTS - 1):
            # What ended a worker before it had work was not the work.
            with suppress(WorkerDied):
                return await self._start()
        return await self._start()

    async def _start(self) -> _Worker:
        for dead in [worker for worker in self._started if not worker.is_alive]:
            await asyncio.to_thread(dead.reap)
            self._started.discard(dead)
        if self._is_closed:
            raise WorkerDied("the workers were stopped")
        try:
            worker = self._prepared.pop() if self._prepared else _Worker(self._arguments)
        except OSError as error:
            raise WorkerDied(f"no worker can be started: {error.strerror or error}") from error
        self._started.add(worker)
        await worker.wait_until_ready()
        return worker


def _found_by(function: Callable[[str], object] | str) -> tuple[str, str]:
    """The module and the name a worker finds a function by."""
    if isinstance(function, str):
        module, _, name = function.partition(":")
    else:
        module, name = function.__module__, function.__qualname__
    if module == "__main__" or "." in name:
        raise ValueError(f"a worker cannot import {module}.{name}")
    return module, name


class _Worker:
    """One worker process as its pool sees it."""

    def __init__(self, arguments: tuple[str, ...]) -> None:
        self.is_alive = True
        self._is_busy = False
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        # -P: not even the first import may come from the folder the user is in.
        command = [sys.executable, "-P", "-c", _BOOT, json.dumps(sys.path), str(theirs.fileno()), *arguments]
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=(theirs.fileno(),),
                    env={**os.environ, **_ONE_THREAD},
                    # Out of the terminal's reach: what Ctrl-C means is for the pool's process to decide.
                    start_new_session=True,
                )
            except OSError:
                self._socket.close()
                raise

    async def wait_until_ready(self) -> None:
        """Return once the worker can take an argument."""
        try:
            await self._exchange(b"", START_SECONDS)
        except WorkerTimeout as error:
            raise WorkerDied(f"a worker did not start within {START_SECONDS:g} s") from error

    async def ask(self, argument: str, deadline_seconds: float) -> object:
        """What the function returns for the argument."""
        answer = await self._exchange(_framed(os.fsencode(argument)), deadline_seconds)
        try:
            return _Answers(io.BytesIO(answer)).load()
        # Nothing can be said of what a worker that was taken over sends.
        except Exception as error:
            self.stop()
            raise WorkerDied(f"a worker's answer cannot be read: {error}") from error

    async def _exchange(self, message: bytes, seconds: float) -> bytes:
        """Send a message and wait for the next one; whatever goes wrong ends the worker."""
        self._is_busy, answered = True, False
        try:
            async with asyncio.timeout(seconds):
                await asyncio.get_running_loop().sock_sendall(self._socket, message)
                answer = await self._receive()
            answered = True
            return answer
        except TimeoutError as error:
            raise WorkerTimeout(f"not done after {seconds:g} s") from error
        except (OSError, EOFError) as error:
            self._process.kill()
            raise await asyncio.to_thread(self._post_mortem) from error
        finally:
            self._is_busy = False
            if not answered:
                self.stop()

    async def _receive(self) -> bytes:
        (length,) = _LENGTH.unpack(await self._receive_exactly(_LENGTH.size))
        if length > MAX_MESSAGE_BYTES:
            raise EOFError("a message that cannot be an answer")
        return await self._receive_exactly(length)

    async def _receive_exactly(self, length: int) -> bytes:
        loop = asyncio.get_running_loop()
        message = b""
        while len(message) < length:
            part = await loop.sock_recv(self._socket, length - len(message))
            if not part:
                raise EOFError("the worker closed its socket")
            message += part
        return message

    def _post_mortem(self) -> WorkerDied | WorkerTimeout:
        code = self._process.wait()
        if code == -signal.SIGALRM:
            return WorkerTimeout("not done in time")
        return WorkerDied(f"the worker died: {f'signal {-code}' if code < 0 else f'exit status {code}'}")

    def is_running(self) -> bool:
        """Whether nothing has ended the process."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the process; one that is waited for is then seen to be dead by who waits."""
        self.is_alive = False
        self._process.kill()
        if not self._is_busy:
            self._socket.close()

    def reap(self) -> None:
        """Wait until a stopped process is gone."""
        self._process.wait()


class _Answers(pickle.Unpickler):
    """Reads plain values and those of `assets.model`: a hostile picture may have taken the worker over."""

    def find_class(self, module: str, name: str) -> object:
        found = vars(model).get(name)
        if module == model.__name__ and isinstance(found, type) and found.__module__ == module:
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed")


class _Writer(pickle.Pickler):
    """Writes enum members by their class and value; some Pythons would name `getattr`, which is not read."""

    def reducer_override(self, value: object) -> Any:  # noqa: ANN401 - as pickle has it
        """How a value is written; NotImplemented leaves that to pickle."""
        return (type(value), (value.value,)) if isinstance(value, Enum) else NotImplemented


def _pickled(answer: object) -> bytes:
    buffer = io.BytesIO()
    _Writer(buffer).dump(answer)
    return buffer.getvalue()


def _framed(message: bytes) -> bytes:
    return _LENGTH.pack(len(message)) + message


# Inside a worker


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
        pool.sendall(_framed(b"ready"))
        while True:
            argument = os.fsdecode(_receive(pool))
            # SIGALRM ends the process, also in the midst of a decoder's C code.
            signal.setitimer(signal.ITIMER_REAL, float(deadline_seconds))
            answer = function(argument)
            signal.setitimer(signal.ITIMER_REAL, 0)
            pool.sendall(_framed(_pickled(answer)))


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
    (length,) = _LENGTH.unpack(_receive_exactly(pool, _LENGTH.size))
    return _receive_exactly(pool, length)


def _receive_exactly(pool: socket.socket, length: int) -> bytes:
    message = b""
    while len(message) < length:
        part = pool.recv(length - len(message))
        if not part:
            raise EOFError("the pool is gone")
        message += part
    return message
