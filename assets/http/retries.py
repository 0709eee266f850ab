"""Asking again: which failures may pass, how long to wait before, and when to give up."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import stamina
from stamina.instrumentation import set_on_retry_hooks

from assets.model import Reason

T = TypeVar("T")

# A server or a line that fails now may work in a moment; everything else will say the same again.
PASSING = frozenset(
    {Reason.TIMEOUT, Reason.CONNECTION_LOST, Reason.TRUNCATED, Reason.RATE_LIMITED, Reason.SERVER_ERROR}
)

# Backoff doubles with each attempt; longer waits than this only hold up the run.
MAX_BACKOFF_SECONDS = 30.0

# By default stamina logs each retry as a warning, which ends on the terminal.
set_on_retry_hooks([])

logger = logging.getLogger(__name__)


class AttemptFailed(Exception):
    """One attempt at an address ended without what was asked for; never leaves `assets`.

    `retry_after_seconds` is what the server asked for. `is_final` forbids another attempt. `is_unreached`
    says that the fault lies with the host, to which no request got through.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str,
        *,
        retry_after_seconds: float | None = None,
        is_final: bool = False,
        is_unreached: bool = False,
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds
        self.is_final = is_final
        self.is_unreached = is_unreached


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often to try in all, the first wait in between, and the longest wait a server may ask for."""

    attempts: int
    backoff_seconds: float
    max_retry_after_seconds: float

    def wait_before_next(self, error: Exception) -> bool | float:
        """The seconds to wait before another attempt, True for the usual backoff, False for no attempt.

        >>> policy = RetryPolicy(3, 1.0, 60.0)
        >>> policy.wait_before_next(AttemptFailed(Reason.RATE_LIMITED, "", retry_after_seconds=7.0))
        7.0
        >>> policy.wait_before_next(AttemptFailed(Reason.RATE_LIMITED, "", retry_after_seconds=1e9))
        False
        >>> policy.wait_before_next(AttemptFailed(Reason.GONE, ""))
        False
        """
        if not isinstance(error, AttemptFailed) or error.is_final or error.reason not in PASSING:
            return False
        asked = error.retry_after_seconds or 0.0
        if asked > self.max_retry_after_seconds:
            return False
        return asked if asked > self.backoff_seconds else True

    async def run(self, attempt: Callable[[], Awaitable[T]], name: str = "") -> T:
        """What the first good attempt returns; the last failure where all fail. `name` is for the log."""
        failure: AttemptFailed | None = None
        attempts = stamina.retry_context(
            on=self.wait_before_next,
            attempts=self.attempts,
            # Attempts and waits are bounded each; the time spent in line for the host must not count.
            timeout=None,
            wait_initial=self.backoff_seconds,
            wait_jitter=self.backoff_seconds,
            wait_max=MAX_BACKOFF_SECONDS,
        )
        async for one in attempts:
            if failure is not None:
                logger.info("%s: asked again after: %s", name, failure.reason)
            with one:
                try:
                    return await attempt()
                except AttemptFailed as error:
                    failure = error
                    raise
        raise AssertionError("stamina ends by a result or by raising")
