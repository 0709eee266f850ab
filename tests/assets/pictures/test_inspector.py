from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from parts import Parts, Trouble
from pictures import encoded, photo

from assets.errors import WorkerDied, WorkerError, WorkerTimeout
from assets.model import Failure, Reason, Stage
from assets.picture_model import Gray, Picture, Query
from assets.pictures import inspector as inspecting
from assets.pictures.inspect_task import inspect, inspect_query
from assets.pictures.inspector import PICTURES, PICTURES_AHEAD, QUERIES, Inspector

ADDRESS = "https://news.example/kim.jpg"
PATH = Path("/incoming/1")
PICTURE = Picture("JPEG", 3, 2, 1, 1, "L", indistinct=False, fingerprints=())
QUERY = Query(PICTURE, Gray(3, 2, b"\0" * 6), (), ())


class Pool:
    """Stands in for a pool of workers; the pools made are kept by what they run."""

    made: dict[str, Pool]

    def __init__(self, function: str, slots: int, deadline_seconds: float, *, ahead: int = 0) -> None:
        self.slots, self.deadline_seconds, self.ahead = slots, deadline_seconds, ahead
        self.is_open, self.prepared = False, 0
        self.asked: list[str] = []
        self.answer: object = PICTURE
        self.made[function.partition(":")[2]] = self

    async def __aenter__(self) -> Pool:
        self.is_open = True
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.is_open = False

    def prepare(self) -> None:
        self.prepared += 1

    async def run(self, argument: str) -> object:
        self.asked.append(argument)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def pools(monkeypatch: pytest.MonkeyPatch) -> dict[str, Pool]:
    """The pools of the inspectors made from now on: that of `inspect` and that of `inspect_query`."""
    monkeypatch.setattr(Pool, "made", {}, raising=False)
    monkeypatch.setattr(inspecting, "WorkerPool", Pool)
    return Pool.made


