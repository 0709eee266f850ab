"""What was seen of an address while it was asked for, and the `Fetch` that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from assets.http import responses
from assets.http.bodies import Kept
from assets.http.responses import Headers
from assets.model import Fetch, Outcome, Reason, Stage, Validators
from assets.parsing.text import clean

# Nothing was asked, or nothing may be kept.
REFUSALS = frozenset({Reason.BAD_ADDRESS, Reason.ADDRESS_REFUSED, Reason.ROBOTS, Reason.ROBOTS_TAG})


@dataclass(slots=True)
class Exchange:
    """How far it went: the hop now asked, its answer, the attempts begun. Each attempt starts it anew."""

    address: str = ""
    attempts: int = 0
    status: int | None = None
    headers: Headers = field(default_factory=Headers)
    has_error_body: bool = False

    def restart(self) -> None:
        """Forget the attempt before, which still counts."""
        self.status = None
        self.headers = Headers()
        self.has_error_body = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A good end: a body in the sink, or word that it did not change."""

    kept: Kept = field(default_factory=Kept)
    is_unchanged: bool = False


def build_fetch(url: str, at: str, exchange: Exchange, taken: Taken, before: Validators) -> Fetch:
    """The fetch of a good end; validators that a 304 does not repeat go on holding."""
    validators = responses.validators_of(exchange.headers, exchange.address)
    if taken.is_unchanged:
        etag = validators.etag or before.etag
        validators = Validators(etag, validators.last_modified or before.last_modified, exchange.address)
    return Fetch(
        url,
        Outcome.UNCHANGED if taken.is_unchanged else Outcome.FETCHED,
        at,
        status=exchange.status,
        final_url=exchange.address,
        validators=validators,
        content_type=responses.content_type(exchange.headers),
        length=taken.kept.length,
        sha256=taken.kept.sha256,
        attempts=exchange.attempts,
        headers=responses.evidence(exchange.headers),
    )


def build_failed_fetch(url: str, at: str, exchange: Exchange, reason: Reason, detail: str) -> Fetch:
    """The fetch of a bad end."""
    return Fetch(
        url,
        Outcome.REFUSED if reason in REFUSALS else Outcome.FAILED,
        at,
        status=exchange.status,
        reason=reason,
        stage=Stage.DOWNLOAD,
        detail=clean(detail)[: responses.MAX_EVIDENCE_CHARACTERS],
        final_url=exchange.address,
        content_type=responses.content_type(exchange.headers),
        attempts=exchange.attempts,
        headers=responses.evidence(exchange.headers),
    )
