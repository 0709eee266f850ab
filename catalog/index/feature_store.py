"""What comparing needs of every catalogued picture, kept beside the catalog in files that can be made again.

Two files that only grow: `rows-3.bin` has one row of fixed length for each picture, `studies-3.bin` its
features, its preview and its chroma. A row is written after what it points to, so that a crash leaves at most a torn
end, which is cut off; a checksum tells a rotten study. Nothing here is a record: all of it comes again from the
originals.
"""

from __future__ import annotations

import math
import os
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
import numpy.typing as npt

from assets import (
    FeatureRecord,
    Features,
    Fingerprint,
    Picture,
    Side,
    find_there,
    missing_side,
)
from catalog.errors import CatalogUnwritable
from catalog.store import DERIVED, ROWS, STUDIES, Finding, FindingKind

_ROW = np.dtype(
    [
        ("sha256", "V32"),
        ("offset", "<u8"),
        ("length", "<u4"),
        ("checksum", "<u4"),
        ("count", "<u4"),
        ("width", "<u4"),
        ("height", "<u4"),
        ("gray_width", "<u2"),
        ("gray_height", "<u2"),
        ("indistinct", "<u4"),
        ("phash64", ">u8", (1,)),
        ("dhash64", ">u8", (1,)),
        ("phash256", ">u8", (4,)),
        ("missing", "<u2"),
        ("missing_side", "u1"),
        ("chroma", "<u2"),
        ("reserved", "V7"),
    ]
)

# Which columns hold which fingerprint.
COLUMNS = {("phash", 64): "phash64", ("dhash", 64): "dhash64", ("phash", 256): "phash256"}

# How a row tells the share of a picture that is missing.
_MISSING_STEPS = 65535

_KEYPOINT_BYTES = 8
_FEATURE_BYTES = _KEYPOINT_BYTES + 32


@dataclass(frozen=True, slots=True)
class Size:
    """A picture's size in its own pixels and in those of its gray copy, which places refer to.

    Where its file is cut short only the share `decoded` of its rows is there; the others are missing at one side of the
    picture as displayed.
    """

    width: int
    height: int
    gray_width: int
    gray_height: int
    decoded: float = 1.0
    missing_side: Side = Side.BOTTOM

    @property
    def there(self) -> tuple[int, int, int, int]:
        """The part of the gray copy that can be compared: left, top, right and bottom."""
        return find_there(self.gray_width, self.gray_height, self.decoded, self.missing_side)


