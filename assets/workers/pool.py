"""Processes that run one function on one argument at a time, and may die of it without harm to anything else.

One process a slot, each with its own socket, a deadline and a memory limit. A worker that dies or passes its
deadline loses only the argument in hand. Each is a new interpreter: a process with an event loop and threads
must not be forked, and `multiprocessing` would import the main module again.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from assets.errors import WorkerDied, WorkerTimeout
from assets.workers.process import LENGTH, answer_of, frame_message

# The largest allowed pictures take 1 to 5 s of a core; what takes longer than this was made to take long.
DEADLINE_SECONDS = 10.0

# Interpreter and libraries map 0.2 GiB, the pixels of the largest allowed picture 0.8. The decoder of WebP
# holds a picture several times over: there this limit is reached at some 120 megapixels.
MEMORY_BYTES = 2 * 1024**3

# Importing NumPy and Pillow takes 0.2 s on an idle machine; this is for a very busy one.
START_SECONDS = 60.0

# A start fails when the machine is out of memory or processes for a moment, or for good.
START_ATTEMPTS = 3

# An argument whose worker died is tried once more: something else may have killed it.
TRIES = 2

# How much later than its pool would stop it a worker ends by itself, should the pool be gone.
OWN_DEADLINE_SLACK_SECONDS = 1.0

# An answer has a few kilobytes; a longer one comes from a worker that something has taken over.
MAX_MESSAGE_BYTES = 16 * 1024 * 1024

# Read at a time of what a worker had sent before it ended.
LAST_BYTES = 64 * 1024

_BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from assets.workers.process import serve; serve()"

# Each library would start a thread a core, map memory for each thread, and have threads wait for each other.
_ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1"
)

logger = logging.getLogger(__name__)


class WorkerPool:
    """Runs a function in worker processes; an async context manager.

    The function is found again by its module and name, and answers with plain values or with those of
    `assets.model`; as a text `module:name` it need not be imported here. Processes start when they are first needed.

    A busy worker is handed `ahead` more arguments, so that it need not wait for its pool in between. They are its own
    from then on: one that another worker could begin earlier waits all the same.
    """

    def __init__(
        self,
        function: Callable[[str], object] | str,
        slots: int,
        deadline_seconds: float = DEADLINE_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        *,
        ahead: int = 0,
    ) -> None:
        module, name = _locate_function(function)
        self._deadline_seconds = deadline_seconds
        own_deadline = deadline_seconds + OWN_DEADLINE_SLACK_SECONDS
        self._arguments = (module, name, str(own_deadline), str(memory_bytes))
        self._slots = slots
        self._free = asyncio.Semaphore(slots * (1 + ahead))
        self._started: list[_Worker] = []
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closed = True
        for worker in self._started:
            worker.stop()
        await asyncio.gather(*(worker.wait_gone() for worker in self._started))

    def prepare(self) -> None:
        """Start a worker before it is needed: while it starts, its pool's process can do other things."""
        # Where none can be started now, the first argument will tell.
        with suppress(OSError):
            self._started.append(_Worker(self._arguments, self._deadline_seconds))

    async def run(self, argument: str) -> object:
        """What the function returns for the argument.

        Where the worker dies the argument is tried once more in a new one, then WorkerDied is raised. One
        that passes the deadline raises WorkerTimeout at once.
        """
        async with self._free:
            tries = 0
            while True:
                worker = await self._choose_ready()
                try:
                    return await worker.ask(argument)
                except _NotReached:
                    # What the worker died of was the argument before.
                    continue
                except WorkerDied as error:
                    tries += 1
                    if tries == TRIES:
                        raise
                    self._log("what it had in hand is tried once more", error)

    async def _choose_ready(self) -> _Worker:
        """A worker that takes arguments, chosen to be given one."""
        for _ in range(START_ATTEMPTS - 1):
            # What ended a worker before it had work was not the work.
            try:
                return await self._choose()
            except WorkerDied as error:
                self._log("another worker is started", error)
        return await self._choose()

    async def _choose(self) -> _Worker:
        """The worker with least in hand: an idle one, else a new one as long as there may be more, else a busy one."""
        for worker in self._started:
            if not worker.in_hand and not worker.is_running():
                worker.stop()
        for worker in [worker for worker in self._started if not worker.is_alive]:
            await worker.wait_gone()
            # Others may have waited for it too; who is cancelled meanwhile leaves it to them, and to the end.
            if worker in self._started:
                self._started.remove(worker)
        if self._is_closed:
            raise WorkerDied("the workers were stopped")
        alive = [worker for worker in self._started if worker.is_alive]
        chosen = min(alive, key=lambda one: one.in_hand, default=None)
        if chosen is None or (chosen.in_hand and len(alive) < self._slots):
            chosen = self._start_another()
        chosen.in_hand += 1
        try:
            await chosen.wait_started()
        except BaseException:
            chosen.in_hand -= 1
            raise
        return chosen

    def _log(self, remedy: str, error: WorkerDied) -> None:
        # At its end a pool stops its workers itself.
        if not self._is_closed:
            logger.warning("%s:%s: %r; %s", *self._arguments[:2], error, remedy)

    def _start_another(self) -> _Worker:
        try:
            worker = _Worker(self._arguments, self._deadline_seconds)
        except OSError as error:
            raise WorkerDied(f"no worker can be started: {error.strerror or error}") from error
        self._started.append(worker)
        return worker


