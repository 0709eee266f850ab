from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import pytest
from patience import PATIENCE_SECONDS

from assets.errors import OriginalsError
from assets.originals.batching import SECONDS_TOGETHER, BatchedKeeper
from assets.originals.local import Incoming, LocalOriginals


class Watched(LocalOriginals):
    """Originals that note in which thread each was kept, and fail for those of one length."""

    def __init__(self, folder: Path, broken: int = -1) -> None:
        super().__init__(folder)
        self.threads: list[int] = []
        self._broken = broken

    def keep(self, incoming: Incoming) -> Path:
        self.threads.append(threading.get_ident())
        if incoming.length == self._broken:
            raise OriginalsError("no space left on device")
        return super().keep(incoming)


def kept(originals: LocalOriginals, bodies: Sequence[bytes]) -> list[Path | BaseException]:
    """What keeping all bodies at once comes to."""

    async def work() -> list[Path | BaseException]:
        keeper = BatchedKeeper(originals)
        with ExitStack() as stack:
            incoming = [stack.enter_context(originals.incoming()) for _ in bodies]
            for one, body in zip(incoming, bodies, strict=True):
                one.write(body)
            return await asyncio.gather(*map(keeper.keep, incoming), return_exceptions=True)

    return asyncio.run(work())


@asynccontextmanager
async def under_way(originals: LocalOriginals) -> AsyncIterator[tuple[BatchedKeeper, asyncio.Task[Path]]]:
    """A keeper that has been given one original to keep, and the task that waits for it."""
    keeper = BatchedKeeper(originals)
    with originals.incoming() as incoming:
        incoming.write(b"moved")
        yield keeper, asyncio.create_task(keeper.keep(incoming))


def test_originals_that_come_together_are_kept_in_one_thread_and_not_the_loops(tmp_path: Path) -> None:
    originals = Watched(tmp_path)
    found = kept(originals, [b"one", b"two", b"three"])
    assert [path.read_bytes() for path in found if isinstance(path, Path)] == [b"one", b"two", b"three"]
    assert len(originals.threads) == 3
    assert len(set(originals.threads)) == 1
    assert threading.get_ident() not in originals.threads


def test_equal_bytes_that_come_together_lie_there_once(tmp_path: Path) -> None:
    first, second = kept(LocalOriginals(tmp_path), [b"same", b"same"])
    assert first == second
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_what_cannot_be_kept_is_told_to_who_waits_for_it_alone(tmp_path: Path) -> None:
    first, second = kept(Watched(tmp_path, broken=3), [b"bad", b"good"])
    assert isinstance(first, OriginalsError)
    assert isinstance(second, Path)


def test_what_nobody_waits_for_any_more_is_not_kept(tmp_path: Path) -> None:
    originals = Watched(tmp_path)

    async def work() -> None:
        keeper = BatchedKeeper(originals)
        with originals.incoming() as incoming, originals.incoming() as wanted:
            incoming.write(b"left")
            wanted.write(b"wanted")
            left = asyncio.create_task(keeper.keep(incoming))
            waited_for = asyncio.create_task(keeper.keep(wanted))
            await asyncio.sleep(0)
            left.cancel()
            with pytest.raises(asyncio.CancelledError):
                await left
            await waited_for

    asyncio.run(work())
    assert len(originals.threads) == 1


def test_closing_waits_for_what_is_being_moved(tmp_path: Path) -> None:
    begun, may_end = threading.Event(), threading.Event()

    class Slow(LocalOriginals):
        def keep(self, incoming: Incoming) -> Path:
            begun.set()
            may_end.wait(PATIENCE_SECONDS)
            return super().keep(incoming)

    originals = Slow(tmp_path)

    async def work() -> None:
        async with under_way(originals) as (keeper, keeping):
            await asyncio.to_thread(begun.wait, PATIENCE_SECONDS)
            closing = asyncio.create_task(keeper.close())
            await asyncio.sleep(0)
            assert not closing.done()
            may_end.set()
            await closing
            assert (await keeping).read_bytes() == b"moved"

    asyncio.run(work())


def test_closing_leaves_what_has_not_begun(tmp_path: Path) -> None:
    originals = Watched(tmp_path)

    async def work() -> None:
        async with under_way(originals) as (keeper, keeping):
            await asyncio.sleep(0)
            await keeper.close()
            with pytest.raises(asyncio.CancelledError):
                await keeping
        # Longer than originals wait for each other.
        await asyncio.sleep(2 * SECONDS_TOGETHER)

    asyncio.run(work())
    assert originals.threads == []


def test_what_waits_for_a_network_is_kept_side_by_side(tmp_path: Path) -> None:
    together = threading.Barrier(3, timeout=PATIENCE_SECONDS)

    class Remote(LocalOriginals):
        is_remote = True

        def keep(self, incoming: Incoming) -> Path:
            together.wait()
            return super().keep(incoming)

    found = kept(Remote(tmp_path), [b"one", b"two", b"three"])
    assert [path.read_bytes() for path in found if isinstance(path, Path)] == [b"one", b"two", b"three"]