class FeatureStore:
    """The studies of a catalog in its folder of derived files, by row number in the order in which they came.

    A context manager. Opened to read it sees what is there when it opens, and what `refresh` finds.
    """

    def __init__(self, derived: Path, *, read_only: bool = True) -> None:
        self._rows_path, self._studies_path = derived / ROWS, derived / STUDIES
        self._read_only = read_only
        self._rows = np.zeros(0, dtype=_ROW)
        self._distinct = np.zeros(0, dtype=np.bool_)
        self._by_sha256: dict[bytes, int] = {}
        self._writing: tuple[BinaryIO, BinaryIO] | None = None
        self._reading: BinaryIO | None = None
        if not read_only:
            self._open_to_write()
        self.refresh()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._rows)

    def close(self) -> None:
        """Let go of the files."""
        try:
            self.flush()
        finally:
            for file in (*(self._writing or ()), self._reading):
                # What could not be flushed cannot be at closing either; the file is closed all the same.
                with suppress(OSError):
                    if file is not None:
                        file.close()
            self._writing = self._reading = None

    # Write

    def _open_to_write(self) -> None:
        try:
            self._rows_path.parent.mkdir(parents=True, exist_ok=True)
            studies = self._studies_path.open("ab")
            rows = self._rows_path.open("r+b" if self._rows_path.exists() else "w+b")
            end = studies.tell()
            # Rows that point past the end were written before a crash lost what they point to.
            table = np.fromfile(self._rows_path, dtype=_ROW)
            whole = int((table["offset"] + table["length"] <= end).cumprod().sum())
            rows.truncate(whole * _ROW.itemsize)
            rows.seek(0, os.SEEK_END)
        except OSError as error:
            raise CatalogUnwritable(f"{self._rows_path.parent}: {error.strerror or error}") from error
        self._writing = (rows, studies)

    def add(self, sha256: str, picture: Picture) -> None:
        """Keep a picture's study; one that is known, or that has none, is passed over."""
        if self._writing is None or picture.study is None or sha256 in self:
            return
        rows, studies = self._writing
        found = picture.study.features
        body = found.keypoints + found.descriptors + picture.study.preview + picture.study.chroma
        row = np.zeros(1, dtype=_ROW)
        row["sha256"] = np.void(bytes.fromhex(sha256))
        row["offset"], row["length"], row["checksum"] = studies.tell(), len(body), zlib.crc32(body)
        row["count"], row["indistinct"] = found.count, picture.indistinct
        row["chroma"] = len(picture.study.chroma)
        row["width"], row["height"] = picture.width, picture.height
        row["gray_width"], row["gray_height"] = found.width, found.height
        # Rounded up: what is not there must not be taken for a part of the picture.
        row["missing"] = math.ceil((1 - picture.decoded) * _MISSING_STEPS)
        row["missing_side"] = missing_side(picture.orientation)
        for fingerprint in picture.fingerprints:
            row[COLUMNS[fingerprint.algorithm, fingerprint.bits]] = words_of(fingerprint)
        try:
            studies.write(body)
            studies.flush()
            rows.write(row.tobytes())
        except OSError as error:
            raise CatalogUnwritable(f"{self._studies_path}: {error.strerror or error}") from error
        self._by_sha256[bytes.fromhex(sha256)] = len(self._by_sha256)

    def flush(self) -> None:
        """Hand everything added to the system; what a power cut takes is found missing and made again."""
        try:
            for file in reversed(self._writing or ()):
                file.flush()
        except OSError as error:
            raise CatalogUnwritable(f"{self._studies_path}: {error.strerror or error}") from error

    def clear(self) -> None:
        """Forget every study, to make them again."""
        if self._writing is not None:
            for file in self._writing:
                file.truncate(0)
                file.seek(0)
        self._by_sha256 = {}
        self._distinct = np.zeros(0, dtype=np.bool_)
        self._rows = np.zeros(0, dtype=_ROW)

    # Read

    def refresh(self) -> None:
        """Take in what was added since."""
        self.flush()
        if not self._rows_path.exists() or not self._studies_path.exists():
            return
        count = self._rows_path.stat().st_size // _ROW.itemsize
        if count == len(self._rows):
            return
        rows = np.fromfile(self._rows_path, dtype=_ROW, count=count)
        rows = rows[rows["offset"] + rows["length"] <= self._studies_path.stat().st_size]
        digests = np.ascontiguousarray(rows["sha256"][len(self._rows) :]).tobytes()
        for number in range(len(rows) - len(self._rows)):
            self._by_sha256.setdefault(digests[32 * number : 32 * number + 32], len(self._rows) + number)
        self._rows = rows

    @property
    def torn(self) -> int:
        """Bytes of rows that are not whole, or point to what is not there."""
        size = self._rows_path.stat().st_size if self._rows_path.exists() else 0
        return size - len(self._rows) * _ROW.itemsize

    def problems(self, wanted: Collection[str], known: Collection[str]) -> Iterator[Finding]:
        """What is wrong: `wanted` pictures should have a study, none but `known` ones should."""
        place = f"{DERIVED}/{STUDIES}"
        if self.torn:
            yield Finding(
                FindingKind.DAMAGED_DERIVED, f"{DERIVED}/{ROWS}", f"{self.torn} bytes of rows are not whole"
            )
        if damaged := sum(self.study_of(row) is None for row in range(len(self))):
            yield Finding(FindingKind.DAMAGED_DERIVED, place, f"{damaged} studies are damaged")
        if unknown := sum(self.sha256_of(row) not in known for row in range(len(self))):
            told = f"{unknown} studies of pictures that are not in the catalog"
            yield Finding(FindingKind.STALE_DERIVED, place, told)
        if missing := sum(sha256 not in self for sha256 in wanted):
            yield Finding(FindingKind.STALE_DERIVED, place, f"{missing} pictures have no study yet")

    def __contains__(self, sha256: str) -> bool:
        return bytes.fromhex(sha256) in self._by_sha256

    def row_of(self, sha256: str) -> int | None:
        """The row of a picture."""
        return self._by_sha256.get(bytes.fromhex(sha256))

    def sha256_of(self, row: int) -> str:
        """The picture of a row."""
        return str(self._rows["sha256"][row].tobytes().hex())

    def size_of(self, row: int) -> Size:
        """The size of a row's picture."""
        one = self._rows[row]
        return Size(
            width=int(one["width"]),
            height=int(one["height"]),
            gray_width=int(one["gray_width"]),
            gray_height=int(one["gray_height"]),
            decoded=1 - int(one["missing"]) / _MISSING_STEPS,
            missing_side=Side(int(one["missing_side"])),
        )

    @property
    def gray_sizes(self) -> npt.NDArray[np.float64]:
        """The width and height of each row's gray copy, (rows, 2)."""
        return np.stack([self._rows["gray_width"], self._rows["gray_height"]], axis=1).astype(np.float64)

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """How many features each row has."""
        return self._rows["count"].astype(np.int64)

    @property
    def distinct(self) -> npt.NDArray[np.bool_]:
        """Which rows have fingerprints that mean something."""
        # Kept beside the rows: each is 128 bytes long, and a query asks for one bit of all.
        if len(self._distinct) != len(self._rows):
            self._distinct = self._rows["indistinct"] == 0
        return self._distinct

    def words(self, algorithm: str, bits: int, rows: slice | int = slice(None)) -> npt.NDArray[np.uint64]:
        """The fingerprints of all rows, or of some, (rows, bits / 64); of a single row (bits / 64,)."""
        return self._rows[COLUMNS[algorithm, bits]][rows].astype(np.uint64)

    def study_of(self, row: int) -> FeatureRecord | None:
        """The study of a row; None where the file is damaged there."""
        body, count = self._body(row)
        if body is None:
            return None
        one, points = self._rows[row], count * _KEYPOINT_BYTES
        features = Features(
            width=int(one["gray_width"]),
            height=int(one["gray_height"]),
            count=count,
            keypoints=body[:points],
            descriptors=body[points : count * _FEATURE_BYTES],
        )
        end = len(body) - int(one["chroma"])
        return FeatureRecord(features, body[count * _FEATURE_BYTES : end], body[end:])

    def keypoints(self, row: int) -> npt.NDArray[np.uint16]:
        """The keypoints of a row as `Features` stores them, (count, 4), whether its study is damaged or not."""
        length = int(self._rows["count"][row]) * _KEYPOINT_BYTES
        body = self._open_to_read(row).read(length).ljust(length, b"\0")
        return np.frombuffer(body, dtype="<u2").reshape(-1, 4)

    def descriptors(self, rows: Iterable[int]) -> Iterator[npt.NDArray[np.uint8]]:
        """The descriptors of rows, (count, 32) each; none where the file is damaged."""
        for row in rows:
            feature_record = self.study_of(row)
            count = int(self._rows["count"][row])
            if feature_record is None:
                yield np.zeros((count, 32), dtype=np.uint8)
            else:
                yield np.frombuffer(feature_record.features.descriptors, dtype=np.uint8).reshape(-1, 32)

    def _body(self, row: int) -> tuple[bytes | None, int]:
        one = self._rows[row]
        body = self._open_to_read(row).read(int(one["length"]))
        whole = zlib.crc32(body) == int(one["checksum"])
        return (body if whole else None), int(one["count"])

    def _open_to_read(self, row: int) -> BinaryIO:
        """The file of studies where a row's begins."""
        if self._reading is None:
            self._reading = self._studies_path.open("rb")
        self._reading.seek(int(self._rows["offset"][row]))
        return self._reading


def words_of(fingerprint: Fingerprint) -> npt.NDArray[np.uint64]:
    """A fingerprint as 64-bit words, the first bits first.

    >>> [int(word) for word in words_of(Fingerprint("phash", 64, 255))]
    [255]
    """
    value = fingerprint.value.to_bytes(fingerprint.bits // 8, "big")
    return np.frombuffer(value, dtype=">u8").astype(np.uint64)
