"""Documents read in worker processes, with a deadline and a memory limit: what a page does to a parser stays there."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from assets.errors import WorkerDied, WorkerTimeout
from assets.model import Failure, Reason, Stage
from assets.workers import Executor, WorkerPool

# By name: parsers take 0.2 s to import, which is the workers' business alone.
ANSWER = "assets.documents.tasks:answer"

# The largest story takes 1 s of a core, and what holds much comes in pieces; what takes longer was made to take long.
DEADLINE_SECONDS = 20.0

# Interpreter and parsers map 0.1 GiB, and what is known of a page's elements takes some 15 times its length; the
# largest stories have 10 MB.
MEMORY_BYTES = 512 * 1024**2

# The largest file that is read, an export of 512 MiB, is held twice while its broken characters are mended.
MEMORY_BYTES_OF_FILES = 3 * 1024**3

# One that takes long does not hold up the others; reading pages takes a tenth of what their pictures take.
SLOTS = 2


class DocumentWorkers:
    """Runs tasks in worker processes, which start when first needed; an async context manager.

    Each of `slots` documents at a time has a worker to itself until it is read.
    """

    def __init__(
        self,
        slots: int = SLOTS,
        deadline_seconds: float = DEADLINE_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        # A document that comes in pieces is gone on with by the worker that began it: a pool of one each.
        self._pools = [WorkerPool(ANSWER, 1, deadline_seconds, memory_bytes) for _ in range(slots)]
        # The one used last is taken first, so that a second one starts only when there is work for two.
        self._free: asyncio.LifoQueue[Executor] = asyncio.LifoQueue()
        self._opened = AsyncExitStack()
        self._folder = Path()

    @classmethod
    def for_files(cls) -> Self:
        """For files that the user gave, which are read one after another and may be larger than what is sent."""
        return cls(slots=1, memory_bytes=MEMORY_BYTES_OF_FILES)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            folder = tempfile.TemporaryDirectory(prefix="photodesk-", ignore_cleanup_errors=True)
            self._folder = Path(opening.enter_context(folder))
            for pool in self._pools:
                await opening.enter_async_context(pool)
            self._opened = opening.pop_all()
        for pool in reversed(self._pools):
            self._free.put_nowait(pool)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._opened.__aexit__(kind, error, trace)

    def prepare(self) -> None:
        """Start a process before it is needed."""
        self._pools[0].prepare()

    async def run(self, task: str, body: bytes, options: Mapping[str, str]) -> AsyncGenerator[object, None]:
        """The parts that a task finds in a body, then a failure where the worker did not come to its end."""
        pool = await self._free.get()
        path = self._folder / str(id(pool))
        try:
            await asyncio.to_thread(path.write_bytes, body)
            argument = json.dumps({"task": task, "path": str(path), "options": dict(options)})
            while argument:
                key, parts = _check(await pool.run(argument))
                argument = json.dumps({"key": key}) if key else ""
                for part in parts:
                    yield part
        except WorkerTimeout as error:
            yield Failure(Stage.READ, Reason.READ_TIMEOUT, "", str(error))
        except WorkerDied as error:
            yield Failure(Stage.READ, Reason.READ_CRASHED, "", str(error))
        except OSError as error:
            detail = f"it cannot be handed to a worker: {error.strerror or error}"
            yield Failure(Stage.READ, Reason.UNREADABLE, "", detail)
        finally:
            path.unlink(missing_ok=True)
            self._free.put_nowait(pool)


def _check(answer: object) -> tuple[str, list[object]]:
    match answer:
        case (str(key), list(parts)):
            return key, parts
    raise WorkerDied(f"a worker answered {type(answer).__name__}")
