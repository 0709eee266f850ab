"""Pictures that are looked up: from a file, a web address or the originals to a `Query`."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from assets.errors import SourceError, SourceNotFound, SourceTooLarge
from assets.http import Limits, Politeness
from assets.model import Failure, Outcome, Reason, Stage
from assets.originals import LocalOriginals, OriginalStore, fault_of
from assets.picture_model import Query
from assets.pictures import Inspector

if TYPE_CHECKING:
    from assets.http import Downloader


# A picture, or why its bytes do not decode, and their SHA-256: the same file may be known all the same.
ReadQuery = tuple[Query | Failure, str]


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """How to ask for web addresses, and how many decode processes to have, 0 for one a core."""

    politeness: Politeness = field(default_factory=Politeness)
    limits: Limits = field(default_factory=Limits)
    workers: int = 0


class QueryReader:
    """Reads pictures to look up; an async context manager. What it downloads is gone when it ends."""

    def __init__(self, options: QueryOptions) -> None:
        self._options = options
        self._inspector = Inspector(options.workers)
        self._downloader: Downloader | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="photodesk-", ignore_cleanup_errors=True)
        self._incoming = LocalOriginals(Path(self._folder.name))
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            opening.callback(self._folder.cleanup)
            await opening.enter_async_context(self._inspector)
            self._opened = opening.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._opened.__aexit__(kind, error, trace)

    def prepare(self) -> None:
        """Have a process for the first picture start meanwhile."""
        self._inspector.prepare_queries()

    async def file(self, path: str) -> ReadQuery | Failure:
        """A local picture and the SHA-256 of its bytes."""
        with self._incoming.incoming() as incoming:
            try:
                await asyncio.to_thread(incoming.copy_from, Path(path), self._options.limits.picture_bytes)
            except SourceError as error:
                return Failure(Stage.READ, _reason(error), path, fault_of(error, Path(path)))
            return await self._inspector.query(incoming.path, path), incoming.sha256

    async def address(self, url: str) -> ReadQuery | Failure:
        """The picture at a web address and the SHA-256 of its bytes."""
        with self._incoming.incoming() as incoming:
            downloader = await self._open_downloader()
            fetch = await downloader.picture(url, incoming, None)
            if fetch.outcome is not Outcome.FETCHED:
                reason, stage = fetch.reason or Reason.INTERNAL, fetch.stage or Stage.DOWNLOAD
                return Failure(stage, reason, url, fetch.detail)
            return await self._inspector.query(incoming.path, url), incoming.sha256

    async def _open_downloader(self) -> Downloader:
        if self._downloader is None:
            # Two tenths of a second of HTTP that looking up a file does without.
            from assets.http import Downloader

            downloader = Downloader(self._options.politeness, self._options.limits)
            self._downloader = await self._opened.enter_async_context(downloader)
        return self._downloader

    async def original(self, originals: OriginalStore, sha256: str) -> ReadQuery | Failure:
        """The original with this digest."""
        path = originals.path_of(sha256)
        if path is None:
            return Failure(Stage.READ, Reason.NOT_FOUND, sha256, "the original is gone from the catalog")
        return await self._inspector.query(path, sha256), sha256


def _reason(error: SourceError) -> Reason:
    if isinstance(error, SourceNotFound):
        return Reason.NOT_FOUND
    return Reason.TOO_LARGE if isinstance(error, SourceTooLarge) else Reason.UNREADABLE