def _locate_function(function: Callable[[str], object] | str) -> tuple[str, str]:
    """The module and the name a worker finds a function by."""
    if isinstance(function, str):
        module, _, name = function.partition(":")
    else:
        module, name = function.__module__, function.__qualname__
    if module == "__main__" or "." in name:
        raise ValueError(f"a worker cannot import {module}.{name}")
    return module, name


class _NotReached(Exception):
    """The worker ended before it came to the argument."""


class _Ended(Exception):
    """The worker's socket was closed while it had the argument in hand."""


class _Worker(asyncio.Protocol):
    """One worker process as its pool sees it: answers come in the order of the arguments."""

    def __init__(self, arguments: tuple[str, ...], deadline_seconds: float) -> None:
        self.is_alive = True
        # Arguments that were given to it, or are about to be.
        self.in_hand = 0
        self._expected: deque[asyncio.Future[bytes]] = deque()
        self._received = bytearray()
        self._start: asyncio.Task[None] | None = None
        self._transport: asyncio.WriteTransport | None = None
        self._deadline_seconds = deadline_seconds
        self._seconds = START_SECONDS
        self._alarm: asyncio.TimerHandle | None = None
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

    async def wait_started(self) -> None:
        """Return once the worker takes arguments; WorkerDied where it does not come to that."""
        if self._start is None:
            self._start = asyncio.create_task(self._begin())
        # Whoever waits may be cancelled; the worker starts for others too.
        await asyncio.shield(self._start)

    async def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_connection(lambda: self, sock=self._socket)
        try:
            await self._answer()
        except WorkerTimeout as error:
            raise WorkerDied(f"a worker did not start within {START_SECONDS:g} s") from error
        self._seconds = self._deadline_seconds

    async def ask(self, argument: str) -> object:
        """What the function returns for the argument; the deadline counts from when the worker comes to it."""
        try:
            if not self.is_alive or self._transport is None:
                raise _NotReached
            self._transport.write(frame_message(os.fsencode(argument)))
            answer = await self._answer()
        finally:
            self.in_hand -= 1
        try:
            return answer_of(answer)
        # Nothing can be said of what a worker that was taken over sends.
        except Exception as error:
            self.stop()
            raise WorkerDied(f"a worker's answer cannot be read: {error}") from error

    async def _answer(self) -> bytes:
        """The next message that nobody else waits for."""
        expected: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._expected.append(expected)
        if len(self._expected) == 1:
            self._set_alarm()
        try:
            return await expected
        except _Ended:
            raise await asyncio.to_thread(self._post_mortem) from None
        except asyncio.CancelledError:
            # Nobody wants what it works on; one that it has not come to is answered to nobody.
            if self._expected and self._expected[0] is expected:
                self.stop()
            raise

    # What the event loop tells

    def data_received(self, data: bytes) -> None:
        """Take in a part of an answer, or several."""
        self._received += data
        while len(self._received) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._received)
            if length > MAX_MESSAGE_BYTES or not self._expected:
                self._end(WorkerDied("the worker sent what cannot be an answer"))
                return
            end = LENGTH.size + length
            if len(self._received) < end:
                return
            message = bytes(self._received[LENGTH.size : end])
            del self._received[:end]
            expected = self._expected.popleft()
            self._set_alarm()
            if not expected.done():
                expected.set_result(message)

    def connection_lost(self, error: Exception | None) -> None:
        """Tell those who wait that nothing more will come."""
        self._take_last()
        self._end(_Ended())

    def _take_last(self) -> None:
        """Take in what was answered before the end: of a socket that was reset that is told before what lies there."""
        with suppress(OSError):
            while self._expected and (data := self._socket.recv(LAST_BYTES)):
                self.data_received(data)

    def _set_alarm(self) -> None:
        """Count the seconds of what the worker now comes to."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = None
        if self._expected:
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(self._seconds, self._time_out)

    def _time_out(self) -> None:
        self._end(WorkerTimeout(f"not done after {self._seconds:g} s"))

    def _end(self, error: Exception) -> None:
        """End the process; the argument in hand ends with the error, the others were not reached."""
        self.is_alive = False
        self._process.kill()
        expected, self._expected = self._expected, deque()
        self._set_alarm()
        if self._transport is not None:
            self._transport.abort()
        elif self._start is None:
            self._socket.close()
        for place, one in enumerate(expected):
            if not one.done():
                one.set_exception(_NotReached() if place else error)

    def _post_mortem(self) -> WorkerDied | WorkerTimeout:
        code = self._process.wait()
        if code == -signal.SIGALRM:
            return WorkerTimeout("not done in time")
        return WorkerDied(f"the worker died: {f'signal {-code}' if code < 0 else f'exit status {code}'}")

    # Its end

    def is_running(self) -> bool:
        """Whether nothing has ended the process."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the process; one that is waited for is then seen to be dead by who waits."""
        self._end(WorkerDied("the worker was stopped"))

    async def wait_gone(self) -> None:
        """Wait until a stopped process is gone."""
        await asyncio.to_thread(self._process.wait)
        if self._start is not None:
            await asyncio.gather(self._start, return_exceptions=True)
