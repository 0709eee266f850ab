"""The objects of one bucket of anything that speaks S3: put once, read, listed. Nothing else knows the client library.

Credentials are what the library finds: `AWS_ACCESS_KEY_ID` and its companions, a web identity, the metadata of a
container or an instance; files of profiles are not read. What goes wrong is told by bucket, key and a reason of ours:
the library's own texts quote answers of the server, and are passed on nowhere.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import urlsplit

import stamina
from stamina.instrumentation import set_on_retry_hooks

from assets.errors import OriginalsError
from assets.originals.incoming import CHUNK_BYTES

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import S3Store

T = TypeVar("T")

# A server that is started again, or a line that is mended, is back by then; a harvest that ends sooner would lose
# nothing, but would have to be started by hand.
PATIENCE_SECONDS = 120.0
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 15.0

# The largest original is 64 MiB: on a line of 2 Mbit/s it takes that long.
TIMEOUT = timedelta(minutes=5)
CONNECT_TIMEOUT = timedelta(seconds=10)

# As many as a page of S3's own listing has.
LISTED_AT_ONCE = 1000

# The more special one counts more.
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")

_ADDRESS = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([\w!.*'()/-]*))?", re.ASCII)
_STATUS = re.compile(r"non-2xx status code: (\d{3})")
_CODE = re.compile(r"<Code>([A-Za-z]{1,60})</Code>")
_MD5 = re.compile(r"[0-9a-f]{32}")

# "Request timeout" and "too many requests" pass, as 5xx does; another 4xx says the same again.
_PASSING_STATUS = frozenset({408, 429})

# By default stamina logs each retry as a warning, which ends on the terminal.
set_on_retry_hooks([])

logger = logging.getLogger(__name__)


class StoredObject(NamedTuple):
    """What a bucket tells of an object. `md5` is `""` where the server tells none."""

    key: str
    length: int
    put_at: datetime
    md5: str = ""


class _Passing(Exception):
    """What may not happen again; its text is its reason."""


class Bucket:
    """The objects below a prefix of a bucket. What cannot be done there raises OriginalsError, after some patience.

    `address` is `s3://bucket` or `s3://bucket/prefix`; keys are seen from the prefix.
    """

    def __init__(self, address: str) -> None:
        found = _ADDRESS.fullmatch(address)
        if found is None:
            raise OriginalsError(
                f"{_plain(address)}: no address of a bucket, which is s3://bucket or s3://bucket/prefix"
            )
        prefix = (found[2] or "").strip("/")
        self.address = f"s3://{found[1]}{f'/{prefix}' if prefix else ''}"
        self._store = _open(self.address, found[1], prefix)

    def __repr__(self) -> str:
        return f"Bucket({self.address!r})"

    def create(self, key: str, body: bytes) -> bool:
        """Put an object where none lies; False where one does. On the server's disk when this returns."""
        import obstore
        from obstore.exceptions import AlreadyExistsError

        def put() -> bool:
            try:
                # In one piece: what was put in parts and torn would lie there unseen, and cost.
                obstore.put(self._store, key, body, mode="create", use_multipart=False)
            except AlreadyExistsError:
                # A conflict with a put or a removal under way is told in the same way.
                if self.find(key) is None:
                    raise _Passing("another put was under way") from None
                return False
            return True

        return self._insist(key, put)

    def replace(self, key: str, body: bytes) -> None:
        """Put an object, whatever lies there."""
        import obstore

        self._insist(key, lambda: obstore.put(self._store, key, body, mode="overwrite", use_multipart=False))

    def find(self, key: str) -> StoredObject | None:
        """What lies under a key, None where nothing does."""
        import obstore

        try:
            meta = self._insist(key, lambda: obstore.head(self._store, key))
        except _Missing:
            return None
        return _told(meta)

    def read(self, key: str, write: Callable[[bytes], None], restart: Callable[[], None]) -> bool:
        """Hand an object on in pieces, from its start again after `restart`; False where there is none."""
        import obstore

        def get() -> None:
            restart()
            for part in obstore.get(self._store, key).stream(min_chunk_size=CHUNK_BYTES):
                write(bytes(part))

        try:
            self._insist(key, get)
        except _Missing:
            return False
        return True

    def list_below(self, folder: str) -> Iterator[StoredObject]:
        """Every object below a folder in the order of keys."""
        import obstore

        try:
            there = self._insist(f"{folder}/", lambda: obstore.list_with_delimiter(self._store, folder))
        except _Missing:
            raise OriginalsError(f"{self.address}: there is no such bucket") from None
        # One folder at a time, since a bucket may hold more than fits into memory: servers need not keep the order.
        objects = {one["path"]: _told(one) for one in there["objects"]}
        folders = {f"{one}/" for one in there["common_prefixes"]}
        for name in sorted([*objects, *folders]):
            if name in objects:
                yield objects[name]
            else:
                yield from self._list_all(name.rstrip("/"))

    def _list_all(self, folder: str) -> list[StoredObject]:
        import obstore

        def collect() -> list[StoredObject]:
            pages = obstore.list(self._store, folder, chunk_size=LISTED_AT_ONCE)
            return sorted(_told(one) for page in pages for one in page)

        try:
            return self._insist(f"{folder}/", collect)
        except _Missing:
            return []

    def move(self, key: str, target: str) -> None:
        """Have an object lie under another key, where it replaces what lies there."""
        import obstore

        try:
            self._insist(key, lambda: obstore.copy(self._store, key, target, overwrite=True))
        except _Missing:
            raise OriginalsError(f"{self.address}/{key}: it is gone") from None
        self.remove(key)

    def remove(self, key: str) -> None:
        """Remove an object; there need not be one."""
        import obstore

        try:
            self._insist(key, lambda: obstore.delete(self._store, key))
        except _Missing:
            return

    def _insist(self, key: str, act: Callable[[], T]) -> T:
        """What an act comes to, tried again with growing pauses while its trouble may pass."""
        failure = ""
        try:
            for attempt in stamina.retry_context(
                on=_Passing,
                attempts=None,
                timeout=PATIENCE_SECONDS,
                wait_initial=FIRST_PAUSE_SECONDS,
                wait_jitter=FIRST_PAUSE_SECONDS,
                wait_max=LONGEST_PAUSE_SECONDS,
            ):
                if failure:
                    logger.info("%s/%s: asked again after: %s", self.address, key, failure)
                with attempt:
                    try:
                        return self._attempt(key, act)
                    except _Passing as trouble:
                        failure = str(trouble)
                        raise
        except _Passing as trouble:
            raise OriginalsError(f"{self.address}/{key}: {trouble}") from None
        raise AssertionError("stamina ends by a result or by raising")

    def _attempt(self, key: str, act: Callable[[], T]) -> T:
        from obstore.exceptions import BaseError

        try:
            return act()
        except FileNotFoundError:
            raise _Missing(f"{self.address}/{key}: it is not there, or there is no such bucket") from None
        except BaseError as error:
            # Not `from error`: its text is the server's, which may repeat what it was sent.
            raise self._translate(key, error) from None

    def _translate(self, key: str, error: Exception) -> Exception:
        """What an error of the library means."""
        from obstore.exceptions import GenericError

        text = str(error)
        status, code = _STATUS.search(text), _CODE.search(text)
        said = f" ({', '.join(one[1] for one in (status, code) if one)})" if status or code else ""
        number = int(status[1]) if status else 0
        if number == 404:
            return _Missing(f"{self.address}: there is no such bucket")
        if number >= 500 or number in _PASSING_STATUS:
            return _Passing(f"the server is in trouble{said}")
        if number in (401, 403):
            return OriginalsError(f"{self.address}/{key}: access was refused{said}")
        if isinstance(error, GenericError) and not status:
            if "redential" in text or "latest/api/token" in text:
                return OriginalsError(
                    f"{self.address}: no credentials were found; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY give them"
                )
            return _Passing("the server does not answer")
        return OriginalsError(f"{self.address}/{key}: the server refused it{said}")


