"""Look-ups: a picture from a visitor or an address, matched in a worker, remembered for a while."""

from __future__ import annotations

import asyncio
import json
import secrets
import tempfile
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assets import AssetsError, Downloader, Executor, Failure, LocalOriginals, Outcome, WorkerPool
from catalog.clusters import WORKER_BYTES
from catalog.desk import DeskSettings, Problem, busy, not_found, too_large, unreadable
from catalog.desk.services.catalog_view import View
from catalog.desk.services.worker_tasks import chore
from catalog.lookup import Answer, add_same_bytes_hint
from catalog.matching import Match

# Pictures in hand at once: arriving, being fetched or waiting for a worker, which takes a tenth of a second or two.
MOST_IN_HAND = 64

# Answers that can be had again, each with a small picture of some 100 kB.
MOST_REMEMBERED = 200

# A visitor's picture must be here within this time, slow lines included.
UPLOAD_SECONDS = 60.0

# A picture that is made to take long is given up, and the visitor told.
DEADLINE_SECONDS = 20.0

SMALL_SIDE = 1024


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A look-up that was answered; `make_small` is the picture as WebP, None where it cannot be shown."""

    id: str
    name: str
    sha256: str
    width: int
    height: int
    matches: tuple[Match, ...]
    small: bytes | None
    decoded: float = 1.0


class Lookups:
    """Looks pictures up in worker processes; an async context manager."""

    def __init__(self, view: View, settings: DeskSettings, slots: int) -> None:
        self._view = view
        self._limits = settings.limits
        self._pool: Executor = WorkerPool(chore, slots, DEADLINE_SECONDS, WORKER_BYTES)
        self._downloader = Downloader(settings.politeness, settings.limits)
        self._folder = tempfile.TemporaryDirectory(prefix="photodesk-", ignore_cleanup_errors=True)
        self._incoming = LocalOriginals(Path(self._folder.name))
        self._remembered: OrderedDict[str, LookedUp] = OrderedDict()
        self._in_hand = 0
        self._answering = asyncio.Lock()
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            opening.callback(self._folder.cleanup)
            await opening.enter_async_context(self._pool)
            await opening.enter_async_context(self._downloader)
            self._opened = opening.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._opened.__aexit__(kind, error, trace)

    async def upload(self, parts: AsyncIterator[bytes], name: str) -> LookedUp:
        """Look up the picture that arrives in parts."""
        with self._taken(), self._incoming.incoming() as incoming:
            try:
                async with asyncio.timeout(UPLOAD_SECONDS):
                    async for part in parts:
                        incoming.write(part)
                        if incoming.length > self._limits.picture_bytes:
                            raise too_large(f"more than {self._limits.picture_bytes} bytes")
            except TimeoutError:
                detail = f"the picture did not arrive within {UPLOAD_SECONDS:.0f} seconds"
                raise Problem(HTTPStatus.REQUEST_TIMEOUT, detail) from None
            if not incoming.length:
                raise unreadable("the body is empty: send a picture")
            return await self._look_up(incoming.path, incoming.sha256, name)

    async def address(self, url: str) -> LookedUp:
        """Look up the picture at a web address."""
        with self._taken(), self._incoming.incoming() as incoming:
            fetch = await self._downloader.picture(url, incoming, None)
            if fetch.outcome is not Outcome.FETCHED:
                reason = fetch.reason.value if fetch.reason else "not fetched"
                detail = f" ({fetch.detail})" if fetch.detail else ""
                raise unreadable(f"{url}: {reason}{detail}", fetch.reason)
            return await self._look_up(incoming.path, incoming.sha256, url)

    async def original(self, sha256: str, path: Path) -> LookedUp:
        """Look up a catalogued picture."""
        with self._taken():
            return await self._look_up(path, sha256, sha256)

    async def find_near(self, algorithm: str, bits: int, value: int) -> list[tuple[int, str]]:
        """Catalogued pictures with a near fingerprint: distance in bits, SHA-256."""
        question = ["near", self._view.catalog.location, self._view.stamp, algorithm, bits, value]
        with self._taken():
            found = await self._run(question)
        return found if isinstance(found, list) else []

    async def make_small(self, path: Path, orientation: int, side: int) -> bytes | None:
        """A picture file as WebP."""
        with self._taken():
            found = await self._run(["small", str(path), orientation, side])
        return found if isinstance(found, bytes) else None

    def get(self, id: str) -> LookedUp:  # noqa: A002
        """An earlier look-up."""
        known = self._remembered.get(id)
        if known is None:
            raise not_found(f"{id}: this look-up is no longer remembered; look the picture up again")
        return known

    async def answer(self, looked_up: LookedUp) -> Answer:
        """What the catalog knows of a look-up now."""
        work = asyncio.create_task(self._answer(looked_up))
        # A visitor who leaves must not let the next one in while his thread reads.
        work.add_done_callback(_ignore_outcome)
        return await asyncio.shield(work)

    async def _answer(self, looked_up: LookedUp) -> Answer:
        # One at a time: they share the open files that copies are laid on each other from.
        async with self._answering:
            self._view.refresh()
            answerer = self._view.answerer
            with self._view.reading():
                return await asyncio.to_thread(
                    answerer.of_matches,
                    looked_up.name,
                    looked_up.matches,
                    looked_up.sha256,
                    looked_up.decoded,
                )

    @contextmanager
    def _taken(self) -> Iterator[None]:
        """One picture more in hand, refused where there are enough."""
        if self._in_hand >= MOST_IN_HAND:
            raise busy(f"{self._in_hand} pictures are in hand already")
        self._in_hand += 1
        try:
            yield
        finally:
            self._in_hand -= 1

    async def _look_up(self, path: Path, sha256: str, name: str) -> LookedUp:
        question = [
            "look up",
            self._view.catalog.location,
            self._view.stamp,
            str(path),
            sha256,
        ]
        found = await self._run(question)
        if isinstance(found, Failure):
            asset = self._view.records.asset(sha256)
            if asset is None:
                told = add_same_bytes_hint(found)
                detail = f" ({told.detail})" if told.detail else ""
                raise unreadable(f"{name}: {told.reason.value}{detail}", told.reason)
            found = {"matches": [], "width": asset.width, "height": asset.height, "small": False}
        if not isinstance(found, dict):
            raise unreadable(f"{name}: the worker's answer makes no sense")
        is_shown = found.get("small", True)
        small = await self._run(["small", str(path), 0, SMALL_SIDE]) if is_shown else None
        looked_up = LookedUp(
            id=secrets.token_urlsafe(12),
            name=name,
            sha256=sha256,
            width=found["width"],
            height=found["height"],
            matches=tuple(Match.from_json(one) for one in found["matches"]),
            small=small if isinstance(small, bytes) else None,
            decoded=found.get("decoded", 1.0),
        )
        self._remembered[looked_up.id] = looked_up
        while len(self._remembered) > MOST_REMEMBERED:
            with suppress(KeyError):
                self._remembered.popitem(last=False)
        return looked_up

    async def _run(self, question: list[object]) -> object:
        work = asyncio.create_task(self._pool.run(json.dumps(question)))
        # A visitor who leaves would take the worker along, which then starts anew for the next one.
        work.add_done_callback(_ignore_outcome)
        try:
            return await asyncio.shield(work)
        except AssetsError as error:
            raise unreadable(f"the picture could not be looked at: {error}") from error


def _ignore_outcome(work: asyncio.Task[Any]) -> None:
    """What became of work that nobody waits for any more is no news."""
    if not work.cancelled():
        work.exception()
