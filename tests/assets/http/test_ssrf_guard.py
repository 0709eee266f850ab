"""Which network addresses may be asked."""

from __future__ import annotations

import socket

import pytest

from assets.http.ssrf_guard import AddressGuard, AddressRefused, is_public, parse_allowed


@pytest.mark.parametrize(
    "ip",
    [
        "1.1.1.1",
        "93.184.216.34",
        "100.128.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "223.255.255.254",
        "2606:4700:4700::1111",
        "2a00:1450:4001:81b::200e",
        "::ffff:93.184.216.34",
        "64:ff9b::5db8:d822",
        "2002:5db8:d822::1",
    ],
)
def test_public_addresses_are_public(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "0.0.0.0",  # noqa: S104
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.0.3",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
    ],
)
def test_addresses_of_no_public_host_are_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "100::1",
        "2001:db8::1",
        "2001:20::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "64:ff9b:1::1",
    ],
)
def test_ipv6_addresses_of_no_public_host_are_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "::ffff:127.0.0.1",
        "::ffff:a9fe:a9fe",
        "64:ff9b::a00:1",
        "2002:7f00:1::1",
        "2002:c0a8:101::",
        "2001:0:5db8:d822::80ff:fffe",
        "2001:0:7f00:1::a247:27dd",
        "2a00:1450::5efe:c0a8:101",
        "2a00:1450::200:5efe:7f00:1",
        "fe80::5efe:5db8:d822",
    ],
)
def test_an_ipv4_address_inside_an_ipv6_one_is_looked_at(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize(
    "text", ["", "localhost", "127.1", "0x7f.0.0.1", "2130706433", "１２７.0.0.1", "1.1.1.1 "]
)
def test_what_is_no_ip_address_is_not_public(text: str) -> None:
    assert not is_public(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        ("localhost:80", ("localhost", 80)),
        ("Photos.Example.:443", ("photos.example", 443)),
        ("[::1]:8080", ("::1", 8080)),
        ("[0:0:0::1]:8080", ("::1", 8080)),
        ("2130706433:1", ("127.0.0.1", 1)),
        (" bücher.example:81 ", ("xn--bcher-kva.example", 81)),
    ],
)
def test_an_allowed_address_is_read(text: str, expected: tuple[str, int]) -> None:
    assert parse_allowed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost",
        "localhost:",
        "localhost:0",
        "localhost:65536",
        "localhost:8x",
        "localhost:²",
        "localhost:-1",
        ":80",
        "::1:80",
        "a b:80",
        "user@localhost:80",
        "localhost/x:80",
        "localhost?x:80",
        "http://localhost:80",
        "[::1:80",
    ],
)
def test_a_malformed_allowed_address_is_an_error_that_quotes_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected HOST:PORT|brackets|not a host name") as found:
        parse_allowed(text)
    assert repr(text) in str(found.value)


def test_a_literal_address_that_is_not_public_is_refused() -> None:
    with pytest.raises(AddressRefused, match=r"127\.0\.0\.1 port 80"):
        AddressGuard().check_literal("127.0.0.1", 80)


def test_a_literal_in_brackets_is_refused_too() -> None:
    with pytest.raises(AddressRefused):
        AddressGuard().check_literal("[::ffff:7f00:1]", 80)


def test_a_name_is_no_literal() -> None:
    AddressGuard().check_literal("localhost", 80)


def test_an_allowed_literal_passes_at_its_port_only() -> None:
    guard = AddressGuard([("127.0.0.1", 8080)])
    guard.check_literal("127.0.0.1", 8080)
    with pytest.raises(AddressRefused):
        guard.check_literal("127.0.0.1", 8081)


def test_no_socket_is_made_to_an_address_that_is_not_public() -> None:
    info = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("169.254.169.254", 80))
    with pytest.raises(AddressRefused):
        AddressGuard().socket(info)


def test_a_socket_is_made_to_an_allowed_address() -> None:
    info = (socket.AF_INET6, socket.SOCK_STREAM, 0, "", ("::1", 80, 0, 0))
    with AddressGuard([("::1", 80)]).socket(info) as made:
        assert made.family == socket.AF_INET6


def test_of_a_names_addresses_only_the_public_ones_are_kept() -> None:
    assert AddressGuard().vet("news.example", 80, ["10.0.0.1", "93.184.216.34"]) == ["93.184.216.34"]


def test_a_name_without_public_addresses_is_refused() -> None:
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        AddressGuard().vet("news.example", 80, ["10.0.0.1", "127.0.0.1"])


def test_an_allowed_name_allows_what_it_resolves_to_at_that_port() -> None:
    guard = AddressGuard([("archive.local", 8080)])
    assert guard.vet("archive.local", 8080, ["10.0.0.5"]) == ["10.0.0.5"]
    with guard.socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("10.0.0.5", 8080))):
        pass
    with pytest.raises(AddressRefused):
        guard.socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("10.0.0.5", 80)))