class _Missing(OriginalsError):
    """Nothing lies there."""


def has_bytes(found: StoredObject, body: bytes) -> bool | None:
    """Whether an object has these bytes by what the bucket tells of it, None where it does not tell enough.

    An object that is encrypted by a key of the server's customer has an MD5 that is not of its bytes.
    """
    if found.length != len(body):
        return False
    return True if found.md5 == hashlib.md5(body, usedforsecurity=False).hexdigest() else None


def _told(meta: ObjectMeta) -> StoredObject:
    tag = (meta["e_tag"] or "").strip('"')
    return StoredObject(meta["path"], meta["size"], meta["last_modified"], tag if _MD5.fullmatch(tag) else "")


def _open(address: str, bucket: str, prefix: str) -> S3Store:
    try:
        from obstore.exceptions import BaseError
        from obstore.store import S3Store
    except ImportError as error:
        raise OriginalsError(
            f"{address}: originals in a bucket need another package: pip install 'photodesk[team]'"
        ) from error
    endpoint = next((found for name in _ENDPOINTS if (found := os.environ.get(name))), "")
    try:
        return S3Store(
            bucket,
            prefix=prefix or None,
            # Insisting is ours: the library does not try again a put that took too long.
            retry_config={"max_retries": 0},
            client_options={
                "timeout": TIMEOUT,
                "connect_timeout": CONNECT_TIMEOUT,
                "allow_http": _may_be_plain(address, endpoint),
            },
        )
    except (BaseError, ValueError):
        raise OriginalsError(f"{address}: the settings in AWS_… variables cannot be used") from None


def _may_be_plain(address: str, endpoint: str) -> bool:
    """Whether requests may go unencrypted: on this machine, or where somebody says so."""
    parts = urlsplit(endpoint)
    if parts.username or parts.password:
        raise OriginalsError(f"{address}: the endpoint's address must not hold a password")
    if parts.scheme != "http":
        return False
    if _is_this_machine(parts.hostname or "") or os.environ.get("AWS_ALLOW_HTTP", "").lower() in (
        "1",
        "true",
    ):
        return True
    raise OriginalsError(
        f"{address}: its endpoint http://{parts.hostname} is not encrypted; use https, "
        "or set AWS_ALLOW_HTTP=true on a network that you trust"
    )


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _plain(address: str) -> str:
    """An address without what may be a password in it."""
    return re.sub(r"//[^/]*@", "//…@", address)
