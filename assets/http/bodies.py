"""A body taken in: decoded, counted against a cap, and handed to whoever keeps and digests it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from assets.errors import OriginalsError
from assets.http.content_encoding import BadCoding, Decoder
from assets.http.retries import AttemptFailed
from assets.model import Reason


class Sink(Protocol):
    """Where a body goes."""

    def write(self, data: bytes) -> None:
        """Take the next bytes."""

    def restart(self) -> None:
        """Forget what was written: the body comes again from its start."""

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was written, in hexadecimal."""


class MemorySink:
    """A sink that keeps the body at hand."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        """Take the next bytes."""
        self.data += data

    def restart(self) -> None:
        """Forget what was written."""
        self.data.clear()

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was written, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """What went into the sink."""

    length: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Cap:
    """The most bytes of a body to take, packed and unpacked; beyond it fail, or do with what there is."""

    max_bytes: int
    is_cut: bool = False


async def take(chunks: AsyncIterable[bytes], coding: str, sink: Sink, cap: Cap) -> Kept:
    """Writes the decoded body to the sink; AttemptFailed when it is too large, damaged or cut off.

    Nothing is read beyond the cap. OriginalsError when the sink cannot write.
    """
    with _translate_faults():
        sink.restart()
    length = received = 0
    decoder = _decoder(coding)
    async for chunk in chunks:
        received += len(chunk)
        for part in _decode_chunk(decoder, chunk):
            piece = part[: cap.max_bytes - length]
            length += len(piece)
            with _translate_faults():
                sink.write(piece)
            if len(piece) < len(part):
                return _refuse_unless_cut(cap, Kept(length, sink.sha256))
        if received > cap.max_bytes:
            return _refuse_unless_cut(cap, Kept(length, sink.sha256))
    if not decoder.is_complete:
        raise AttemptFailed(Reason.TRUNCATED, f"the {coding} data ends early, after {length:,} bytes")
    return Kept(length, sink.sha256)


def _refuse_unless_cut(cap: Cap, kept: Kept) -> Kept:
    if not cap.is_cut:
        raise make_too_large_failure(cap)
    return kept


def make_too_large_failure(cap: Cap) -> AttemptFailed:
    """The failure of a body beyond its cap."""
    return AttemptFailed(Reason.TOO_LARGE, f"more than {cap.max_bytes:,} bytes")


def _decoder(coding: str) -> Decoder:
    try:
        return Decoder(coding)
    except BadCoding as error:
        raise AttemptFailed(Reason.BAD_RESPONSE, str(error)) from error


def _decode_chunk(decoder: Decoder, chunk: bytes) -> Iterator[bytes]:
    try:
        yield from decoder.feed(chunk)
    except BadCoding as error:
        raise AttemptFailed(Reason.BAD_RESPONSE, str(error)) from error


@contextmanager
def _translate_faults() -> Iterator[None]:
    """A full disk is no fault of the network's, and will not pass by asking again."""
    try:
        yield
    except OSError as error:
        raise OriginalsError(f"cannot keep what was downloaded: {error.strerror or error}") from error
