"""Content codings undone (RFC 9110, 8.4.1), piece by piece and with the end checked.

The HTTP client can do this, but gives a body that was cut off without a word, and unpacks without a bound.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

# What servers may be asked for.
ACCEPTED = "gzip, deflate"

# A packed piece can swell a thousandfold; it is unpacked in parts of this size, so that a cap acts in time.
PART_BYTES = 256 * 1024

_PLAIN = frozenset({"", "identity"})
_GZIP = frozenset({"gzip", "x-gzip"})
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = zlib.MAX_WBITS + 16

# A zlib stream (RFC 1950) begins with its method and a check: sixteen bits that 31 divides.
_ZLIB_HEAD_BYTES = 2
_ZLIB_METHOD = 8
_ZLIB_CHECK = 31


class BadCoding(ValueError):
    """The body cannot be decoded: a coding nobody asked for, or bytes that are not of it."""


class Decoder:
    """Undoes one Content-Encoding; `is_complete` tells at the end whether all of the body was there.

    >>> import gzip
    >>> decoder = Decoder("gzip")
    >>> b"".join(decoder.feed(gzip.compress(b"Pyongyang")[:-1])), decoder.is_complete
    (b'Pyongyang', False)
    """

    def __init__(self, coding: str) -> None:
        self._coding = coding.strip().lower()
        if self._coding not in _PLAIN | _GZIP | {"deflate"}:
            raise BadCoding(f"content coding {coding[:40]!r}, which nobody asked for")
        self._stream = zlib.decompressobj(_GZIP_WINDOW) if self._coding in _GZIP else None
        self._head = b""
        self._has_begun = False
        self._has_ended = False

    @property
    def is_complete(self) -> bool:
        """Whether the coding's own end was reached; plain and empty bodies have none."""
        return not self._has_begun or (self._stream is not None and self._stream.eof)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The decoded bytes of the next piece, in parts of bounded size; BadCoding when it is damaged."""
        if self._coding in _PLAIN:
            yield data
            return
        self._has_begun = True
        try:
            yield from self._unpack(data)
        except zlib.error as error:
            raise BadCoding(f"damaged {self._coding} data: {error}") from error

    def _unpack(self, data: bytes) -> Iterator[bytes]:
        if self._stream is None:
            self._head += data
            if len(self._head) < _ZLIB_HEAD_BYTES:
                return
            data = self._head
            self._stream = zlib.decompressobj(_window(data))
        while not self._has_ended:
            if self._stream.eof:
                if not data:
                    return
                self._begin_next_member(data)
                continue
            part = self._stream.decompress(data, PART_BYTES)
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            if part:
                yield part
            # A full part may have left more behind even where all of the input is used up.
            if not data and len(part) < PART_BYTES:
                return

    def _begin_next_member(self, data: bytes) -> None:
        """Gzip streams may follow each other; anything else behind the end is padding."""
        if self._coding in _GZIP and data.startswith(_GZIP_MAGIC[: len(data)]):
            self._stream = zlib.decompressobj(_GZIP_WINDOW)
        else:
            self._has_ended = True


def _window(head: bytes) -> int:
    """How zlib is to read `deflate`: as a zlib stream, or bare, as some servers send it."""
    is_zlib = head[0] & 0x0F == _ZLIB_METHOD and int.from_bytes(head[:2], "big") % _ZLIB_CHECK == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
