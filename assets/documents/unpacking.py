"""The bytes of an input: gzip unpacked, counted, with a look at the first of them before the rest is read."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

GZIP_MAGIC = b"\x1f\x8b\x08"

# Pieces in which packed bytes are unpacked: bounds what one small piece can swell to in memory.
PIECE_BYTES = 1024 * 1024

# A dump of 100,000 posts is below 2 GB; deflate can promise a thousand times its own size.
MAX_UNPACKED_BYTES = 16 * 1024 * 1024 * 1024

# `dump.json.gz` packed once more by a careless download is seen in the wild; more is a trap.
MAX_LAYERS = 2


class Unpacked:
    """An input's bytes, piece by piece; reading ends early at a fault, and `fault` tells which."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.fault = ""
        self.is_packed = False
        self._pieces: Iterator[bytes] = self._guard(pieces)
        self._peeked = b""
        for _ in range(MAX_LAYERS):
            if not self._peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC):
                break
            self.is_packed = True
            self._pieces = self._unpack(self._take_up())

    def head(self, size: int) -> bytes:
        """The first bytes, fewer when there are no more; they are still to be read."""
        return self._peek(size)[:size]

    def __iter__(self) -> Iterator[bytes]:
        return self._take_up()

    def read_whole(self, max_bytes: int) -> bytes | None:
        """All the bytes, or None when there are more than `max_bytes`."""
        parts: list[bytes] = []
        length = 0
        for piece in self:
            parts.append(piece)
            length += len(piece)
            if length > max_bytes:
                return None
        return b"".join(parts)

    def _peek(self, size: int) -> bytes:
        while len(self._peeked) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._peeked += piece
        return self._peeked

    def _take_up(self) -> Iterator[bytes]:
        peeked, self._peeked = self._peeked, b""
        return chain([peeked] if peeked else [], self._pieces)

    def _guard(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        try:
            yield from pieces
        except OSError as error:
            self.fault = error.strerror or str(error)

    def _unpack(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The content of all gzip members; what stands behind the last of them is padding."""
        member = zlib.decompressobj(wbits=31)
        total = 0
        packed = b""
        while True:
            packed = packed or next(pieces, b"")
            if not packed:
                break
            if member.eof:
                if not packed.startswith(GZIP_MAGIC[: len(packed)]):
                    return
                member = zlib.decompressobj(wbits=31)
            try:
                piece = member.decompress(packed, PIECE_BYTES)
            except zlib.error as error:
                self.fault = f"damaged gzip data: {error}"
                return
            packed = member.unused_data if member.eof else member.unconsumed_tail
            total += len(piece)
            if total > MAX_UNPACKED_BYTES:
                self.fault = f"unpacks to more than {MAX_UNPACKED_BYTES:,} bytes"
                return
            if piece:
                yield piece
        if not member.eof and not self.fault:
            self.fault = "the gzip data is cut off"
