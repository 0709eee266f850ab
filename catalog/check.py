"""Is a catalog whole? Every original, record and derived file looked at, every finding named; nothing is changed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assets import OriginalStore, files_below
from catalog.clusters import VerifiedPairs
from catalog.errors import NotACatalog
from catalog.index import CandidateIndex, FeatureStore, TextIndex
from catalog.store import (
    DERIVED,
    DERIVED_FILES,
    ORIGINALS,
    RECORDS,
    THUMBNAILS,
    Catalog,
    Finding,
    FindingKind,
    Location,
    Store,
    derived_problems,
    left_overs,
    open_catalog,
    originals_at,
    require_catalog,
    unreadable_records,
)

# Digests that are under way at once, and files between two lines of progress.
THREADS = os.cpu_count() or 1
TELL_EVERY = 500

# So long after it was put an original may still be on its way into the records, by another machine's harvest: it keeps
# pictures before it writes them down, and waits for a server that is away.
RECORDED_WITHIN = timedelta(days=1)

_THUMBNAIL = re.compile(r"([0-9a-f]{64})-[0-9]+\.webp")


@dataclass(slots=True)
class Checked:
    """What a check came to. `files` are the originals with a digest for a name that is theirs, by that digest.

    `arriving` are those that were put so lately that another machine may yet record them.
    `lacking` are live uses without a picture: those are in order, since a harvest may have got none.
    """

    findings: list[Finding] = field(default_factory=list)
    originals: int = 0
    records: int = 0
    lacking: int = 0
    files: dict[str, str] = field(default_factory=dict)
    arriving: set[str] = field(default_factory=set)

    def add(self, kind: FindingKind, path: str | Path, detail: str = "") -> None:
        """One finding more."""
        self.findings.append(Finding(kind, str(path), detail))


def check(
    location: Location,
    tell: Callable[[str], None] = lambda _line: None,
    catalog: Catalog | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Checked:
    """Look at everything in a catalog, whose lock the caller holds, perhaps by having the `catalog` open.

    NotACatalog where there is none. `now` tells the time with its zone.
    """
    require_catalog(location)
    checked = Checked()
    checked.findings += left_overs(location)
    _check_originals(originals_at(location), checked, tell, now() - RECORDED_WITHIN)
    try:
        with (
            nullcontext(catalog)
            if catalog is not None
            else open_catalog(location, read_only=True, reads_all=True) as opened
        ):
            _check_records(opened.records, checked, tell)
            checked.findings += _derived_findings(opened, checked, tell)
    except NotACatalog as error:
        checked.findings.append(unreadable_records(error))
    return checked


# Originals


def _check_originals(
    originals: OriginalStore, checked: Checked, tell: Callable[[str], None], recorded_before: datetime
) -> None:
    kept = []
    for file in originals.list_files():
        place = f"{ORIGINALS}/{file.name}"
        if file.sha256:
            kept.append(file)
        elif file.is_unfinished:
            checked.add(FindingKind.LEFT_OVER, place, "of a file that did not come in whole")
        else:
            checked.add(FindingKind.STRAY_FILE, place)
    with ThreadPoolExecutor(THREADS) as threads:
        digests = threads.map(originals.digest_of, [file.name for file in kept])
        for file, digest in zip(kept, digests, strict=True):
            checked.originals += 1
            if checked.originals % TELL_EVERY == 0:
                tell(f"{checked.originals} of {len(kept)} originals")
            place = f"{ORIGINALS}/{file.name}"
            if digest != file.sha256:
                checked.add(FindingKind.WRONG_DIGEST, place, digest or "it cannot be read")
            elif file.sha256 in checked.files:
                told = f"the same bytes lie at {checked.files[file.sha256]}"
                checked.add(FindingKind.STRAY_FILE, place, told)
            else:
                checked.files[file.sha256] = place
                if file.put_at is not None and file.put_at > recorded_before:
                    checked.arriving.add(file.sha256)


# Records


def _check_records(records: Store, checked: Checked, tell: Callable[[str], None]) -> None:
    tell("records")
    checked.records = sum(records.counts().values())
    problems = list(records.problems())
    checked.findings += problems
    if not any(one.kind is FindingKind.UNREADABLE_RECORD for one in problems):
        _check_assets(records, checked)
        _check_usages(records, checked)


def _check_assets(store: Store, checked: Checked) -> None:
    for asset in store.assets():
        if asset.sha256 not in checked.files:
            place = f"{ORIGINALS}/{asset.original}"
            checked.add(FindingKind.RECORD_WITHOUT_FILE, place, _way_back(store, asset.sha256))
    for sha256, place in checked.files.items():
        if sha256 not in checked.arriving and store.asset(sha256) is None:
            checked.add(FindingKind.FILE_WITHOUT_RECORD, place)


def _check_usages(store: Store, checked: Checked) -> None:
    for usage in store.usages():
        checked.lacking += usage.lacks_picture
        if usage.asset and store.asset(usage.asset) is None:
            checked.add(
                FindingKind.UNKNOWN_ASSET, RECORDS, f"usage {usage.key} on {usage.page} is of {usage.asset}"
            )
        if store.page(usage.page) is None:
            told = f"usage {usage.key} is on {usage.page}; the next harvest of it makes its record again"
            checked.add(FindingKind.UNKNOWN_PAGE, RECORDS, told)


def _way_back(store: Store, sha256: str) -> str:
    addresses = [usage.url for usage in store.usages_of_asset(sha256) if usage.url]
    return (
        f"the next harvest of it fetches {addresses[0]} again" if addresses else "no page is known to use it"
    )


# Derived files


def _derived_findings(catalog: Catalog, checked: Checked, tell: Callable[[str], None]) -> Iterator[Finding]:
    derived, records = catalog.derived, catalog.records
    for path in sorted(derived.iterdir()) if derived.is_dir() else ():
        place = f"{DERIVED}/{path.name}"
        if path.name.endswith(".new"):
            yield Finding(FindingKind.LEFT_OVER, place, "of a file that was not written whole")
        elif path.name not in DERIVED_FILES:
            yield Finding(FindingKind.STALE_DERIVED, place, "of another version")
    tell("derived files")
    yield from derived_problems(catalog.location)
    reasons = {asset.sha256: asset.reason for asset in records.assets()}
    known = set(reasons)
    with FeatureStore(derived) as feature_store:
        comparable = {sha256 for sha256, reason in reasons.items() if not reason}
        yield from feature_store.problems(comparable & checked.files.keys(), known)
        yield from CandidateIndex.problems(derived, feature_store)
    yield from VerifiedPairs(derived).problems()
    yield from TextIndex(derived).problems(records)
    for path in files_below(derived / THUMBNAILS):
        yield from _thumbnail_findings(path, f"{DERIVED}/{path.relative_to(derived).as_posix()}", known)


def _thumbnail_findings(path: Path, place: str, known: set[str]) -> Iterator[Finding]:
    found = _THUMBNAIL.fullmatch(path.name)
    if path.suffix == ".part":
        yield Finding(FindingKind.LEFT_OVER, place, "of a thumbnail that was not written whole")
    elif found is None or found[1] not in known:
        yield Finding(FindingKind.STALE_DERIVED, place, "of no picture in the catalog")
    elif not _is_webp(path):
        yield Finding(FindingKind.DAMAGED_DERIVED, place, "no whole WebP")


def _is_webp(path: Path) -> bool:
    """Whether a file is as long as its head says."""
    with path.open("rb") as file:
        head = file.read(12)
    return (
        head[:4] == b"RIFF"
        and head[8:] == b"WEBP"
        and int.from_bytes(head[4:8], "little") + 8 == path.stat().st_size
    )
