from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
import worker_chores as chores
from clocks import steered
from patience import PATIENCE_SECONDS, soon, until

from assets.errors import WorkerDied, WorkerTimeout
from assets.model import Failure, Reason, Stage
from assets.workers.pool import WorkerPool

ROOT = Path(__file__).resolve().parents[3]

# Longer than any machine takes; a test of a deadline puts the clock forward.
DEADLINE_SECONDS = 600.0

# Of sleep, for what must not come to its end.
HOUR = 3600


def run(
    function: Callable[[str], object],
    *arguments: str,
    slots: int = 1,
    ahead: int = 0,
) -> list[object]:
    """What a pool answers, exceptions included."""

    async def all_of_them() -> list[object]:
        async with WorkerPool(function, slots, DEADLINE_SECONDS, ahead=ahead) as pool:
            return await asyncio.gather(*map(pool.run, arguments), return_exceptions=True)

    return asyncio.run(all_of_them())


def is_running(pid: int) -> bool:
    """Whether a process exists and is more than an entry waiting to be collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until_gone(*pids: int) -> None:
    until(lambda: not any(map(is_running, pids)))


def times_noted(notes: Path) -> int:
    """How many times something has begun to sleep."""
    return notes.read_text(encoding="ascii").count("\n") if notes.exists() else 0


def noted(notes: Path) -> int:
    """The process that has begun to sleep, once it has."""
    until(lambda: times_noted(notes))
    return int(notes.read_text(encoding="ascii"))


async def expected(pool: WorkerPool, count: int) -> None:
    """Return once the first worker owes so many answers."""
    await soon(lambda: pool._started and len(pool._started[0]._expected) >= count)


def test_a_worker_answers_one_argument_after_the_other() -> None:
    assert run(chores.echo, *map(str, range(20)), slots=2) == [str(number) for number in range(20)]


def test_an_argument_may_be_a_path_that_is_no_text() -> None:
    name = os.fsdecode(b"/pictures/caf\xe9.jpg")
    assert run(chores.echo, name) == [name]


def test_an_answer_may_be_a_value_of_the_model() -> None:
    assert run(chores.value, "a.jpg") == [Failure(Stage.DECODE, Reason.DAMAGED_PICTURE, "a.jpg")]


def test_an_answer_of_another_class_is_not_even_imported() -> None:
    (error,) = run(chores.foreign, "")
    assert isinstance(error, WorkerDied)
    assert "fractions.Fraction is not allowed" in str(error)


def test_workers_start_only_when_there_is_work() -> None:
    pids = run(chores.pid, "a", slots=8)
    assert len(pids) == 1


def test_arguments_are_served_in_their_order() -> None:
    finished: list[str] = []

    async def scenario() -> None:
        async with WorkerPool(chores.echo, 1) as pool:

            async def one(argument: str) -> None:
                for _ in range(3):
                    await pool.run(argument)
                finished.append(argument)

            await asyncio.gather(*(one(name) for name in "abc"))

    asyncio.run(scenario())
    assert finished == ["a", "b", "c"]


def test_a_crash_loses_only_the_argument_in_hand() -> None:
    answers = run(chores.crash, "live", "die", "live", "live", slots=2)
    assert [answer for answer in answers if answer == "live"] == ["live"] * 3
    assert isinstance(answers[1], WorkerDied)
    assert str(answers[1]) == f"the worker died: signal {signal.SIGSEGV:d}"


def test_an_argument_whose_worker_was_killed_is_tried_again(tmp_path: Path) -> None:
    assert run(chores.crash_once, str(tmp_path / "flag")) == ["done"]


def test_a_worker_that_died_once_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run(chores.crash_once, str(tmp_path / "flag"))
    assert caplog.messages == [
        "worker_chores:crash_once: WorkerDied('the worker died: signal 9'); what it had in hand is tried once more"
    ]


def test_workers_that_their_pool_stops_are_not_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with WorkerPool(chores.sleep, 1, DEADLINE_SECONDS) as pool:
            work = asyncio.create_task(pool.run(f"{HOUR} {tmp_path / 'notes'}"))
            await expected(pool, 1)
        await asyncio.gather(work, return_exceptions=True)

    asyncio.run(scenario())
    assert caplog.messages == []


def test_a_worker_has_the_next_argument_at_hand(tmp_path: Path) -> None:
    flag = tmp_path / "flag"

    async def scenario() -> list[object]:
        async with WorkerPool(chores.echo_when, 1, DEADLINE_SECONDS, ahead=1) as pool:
            asked = [asyncio.create_task(pool.run(f"{flag} {word}")) for word in ("one", "two")]
            await expected(pool, 2)
            flag.touch()
            # Nobody reads an answer meanwhile.
            until((tmp_path / "two").exists)
            return await asyncio.gather(*asked)

    assert asyncio.run(scenario()) == ["one", "two"]


def test_an_idle_worker_takes_an_argument_before_a_busy_one() -> None:
    pids = run(chores.pid, "a", "b", slots=2, ahead=1)
    assert len(set(pids)) == 2


def test_an_argument_that_waited_behind_a_crash_is_not_blamed() -> None:
    answers = run(chores.crash, "die", "live", "die", "live", ahead=3)
    assert [str(answer) for answer in answers[1::2]] == ["live", "live"]
    assert all(isinstance(answer, WorkerDied) for answer in answers[::2])


def test_the_deadline_counts_from_when_the_worker_comes_to_it(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    with steered() as (runner, clock):

        async def scenario() -> list[object]:
            async with WorkerPool(chores.echo_when, 1, DEADLINE_SECONDS, ahead=1) as pool:
                texts = (f"{first} one", f"{second} two")
                asked = [asyncio.create_task(pool.run(text)) for text in texts]
                await expected(pool, 2)
                clock.put_forward(0.6 * DEADLINE_SECONDS)
                first.touch()
                await asked[0]
                clock.put_forward(0.6 * DEADLINE_SECONDS)
                second.touch()
                return await asyncio.gather(*asked)

        assert runner.run(scenario()) == ["one", "two"]


def test_an_argument_that_waited_behind_one_past_the_deadline_is_answered(tmp_path: Path) -> None:
    with steered() as (runner, clock):

        async def scenario() -> list[object]:
            (tmp_path / "there").touch()
            async with WorkerPool(chores.echo_when, 1, DEADLINE_SECONDS, ahead=1) as pool:
                texts = (f"{tmp_path}/never late", f"{tmp_path}/there soon")
                asked = [asyncio.create_task(pool.run(text)) for text in texts]
                await expected(pool, 2)
                clock.put_forward(DEADLINE_SECONDS)
                return await asyncio.gather(*asked, return_exceptions=True)

        late, answer = runner.run(scenario())
    assert isinstance(late, WorkerTimeout)
    assert answer == "soon"


def test_an_argument_cancelled_while_it_waits_leaves_the_others_their_answers(tmp_path: Path) -> None:
    flag = tmp_path / "flag"

    async def scenario() -> list[object]:
        async with WorkerPool(chores.echo_when, 1, DEADLINE_SECONDS, ahead=2) as pool:
            asked = [asyncio.create_task(pool.run(f"{flag} {word}")) for word in ("one", "two", "three")]
            await expected(pool, 3)
            asked[1].cancel()
            four = asyncio.create_task(pool.run(f"{flag} four"))
            await asyncio.sleep(0)
            flag.touch()
            return await asyncio.gather(*asked, four, return_exceptions=True)

    one, two, three, four = asyncio.run(scenario())
    assert [one, three, four] == ["one", "three", "four"]
    assert isinstance(two, asyncio.CancelledError)


def test_an_argument_that_waited_behind_a_cancelled_one_is_answered(tmp_path: Path) -> None:
    notes = tmp_path / "notes"

    async def scenario() -> object:
        async with WorkerPool(chores.sleep, 1, DEADLINE_SECONDS, ahead=1) as pool:
            first = asyncio.create_task(pool.run(f"{HOUR} {notes}"))
            await asyncio.to_thread(noted, notes)
            second = asyncio.create_task(pool.run("0"))
            await expected(pool, 2)
            first.cancel()
            return await second

    assert asyncio.run(scenario()) != noted(notes)


def test_a_message_nobody_asked_for_ends_the_worker() -> None:
    async def scenario() -> tuple[object, object]:
        async with WorkerPool(chores.pid, 1) as pool:
            first = await pool.run("")
            pool._started[0].data_received(b"\0\0\0\1N")
            return first, await pool.run("")

    first, second = asyncio.run(scenario())
    assert first != second


def test_what_a_worker_had_answered_before_it_ended_is_taken() -> None:
    async def scenario() -> tuple[object, object]:
        async with WorkerPool(chores.pid, 1) as pool:
            first = await pool.run("")
            worker = pool._started[0]
            task = asyncio.create_task(pool.run(""))
            while not worker._expected:  # noqa: ASYNC110
                await asyncio.sleep(0)
            # The loop stands still until the answer is there and the worker is gone: then writing fails first.
            select.select([worker._socket], [], [], PATIENCE_SECONDS)
            worker._process.kill()
            worker._process.wait()
            assert worker._transport is not None
            worker._transport.write(b"one more")
            return first, await task

    first, second = asyncio.run(scenario())
    assert first == second


def test_an_idle_worker_that_was_killed_is_replaced() -> None:
    async def scenario() -> tuple[object, object]:
        async with WorkerPool(chores.pid, 1) as pool:
            first = await pool.run("")
            assert isinstance(first, int)
            os.kill(first, signal.SIGKILL)
            return first, await pool.run("")

    first, second = asyncio.run(scenario())
    assert isinstance(second, int)
    assert first != second


def test_a_worker_that_was_prepared_takes_the_first_argument() -> None:
    async def scenario() -> tuple[int, object]:
        async with WorkerPool(chores.pid, 1) as pool:
            pool.prepare()
            (prepared,) = [worker._process.pid for worker in pool._started]
            return prepared, await pool.run("")

    prepared, answered = asyncio.run(scenario())
    assert prepared == answered


def test_a_worker_that_was_prepared_for_nothing_ends_with_its_pool() -> None:
    async def scenario() -> int:
        async with WorkerPool(chores.pid, 1) as pool:
            pool.prepare()
            (prepared,) = [worker._process.pid for worker in pool._started]
            return prepared

    wait_until_gone(asyncio.run(scenario()))


def test_a_function_is_found_by_its_name_without_being_imported_here() -> None:
    async def scenario() -> object:
        async with WorkerPool("worker_chores:echo", 1) as pool:
            return await pool.run("heard")

    assert asyncio.run(scenario()) == "heard"


def test_an_argument_past_the_deadline_is_given_up_at_once(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with steered() as (runner, clock):

        async def scenario() -> None:
            async with WorkerPool(chores.sleep, 1, DEADLINE_SECONDS) as pool:
                asked = asyncio.create_task(pool.run(f"{HOUR} {notes}"))
                await soon(lambda: times_noted(notes))
                clock.put_forward(DEADLINE_SECONDS)
                with pytest.raises(WorkerTimeout, match=r"^not done after 600 s$"):
                    await asked

        runner.run(scenario())
    beginnings = notes.read_text(encoding="ascii").split()
    assert len(beginnings) == 1
    assert not is_running(int(beginnings[0]))


def test_a_worker_may_not_take_more_memory_than_its_limit() -> None:
    async def scenario() -> list[object]:
        async with WorkerPool(chores.take_memory, 1, memory_bytes=512 * 1024**2) as pool:
            amounts = (64 * 1024**2, 1024**3)
            return await asyncio.gather(*(pool.run(str(count)) for count in amounts), return_exceptions=True)

    small, large = asyncio.run(scenario())
    assert small == 64 * 1024**2
    assert isinstance(large, WorkerDied)


def test_libraries_are_held_to_one_thread() -> None:
    assert run(chores.threads, "") == [("1", 1)]


def test_workers_write_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(chores.shout, "a") == ["a"]
    assert capfd.readouterr() == ("", "")


def test_a_worker_leaves_interrupts_to_the_pool() -> None:
    async def scenario() -> tuple[object, object]:
        async with WorkerPool(chores.pid, 1) as pool:
            first = await pool.run("")
            assert isinstance(first, int)
            os.kill(first, signal.SIGINT)
            return first, await pool.run("")

    first, second = asyncio.run(scenario())
    assert first == second


def test_a_cancelled_argument_frees_its_slot_and_ends_its_worker(tmp_path: Path) -> None:
    notes = tmp_path / "notes"

    async def scenario() -> object:
        async with WorkerPool(chores.sleep, 1, DEADLINE_SECONDS) as pool:
            task = asyncio.create_task(pool.run(f"{HOUR} {notes}"))
            await asyncio.to_thread(noted, notes)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return await pool.run("0")

    second = asyncio.run(scenario())
    first = noted(notes)
    assert first != second
    assert not is_running(first)


def test_closing_ends_busy_workers_too(tmp_path: Path) -> None:
    notes = tmp_path / "notes"

    async def scenario() -> object:
        async with WorkerPool(chores.sleep, 1, DEADLINE_SECONDS) as pool:
            task = asyncio.create_task(pool.run(f"{HOUR} {notes}"))
            await asyncio.to_thread(noted, notes)
        return (await asyncio.gather(task, return_exceptions=True))[0]

    error = asyncio.run(scenario())
    assert isinstance(error, WorkerDied)
    assert not is_running(noted(notes))


def test_closing_leaves_no_process_behind() -> None:
    pids = run(chores.pid, *"abcd", slots=2)
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_closing_waits_for_a_dead_worker_that_a_cancelled_argument_waited_for(tmp_path: Path) -> None:
    notes = tmp_path / "notes"

    async def scenario() -> None:
        async with WorkerPool(chores.sleep, 1, DEADLINE_SECONDS) as pool:
            first = asyncio.create_task(pool.run(f"{HOUR} {notes}"))
            await asyncio.to_thread(noted, notes)
            dead = pool._started[0]
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            second = asyncio.create_task(pool.run("0"))
            await asyncio.sleep(0)
            second.cancel()
            await asyncio.gather(second, return_exceptions=True)
        assert dead._process.returncode is not None

    asyncio.run(scenario())


def test_a_closed_pool_takes_no_arguments() -> None:
    async def scenario() -> None:
        async with WorkerPool(chores.echo, 1) as pool:
            await pool.run("a")
        with pytest.raises(WorkerDied, match="the workers were stopped"):
            await pool.run("b")

    asyncio.run(scenario())


def test_a_function_that_workers_cannot_find_is_refused() -> None:
    def inner(argument: str) -> object:
        return argument

    with pytest.raises(ValueError, match="cannot import"):
        WorkerPool(inner, 1)


SCRIPT = """
    import asyncio, sys
    sys.path[:0] = [{tests!r}, {root!r}]
    print("main", flush=True)
    import worker_chores
    from assets.workers.pool import WorkerPool

    async def main():
        async with WorkerPool(worker_chores.sleep, 2, deadline_seconds={deadline}) as pool:
            print(await pool.run("0"), flush=True)
            busy = asyncio.create_task(pool.run("3600 {notes}"))
            await asyncio.sleep({seconds})
            busy.cancel()

    asyncio.run(main())
"""


def script(tmp_path: Path, seconds: float, deadline: float = 30.0) -> list[str]:
    """A command that starts workers from a main module with effects of its own."""
    places = {"tests": str(ROOT / "tests" / "support"), "root": str(ROOT), "notes": str(tmp_path / "notes")}
    path = tmp_path / "script.py"
    text = textwrap.dedent(SCRIPT).format(**places, seconds=seconds, deadline=deadline)
    path.write_text(text, encoding="utf-8")
    return [sys.executable, "-W", "error", str(path)]


def test_workers_do_not_import_the_main_module(tmp_path: Path) -> None:
    done = subprocess.run(script(tmp_path, 0.1), capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.split()[0] == "main"
    assert len(done.stdout.split()) == 2
    assert done.stderr == ""


def test_workers_end_when_their_pool_is_killed(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with subprocess.Popen(script(tmp_path, 60, 0.5), stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        idle = int(parent.stdout.readline())
        busy = noted(notes)
        parent.kill()
    wait_until_gone(idle, busy)
