"""A zip file of parts, each with its sum, that ordinary tools can check; the same parts give the same bytes."""

from __future__ import annotations

import hashlib
import lzma
import os
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from catalog.errors import EvidenceError
from catalog.model import Json
from catalog.reports import json_line

# Large enough that Python does not slow down the copying, small beside a picture's memory.
CHUNK_BYTES = 1024 * 1024

# The earliest time that a zip file can hold: the same parts give the same bytes.
ENTRY_TIME = (1980, 1, 1, 0, 0, 0)
UNIX, PLAIN_FILE = 3, 0o100644 << 16

# Pictures do not get smaller.
_PICTURES = (".avif", ".gif", ".jp2", ".jpg", ".png", ".webp")

# What turns the direction of text, is not seen, or begins a tag stands escaped in JSON.
_UNSAFE = re.compile(
    r"[<\x7f-\xa0\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the zip: its name there, where its bytes are, and what they were when digested."""

    name: str
    path: Path
    length: int
    sha256: str


def measure_part(name: str, path: Path) -> Part:
    """A file as a part of that name."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return Part(name, path, file.tell(), sha256)


def by_name(parts: Iterable[Part]) -> list[Part]:
    """The parts in the order in which they are listed and packed."""
    return sorted(parts, key=lambda part: part.name)


def sums(parts: Iterable[Part]) -> str:
    """The parts as `sha256sum -c` reads them."""
    return "".join(f"{part.sha256}  {part.name}\n" for part in by_name(parts))


def plain_line(value: object) -> str:
    r"""A value as JSON on one line, in which nothing of a stranger's text acts or hides.

    >>> plain_line({"caption": "<b>Kim\u202e"})
    '{"caption": "\\u003cb>Kim\\u202e"}'
    """
    return json_line(value, _UNSAFE)


def json_document(values: Json) -> str:
    """A JSON object with a line for each value, and in it one for each item of a list."""
    lines = []
    for name, value in values.items():
        told = plain_line(value)
        if isinstance(value, list) and value:
            told = "[\n" + ",\n".join(map(plain_line, value)) + "\n]"
        lines.append(f'"{name}": {told}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def pack_parts(parts: Iterable[Part], path: Path) -> Part:
    """A new zip file of the parts, on the disk when this returns; EvidenceError where one is not what it was."""
    with path.open("xb") as file:
        with ZipFile(file, "w") as archive:
            for part in by_name(parts):
                _add(archive, part)
        file.flush()
        os.fsync(file.fileno())
    return measure_part("", path)


def _add(archive: ZipFile, part: Part) -> None:
    info = ZipInfo(part.name, ENTRY_TIME)
    info.create_system, info.external_attr, info.file_size = UNIX, PLAIN_FILE, part.length
    info.compress_type = ZIP_STORED if part.name.endswith(_PICTURES) else ZIP_DEFLATED
    digest = hashlib.sha256()
    with part.path.open("rb") as source, archive.open(info, "w") as entry:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
            entry.write(chunk)
    if digest.hexdigest() != part.sha256:
        raise EvidenceError(f"{part.path}: it changed while it was packed")


def head_of(path: Path, name: str, length: int) -> bytes:
    """How a file of a zip begins, `b""` where that is no zip file or holds none of that name."""
    try:
        with ZipFile(path) as archive, archive.open(name) as file:
            return file.read(length)
    except (BadZipFile, EOFError, LookupError, RuntimeError, ValueError, lzma.LZMAError, zlib.error):
        return b""