@pytest.fixture(params=["inspect", "inspect_query"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def asked(pools: dict[str, Pool], kind: str, answer: object) -> object:
    """What the inspector makes of a worker's answer."""
    inspector = Inspector()
    pools[kind].answer = answer
    ask = inspector.picture if kind == "inspect" else inspector.query
    return asyncio.run(ask(PATH, ADDRESS))


# With workers


def inspected(ask: Callable[[Inspector], Awaitable[object]]) -> object:
    async def with_workers() -> object:
        async with Inspector(1) as inspector:
            return await ask(inspector)

    return asyncio.run(with_workers())


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "picture"
    path.write_bytes(encoded(photo(1, 120, 80), "PNG"))
    return path


def test_a_picture_is_inspected_in_a_worker(path: Path) -> None:
    assert inspected(lambda inspector: inspector.picture(path, ADDRESS)) == inspect(str(path))


def test_a_query_is_inspected_in_a_worker(path: Path) -> None:
    assert inspected(lambda inspector: inspector.query(path, ADDRESS)) == inspect_query(str(path))


# Questions and answers


def test_a_worker_is_asked_by_the_path(pools: dict[str, Pool], kind: str) -> None:
    asked(pools, kind, Failure(Stage.DECODE, Reason.EMPTY, str(PATH)))
    assert pools[kind].asked == ["/incoming/1"]


def test_the_picture_comes_as_the_worker_tells_it(pools: dict[str, Pool]) -> None:
    assert asked(pools, "inspect", PICTURE) is PICTURE


def test_the_query_comes_as_the_worker_tells_it(pools: dict[str, Pool]) -> None:
    assert asked(pools, "inspect_query", QUERY) is QUERY


def test_a_failure_names_the_address_and_not_the_file(pools: dict[str, Pool], kind: str) -> None:
    found = asked(pools, kind, Failure(Stage.DECODE, Reason.NOT_A_PICTURE, str(PATH), "looks like HTML"))
    assert found == Failure(Stage.DECODE, Reason.NOT_A_PICTURE, ADDRESS, "looks like HTML")


def test_a_picture_that_takes_too_long_is_a_failure(pools: dict[str, Pool], kind: str) -> None:
    found = asked(pools, kind, WorkerTimeout("not done within 10 s"))
    assert found == Failure(Stage.DECODE, Reason.DECODE_TIMEOUT, ADDRESS, "not done within 10 s")


def test_a_picture_of_which_workers_die_is_a_failure(pools: dict[str, Pool], kind: str) -> None:
    found = asked(pools, kind, WorkerDied("killed by SIGSEGV"))
    assert found == Failure(Stage.DECODE, Reason.DECODE_CRASHED, ADDRESS, "killed by SIGSEGV")


def test_workers_that_cannot_start_are_an_error(pools: dict[str, Pool], kind: str) -> None:
    with pytest.raises(WorkerError, match="no memory"):
        asked(pools, kind, WorkerError("no memory"))


@pytest.mark.parametrize(
    ("kind", "answer", "name"), [("inspect", QUERY, "Query"), ("inspect_query", PICTURE, "Picture")]
)
def test_an_answer_of_another_kind_is_an_error(
    pools: dict[str, Pool], kind: str, answer: object, name: str
) -> None:
    with pytest.raises(WorkerError, match=f"^a decode worker answered {name} for {ADDRESS}$"):
        asked(pools, kind, answer)


# Processes


def test_both_pools_are_open_inside_the_inspector(pools: dict[str, Pool]) -> None:
    async def seen() -> list[bool]:
        async with Inspector():
            return [pool.is_open for pool in pools.values()]

    assert asyncio.run(seen()) == [True, True]


def test_both_pools_are_closed_behind_it(pools: dict[str, Pool]) -> None:
    async def used() -> None:
        async with Inspector():
            pass

    asyncio.run(used())
    assert [pool.is_open for pool in pools.values()] == [False, False]


def test_what_is_entered_is_the_inspector(pools: dict[str, Pool]) -> None:
    async def entered() -> bool:
        inspector = Inspector()
        async with inspector as inside:
            return inside is inspector

    assert asyncio.run(entered())


def test_there_are_so_many_processes_for_each_kind(pools: dict[str, Pool], kind: str) -> None:
    Inspector(3)
    assert pools[kind].slots == 3


def test_by_itself_there_is_a_process_a_core(
    pools: dict[str, Pool], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    Inspector()
    assert pools[kind].slots == 6


def test_where_cores_cannot_be_counted_there_is_one_process(
    pools: dict[str, Pool], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    Inspector()
    assert pools[kind].slots == 1


def test_the_deadline_holds_for_both_kinds(pools: dict[str, Pool], kind: str) -> None:
    Inspector(1, 7.5)
    assert pools[kind].deadline_seconds == 7.5


def test_by_itself_a_picture_may_take_ten_seconds(pools: dict[str, Pool], kind: str) -> None:
    Inspector()
    assert pools[kind].deadline_seconds == 10.0


@pytest.mark.parametrize(("kind", "ahead"), [("inspect", PICTURES_AHEAD), ("inspect_query", 0)])
def test_pictures_wait_at_a_busy_worker_and_queries_do_not(
    pools: dict[str, Pool], kind: str, ahead: int
) -> None:
    Inspector()
    assert pools[kind].ahead == ahead


@pytest.mark.parametrize(("workers", "prepared"), [(1, 1), (2, 1), (4, 3)])
def test_preparing_for_pictures_leaves_a_core_free(
    pools: dict[str, Pool], workers: int, prepared: int
) -> None:
    Inspector(workers).prepare_pictures()
    assert [pools["inspect"].prepared, pools["inspect_query"].prepared] == [prepared, 0]


def test_preparing_for_queries_starts_one_process(pools: dict[str, Pool]) -> None:
    Inspector(4).prepare_queries()
    assert [pools["inspect"].prepared, pools["inspect_query"].prepared] == [0, 1]


def closed(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Open and close an inspector of stand-ins; what was open in between."""

    def pool(function: str, *_bounds: object, **_options: object) -> object:
        return parts.part({PICTURES: "pictures", QUERIES: "queries"}[function])

    monkeypatch.setattr("assets.pictures.inspector.WorkerPool", pool)

    async def work() -> list[str]:
        async with Inspector(1):
            return list(parts.open)

    return asyncio.run(work())


def test_both_pools_are_open_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert closed(Parts(), monkeypatch) == ["pictures", "queries"]


@pytest.mark.parametrize("failing", ["close pictures", "close queries"])
def test_both_pools_are_closed_when_one_fails_to(failing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = Parts(failing)
    with pytest.raises(Trouble):
        closed(parts, monkeypatch)
    assert parts.open == []


@pytest.mark.parametrize("failing", ["close pictures", "close queries"])
def test_the_error_of_the_pool_that_fails_to_close_comes_out(
    failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Trouble, match=failing):
        closed(Parts(failing), monkeypatch)


def test_the_pool_that_was_opened_is_closed_when_the_other_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = Parts("open queries")
    with pytest.raises(Trouble, match="open queries"):
        closed(parts, monkeypatch)
    assert parts.open == []
