"""Originals in a dictionary, as an object store has them: a path is a copy that is made when it is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assets.originals.base import StoredFile
from assets.originals.incoming import Incoming
from assets.originals.local import sniff_extension


class MemoryOriginals:
    """Objects by name; what comes in is spooled into a folder, and so is what is read."""

    is_remote = False

    def __init__(self, spool: Path) -> None:
        self._objects: dict[str, bytes] = {}
        self._aside: dict[str, bytes] = {}
        self._spool = spool
        self._number = 0

    def put(self, name: str, body: bytes) -> None:
        """An object under any name, as somebody else could have put it there."""
        self._objects[name] = body

    @contextmanager
    def incoming(self) -> Iterator[Incoming]:
        self._number += 1
        self._spool.mkdir(parents=True, exist_ok=True)
        path = self._spool / f"incoming-{self._number}"
        with path.open("xb", buffering=0) as file:
            incoming = Incoming(path, file)
            try:
                yield incoming
            finally:
                path.unlink(missing_ok=True)

    def keep(self, incoming: Incoming) -> Path:
        known = self._name_of(incoming.sha256)
        name = known or f"{incoming.sha256[:2]}/{incoming.sha256}{sniff_extension(incoming.head)}"
        self._objects[name] = incoming.path.read_bytes()
        incoming.is_moved = True
        return self._copied(name)

    def path_of(self, sha256: str) -> Path | None:
        name = self._name_of(sha256)
        return None if name is None else self._copied(name)

    def holds(self, sha256: str) -> bool:
        return self._name_of(sha256) is not None

    def clear_incoming(self) -> int:
        left = list(self._spool.glob("incoming-*"))
        for path in left:
            path.unlink()
        return len(left)

    def list_files(self) -> Iterator[StoredFile]:
        for name in sorted(self._objects):
            yield StoredFile(name, _digest_in(name))

    def digest_of(self, name: str) -> str:
        body = self._objects.get(name)
        return "" if body is None else hashlib.sha256(body).hexdigest()

    def remove(self, name: str) -> None:
        self._objects.pop(name, None)

    def set_aside(self, name: str) -> str:
        place = f"set-aside/{name}"
        while place in self._aside:
            place += ".1"
        self._aside[place] = self._objects.pop(name)
        return place

    def _name_of(self, sha256: str) -> str | None:
        return next((one.name for one in self.list_files() if one.sha256 == sha256), None)

    def _copied(self, name: str) -> Path:
        path = self._spool / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self._objects[name])
        return path


def _digest_in(name: str) -> str:
    """The digest that an object of an original is named by, `""` for what is none."""
    folder, _, file = name.partition("/")
    digest, dot, ending = file.partition(".")
    is_digest = len(digest) == 64 and set(digest) <= set("0123456789abcdef")
    return digest if is_digest and folder == digest[:2] and dot and ending.isalnum() else ""
