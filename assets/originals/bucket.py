"""Originals in a bucket of an object store, for several machines; each has a spool and a bounded cache of its own.

    s3://bucket/prefix/originals/5f/5f0c….jpg      an original
    s3://bucket/prefix/set-aside/5f/5f0c….jpg      what does not belong there, and is not deleted

What comes in is on this machine's disk before it is put, is put in one request that never replaces another object,
and only then is anybody told that it is kept. So a record never comes before its object; an object without a record,
as a killed harvest leaves one, is found by who checks. Putting in one request leaves no torn uploads in parts: those
of other programs cannot be listed with this client, and are for a rule of the bucket's own to remove.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

from assets.errors import OriginalsError
from assets.originals.base import StoredFile
from assets.originals.cache import OriginalCache, cache_bytes
from assets.originals.incoming import Incoming
from assets.originals.local import SET_ASIDE, is_digest, read_digest_in_name, sniff_extension
from assets.originals.objects import Bucket, StoredObject, has_bytes
from assets.originals.spool import Spool
from assets.parsing import signatures

ORIGINALS = "originals"

_SPOOL, _CACHE = "spool", "cache"

# Nearly every picture has this one: it is asked for first, the others together.
_COMMON_EXTENSION = ".jpg"
_OTHER_EXTENSIONS = tuple(one for one in signatures.EXTENSIONS if one != _COMMON_EXTENSION)

logger = logging.getLogger(__name__)


class BucketOriginals:
    """The originals of a bucket. What cannot be read or written there raises OriginalsError.

    `address` is `s3://bucket` or `s3://bucket/prefix`, `folder` a local one for what is on its way and for copies.
    """

    is_remote = True

    def __init__(self, address: str, folder: Path) -> None:
        self._bucket = Bucket(address)
        self._spool = Spool(folder / _SPOOL)
        self._cache = OriginalCache(folder / _CACHE, cache_bytes())

    def __repr__(self) -> str:
        return f"BucketOriginals({self._bucket.address!r})"

    def incoming(self) -> AbstractContextManager[Incoming]:
        """A new file to write to, gone at the end unless it was kept."""
        return self._spool.incoming()

    def keep(self, incoming: Incoming) -> Path:
        """A copy of the original, which lies in the bucket from now on; equal bytes lie there once.

        An object under their name that has other bytes, shortened or rotten, is replaced.
        """
        incoming.settle()
        name = f"{_home(incoming.sha256)}/{incoming.sha256}{sniff_extension(incoming.head)}"
        body = incoming.path.read_bytes()
        if not self._bucket.create(_key(name), body) and not self._holds(name, body, incoming.sha256):
            self._bucket.replace(_key(name), body)
        return self._cache.take(incoming, name)

    def holds(self, sha256: str) -> bool:
        """Whether there is an original with this digest, as the bucket says."""
        return is_digest(sha256) and self._name_of(sha256) is not None

    def path_of(self, sha256: str) -> Path | None:
        """A copy of the original with this digest, None where there is none or its bytes are not its own.

        It stays for `HANDED_OUT_SECONDS` of `cache.py` at least.
        """
        if not is_digest(sha256):
            return None
        names = (f"{_home(sha256)}/{sha256}{one}" for one in signatures.EXTENSIONS)
        return self._cache.find(names, sha256) or self._download(sha256)

    def clear_incoming(self) -> int:
        """How many unfinished files runs that are gone had left on this machine; they are removed.

        Those of other runs stay, whoever holds the catalog's lock.
        """
        return self._spool.clear()

    # For who checks and mends

    def list_files(self) -> Iterator[StoredFile]:
        """Everything that lies there, in the order of names, with the time at which it was put there."""
        for found in self._bucket.list_below(ORIGINALS):
            name = found.key.removeprefix(f"{ORIGINALS}/")
            yield StoredFile(name, read_digest_in_name(name), put_at=found.put_at)

    def digest_of(self, name: str) -> str:
        """The SHA-256 of what lies under a name as its bytes are now, `""` where nothing lies there.

        Raises OriginalsError where the bucket does not answer: that says nothing of the bytes.
        """
        digest = hashlib.sha256()

        def restart() -> None:
            nonlocal digest
            digest = hashlib.sha256()

        # By its name, since it is another one after a restart.
        found = self._bucket.read(_key(name), lambda part: digest.update(part), restart)
        return digest.hexdigest() if found else ""

    def remove(self, name: str) -> None:
        """Remove an unfinished file."""
        self._bucket.remove(_key(name))
        self._cache.drop(name)

    def set_aside(self, name: str) -> str:
        """Take an object out of the originals without deleting it; where it lies now, as seen from the catalog."""
        number, free = 0, f"{SET_ASIDE}/{name}"
        while self._bucket.find(free) is not None:
            number += 1
            free = f"{SET_ASIDE}/{name}.{number}"
        self._bucket.move(_key(name), free)
        self._cache.drop(name)
        return free

    def _download(self, sha256: str) -> Path | None:
        name = self._name_of(sha256)
        if name is None:
            return None
        with self._spool.incoming() as incoming:
            if not self._bucket.read(_key(name), incoming.write, incoming.restart):
                return None
            if incoming.sha256 != sha256:
                place = f"{self._bucket.address}/{_key(name)}"
                logger.warning("%s: damaged, its bytes are not those of its name; it is not used", place)
                return None
            return self._cache.take(incoming, name)

    def _name_of(self, sha256: str) -> str | None:
        """The name of the original with this digest: its extension is not told by that."""
        stem = f"{_home(sha256)}/{sha256}"
        if self._find(f"{stem}{_COMMON_EXTENSION}") is not None:
            return f"{stem}{_COMMON_EXTENSION}"
        names = [f"{stem}{extension}" for extension in _OTHER_EXTENSIONS]
        with ThreadPoolExecutor(len(names)) as threads:
            found = zip(names, threads.map(self._find, names), strict=True)
            return next((name for name, there in found if there is not None), None)

    def _find(self, name: str) -> StoredObject | None:
        return self._bucket.find(_key(name))

    def _holds(self, name: str, body: bytes, sha256: str) -> bool:
        found = self._find(name)
        if found is None:
            raise OriginalsError(f"{self._bucket.address}/{_key(name)}: it was removed while it was kept")
        known = has_bytes(found, body)
        return self.digest_of(name) == sha256 if known is None else known


def _home(sha256: str) -> str:
    return sha256[:2]


def _key(name: str) -> str:
    return f"{ORIGINALS}/{name}"
