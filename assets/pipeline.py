"""From an address to a kept original: download, inspect in a worker, move into place.

Every address ends as one `Collected`, whatever happened; nothing half-written stays. A picture that came whole is
kept also where it cannot be compared: it is what the page showed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from assets.errors import SourceError, SourceNotFound, SourceTooLarge
from assets.http import Downloader, Limits, Politeness
from assets.model import Failure, Fetch, Outcome, Reason, Stage, Validators
from assets.originals import BatchedKeeper, Incoming, OriginalStore, fault_of, is_held
from assets.picture_model import Picture
from assets.pictures import PASSING, Inspector, describe_unreadable


@dataclass(frozen=True, slots=True)
class PipelineOptions:
    """Where originals go and how hard to work. `workers` are decode processes, by default one a core."""

    originals: OriginalStore
    politeness: Politeness = field(default_factory=Politeness)
    limits: Limits = field(default_factory=Limits)
    workers: int = 0


@dataclass(frozen=True, slots=True)
class Collected:
    """How one address ended: its fetch, and for bytes that are new to the catalog the picture and its file.

    `original` is the file's name among the originals. A picture that our decoder had trouble with is kept too, though
    its fetch failed: it is asked for again.
    `size` and `mtime_ns` are a local file's, to tell later whether it changed.
    """

    fetch: Fetch
    picture: Picture | None = None
    original: str = ""
    size: int = 0
    mtime_ns: int = 0


class Pipeline:
    """Collects addresses and local files; an async context manager over connections and workers.

    `is_known` tells whether the catalog already holds an asset of that SHA-256, whose picture then need not be
    decoded again. An `inspector` whose processes have been started already is taken over.
    """

    def __init__(
        self,
        options: PipelineOptions,
        is_known: Callable[[str], bool],
        inspector: Inspector | None = None,
    ) -> None:
        self._options = options
        self._is_known = is_known
        self._originals = options.originals
        self._keeper = BatchedKeeper(self._originals)
        self._inspector = inspector or Inspector(options.workers)
        self.downloader = Downloader(options.politeness, options.limits)
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._originals.clear_incoming()
        async with AsyncExitStack() as opening:
            await opening.enter_async_context(self.downloader)
            await opening.enter_async_context(self._inspector)
            opening.push_async_callback(self._keeper.close)
            self._opened = opening.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._opened.__aexit__(kind, error, trace)

    async def holds(self, sha256: str) -> bool:
        """Whether the original with this digest is kept."""
        return await is_held(self._originals, sha256)

    def closed_seconds(self, host: str) -> float:
        """For how long a host is not asked, as it wants it; 0 where it may be."""
        return self.downloader.closed_seconds(host)

    def is_refusing(self, host: str) -> bool:
        """Whether a host refused so often in a row that it need not be waited for."""
        return self.downloader.is_refusing(host)

    async def collect(self, url: str, validators: Validators | None = None, referer: str = "") -> Collected:
        """Download one picture and keep it; without a body when the validators still hold.

        `referer` is the address of a page that shows it: some sites give their pictures to their own pages only.
        """
        with self._originals.incoming() as incoming:
            fetch = await self.downloader.picture(url, incoming, validators, referer)
            if fetch.outcome is not Outcome.FETCHED:
                return Collected(fetch)
            return await self._keep(fetch, incoming)

    async def import_file(self, path: str) -> Collected:
        """Bring in one local picture, whose path is its address."""
        fetch = Fetch(path, Outcome.FETCHED, self.downloader.now(), final_url=path, attempts=1)
        with self._originals.incoming() as incoming:
            try:
                stat = await asyncio.to_thread(self._copy_in, Path(path), incoming)
            except (SourceError, OSError) as error:
                failure = Failure(Stage.READ, _reason(error), path, fault_of(error, Path(path)))
                return Collected(_mark_failed(fetch, failure))
            fetch = replace(fetch, length=incoming.length, sha256=incoming.sha256)
            kept = await self._keep(fetch, incoming)
            return replace(kept, size=stat.st_size, mtime_ns=stat.st_mtime_ns)

    def _copy_in(self, path: Path, incoming: Incoming) -> os.stat_result:
        """Take in a local file; its state before that."""
        stat = path.stat()
        incoming.copy_from(path, self._options.limits.picture_bytes)
        return stat

    async def _keep(self, fetch: Fetch, incoming: Incoming) -> Collected:
        if self._is_known(incoming.sha256) and await self.holds(incoming.sha256):
            # It is not looked at again, but mends a file that is no longer as it came.
            await self._keeper.keep(incoming)
            return Collected(fetch)
        picture = await self._inspector.picture(incoming.path, fetch.url)
        if isinstance(picture, Failure):
            fetch = _mark_failed(fetch, picture)
            unread = describe_unreadable(incoming.head, picture) if picture.reason in PASSING else None
            if unread is None:
                return Collected(fetch)
            picture = unread
        elif picture.reason == Reason.DAMAGED_PICTURE and not _is_whole(fetch):
            return Collected(
                _mark_failed(fetch, Failure(Stage.DECODE, Reason.DAMAGED_PICTURE, fetch.url, picture.detail))
            )
        elif picture.reason:
            told = (
                picture.reason if picture.detail == picture.format else f"{picture.reason}, {picture.detail}"
            )
            fetch = replace(fetch, detail=f"{picture.format} that cannot be compared: {told}")
        path = await self._keeper.keep(incoming)
        return Collected(fetch, picture, f"{path.parent.name}/{path.name}")


def _is_whole(fetch: Fetch) -> bool:
    """Whether a body is known to have come to its end, so that it is the file that is damaged and not the transfer.

    A body that was packed for the way says itself where it ends, and a local file was read to its end.
    """
    headers = dict(fetch.headers)
    if fetch.status is None or headers.get("content-encoding", "identity") != "identity":
        return True
    return headers.get("content-length") == str(fetch.length)


def _reason(error: Exception) -> Reason:
    if isinstance(error, SourceNotFound | FileNotFoundError):
        return Reason.NOT_FOUND
    return Reason.TOO_LARGE if isinstance(error, SourceTooLarge) else Reason.UNREADABLE


def _mark_failed(fetch: Fetch, failure: Failure) -> Fetch:
    return replace(
        fetch, outcome=Outcome.FAILED, stage=failure.stage, reason=failure.reason, detail=failure.detail
    )
