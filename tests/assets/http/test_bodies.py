from __future__ import annotations

import asyncio
import gzip
import hashlib
import zlib
from collections.abc import AsyncIterator, Iterable

import pytest

from assets.errors import OriginalsError
from assets.http.bodies import Cap, Kept, MemorySink, make_too_large_failure, take
from assets.http.content_encoding import PART_BYTES
from assets.http.retries import AttemptFailed
from assets.model import Reason

ROOMY = Cap(1000)


class Chunks:
    """A body in pieces, which counts how many of them were read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.read = 0
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            self.read += 1
            yield piece


class FullSink(MemorySink):
    """A sink whose disk has room for so many bytes."""

    def __init__(self, room: int, error: OSError) -> None:
        super().__init__()
        self._room, self._error = room, error

    def write(self, data: bytes) -> None:
        if len(self.data) + len(data) > self._room:
            raise self._error
        super().write(data)

    def restart(self) -> None:
        if self._room < 0:
            raise self._error
        super().restart()


def kept(*pieces: bytes, coding: str = "", cap: Cap = ROOMY, sink: MemorySink | None = None) -> Kept:
    return asyncio.run(take(Chunks(pieces), coding, sink or MemorySink(), cap))


def written(*pieces: bytes, coding: str = "", cap: Cap = ROOMY) -> bytes:
    sink = MemorySink()
    kept(*pieces, coding=coding, cap=cap, sink=sink)
    return bytes(sink.data)


def failure(*pieces: bytes, coding: str = "", cap: Cap = ROOMY) -> tuple[Reason, str]:
    with pytest.raises(AttemptFailed) as caught:
        kept(*pieces, coding=coding, cap=cap)
    return caught.value.reason, caught.value.detail


# Taken


def test_the_body_is_written_piece_by_piece() -> None:
    assert written(b"Kim ", b"Jong", b" Un") == b"Kim Jong Un"


def test_length_and_digest_are_those_of_what_was_written() -> None:
    assert kept(b"Kim ", b"Un") == Kept(6, hashlib.sha256(b"Kim Un").hexdigest())


def test_a_body_of_no_bytes_has_no_length() -> None:
    assert kept() == Kept(0, hashlib.sha256().hexdigest())


def test_a_packed_body_is_written_unpacked() -> None:
    assert written(gzip.compress(b"Pyongyang"), coding="gzip") == b"Pyongyang"


def test_the_length_is_that_of_the_unpacked_body() -> None:
    assert kept(zlib.compress(b"a" * 900), coding="deflate").length == 900


def test_what_an_attempt_before_wrote_is_forgotten() -> None:
    sink = MemorySink()
    sink.write(b"half a pict")
    kept(b"whole", sink=sink)
    assert bytes(sink.data) == b"whole"


# The cap


def test_a_body_as_large_as_the_cap_is_taken() -> None:
    assert kept(b"12345", b"67890", cap=Cap(10)).length == 10


def test_a_body_of_one_byte_more_is_too_large() -> None:
    assert failure(b"12345", b"678901", cap=Cap(10)) == (Reason.TOO_LARGE, "more than 10 bytes")


def test_a_body_of_one_byte_more_in_a_piece_of_its_own_is_too_large() -> None:
    assert failure(b"1234567890", b"1", cap=Cap(10))[0] is Reason.TOO_LARGE


def test_a_body_may_be_cut_at_its_cap() -> None:
    assert written(b"12345", b"678901", cap=Cap(10, is_cut=True)) == b"1234567890"


def test_of_a_body_that_is_cut_what_was_kept_is_told() -> None:
    cut = kept(b"12345", b"678901", cap=Cap(10, is_cut=True))
    assert cut == Kept(10, hashlib.sha256(b"1234567890").hexdigest())


def test_nothing_is_read_beyond_the_cap() -> None:
    chunks = Chunks([b"123456"] * 5)
    asyncio.run(take(chunks, "", MemorySink(), Cap(10, is_cut=True)))
    assert chunks.read == 2


def test_what_is_unpacked_counts_against_the_cap() -> None:
    assert failure(gzip.compress(b"a" * 1001), coding="gzip")[0] is Reason.TOO_LARGE


def test_of_a_bomb_no_more_than_the_cap_is_written() -> None:
    bomb = gzip.compress(b"a" * 3 * PART_BYTES)
    assert written(bomb, coding="gzip", cap=Cap(PART_BYTES + 1, is_cut=True)) == b"a" * (PART_BYTES + 1)


def test_packed_bytes_that_unpack_to_nothing_count_too() -> None:
    nothing = gzip.compress(b"")
    assert failure(*[nothing] * 3, coding="gzip", cap=Cap(2 * len(nothing)))[0] is Reason.TOO_LARGE


def test_packed_bytes_that_unpack_to_nothing_are_taken_up_to_the_cap() -> None:
    nothing = gzip.compress(b"")
    assert kept(nothing, nothing, coding="gzip", cap=Cap(2 * len(nothing))).length == 0


def test_what_unpacks_to_nothing_beyond_the_cap_may_be_cut() -> None:
    nothing = gzip.compress(b"")
    assert kept(*[nothing] * 3, coding="gzip", cap=Cap(len(nothing), is_cut=True)).length == 0


def test_the_most_bytes_are_told_with_their_thousands() -> None:
    assert make_too_large_failure(Cap(1_048_576)).detail == "more than 1,048,576 bytes"


# What is wrong with it


def test_packed_data_that_end_early_are_cut_off() -> None:
    body = gzip.compress(b"a" * 100_000)[:-1]
    detail = "the gzip data ends early, after 100,000 bytes"
    assert failure(body, coding="gzip", cap=Cap(200_000)) == (Reason.TRUNCATED, detail)


def test_packed_data_that_are_damaged_are_a_bad_response() -> None:
    reason, detail = failure(b"no gzip at all", coding="gzip")
    assert (reason, detail[:17]) == (Reason.BAD_RESPONSE, "damaged gzip data")


def test_a_coding_nobody_asked_for_is_a_bad_response() -> None:
    detail = "content coding 'br', which nobody asked for"
    assert failure(b"...", coding="br") == (Reason.BAD_RESPONSE, detail)


def test_a_full_disk_is_no_fault_of_the_address() -> None:
    with pytest.raises(OriginalsError, match=r"^cannot keep what was downloaded: No space left on device$"):
        kept(b"12345", sink=FullSink(4, OSError(28, "No space left on device")))


def test_a_disk_that_fails_without_a_word_is_told_by_its_error() -> None:
    with pytest.raises(OriginalsError, match=r"^cannot keep what was downloaded: gone$"):
        kept(b"12345", sink=FullSink(4, OSError("gone")))


def test_a_sink_that_cannot_begin_is_no_fault_of_the_address() -> None:
    with pytest.raises(OriginalsError, match="Read-only"):
        kept(b"12345", sink=FullSink(-1, OSError(30, "Read-only file system")))


# In memory


def test_the_memory_sink_digests_what_it_holds() -> None:
    sink = MemorySink()
    sink.write(b"Kim ")
    sink.write(b"Un")
    assert sink.sha256 == hashlib.sha256(b"Kim Un").hexdigest()
