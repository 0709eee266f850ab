"""What the desk reads: the catalog as it is now, whoever writes to it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from catalog.clusters import ComparedPictures, Verify, verifier
from catalog.errors import UnknownPicture
from catalog.index import CandidateIndex, FeatureStore, TextIndex
from catalog.lookup import AnswerBuilder, Coverage, coverage_of
from catalog.matching import Matcher
from catalog.model import AssetRecord
from catalog.store import INDEX, PAIRS, ROWS, Location, Store, asset_beginning, open_catalog

# New records are looked for at most so often; counting what a large catalog covers takes longer than reading them,
# and may take this share of the time.
REFRESH_SECONDS = 1.0
COVERAGE_SHARE = 0.1

# Going through the records of a large catalog takes seconds; an answer about one's own decision waits for as long.
READERS_SECONDS = 5.0


class View:
    """A catalog opened to be read, and followed: `refresh` takes in what others wrote."""

    def __init__(self, location: Location) -> None:
        self.catalog = open_catalog(location, read_only=True)
        self.records = self.catalog.records
        self.text_index = TextIndex(self.catalog.derived)
        self._feature_store = FeatureStore(self.catalog.derived)
        self._compared = ComparedPictures(self.catalog.derived)
        self._readers = 0
        self._looked_at = 0.0
        self._is_due = False
        self._coverage: Coverage | None = None
        self._coverage_seconds = self._covered_at = 0.0
        self._covered_version = 0
        self._answerer: AnswerBuilder | None = None
        self._files = self._file_marks()
        self.stamp = 0
        self.version = 0

    def close(self) -> None:
        """Let go of the catalog."""
        self._feature_store.close()
        self.catalog.close()

    def refresh(self, *, at_once: bool = False) -> None:
        """Take in what is new; `stamp` grows when derived files changed, `version` when anything did."""
        now = time.monotonic()
        # What was to be taken in at once, and could not be, is taken in as soon as it can be.
        self._is_due = self._is_due or at_once
        if self._readers or (now - self._looked_at < REFRESH_SECONDS and not self._is_due):
            return
        self._is_due = False
        self._looked_at = now
        if self.records.refresh():
            self.version += 1
            self._answerer = None
        files = self._file_marks()
        if files != self._files:
            self._files = files
            self.stamp += 1
            self.version += 1
            self._feature_store.refresh()
            self._compared.refresh()
            self._answerer = None

    async def take_in(self) -> None:
        """Take in what the desk has just written itself; who goes through the records is waited for, for a while."""
        end = time.monotonic() + READERS_SECONDS
        # They are in threads, which an event of the loop's does not hear of.
        while self._readers and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        self.refresh(at_once=True)

    def _file_marks(self) -> list[tuple[int, int]]:
        marks = []
        for name in (ROWS, INDEX, PAIRS):
            try:
                found = os.stat(self.catalog.derived / name)
                marks.append((found.st_ino, found.st_size))
            except FileNotFoundError:
                marks.append((0, 0))
        return marks

    def recount(self) -> None:
        """Have what the catalog covers counted anew when it is next asked for, however long that takes."""
        self._coverage = None

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """The records, which stay as they are while another thread goes through them."""
        self._readers += 1
        try:
            yield self.records
        finally:
            self._readers -= 1

    @property
    def answerer(self) -> AnswerBuilder:
        """Answers from the records as they are."""
        if self._answerer is None:
            self._answerer = AnswerBuilder(self.catalog, self.coverage, self._make_verifier())
        self._answerer.coverage = self.coverage
        return self._answerer

    def _make_verifier(self) -> Verify:
        """Lays one catalogued picture on another; what that takes is opened when it is first needed."""
        feature_store, derived = self._feature_store, self.catalog.derived
        opened = cache(
            lambda: verifier(feature_store, Matcher(feature_store, CandidateIndex(derived, feature_store)))
        )
        return lambda query, asset, transform, inliers: opened()(query, asset, transform, inliers)

    @property
    def coverage(self) -> Coverage:
        """What the catalog covers, as it was a moment ago."""
        now = time.monotonic()
        due = self._covered_at + self._coverage_seconds / COVERAGE_SHARE + REFRESH_SECONDS
        if self._coverage is None or (self._covered_version != self.version and now >= due):
            self._coverage = coverage_of(self.records, self._feature_store, self._compared)
            self._covered_version = self.version
            self._covered_at = time.monotonic()
            self._coverage_seconds = self._covered_at - now
        return self._coverage

    def asset(self, text: str) -> AssetRecord:
        """The asset that a SHA-256, or how one begins, names; UnknownPicture where it names none, or several."""
        known = self.records.asset(text) or asset_beginning(self.records, text)
        if known is None:
            raise UnknownPicture(f"{text}: no picture in the catalog begins so")
        return known
