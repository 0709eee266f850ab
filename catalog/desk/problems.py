"""What the desk answers when it cannot do what was asked: problem details as RFC 9457 has them."""

from __future__ import annotations

from http import HTTPStatus

from assets import Reason


class Problem(Exception):
    """An answer that is no success; `detail` is fit for the visitor, `more` are members for the page to go by."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        retry_after_seconds: int = 0,
        more: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds
        self.more = more or {}

    def to_json(self) -> dict[str, object]:
        """The problem as `application/problem+json`."""
        return {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": self.detail,
            **self.more,
        }


def bad_request(detail: str) -> Problem:
    """What was asked makes no sense."""
    return Problem(HTTPStatus.BAD_REQUEST, detail)


def not_found(detail: str) -> Problem:
    """There is no such thing."""
    return Problem(HTTPStatus.NOT_FOUND, detail)


def held(holder: str) -> Problem:
    """Another process writes to the catalog."""
    detail = f"nothing was written: the catalog is in use by {holder}; try again later"
    return Problem(HTTPStatus.CONFLICT, detail, more={"holder": holder})


def unreadable(detail: str, reason: Reason | None = None) -> Problem:
    """A picture that cannot be looked at."""
    more = {"reason": reason.value} if reason is not None else None
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, more=more)


def too_large(detail: str) -> Problem:
    """A body beyond the cap."""
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)


def busy(detail: str) -> Problem:
    """Too much is waiting already."""
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, retry_after_seconds=2)
