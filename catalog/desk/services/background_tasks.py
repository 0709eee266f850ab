"""Work that goes on beside the answers, and that nobody waits for until the desk ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from traceback import format_tb

logger = logging.getLogger(__name__)


def begin(work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
    """The work as a task; what it dies of is logged at once."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_log_fault)
    return task


def _log_fault(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.warning("%s has ended: %r\n%s", task.get_name(), error, lines_of(error))


def lines_of(error: BaseException) -> str:
    """Where an error was raised: lines of ours alone, unlike its text, which may have a stranger's."""
    return "".join(format_tb(error.__traceback__))
