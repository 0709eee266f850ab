"""Is a catalog whole? Every original, record and derived file looked at, every finding named; nothing is changed."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from mmap import ACCESS_READ, mmap
from pathlib import Path

from catalog.clusters import VerifiedPairs
from catalog.errors import NotACatalog
from catalog.index import CandidateIndex, FeatureStore, TextIndex
from catalog.store import (
    COMPACTED,
    DERIVED,
    DERIVED_FILES,
    INCOMING,
    INDEX,
    JOURNAL,
    JOURNAL_INDEX,
    ORIGINALS,
    PAIRS,
    ROWS,
    STUDIES,
    THUMBNAILS,
    WORDS,
    EmbeddedStore,
    has_lost_records,
    no_catalog,
    open_store,
    read_snapshot,
)

READ_BYTES = 1024 * 1024

# Digests that are under way at once, and files between two lines of progress.
THREADS = os.cpu_count() or 1
TELL_EVERY = 500

_ORIGINAL = re.compile(r"([0-9a-f]{64})\.[a-z0-9]{1,5}")
_THUMBNAIL = re.compile(r"([0-9a-f]{64})-[0-9]+\.webp")


class Kind(StrEnum):
    """What is wrong."""

    DAMAGED_JOURNAL = "damaged journal"
    TORN_JOURNAL = "torn journal"
    UNREADABLE_RECORD = "unreadable record"
    WRONG_DIGEST = "wrong digest"
    STRAY_FILE = "stray file"
    LEFT_OVER = "left over"
    FILE_WITHOUT_RECORD = "file without record"
    RECORD_WITHOUT_FILE = "record without file"
    UNKNOWN_ASSET = "unknown asset"
    UNKNOWN_PAGE = "unknown page"
    DAMAGED_DERIVED = "damaged derived file"
    STALE_DERIVED = "stale derived file"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: what, the file inside the catalog, more words, and what was done."""

    kind: Kind
    path: str
    detail: str = ""
    mended: str = ""

    def __str__(self) -> str:
        parts = [f"{self.path}: {self.kind.value}", f" ({self.detail})" if self.detail else ""]
        return "".join([*parts, f": {self.mended}" if self.mended else ""])


@dataclass(slots=True)
class Checked:
    """What a check came to. `files` are the originals with a digest for a name that is theirs, by that digest."""

    findings: list[Finding] = field(default_factory=list)
    originals: int = 0
    records: int = 0
    files: dict[str, str] = field(default_factory=dict)

    def add(self, kind: Kind, path: str | Path, detail: str = "") -> None:
        """One finding more."""
        self.findings.append(Finding(kind, str(path), detail))


def check(
    folder: Path, tell: Callable[[str], None] = lambda _line: None, store: EmbeddedStore | None = None
) -> Checked:
    """Look at everything in a catalog's folder, whose lock the caller holds, perhaps by its `store`.

    NotACatalog where there is none.
    """
    if not (folder / JOURNAL).is_file() and not has_lost_records(folder):
        raise no_catalog(folder)
    checked = Checked()
    for path in sorted(folder.glob(f"{JOURNAL}{COMPACTED}")):
        checked.add(Kind.LEFT_OVER, path.name, "of a compaction that did not end")
    _check_originals(folder / ORIGINALS, checked, tell)
    try:
        with (
            nullcontext(store)
            if store is not None
            else open_store(folder, read_only=True, reads_all=True) as opened
        ):
            _check_records(opened, checked, tell)
            _check_derived(folder, opened, checked, tell)
    except NotACatalog as error:
        checked.add(Kind.DAMAGED_JOURNAL, JOURNAL, str(error))
    return checked


# Originals


def _check_originals(originals: Path, checked: Checked, tell: Callable[[str], None]) -> None:
    named: list[Path] = []
    for path in _files_in(originals):
        inside = path.relative_to(originals.parent)
        found = _ORIGINAL.fullmatch(path.name)
        if path.parent.name == INCOMING and path.suffix == ".part":
            checked.add(Kind.LEFT_OVER, inside, "of a file that did not come in whole")
        elif path.is_symlink() or found is None or path.parent != originals / found[1][:2]:
            checked.add(Kind.STRAY_FILE, inside)
        else:
            named.append(path)
    with ThreadPoolExecutor(THREADS) as threads:
        for path, digest in zip(named, threads.map(_digest, named), strict=True):
            checked.originals += 1
            if checked.originals % TELL_EVERY == 0:
                tell(f"{checked.originals} of {len(named)} originals")
            sha256 = path.name.partition(".")[0]
            place = path.relative_to(originals.parent).as_posix()
            if digest != sha256:
                checked.add(Kind.WRONG_DIGEST, place, digest or "it cannot be read")
            elif sha256 in checked.files:
                checked.add(Kind.STRAY_FILE, place, f"the same bytes lie at {checked.files[sha256]}")
            else:
                checked.files[sha256] = place


