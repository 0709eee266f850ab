"""Mending what a check finds. No original is ever deleted: what is bad is set aside in a folder of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assets import Fetch, Inspector, Outcome, Picture
from catalog.check import Checked, Finding, Kind, check
from catalog.clusters import VerifiedPairs
from catalog.errors import CatalogUnwritable, NotACatalog
from catalog.harvest import now_text
from catalog.index import CandidateIndex, FeatureStore, TextIndex, study_missing
from catalog.model import AssetRecord
from catalog.store import (
    COMPACTED,
    DAMAGED,
    DERIVED,
    INDEX,
    JOURNAL,
    ORIGINALS,
    PAIRS,
    ROWS,
    STUDIES,
    WORDS,
    Damage,
    EmbeddedStore,
    has_lost_records,
    header,
    locked,
    open_store,
    set_aside,
    sync_folder,
    taken_line,
)

SET_ASIDE = "set-aside"

IN_DAMAGED = f"set aside in {JOURNAL}{DAMAGED}"
REMOVED = "removed"
MADE_ANEW = "made anew"
BEGUN_ANEW = "begun anew; the next harvest of their pages brings the uses of pictures"

Tell = Callable[[str], None]


async def check_and_mend(folder: Path, tell: Tell = lambda _line: None, workers: int = 0) -> Checked:
    """Check a catalog and mend what can be; a finding that nothing could be done about says nothing was."""
    try:
        all_lost = has_lost_records(folder)
        header = _mended_header(folder)
        with open_store(folder, reads_all=True) as store:
            checked = check(folder, tell, store)
            store.compact() if store.damage else None
            done = await _Mender(folder, store, checked, workers, adopts_all=all_lost).mend(tell)
    except OSError as error:
        raise CatalogUnwritable(f"{error.filename or folder}: {error.strerror or error}") from error
    checked.findings = [*header, *done]
    return checked


def _mended_header(folder: Path) -> list[Finding]:
    """The journal with a first line that can be read, where it had none but good lines after it, or nothing at all."""
    path = folder / JOURNAL
    try:
        open_store(folder, read_only=True).close()
    except NotACatalog as error:
        if not path.is_file() and not has_lost_records(folder):
            raise
        with locked(path):
            is_lost = has_lost_records(folder)
            if is_lost:
                _begin(path, b"")
            elif not _mend_header(path):
                raise
        done = BEGUN_ANEW if is_lost else IN_DAMAGED
        return [Finding(Kind.DAMAGED_JOURNAL, JOURNAL, str(error), done)]
    return []


def _mend_header(path: Path) -> bool:
    """Give a file whose first line rotted a new one, the old set aside; False where no good line follows it."""
    with path.open("rb") as file:
        first = file.readline()
        body = file.read()
        if all(taken_line(line, 0) is None for line in body.splitlines(keepends=True)):
            return False
        set_aside(path, file.fileno(), [Damage(str(path), 0, len(first) - len(b"\n"))])
    _begin(path, body)
    return True


def _begin(path: Path, body: bytes) -> None:
    """Put a journal with these lines in the place of what is there."""
    beside = path.with_name(f"{path.name}{COMPACTED}")
    with beside.open("wb") as file:
        file.write(header() + body)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


class _Mender:
    """One catalog, opened to write, and what is to be done there."""

    def __init__(
        self, folder: Path, store: EmbeddedStore, checked: Checked, workers: int, *, adopts_all: bool
    ) -> None:
        self._folder = folder
        self._store = store
        self._checked = checked
        self._workers = workers
        self._adopts_all = adopts_all
        self._adopted: set[str] = set()

    async def mend(self, tell: Tell) -> list[Finding]:
        """Every finding with what was done about it."""
        findings = self._checked.findings
        await self._adopt([one for one in findings if one.kind is Kind.FILE_WITHOUT_RECORD])
        done = [replace(one, mended=self._done_about(one)) for one in findings]
        await self._derive(findings, tell)
        return done

    def _done_about(self, finding: Finding) -> str:
        path = self._folder / finding.path
        match finding.kind:
            case Kind.TORN_JOURNAL:
                return "cut off"
            case Kind.DAMAGED_JOURNAL:
                return IN_DAMAGED
            case Kind.LEFT_OVER:
                path.unlink(missing_ok=True)
                return REMOVED
            case Kind.WRONG_DIGEST | Kind.STRAY_FILE:
                return self._set_aside(path)
            case Kind.FILE_WITHOUT_RECORD:
                return "its record was made again" if path.stem in self._adopted else self._set_aside(path)
            case Kind.UNKNOWN_ASSET:
                known = any(finding.detail.endswith(sha256) for sha256 in self._adopted)
                return "its record was made again" if known else ""
            case Kind.DAMAGED_DERIVED | Kind.STALE_DERIVED:
                return self._done_about_derived(path)
        return ""

    def _done_about_derived(self, path: Path) -> str:
        if path.name in (ROWS, STUDIES, INDEX):
            return MADE_ANEW
        if path.name == PAIRS:
            with VerifiedPairs(self._folder):
                return "cut off; what it held is compared again"
        if path.name == WORDS:
            TextIndex.remove(self._folder)
            TextIndex(self._folder).update(self._store)
            return MADE_ANEW
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        return REMOVED

    def _set_aside(self, path: Path) -> str:
        target = self._folder / SET_ASIDE / path.relative_to(self._folder / ORIGINALS)
        target.parent.mkdir(parents=True, exist_ok=True)
        number = 0
        free = target
        while free.exists() or free.is_symlink():
            number += 1
            free = target.with_name(f"{target.name}.{number}")
        path.rename(free)
        return f"set aside as {free.relative_to(self._folder).as_posix()}"

    async def _adopt(self, findings: list[Finding]) -> None:
        """Make the records of originals again that usages or fetches name: only the record was lost.

        Where all records were lost, of every original.
        """
        if not findings:
            return
        fetches = {record.last_good_sha256: record for record in self._store.fetches()}
        used = {usage.asset for usage in self._store.usages()}
        async with Inspector(self._workers) as inspector:
            for finding in findings:
                path = self._folder / finding.path
                sha256 = path.stem
                if not (self._adopts_all or sha256 in fetches or sha256 in used):
                    continue
                picture = await inspector.picture(path, finding.path)
                if isinstance(picture, Picture):
                    record = fetches.get(sha256)
                    fetch = Fetch(
                        record.url if record else finding.path,
                        Outcome.FETCHED,
                        record.at if record else now_text(),
                        length=path.stat().st_size,
                        sha256=sha256,
                    )
                    original = path.relative_to(self._folder / ORIGINALS).as_posix()
                    seen = record.first_at if record else now_text()
                    self._store.put_asset(AssetRecord.of(picture, fetch, original, seen))
                    self._adopted.add(sha256)

    async def _derive(self, findings: list[Finding], tell: Tell) -> None:
        """Make derived files again: all of it where something there is damaged, else what is missing."""
        places = {one.path: one for one in findings if one.kind in (Kind.DAMAGED_DERIVED, Kind.STALE_DERIVED)}
        about_studies = [f"{DERIVED}/{name}" for name in (ROWS, STUDIES)]
        if not self._adopted and not places.keys() & {*about_studies, f"{DERIVED}/{INDEX}"}:
            return
        anew = any(
            one.path in about_studies
            and (one.kind is Kind.DAMAGED_DERIVED or "not in the catalog" in one.detail)
            for one in findings
        )
        if f"{DERIVED}/{INDEX}" in places:
            CandidateIndex.remove(self._folder)
        await study_missing(
            self._store,
            self._folder,
            self._folder / ORIGINALS,
            anew=anew,
            workers=self._workers,
            report=lambda done, wanted: tell(f"{done} of {wanted} pictures studied"),
        )
        with FeatureStore(self._folder) as studies:
            CandidateIndex(self._folder, studies).save(at_once=True)
