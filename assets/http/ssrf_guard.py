"""Which network addresses may be asked: public ones, and those the user named.

Pages are written by strangers. A picture's address, a redirect or a name's record may point at the router, a
cloud's metadata service or the program itself, so the address is looked at once more as each socket is made.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import ada_url

# Not for the public though Python's tables or common sense may say otherwise.
_CLOSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # shared behind carriers' NAT; a cloud's metadata at 100.100.100.200
        "168.63.129.16/32",  # a cloud's metadata on a public address
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays, withdrawn
        "198.18.0.0/15",
        "240.0.0.0/4",
    )
)

# Everything the IANA has given out for hosts of the public IPv6 network lies in here, beside much else.
_GLOBAL_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "3fff::/20"))

_NAT64 = IPv6Network("64:ff9b::/96")

# Interface identifiers of ISATAP (RFC 5214): the last 32 bits are an IPv4 address.
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})

# Each hop asks about its host several times, and a harvest asks a few hosts thousands of times.
HOSTS_REMEMBERED = 4096

_LOW_32_BITS = 0xFFFFFFFF
_MAX_PORT = 65535

# What addresses look like to the socket module: family, type, protocol, canonical name, (host, port, ...).
AddressInfo = tuple[int, int, int, str, tuple[str | int | bytes, ...]]


class AddressRefused(OSError):
    """The address is not public and the user did not name it; nothing was sent there."""

    def __init__(self, ip: str, port: int) -> None:
        self.detail = f"{ip} port {port} is not a public address"
        super().__init__(errno.EACCES, self.detail)


def is_public(ip: str) -> bool:
    """Whether an IP address belongs to the public network; what is no IP address does not.

    >>> is_public("93.184.216.34"), is_public("169.254.169.254"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return _is_public_v4(address)
    if address.ipv4_mapped is not None or address in _NAT64:
        return _is_public_v4(_extract_low_v4(address))
    if address not in _GLOBAL_V6:
        return False
    carried = _extract_carried_v4(address)
    if carried:
        return all(map(_is_public_v4, carried))
    return not address.is_private and not any(address in network for network in _CLOSED_V6)


def _is_public_v4(address: IPv4Address) -> bool:
    closed = address.is_multicast or any(address in network for network in _CLOSED_V4)
    return address.is_global and not closed


def _extract_low_v4(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & _LOW_32_BITS)


def _extract_carried_v4(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses to which a tunnel would carry packets for this address."""
    if address.teredo is not None:
        return address.teredo
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if (int(address) >> 32) & _LOW_32_BITS in _ISATAP:
        return (_extract_low_v4(address),)
    return ()


def parse_allowed(text: str) -> tuple[str, int]:
    """The host and port of an `--allow-address HOST:PORT`; ValueError says what is wrong with it.

    >>> parse_allowed("localhost:8080"), parse_allowed("[::1]:80")
    (('localhost', 8080), ('::1', 80))
    """
    host, _, port = text.strip().rpartition(":")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) <= _MAX_PORT:
        raise ValueError(f"{text!r}: expected HOST:PORT with a port from 1 to {_MAX_PORT}")
    if ":" in host and not host.startswith("["):
        raise ValueError(f"{text!r}: an IPv6 address needs brackets, as in [::1]:8080")
    try:
        url = ada_url.URL(f"http://{host}/")
    except (ValueError, UnicodeError):
        url = None
    if url is None or not url.hostname or url.username or url.href != f"http://{url.hostname}/":
        raise ValueError(f"{text!r}: {host!r} is not a host name or an IP address")
    return normalize_host(url.hostname), int(port)


@lru_cache(HOSTS_REMEMBERED)
def normalize_host(hostname: str) -> str:
    """A host as the resolver and the socket see it: no brackets, no final dot, one spelling.

    >>> normalize_host("[0:0::1]"), normalize_host("News.example.")
    ('::1', 'news.example')
    """
    host = hostname.removeprefix("[").removesuffix("]").rstrip(".").lower()
    try:
        return str(ip_address(host))
    except ValueError:
        return host


class AddressGuard:
    """Says of each address whether it may be asked, and makes sockets only to those that may.

    `allowed` are the hosts and ports the user named. A named host allows the addresses it resolves to, at
    that port; `vet` is told them.
    """

    def __init__(self, allowed: Iterable[tuple[str, int]] = ()) -> None:
        self._named = frozenset((normalize_host(host), port) for host, port in allowed)
        self._granted = set(self._named)

    def names(self, host: str, port: int) -> bool:
        """Whether the user named this very host and port."""
        return (normalize_host(host), port) in self._named

    def check_literal(self, host: str, port: int) -> None:
        """AddressRefused when the host is an IP address that may not be asked; a name passes."""
        ip = normalize_host(host)
        try:
            ip_address(ip)
        except ValueError:
            return
        self._check(ip, port)

    def vet(self, host: str, port: int, ips: Iterable[str]) -> list[str]:
        """Those of a name's addresses that may be asked; AddressRefused when none of them may."""
        found = list(ips)
        if self.names(host, port):
            self._granted |= {(normalize_host(ip), port) for ip in found}
        kept = [ip for ip in found if self._may_ask(ip, port)]
        if found and not kept:
            raise AddressRefused(found[0], port)
        return kept

    def socket(self, info: AddressInfo) -> socket.socket:
        """A socket for a connection to that address; AddressRefused when it may not be asked."""
        family, kind, protocol, _, (host, port, *_) = info
        self._check(str(host), int(port))
        return socket.socket(family, kind, protocol)

    def _check(self, ip: str, port: int) -> None:
        if not self._may_ask(ip, port):
            raise AddressRefused(ip, port)

    def _may_ask(self, ip: str, port: int) -> bool:
        return (normalize_host(ip), port) in self._granted or is_public(ip)
