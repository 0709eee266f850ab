"""Content codings, undone in pieces of any size."""

from __future__ import annotations

import gzip
import random
import zlib

import pytest

from assets.http.content_encoding import PART_BYTES, BadCoding, Decoder

_CHANCE = random.Random(1)  # noqa: S311 the same bytes each time
TEXT = b"".join(_CHANCE.randbytes(40) * 3 for _ in range(2_000))


def bare(body: bytes, level: int = 9) -> bytes:
    packer = zlib.compressobj(level, wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def decode(packed: bytes, coding: str, piece: int) -> tuple[bytes, bool]:
    decoder = Decoder(coding)
    parts = [part for at in range(0, len(packed), piece) for part in decoder.feed(packed[at : at + piece])]
    assert all(len(part) <= PART_BYTES for part in parts)
    return b"".join(parts), decoder.is_complete


@pytest.mark.parametrize("piece", [1, 7, 1_000, 10_000_000])
@pytest.mark.parametrize(
    ("packed", "coding"),
    [
        (gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT[:5]) + gzip.compress(TEXT[5:]) + b"\0" * 9, "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (bare(TEXT), "deflate"),
        (TEXT, ""),
    ],
)
def test_a_body_is_decoded_whatever_its_pieces(packed: bytes, coding: str, piece: int) -> None:
    assert decode(packed, coding, piece) == (TEXT, True)


# Bodies about as long as the parts they are given out in, so that output is still held back at the end of input.
@pytest.mark.parametrize("length", [PART_BYTES * 3 + offset for offset in range(-3, 4)])
@pytest.mark.parametrize("level", [1, 9])
def test_a_bare_stream_of_whole_parts_is_complete(length: int, level: int) -> None:
    assert decode(bare(bytes(length), level), "deflate", 10_000_000) == (bytes(length), True)


@pytest.mark.parametrize("missing", [1, 4, 8, 9, 100])
@pytest.mark.parametrize(
    ("packed", "coding"), [(gzip.compress(TEXT), "gzip"), (zlib.compress(TEXT), "deflate")]
)
def test_a_body_that_was_cut_off_is_not_complete(packed: bytes, coding: str, missing: int) -> None:
    assert not decode(packed[:-missing], coding, 1_000)[1]


@pytest.mark.parametrize("coding", ["gzip", "deflate", "identity"])
def test_no_body_at_all_is_complete(coding: str) -> None:
    assert Decoder(coding).is_complete


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "gzip;q=1", "utf-8"])
def test_other_codings_are_refused(coding: str) -> None:
    with pytest.raises(BadCoding, match="nobody asked for"):
        Decoder(coding)


def test_a_damaged_body_is_an_error() -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-6] ^= 1
    with pytest.raises(BadCoding, match="damaged gzip data"):
        decode(bytes(packed), "gzip", 1_000)
