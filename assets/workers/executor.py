"""What runs a function elsewhere: processes of this machine are one kind, other machines another."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Executor(AbstractAsyncContextManager[object], Protocol):
    """Runs one function, which it was made for, on one text at a time; several calls may be under way.

    The function answers with plain values or with those of `assets.model`. At the end of its block everything that was
    started for it is gone.
    """

    def prepare(self) -> None:
        """Start what the next call needs before it is needed."""

    async def run(self, argument: str) -> object:
        """What the function returns for the argument.

        WorkerDied where it cannot be had, WorkerTimeout where it does not come in time.
        """
