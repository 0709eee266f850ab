"""Which pictures have been compared with all others, without the matches that it came to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

from catalog.store import PAIRS

# A line of the file as `VerifiedPairs` writes it: no matches are taken apart to know whose they are.
_LINE = re.compile(rb'\{"picture":"([0-9a-f]{64})",.*\}\n', re.DOTALL)


class ComparedPictures:
    """The pictures that `VerifiedPairs` has looked up among the others; `refresh` takes in what was written since.

    A file of a large catalog is read in a tenth of the time and memory that its matches would take.
    """

    def __init__(self, derived: Path) -> None:
        self._path = derived / PAIRS
        self._known: set[bytes] = set()
        self._end = 0
        self._last = b""
        self.refresh()

    def __contains__(self, sha256: str) -> bool:
        """Whether a picture has been looked up among the others."""
        return bytes.fromhex(sha256) in self._known

    def refresh(self) -> None:
        """Take in what was written since; a file that was replaced or begun anew is read from its start."""
        try:
            with self._path.open("rb") as file:
                self._follow(file)
        except FileNotFoundError:
            self._forget()

    def _follow(self, file: BinaryIO) -> None:
        # A file that was made anew has another line where the last one ended, if it is as long at all.
        file.seek(self._end - len(self._last))
        if file.read(len(self._last)) != self._last:
            self._forget()
            file.seek(0)
        for line in file:
            found = _LINE.fullmatch(line)
            # What follows a torn line is looked up again.
            if found is None:
                break
            self._known.add(bytes.fromhex(found[1].decode()))
            self._end += len(line)
            self._last = line

    def _forget(self) -> None:
        self._known = set()
        self._end = 0
        self._last = b""
