"""The scans of a JPEG file (ITU-T T.81): which there are, and in which one a file that was cut short ends."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

_SOI = b"\xff\xd8"

# After these comes no length: fill, restart and start markers.
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END, _ADOBE = 0xDA, 0xD9, 0xEE

# Where Adobe's segment tells how colours are stored, and as lightness and colour; the names of components that are not.
_TRANSFORM, _YCC = 11, 1
_RGB = (82, 71, 66)

# Within a scan: a marker that is neither a byte of data (FF 00) nor a restart.
_NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")

# Encoders write ten, with every bit of every component apart some sixty; who has more wants to be waited for.
MOST_SCANS = 200

# Coefficients of a block of 8 x 8 pixels.
_COEFFICIENTS = 64


class Extent(Enum):
    """How far down a file shows its picture: in all its rows, in those that the last scan reached, or in none."""

    ALL = "all rows"
    LAST_SCAN = "the rows of the last scan"
    NONE = "no row"


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan: which components and coefficients it has, and whether it only adds bits to what others brought."""

    components: tuple[int, ...]
    first: int
    last: int
    is_refining: bool


@dataclass(frozen=True, slots=True)
class JpegScans:
    """The scans of a file in its order. `is_ended` where its end is there, `is_running` where the last scan is cut.

    `is_luma_first` where the first of three components is the lightness, and the others are colour alone.
    """

    components: tuple[int, ...]
    scans: tuple[Scan, ...]
    is_ended: bool
    is_running: bool
    is_luma_first: bool = True

    @property
    def extent(self) -> Extent:
        """Which rows have every coefficient that matters, be it without the last bits.

        Of colour the mean of each block is enough: nothing finer is compared, nor missed by who looks.
        """
        done = self.scans[:-1] if self.is_running else self.scans
        if self._is_covered(done):
            return Extent.ALL
        return Extent.LAST_SCAN if self._is_covered(self.scans) else Extent.NONE

    @property
    def is_coarse_below(self) -> bool:
        """Whether there is something below the rows that the last scan reached: what an earlier scan brought."""
        return self.is_running and len(self.scans) > 1

    def _is_covered(self, scans: Iterable[Scan]) -> bool:
        found = {
            (component, number)
            for scan in scans
            if not scan.is_refining
            for component in scan.components
            for number in range(scan.first, scan.last + 1)
        }
        fine = self.components[:1] if self.is_luma_first else self.components
        needed = {(one, number) for one in fine for number in range(_COEFFICIENTS)}
        return bool(fine) and found >= needed | {(one, 0) for one in self.components}


def read_scans(body: bytes) -> JpegScans:
    """The scans of a JPEG file as far as it goes."""
    found = JpegScans((), (), is_ended=False, is_running=False)
    place = len(_SOI)
    while (marked := _marker_at(body, place)) is not None:
        marker, place = marked
        if marker == _END:
            return replace(found, is_ended=True)
        if marker in _ALONE:
            continue
        end = place + max(2, int.from_bytes(body[place : place + 2]))
        if end > len(body):
            break
        found = _take_segment(found, marker, body[place + 2 : end])
        place = end
        if len(found.scans) > MOST_SCANS:
            return JpegScans((), (), is_ended=False, is_running=False)
        if marker == _SCAN:
            following = _NEXT_MARKER.search(body, place)
            if following is None:
                return replace(found, is_running=True)
            place = following.start()
    return found


def _take_segment(found: JpegScans, marker: int, segment: bytes) -> JpegScans:
    """What is known after one more segment."""
    if marker == _ADOBE and segment.startswith(b"Adobe") and len(segment) > _TRANSFORM:
        return replace(found, is_luma_first=found.is_luma_first and segment[_TRANSFORM] == _YCC)
    if marker in _FRAMES and len(segment) > 5:
        components = tuple(segment[6::3][: segment[5]])
        has_luma = len(components) == 1 or (len(components) == 3 and components != _RGB)
        return replace(found, components=components, is_luma_first=found.is_luma_first and has_luma)
    scan = _scan_of(segment) if marker == _SCAN else None
    return replace(found, scans=(*found.scans, scan)) if scan is not None else found


def _marker_at(body: bytes, place: int) -> tuple[int, int] | None:
    """The next marker and where what follows it begins."""
    place = body.find(b"\xff", place)
    while 0 <= place < len(body) and body[place] == 0xFF:
        place += 1
    return (body[place], place + 1) if 0 <= place < len(body) else None


def _scan_of(segment: bytes) -> Scan | None:
    count = segment[0] if segment else 0
    if len(segment) < 4 + 2 * count:
        return None
    first, last, bits = segment[1 + 2 * count : 4 + 2 * count]
    return Scan(tuple(segment[1 : 1 + 2 * count : 2]), first, min(last, _COEFFICIENTS - 1), bits >> 4 > 0)
