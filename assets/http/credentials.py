"""User names and passwords for sites of one's own: from a file that nobody else may read, each for one origin alone.

They are sent as HTTP's basic authentication, which WordPress's application passwords go by, and which hides nothing: so
over https, or to this very machine.
"""

from __future__ import annotations

import base64
import netrc
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from assets.errors import CredentialsError
from assets.parsing import urls

# A desk has some dozens of sites; what is longer is another file.
MAX_FILE_BYTES = 64 * 1024

# Who may look at it beside its owner: the group and all others.
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What to tell which origin: values of the Authorization header by scheme, host and port.

    They show in no text of this object.
    """

    by_origin: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Credentials(for {', '.join(self.by_origin) or 'nobody'})"

    def has(self, address: str) -> bool:
        """Whether there are credentials for the origin of an address."""
        return urls.origin_of(address) in self.by_origin

    def header(self, address: str) -> str:
        """The Authorization header for an address, `""` where its origin has none or could be listened to."""
        origin = urls.origin_of(address)
        return self.by_origin.get(origin, "") if is_safe(origin) else ""

    def __or__(self, other: Credentials) -> Credentials:
        """Both; of an origin that both have, the other's."""
        return Credentials({**self.by_origin, **other.by_origin})


def is_safe(origin: str) -> bool:
    """Whether nobody on the way can read what is sent there.

    >>> is_safe("https://news.example"), is_safe("http://127.0.0.1:8080"), is_safe("http://news.example")
    (True, True, False)
    """
    url = urls.parse(origin)
    return url is not None and (url.protocol == "https:" or _is_loopback(url.hostname))


def read_credentials(path: str) -> Credentials:
    """The credentials of a file: on each line an origin, a space and `USER:PASSWORD`; `#` begins a comment.

    What follows the first colon is the password, spaces included. CredentialsError says what is wrong, never with
    what stands in the file.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(_read_private(path).splitlines(), start=1):
        told = line.strip()
        if not told or told.startswith("#"):
            continue
        place = f"{path}: line {number}"
        address, _, pair = told.partition(" ")
        user, colon, password = pair.strip().partition(":")
        if not user or not colon or not password:
            raise CredentialsError(f"{place}: expected an origin, a space and USER:PASSWORD")
        origin = _read_origin(address, place)
        if origin in found:
            raise CredentialsError(f"{place}: {origin} has credentials already")
        found[origin] = _encode(user, password, place)
    return Credentials(found)


def read_netrc(path: str = "") -> Credentials:
    """The credentials of a netrc file, by default `~/.netrc`; a machine may be written with its port.

    A machine counts for https, one on loopback for http too. `default` would go to everybody and counts for nobody.
    CredentialsError says what is wrong, never with what stands in the file.
    """
    path = path or str(Path.home() / ".netrc")
    _read_private(path)
    try:
        hosts = netrc.netrc(path).hosts
    except (netrc.NetrcParseError, OSError, UnicodeError) as error:
        line = getattr(error, "lineno", None)
        place = f"{path}: line {line}" if line else path
        raise CredentialsError(f"{place}: not written as a netrc file is") from None
    found = {}
    for machine, (user, _, password) in hosts.items():
        for origin in _origins_of(machine):
            if machine != "default" and user and password:
                found[origin] = _encode(user, password, path)
    return Credentials(found)


def _read_private(path: str) -> str:
    """The text of a file that its owner alone may read."""
    try:
        with open(path, "rb") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & _OTHERS:
                raise CredentialsError(f"{path}: others may read it; `chmod 600` keeps passwords to yourself")
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise CredentialsError(f"{path}: {error.strerror or 'cannot be read'}") from None
    except ValueError:
        raise CredentialsError("no path of a file") from None
    if len(data) > MAX_FILE_BYTES:
        raise CredentialsError(f"{path}: more than {MAX_FILE_BYTES:,} bytes, which are no credentials")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CredentialsError(f"{path}: not a text in UTF-8") from None


def _read_origin(address: str, place: str) -> str:
    url = urls.parse(address)
    if url is None or url.username or url.password or url.pathname != "/" or url.search:
        raise CredentialsError(f"{place}: expected an origin like https://news.example, without a path")
    if not is_safe(url.origin):
        raise CredentialsError(
            f"{place}: {url.origin} is plain http, where passwords can be read on the way; only https, or this machine"
        )
    return url.origin


def _origins_of(machine: str) -> Iterator[str]:
    """The origins that a machine of a netrc file stands for."""
    for scheme in ("https", "http"):
        url = urls.parse(f"{scheme}://{machine}/")
        if url is not None and url.pathname == "/" and not url.username and is_safe(url.origin):
            yield url.origin


def _is_loopback(hostname: str) -> bool:
    host = hostname.removeprefix("[").removesuffix("]").rstrip(".")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _encode(user: str, password: str, place: str) -> str:
    """The value of the header (RFC 7617)."""
    if ":" in user:
        raise CredentialsError(f"{place}: a user name may not hold a colon")
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
