"""How much a download may cost us, and how it treats those it asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from assets.http.credentials import Credentials

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one address may cost.

    64 MiB hold a press agency's largest picture, 32 MiB a hundred posts of any length; documents lie in
    memory. An attempt may take two minutes over all its redirects, the time in line for a host not counted:
    slow sites send large pictures at 500 kB/s. Ten redirects are more than any site needs. A server may ask
    for two minutes of patience; one that asks for more is not asked for as long, and then for something else.
    """

    picture_bytes: int = 64 * _MIB
    document_bytes: int = 32 * _MIB
    total_seconds: float = 120.0
    connect_seconds: float = 15.0
    stall_seconds: float = 30.0
    redirects: int = 10
    attempts: int = 3
    max_retry_after_seconds: float = 120.0
    backoff_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Politeness:
    """How to behave towards hosts.

    A host and port in `allow_addresses` is the user's own: it may be private, and there is no pause between
    requests to it. `credentials` are for sites of one's own.
    """

    connections: int = 64
    connections_per_host: int = 4
    pause_seconds: float = 0.25
    respect_robots: bool = True
    respect_robots_tag: bool = True
    contact: str = "https://github.com/photodesk/photodesk"
    allow_addresses: frozenset[tuple[str, int]] = frozenset()
    credentials: Credentials = field(default_factory=Credentials)

    @property
    def user_agent(self) -> str:
        """Who is asking, and where to complain."""
        return _user_agent(self.contact)


@cache
def _user_agent(contact: str) -> str:
    # It becomes a header, and the user may have typed anything.
    printable = "".join(character for character in contact if " " <= character <= "~")
    return f"Photodesk/{_release()} (+{printable})"


@cache
def _release() -> str:
    """The installed release; looked up once, since every robots.txt is read on behalf of this name."""
    try:
        return version("photodesk")
    except PackageNotFoundError:
        return "0"
