"""Mending what a check finds. No original is ever deleted: what is bad is set aside in a folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assets import Fetch, Inspector, Outcome, Picture, find_path
from catalog.check import Checked, check
from catalog.clusters import VerifiedPairs
from catalog.errors import CatalogUnwritable
from catalog.harvest import now_text
from catalog.index import CandidateIndex, FeatureStore, TextIndex, study_missing
from catalog.model import AssetRecord
from catalog.store import (
    DERIVED,
    INDEX,
    ORIGINALS,
    PAIRS,
    ROWS,
    STUDIES,
    WORDS,
    Catalog,
    Finding,
    FindingKind,
    Location,
    has_lost_records,
    open_catalog,
    remove_left_over,
    rescue,
)

REMOVED = "removed"
MADE_ANEW = "made anew"

Tell = Callable[[str], None]


async def check_and_mend(location: Location, tell: Tell = lambda _line: None, workers: int = 0) -> Checked:
    """Check a catalog and mend what can be; a finding that nothing could be done about says nothing was."""
    try:
        all_lost = has_lost_records(location)
        rescued = rescue(location)
        with open_catalog(location, reads_all=True) as catalog:
            checked = check(location, tell, catalog)
            done = await _Mender(catalog, checked, workers, adopts_all=all_lost).mend(tell)
    except OSError as error:
        raise CatalogUnwritable(f"{error.filename or location}: {error.strerror or error}") from error
    checked.findings = [*rescued, *done]
    return checked


class _Mender:
    """One catalog, opened to write, and what is to be done there."""

    def __init__(self, catalog: Catalog, checked: Checked, workers: int, *, adopts_all: bool) -> None:
        self._catalog = catalog
        self._records = catalog.records
        self._checked = checked
        self._workers = workers
        self._adopts_all = adopts_all
        self._adopted: set[str] = set()

    async def mend(self, tell: Tell) -> list[Finding]:
        """Every finding with what was done about it."""
        findings = self._checked.findings
        await self._adopt([one for one in findings if one.kind is FindingKind.FILE_WITHOUT_RECORD])
        done = [replace(one, mended=self._handle_finding(one)) for one in findings]
        await self._derive(findings, tell)
        return done

    def _handle_finding(self, finding: Finding) -> str:
        match finding.kind:
            case FindingKind.LEFT_OVER:
                self._remove(finding)
                return REMOVED
            case FindingKind.WRONG_DIGEST | FindingKind.STRAY_FILE:
                return self._set_aside(finding)
            case FindingKind.FILE_WITHOUT_RECORD:
                is_adopted = _digest_in(finding.path) in self._adopted
                return "its record was made again" if is_adopted else self._set_aside(finding)
            case FindingKind.UNKNOWN_ASSET:
                known = any(finding.detail.endswith(sha256) for sha256 in self._adopted)
                return "its record was made again" if known else ""
            case FindingKind.DAMAGED_DERIVED | FindingKind.STALE_DERIVED:
                return self._handle_derived(self._catalog.derived / _within(finding.path))
        return self._records.mend(finding)

    def _remove(self, finding: Finding) -> None:
        folder = finding.path.partition("/")[0]
        if folder == ORIGINALS:
            self._catalog.originals.remove(_within(finding.path))
        elif folder == DERIVED:
            (self._catalog.derived / _within(finding.path)).unlink(missing_ok=True)
        else:
            remove_left_over(self._catalog.location, finding)

    def _handle_derived(self, path: Path) -> str:
        derived = self._catalog.derived
        if path.name in (ROWS, STUDIES, INDEX):
            return MADE_ANEW
        if path.name == PAIRS:
            with VerifiedPairs(derived):
                return "cut off; what it held is compared again"
        if path.name == WORDS:
            TextIndex.remove(derived)
            TextIndex(derived).update(self._records)
            return MADE_ANEW
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        return REMOVED

    def _set_aside(self, finding: Finding) -> str:
        return f"set aside as {self._catalog.originals.set_aside(_within(finding.path))}"

    async def _adopt(self, findings: list[Finding]) -> None:
        """Make the records of originals again that usages or fetches name: only the record was lost.

        Where all records were lost, of every original.
        """
        if not findings:
            return
        fetches = {record.last_good_sha256: record for record in self._records.fetches()}
        used = {usage.asset for usage in self._records.usages()}
        async with Inspector(self._workers) as inspector:
            for finding in findings:
                sha256 = _digest_in(finding.path)
                path = await find_path(self._catalog.originals, sha256)
                if path is None or not (self._adopts_all or sha256 in fetches or sha256 in used):
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
                    seen = record.first_at if record else now_text()
                    self._records.put_asset(AssetRecord.of(picture, fetch, _within(finding.path), seen))
                    self._adopted.add(sha256)

    async def _derive(self, findings: list[Finding], tell: Tell) -> None:
        """Make derived files again: all of it where something there is damaged, else what is missing."""
        kinds = (FindingKind.DAMAGED_DERIVED, FindingKind.STALE_DERIVED)
        places = {one.path: one for one in findings if one.kind in kinds}
        about_studies = [f"{DERIVED}/{name}" for name in (ROWS, STUDIES)]
        if not self._adopted and not places.keys() & {*about_studies, f"{DERIVED}/{INDEX}"}:
            return
        anew = any(
            one.path in about_studies
            and (one.kind is FindingKind.DAMAGED_DERIVED or "not in the catalog" in one.detail)
            for one in findings
        )
        if f"{DERIVED}/{INDEX}" in places:
            CandidateIndex.remove(self._catalog.derived)
        await study_missing(
            self._catalog,
            anew=anew,
            workers=self._workers,
            report=lambda done, wanted: tell(f"{done} of {wanted} pictures studied"),
        )
        derived = self._catalog.derived
        with FeatureStore(derived) as feature_store:
            CandidateIndex(derived, feature_store).save(at_once=True)


def _within(path: str) -> str:
    """A finding's place as seen from the folder of the catalog that it is in."""
    return path.partition("/")[2]


def _digest_in(path: str) -> str:
    """The digest that an original's file is named by."""
    return Path(path).stem
