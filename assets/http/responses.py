"""What an HTTP answer says before its body: its status, its headers, where it sends us, when to come back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assets.model import Reason, Validators
from assets.parsing import urls
from assets.parsing.dates import http_moment
from assets.parsing.text import clean

OK = 200
NON_AUTHORITATIVE = 203
NOT_MODIFIED = 304

REDIRECTS = frozenset({301, 302, 303, 307, 308})

# Answers that ask for patience on behalf of the whole server.
OVERLOADED = frozenset({429, 503})

_REASONS = {
    OK: None,
    NON_AUTHORITATIVE: None,
    204: Reason.EMPTY,
    205: Reason.EMPTY,
    401: Reason.UNAUTHORIZED,
    403: Reason.FORBIDDEN,
    404: Reason.GONE,
    410: Reason.GONE,
    429: Reason.RATE_LIMITED,
}

# What can show later where a picture came from, how old it was and what its server allowed.
EVIDENCE = (
    "date",
    "server",
    "content-type",
    "content-length",
    "content-encoding",
    "content-location",
    "content-disposition",
    "last-modified",
    "etag",
    "age",
    "cache-control",
    "x-robots-tag",
)

# Longer values tell nothing more and would swell every record.
MAX_EVIDENCE_CHARACTERS = 500

# Entity tags in use are below a hundred characters; one is sent back with every later request.
MAX_VALIDATOR_CHARACTERS = 256

_SENDABLE = re.compile(rf"[\x21-\x7e](?:[\x20-\x7e]{{0,{MAX_VALIDATOR_CHARACTERS - 2}}}[\x21-\x7e])?")

# Bytes that are not UTF-8 reach us as lone surrogates (PEP 383).
_RAW_BYTE = re.compile(r"[\udc80-\udcff]")
_RAW_BYTE_OFFSET = 0xDC00


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of an answer; names are lower-case, repeated ones keep their order."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Headers:
        """Headers from names in any case."""
        values: dict[str, tuple[str, ...]] = {}
        for name, value in pairs:
            values[name.lower()] = (*values.get(name.lower(), ()), value)
        return cls(values)

    def get_first(self, name: str) -> str:
        """The first value of a header, `""` when it is absent.

        >>> Headers.of([("ETag", "x")]).get_first("etag")
        'x'
        """
        return next(iter(self.get_all(name)), "")

    def get_all(self, name: str) -> tuple[str, ...]:
        """Every value of a header."""
        return self.values.get(name.lower(), ())


def reason_for_status(status: int) -> Reason | None:
    """Why an answer of that status holds nothing for us, None when its body is what was asked for.

    >>> reason_for_status(404), reason_for_status(200), reason_for_status(206)
    (<Reason.GONE: 'gone'>, None, <Reason.BAD_RESPONSE: 'bad response'>)
    """
    if status in _REASONS:
        return _REASONS[status]
    if 400 <= status < 500:
        return Reason.CLIENT_ERROR
    if 500 <= status < 600:
        return Reason.SERVER_ERROR
    # A part nobody asked for (206), an errand still to be done (202), a status that means nothing.
    return Reason.BAD_RESPONSE


def evidence(headers: Headers) -> tuple[tuple[str, str], ...]:
    """The headers worth keeping, as clean text of bounded length.

    >>> evidence(Headers.of([("Set-Cookie", "id=1"), ("Age", "3")]))
    (('age', '3'),)
    """
    found = ((name, headers.get_all(name)) for name in EVIDENCE)
    values = ((name, clean(", ".join(all_of))) for name, all_of in found if all_of)
    return tuple((name, value[:MAX_EVIDENCE_CHARACTERS]) for name, value in values if value)


def content_type(headers: Headers) -> str:
    """The declared media type with its parameters, as clean text."""
    return clean(headers.get_first("content-type"))[:MAX_EVIDENCE_CHARACTERS]


def validators_of(headers: Headers, address: str) -> Validators:
    """What to ask that address with next time; values that cannot be sent back are left out."""
    etag, modified = (
        sanitize_value(headers.get_first("etag")),
        sanitize_value(headers.get_first("last-modified")),
    )
    return Validators(etag, modified, address) if etag or modified else Validators()


def sanitize_value(value: str) -> str:
    """A header value from a stranger, `""` unless it is short printable ASCII.

    >>> sanitize_value('W/"a1"'), sanitize_value('"a"\\r\\nX-Evil: 1')
    ('W/"a1"', '')
    """
    return value if _SENDABLE.fullmatch(value) else ""


def conditions(validators: Validators) -> tuple[tuple[str, str], ...]:
    """The request headers that ask for a body only if it changed."""
    pairs = (("If-None-Match", validators.etag), ("If-Modified-Since", validators.last_modified))
    return tuple((name, value) for name, value in pairs if sanitize_value(value))


def redirect_target(location: str, address: str) -> str:
    """The absolute web address a Location leads to, without credentials; `""` where it is none.

    >>> redirect_target("//user:pass@cdn.example/a.jpg", "https://news.example/")
    'https://cdn.example/a.jpg'
    >>> redirect_target("gopher://news.example/", "https://news.example/")
    ''
    """
    written = _RAW_BYTE.sub(lambda byte: f"%{ord(byte.group()) - _RAW_BYTE_OFFSET:02X}", location)
    return strip_credentials(written, address) if written.strip() else ""


def strip_credentials(address: str, base: str = "") -> str:
    """The absolute web address without user name and password, `""` where it is none.

    >>> strip_credentials("https://user:pass@news.example/a.jpg")
    'https://news.example/a.jpg'
    """
    url = urls.parse(address, base)
    return urls.strip_user(url) if url is not None else ""


def referer_for(page: str, address: str) -> str:
    """What an address is told of the page that shows it: its origin, never its path; `""` for none.

    A page that came over https tells nothing to who can be listened to.

    >>> referer_for("https://news.example/a/b?c", "https://cdn.example/k.jpg")
    'https://news.example/'
    >>> referer_for("https://news.example/a/b?c", "http://cdn.example/k.jpg"), referer_for("page.html", "")
    ('', '')
    """
    origin = urls.origin_of(page)
    if not origin or (origin.startswith("https:") and not address.startswith("https:")):
        return ""
    return f"{origin}/"


def retry_after_seconds(value: str, now: datetime) -> float | None:
    """The seconds a Retry-After asks for, None where it makes no sense.

    >>> from datetime import UTC
    >>> now = datetime(2025, 1, 1, 12, 0, 0, tzinfo=UTC)
    >>> retry_after_seconds("120", now), retry_after_seconds("Wed, 01 Jan 2025 12:01:00 GMT", now)
    (120.0, 60.0)
    >>> retry_after_seconds("soon", now)
    """
    written = value.strip()
    if written.isascii() and written.isdigit():
        return float(written)
    moment = http_moment(written)
    return max(0.0, (moment - now).total_seconds()) if moment is not None else None
