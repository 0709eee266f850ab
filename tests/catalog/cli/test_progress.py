from __future__ import annotations

import os
import pty
import sys
from dataclasses import dataclass

import pytest

from catalog.cli.console import progress
from catalog.cli.console.progress import Pace, duration_text, progress_shown


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def pace_of(*seen: tuple[float, int]) -> Pace:
    """The pace of work of which so much was done at these seconds."""
    clock = Clock()
    pace = Pace(clock)
    for clock.now, done in seen:
        pace.count(done)
    return pace


def test_a_rate_is_what_was_done_in_a_second() -> None:
    assert pace_of((0, 0), (10, 50)).rate == 5


def test_of_nothing_there_is_none() -> None:
    assert (Pace().rate, Pace().text(10)) == (None, "")


def test_nor_of_the_first_moments() -> None:
    assert pace_of((0, 0), (1, 50)).rate is None


def test_it_is_that_of_the_last_minute() -> None:
    """A thousand were there at once; then one came each second."""
    seen = [(0.0, 0), (1.0, 1000), *((1.0 + second, 1000 + second) for second in range(1, 200))]
    assert pace_of(*seen).rate == pytest.approx(1)


def test_it_falls_while_nothing_comes() -> None:
    quick, slow = pace_of((0, 0), (10, 50)).rate, pace_of((0, 0), (10, 50), (100, 51)).rate
    assert quick is not None
    assert slow is not None
    assert slow < quick / 5


def test_where_less_is_done_than_before_something_else_began() -> None:
    assert pace_of((0, 0), (10, 50), (11, 0), (21, 10)).rate == 1


def test_so_it_did_where_the_step_is_another_one() -> None:
    clock = Clock()
    pace = Pace(clock)
    for clock.now, done, step in (
        (0, 0, "studied"),
        (10, 50, "studied"),
        (11, 60, "compared"),
        (21, 70, "compared"),
    ):
        pace.count(done, step)
    assert pace.rate == 1


@pytest.mark.parametrize(
    ("pace", "total", "told"),
    [
        (pace_of((0, 0), (10, 50)), None, "5.0 a second"),
        (pace_of((0, 0), (10, 50)), 350, "5.0 a second, 1 min left"),
        (pace_of((0, 0), (60, 6)), 12, "6.0 a minute, 1 min left"),
        (pace_of((0, 0), (10, 50)), 50, "5.0 a second, 0 s left"),
        (pace_of((0, 0), (10, 0)), 50, ""),
    ],
)
def test_rate_and_time_left_are_told(pace: Pace, total: int | None, told: str) -> None:
    assert pace.text(total) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (59.1, "1 min"), (61, "1 min 1 s"), (3600, "1 h"), (86_399.5, "1 d"), (90_000, "1 d 1 h")],
)
def test_a_time_has_its_two_largest_units(seconds: float, told: str) -> None:
    assert duration_text(seconds) == told


def test_in_a_log_a_line_comes_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    monkeypatch.setattr(progress.time, "monotonic", clock)
    monkeypatch.setattr(progress, "Pace", lambda: Pace(clock))
    with progress_shown() as tell:
        for done in range(0, 101, 10):
            tell(f"{done} of 100 pictures", done, 100)
            clock.now += 10
    assert capsys.readouterr().err.splitlines() == [
        "30 of 100 pictures, 1.0 a second, 1 min 10 s left",
        "60 of 100 pictures, 1.0 a second, 40 s left",
        "90 of 100 pictures, 1.0 a second, 10 s left",
    ]


def shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch, *told: tuple[str, int | None, int | None]) -> str:
    """What a terminal of 100 columns is sent while this is told."""
    ours, theirs = pty.openpty()
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress_shown() as tell:
            for line, done, total in told:
                tell(line, done, total)
        terminal.flush()
        os.set_blocking(ours, False)
        sent = b""
        while True:
            try:
                sent += os.read(ours, 65536)
            except BlockingIOError:
                break
    os.close(ours)
    return sent.decode()


def test_on_a_terminal_there_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = shown_on_a_terminal(monkeypatch, ("50 of 100 pictures [a.jpg]", 50, 100))
    assert "50 of 100 pictures [a.jpg]" in sent
    assert "━" in sent


def test_where_no_total_is_known_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = shown_on_a_terminal(monkeypatch, ("50 pictures", 50, 100), ("60 pictures", 60, None))
    assert "━" not in sent.rpartition("60 pictures")[0].rpartition("50 pictures")[2]


def test_the_cursor_is_there_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown_on_a_terminal(monkeypatch, ("50 pictures", 50, None)).rindex("\x1b[?25h") > 0