def _files_in(folder: Path) -> Iterator[Path]:
    """Every file below a folder in the order of names; links are not followed."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            yield from _files_in(path)
        else:
            yield path


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(READ_BYTES):
                digest.update(part)
    except OSError:
        return ""
    return digest.hexdigest()


# Records


def _check_records(store: EmbeddedStore, checked: Checked, tell: Callable[[str], None]) -> None:
    for damage in store.damage:
        checked.add(Kind.DAMAGED_JOURNAL, JOURNAL, str(damage))
    if store.torn:
        checked.add(
            Kind.TORN_JOURNAL, JOURNAL, f"{store.torn} bytes that a crash left; nobody was told they are kept"
        )
    tell("records")
    checked.records = sum(store.counts().values())
    unreadable = [f"{table} {key}" for table, key in store.unreadable()]
    for name in unreadable:
        checked.add(Kind.UNREADABLE_RECORD, JOURNAL, name)
    if not unreadable:
        _check_assets(store, checked)
        _check_usages(store, checked)


def _check_assets(store: EmbeddedStore, checked: Checked) -> None:
    for asset in store.assets():
        if asset.sha256 not in checked.files:
            place = f"{ORIGINALS}/{asset.original}"
            checked.add(Kind.RECORD_WITHOUT_FILE, place, _way_back(store, asset.sha256))
    for sha256, place in checked.files.items():
        if store.asset(sha256) is None:
            checked.add(Kind.FILE_WITHOUT_RECORD, place)


def _check_usages(store: EmbeddedStore, checked: Checked) -> None:
    for usage in store.usages():
        if usage.asset and store.asset(usage.asset) is None:
            checked.add(Kind.UNKNOWN_ASSET, JOURNAL, f"usage {usage.key} on {usage.page} is of {usage.asset}")
        if store.page(usage.page) is None:
            told = f"usage {usage.key} is on {usage.page}; the next harvest of it makes its record again"
            checked.add(Kind.UNKNOWN_PAGE, JOURNAL, told)


def _way_back(store: EmbeddedStore, sha256: str) -> str:
    addresses = [usage.url for usage in store.usages_of_asset(sha256) if usage.url]
    return (
        f"the next harvest of it fetches {addresses[0]} again" if addresses else "no page is known to use it"
    )


# Derived files


def _check_derived(folder: Path, store: EmbeddedStore, checked: Checked, tell: Callable[[str], None]) -> None:
    derived = folder / DERIVED
    for path in sorted(derived.iterdir()) if derived.is_dir() else ():
        if path.name.endswith(".new"):
            checked.add(Kind.LEFT_OVER, f"{DERIVED}/{path.name}", "of a file that was not written whole")
        elif path.name not in DERIVED_FILES:
            checked.add(Kind.STALE_DERIVED, f"{DERIVED}/{path.name}", "of another version")
    tell("derived files")
    if (derived / JOURNAL_INDEX).exists() and not _is_of(derived / JOURNAL_INDEX, folder / JOURNAL):
        checked.add(Kind.DAMAGED_DERIVED, f"{DERIVED}/{JOURNAL_INDEX}", "it does not belong to the journal")
    known = {asset.sha256 for asset in store.assets()}
    with FeatureStore(folder) as studies:
        _check_studies(studies, known & checked.files.keys(), known, checked)
        if not CandidateIndex.is_sound(folder, studies):
            checked.add(Kind.DAMAGED_DERIVED, f"{DERIVED}/{INDEX}", "it does not belong to the studies")
    if torn := VerifiedPairs(folder).torn:
        checked.add(Kind.DAMAGED_DERIVED, f"{DERIVED}/{PAIRS}", f"{torn} bytes cannot be read")
    if not TextIndex(folder).is_sound(store):
        checked.add(Kind.DAMAGED_DERIVED, f"{DERIVED}/{WORDS}", "it does not say what the records say")
    for path in _files_in(derived / THUMBNAILS):
        _check_thumbnail(path, path.relative_to(folder).as_posix(), known, checked)


def _is_of(places: Path, journal: Path) -> bool:
    """Whether a file of places tells where the journal's records lie; an empty one cannot be mapped and has none."""
    if not journal.stat().st_size:
        return False
    with journal.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        return read_snapshot(places, data) is not None


def _check_studies(studies: FeatureStore, wanted: set[str], known: set[str], checked: Checked) -> None:
    place = f"{DERIVED}/{STUDIES}"
    if studies.torn:
        checked.add(Kind.DAMAGED_DERIVED, f"{DERIVED}/{ROWS}", f"{studies.torn} bytes of rows are not whole")
    damaged = sum(studies.study_of(row) is None for row in range(len(studies)))
    if damaged:
        checked.add(Kind.DAMAGED_DERIVED, place, f"{damaged} studies are damaged")
    unknown = sum(studies.sha256_of(row) not in known for row in range(len(studies)))
    if unknown:
        checked.add(Kind.STALE_DERIVED, place, f"{unknown} studies of pictures that are not in the catalog")
    missing = sum(sha256 not in studies for sha256 in wanted)
    if missing:
        checked.add(Kind.STALE_DERIVED, place, f"{missing} pictures have no study yet")


def _check_thumbnail(path: Path, place: str, known: set[str], checked: Checked) -> None:
    found = _THUMBNAIL.fullmatch(path.name)
    if path.suffix == ".part":
        checked.add(Kind.LEFT_OVER, place, "of a thumbnail that was not written whole")
    elif found is None or found[1] not in known:
        checked.add(Kind.STALE_DERIVED, place, "of no picture in the catalog")
    elif not _is_webp(path):
        checked.add(Kind.DAMAGED_DERIVED, place, "no whole WebP")


def _is_webp(path: Path) -> bool:
    """Whether a file is as long as its head says."""
    with path.open("rb") as file:
        head = file.read(12)
    return (
        head[:4] == b"RIFF"
        and head[8:] == b"WEBP"
        and int.from_bytes(head[4:8], "little") + 8 == path.stat().st_size
    )
