from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from clocks import run

from assets.http.retries import AttemptFailed, RetryPolicy
from assets.model import Reason

POLICY = RetryPolicy(attempts=3, backoff_seconds=2.0, max_retry_after_seconds=60.0)


def failure(reason: Reason, retry_after_seconds: float | None = None) -> AttemptFailed:
    return AttemptFailed(reason, "detail", retry_after_seconds=retry_after_seconds)


class Attempts:
    """An attempt that fails so often, and when each began."""

    def __init__(self, error: Exception, times: int) -> None:
        self._error, self._times = error, times
        self.begun: list[float] = []

    async def __call__(self) -> str:
        self.begun.append(asyncio.get_running_loop().time())
        if len(self.begun) <= self._times:
            raise self._error
        return "the picture"

    @property
    def waits(self) -> list[float]:
        return [after - before for before, after in zip(self.begun, self.begun[1:], strict=False)]


def tried(attempts: Attempts, policy: RetryPolicy = POLICY) -> str:
    return run(policy.run(attempts))


def test_a_failure_is_told_with_its_reason() -> None:
    assert str(AttemptFailed(Reason.GONE, "HTTP 404")) == "gone: HTTP 404"


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (lambda one: one.retry_after_seconds, None),
        (lambda one: one.is_final, False),
        (lambda one: one.is_unreached, False),
    ],
)
def test_by_itself_a_failure_says_nothing_more(
    of: Callable[[AttemptFailed], object], expected: object
) -> None:
    assert of(AttemptFailed(Reason.GONE, "")) is expected


# Whether


@pytest.mark.parametrize(
    "reason",
    [
        Reason.TIMEOUT,
        Reason.CONNECTION_LOST,
        Reason.TRUNCATED,
        Reason.RATE_LIMITED,
        Reason.SERVER_ERROR,
    ],
)
def test_what_may_pass_is_tried_again(reason: Reason) -> None:
    assert POLICY.wait_before_next(failure(reason)) is True


@pytest.mark.parametrize(
    "reason",
    [Reason.GONE, Reason.FORBIDDEN, Reason.DNS, Reason.CONNECT, Reason.TOO_LARGE, Reason.BAD_RESPONSE],
)
def test_what_will_say_the_same_again_is_not(reason: Reason) -> None:
    assert POLICY.wait_before_next(failure(reason)) is False


def test_a_final_failure_is_not_tried_again() -> None:
    final = AttemptFailed(Reason.RATE_LIMITED, "", is_final=True)
    assert POLICY.wait_before_next(final) is False


def test_another_error_is_not_tried_again() -> None:
    assert POLICY.wait_before_next(OSError("disk full")) is False


def test_a_server_is_waited_for_as_long_as_it_asks() -> None:
    assert POLICY.wait_before_next(failure(Reason.RATE_LIMITED, 7.0)) == 7.0


def test_a_server_may_ask_for_the_longest_wait() -> None:
    assert POLICY.wait_before_next(failure(Reason.SERVER_ERROR, 60.0)) == 60.0


def test_a_server_that_asks_for_more_is_not_tried_again() -> None:
    assert POLICY.wait_before_next(failure(Reason.SERVER_ERROR, 60.5)) is False


def test_a_server_that_asks_for_less_than_the_backoff_gets_that() -> None:
    assert POLICY.wait_before_next(failure(Reason.SERVER_ERROR, 2.0)) is True


# How often


def test_a_good_attempt_is_the_only_one() -> None:
    attempts = Attempts(failure(Reason.TIMEOUT), 0)
    assert (tried(attempts), len(attempts.begun)) == ("the picture", 1)


def test_the_first_good_attempt_ends_it() -> None:
    attempts = Attempts(failure(Reason.TIMEOUT), 1)
    assert (tried(attempts), len(attempts.begun)) == ("the picture", 2)


def test_the_last_failure_is_told_where_all_fail() -> None:
    error = failure(Reason.TIMEOUT)
    with pytest.raises(AttemptFailed) as caught:
        tried(Attempts(error, 99))
    assert caught.value is error


def test_there_are_so_many_attempts_in_all() -> None:
    attempts = Attempts(failure(Reason.TIMEOUT), 99)
    with pytest.raises(AttemptFailed):
        tried(attempts)
    assert len(attempts.begun) == 3


def test_a_failure_that_does_not_pass_is_the_only_attempt() -> None:
    attempts = Attempts(failure(Reason.GONE), 99)
    with pytest.raises(AttemptFailed):
        tried(attempts)
    assert len(attempts.begun) == 1


def test_an_error_of_ours_goes_through() -> None:
    with pytest.raises(KeyError, match="ours"):
        tried(Attempts(KeyError("ours"), 99))


# How long


def test_an_attempt_waits_as_long_as_the_server_asked() -> None:
    attempts = Attempts(failure(Reason.RATE_LIMITED, 45.0), 2)
    tried(attempts)
    assert attempts.waits == pytest.approx([45.0, 45.0], abs=0.01)


def test_the_first_wait_is_the_backoff_and_at_most_as_much_again() -> None:
    attempts = Attempts(failure(Reason.TIMEOUT), 1)
    tried(attempts)
    assert 2.0 <= attempts.waits[0] <= 4.01


def test_the_backoff_doubles() -> None:
    attempts = Attempts(failure(Reason.TIMEOUT), 2)
    tried(attempts)
    assert 4.0 <= attempts.waits[1] <= 6.01


def test_no_backoff_is_longer_than_half_a_minute() -> None:
    attempts = Attempts(failure(Reason.TIMEOUT), 4)
    tried(attempts, RetryPolicy(5, 29.0, 60.0))
    assert attempts.waits[-1] == pytest.approx(30.0, abs=0.01)


def test_many_and_long_waits_are_borne() -> None:
    attempts = Attempts(failure(Reason.RATE_LIMITED, 60.0), 19)
    assert tried(attempts, RetryPolicy(20, 2.0, 60.0)) == "the picture"
