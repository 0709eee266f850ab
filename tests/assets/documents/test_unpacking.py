"""Packed inputs: unpacked piece by piece, capped, faults told and never raised."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from assets.documents import unpacking
from assets.documents.unpacking import Unpacked

PLAIN = bytes(range(256)) * 400


def pieces(body: bytes, size: int) -> list[bytes]:
    return [body[start : start + size] for start in range(0, len(body), size)]


@pytest.mark.parametrize(
    "packed",
    [PLAIN, gzip.compress(PLAIN), gzip.compress(gzip.compress(PLAIN)), gzip.compress(PLAIN) + b"\0" * 512],
    ids=["plain", "packed", "packed twice", "padded"],
)
@pytest.mark.parametrize("size", [1, 13, 1 << 20])
def test_the_content_is_the_same_however_it_is_packed_and_cut(packed: bytes, size: int) -> None:
    stream = Unpacked(pieces(packed, size))
    assert (stream.read_whole(1 << 30), stream.fault) == (PLAIN, "")


def test_all_members_of_a_gzip_file_are_read() -> None:
    assert Unpacked([gzip.compress(b"one ") + gzip.compress(b"two")]).read_whole(99) == b"one two"


def test_the_head_is_still_to_be_read() -> None:
    stream = Unpacked(pieces(gzip.compress(PLAIN), 50))
    assert stream.head(9) == PLAIN[:9]
    assert stream.head(3) == PLAIN[:3]
    assert stream.read_whole(1 << 30) == PLAIN


def test_the_head_of_little_is_little() -> None:
    assert Unpacked([b"ab"]).head(99) == b"ab"
    assert Unpacked([]).head(99) == b""


@pytest.mark.parametrize("body", [b"\x1f", b"\x1f\x8b", b"\x1f\x8b\x08"])
def test_almost_nothing_is_no_trouble(body: bytes) -> None:
    Unpacked([body]).read_whole(99)


def test_cut_data_gives_what_there_is_and_the_fault() -> None:
    stream = Unpacked([gzip.compress(PLAIN, 0)[:5000]])
    found = stream.read_whole(1 << 30)
    assert found
    assert PLAIN.startswith(found[:256])
    assert stream.fault == "the gzip data is cut off"


def test_damaged_data_is_a_fault() -> None:
    packed = bytearray(gzip.compress(PLAIN))
    packed[200:220] = b"\xff" * 20
    stream = Unpacked([bytes(packed)])
    stream.read_whole(1 << 30)
    assert stream.fault.startswith("damaged gzip data")


def test_a_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MAX_UNPACKED_BYTES", 1 << 20)
    stream = Unpacked([gzip.compress(bytes(8 << 20))])
    assert sum(len(piece) for piece in stream) <= 1 << 20
    assert stream.fault == "unpacks to more than 1,048,576 bytes"


def test_a_document_beyond_its_limit_is_not_held() -> None:
    assert Unpacked([gzip.compress(bytes(1 << 20))]).read_whole(1000) is None


def test_a_read_error_is_a_fault() -> None:
    def failing() -> Iterator[bytes]:
        yield b"some"
        raise OSError(5, "Input/output error")

    stream = Unpacked(failing())
    assert (stream.read_whole(99), stream.fault) == (b"some", "Input/output error")
