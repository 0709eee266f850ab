"""Photo-desk lookup: where has this picture been seen, and how does each match.

A question is a file, a web address, an asset's SHA-256 or the beginning of it, a fingerprint from elsewhere, or
words. Every question gets one `Answer` or one `Failure`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from assets import Failure, Fingerprint, Query, Reason, Stage, is_web_address
from catalog.clusters import Verify, find_stand_ins, verifier
from catalog.decisions import DIFFERENT, SAME, Decisions
from catalog.harvest import explain_cut, explain_substitutes, find_substitutes
from catalog.index import FAR_PHASH64, FAR_PHASH256, CandidateIndex, FeatureStore, TextIndex
from catalog.lookup.answer import Answer, Found, LookupVerdict, PlacedUsage
from catalog.lookup.coverage import Coverage, Digests, coverage_of
from catalog.lookup.photos import PhotoFinder
from catalog.lookup.text_search import TextSearch
from catalog.matching import Match, Matcher, Relation, explain_match
from catalog.model import AssetRecord, in_time
from catalog.store import Catalog

if TYPE_CHECKING:
    from assets import QueryReader

# Fewer digits name too many pictures to be meant.
LEAST_PREFIX_DIGITS = 4

_DIGEST = re.compile(r"[0-9a-f]{4,64}", re.IGNORECASE)
_SHORT_DIGEST = re.compile(r"[0-9a-f]{1,3}", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)

_UNREADABLE = frozenset({Reason.UNSUPPORTED_PICTURE, Reason.DAMAGED_PICTURE, Reason.TOO_MANY_PIXELS})

_POSSIBLE = (Relation.POSSIBLE, Relation.SIBLING)

# Bits in which a fingerprint from elsewhere may differ, by its own number of bits.
FAR = {64: FAR_PHASH64, 256: FAR_PHASH256}


class AnswerBuilder:
    """Answers from a catalog's records about pictures that were matched, and about words."""

    def __init__(
        self, catalog: Catalog, coverage: Coverage, verify: Verify, text_index: TextIndex | None = None
    ) -> None:
        self._store = catalog.records
        self._text_index = text_index
        self._decisions = Decisions(catalog.records)
        self._photo_finder = PhotoFinder(catalog, self._decisions, verify)
        self.coverage = coverage

    def of_matches(self, text: str, matches: Iterable[Match], sha256: str, decoded: float = 1.0) -> Answer:
        """What is known of a picture with these matches and this SHA-256, of which the share `decoded` was read."""
        found = [self._find_match(match, sha256) for match in matches]
        known = {one.asset.sha256 for one in found if one is not None}
        identical = self._store.asset(sha256)
        if identical is not None and sha256 not in known:
            # It has no study, or not yet.
            found.insert(0, self._find_identical(identical))
        for other in self._decisions.list_same(sha256):
            asset = self._store.asset(other)
            if asset is not None and other not in known:
                found.append(Found(asset, "decided to be the same photo", (), decision=SAME))
        kept = [one for one in found if one is not None and one.decision != DIFFERENT]
        hits = {one.asset.sha256: one for one in kept if one.is_same_photo}
        photos = self._photo_finder.photos(sha256, hits, is_final=not self.coverage.uncompared)
        copies = {copy.copy.asset.sha256 for photo in photos for copy in photo.copies}
        return Answer(
            text,
            _verdict_on(kept),
            self.coverage,
            photos=photos,
            found=tuple(one for one in kept if one.asset.sha256 not in copies),
            set_aside=sum(one is not None and one.decision == DIFFERENT for one in found),
            decoded=decoded,
        )

    def of_bytes(self, text: str, failure: Failure, sha256: str) -> Answer | Failure:
        """What is known of a file that cannot be compared: the same bytes, else why nothing can be said."""
        if self._store.asset(sha256) is not None:
            return self.of_matches(text, (), sha256)
        return add_same_bytes_hint(failure)

    def _find_match(self, match: Match, sha256: str) -> Found | None:
        asset = self._store.asset(match.asset)
        if asset is None:
            # The study of a picture whose record a crash has lost.
            return None
        decision = self._decisions.of(sha256, match.asset)
        explanation = explain_match(match)
        if decision == SAME:
            explanation += " (decided to be the same photo)"
        if decision == SAME or match.relation.is_same_photo:
            # Its uses are told with those of all copies.
            return Found(asset, explanation, (), match, decision)
        return self._of_asset(asset, explanation, match, decision)

    def _find_identical(self, asset: AssetRecord) -> Found:
        match = Match(asset.sha256, Relation.IDENTICAL, crop_box=(0, 0, asset.width, asset.height))
        return Found(asset, explain_match(match), (), match)

    def _of_asset(
        self, asset: AssetRecord, explanation: str, match: Match | None = None, decision: str = ""
    ) -> Found:
        known = self._store.usages_of_asset(asset.sha256)
        usages = sorted(
            (PlacedUsage(usage, self._store.page(usage.page)) for usage in known),
            key=lambda placed: in_time(placed.usage),
        )
        substitute = explain_substitutes(find_substitutes(asset, known))
        told = _join(explanation, explain_cut(asset.decoded), substitute)
        return Found(asset, told, tuple(usages), match, decision, substitute)

    def of_near(self, text: str, asked: Fingerprint, near: Iterable[tuple[int, str]]) -> Answer:
        """What is known of pictures with near fingerprints: their distances in bits, and their SHA-256."""
        found = []
        for distance, sha256 in near:
            asset = self._store.asset(sha256)
            if asset is not None:
                told = f"the {asked.algorithm} differs in {distance} of {asked.bits} bits; no pixels were compared"
                found.append(self._of_asset(asset, told))
        return Answer(text, _verdict_on(found), self.coverage, found=tuple(found))

    def words(self, text: str) -> Answer:
        """Look up words in captions, alt texts, credits and titles: pictures whose usages have all of them."""
        words = TextSearch(self._store, text, self._text_index)
        by_asset: dict[str, list[PlacedUsage]] = {}
        for usage in words.usages() if words else ():
            if usage.asset:
                by_asset.setdefault(usage.asset, []).append(PlacedUsage(usage, self._store.page(usage.page)))
        embedded = {asset.sha256 for asset in words.assets()} - by_asset.keys()
        found = []
        for sha256 in self._store.sha256s():
            asset = self._store.asset(sha256) if sha256 in by_asset or sha256 in embedded else None
            if asset is None:
                continue
            if sha256 in embedded:
                found.append(self._of_asset(asset, "the words are embedded in it"))
                continue
            usages = sorted(by_asset[sha256], key=lambda placed: in_time(placed.usage))
            substitute = explain_substitutes(find_substitutes(asset, self._store.usages_of_asset(sha256)))
            told = _join("the words are said of it", explain_cut(asset.decoded), substitute)
            found.append(Found(asset, told, tuple(usages), substitute=substitute))
        verdict = LookupVerdict.USED if found else LookupVerdict.NOT_IN_CATALOG
        return Answer(text, verdict, self.coverage, found=tuple(found))


class Lookup(AnswerBuilder):
    """Answers questions from a catalog, which it only reads; a context manager over its derived files.

    `compared` are the pictures that were compared with all others.
    """

    def __init__(self, catalog: Catalog, compared: Digests) -> None:
        self._originals = catalog.originals
        self._feature_store = FeatureStore(catalog.derived)
        self._index = CandidateIndex(catalog.derived, self._feature_store)
        stand_ins = find_stand_ins(catalog.derived, self._feature_store)
        self._matcher = Matcher(self._feature_store, self._index, stand_ins)
        coverage = coverage_of(catalog.records, self._feature_store, compared)
        verify = verifier(self._feature_store, self._matcher)
        super().__init__(catalog, coverage, verify, TextIndex(catalog.derived))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._feature_store.close()

    # Pictures

    async def picture(self, text: str, reader: QueryReader) -> Answer | Failure:
        """Look up a file, a web address, or a digest or the beginning of one."""
        if is_web_address(text):
            read = await reader.address(text)
        elif not _DIGEST.fullmatch(text) or await asyncio.to_thread(Path(text).exists):
            read = await reader.file(text)
        else:
            return await self._asset(text, reader)
        return _add_hint(read) if isinstance(read, Failure) else self._answer_query(text, *read)

    def _answer_query(self, text: str, query: Query | Failure, sha256: str) -> Answer | Failure:
        if isinstance(query, Query):
            matches = self._matcher.matches(query, sha256)
            return self.of_matches(text, matches, sha256, query.picture.decoded)
        return self.of_bytes(text, query, sha256)

    async def _asset(self, prefix: str, reader: QueryReader) -> Answer | Failure:
        assets = self._store.assets_with_prefix(prefix.lower())
        if not assets:
            return Answer(prefix, LookupVerdict.NOT_IN_CATALOG, self.coverage)
        if len(assets) > 1:
            detail = f"{len(assets)} pictures begin so: give more digits"
            return Failure(Stage.READ, Reason.NOT_FOUND, prefix, detail)
        asset = assets[0]
        read = await reader.original(self._originals, asset.sha256)
        query, sha256 = (read, asset.sha256) if isinstance(read, Failure) else read
        # Where the original is lost or broken, the record is not.
        return self._answer_query(prefix, query, sha256)

    def fingerprint(self, text: str, asked: Fingerprint) -> Answer:
        """Look up a fingerprint from elsewhere. It alone is no proof: what is found is possible at most."""
        near = self._index.find_near(asked, FAR[asked.bits])
        return self.of_near(
            text, asked, [(distance, self._feature_store.sha256_of(row)) for distance, row in near]
        )


def _verdict_on(found: Iterable[Found]) -> LookupVerdict:
    """What pictures that were found come to."""
    some = list(found)
    if any(one.is_same_photo for one in some):
        return LookupVerdict.USED
    if any(one.match is None or one.match.relation in _POSSIBLE for one in some):
        return LookupVerdict.POSSIBLE
    return LookupVerdict.NOT_IN_CATALOG


def _join(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def add_same_bytes_hint(failure: Failure) -> Failure:
    """Why a picture that came whole cannot be looked up, with what was looked for all the same.

    >>> add_same_bytes_hint(Failure(Stage.DECODE, Reason.UNSUPPORTED_PICTURE, "chart.svg", "SVG")).detail
    'SVG; it cannot be compared, and the catalog has no file of the same bytes'
    """
    if failure.reason not in _UNREADABLE:
        return failure
    told = "it cannot be compared, and the catalog has no file of the same bytes"
    return replace(failure, detail="; ".join(part for part in (failure.detail, told) if part))


def _add_hint(failure: Failure) -> Failure:
    """A question that could not be read, with what it would have to be where it looks like no picture file.

    >>> _add_hint(Failure(Stage.READ, Reason.NOT_FOUND, "7b4", "no such file")).detail
    'no such file; the beginning of a SHA-256 needs 4 digits or more'
    """
    text = failure.address
    if failure.reason is Reason.NOT_FOUND and _SCHEME.match(text):
        detail = "only http and https addresses can be asked"
        return replace(failure, reason=Reason.BAD_ADDRESS, detail=detail)
    if failure.reason is Reason.NOT_FOUND and _SHORT_DIGEST.fullmatch(text):
        needs = f"the beginning of a SHA-256 needs {LEAST_PREFIX_DIGITS} digits or more"
        return replace(failure, detail=f"{failure.detail}; {needs}")
    if failure.reason is Reason.UNREADABLE and Path(text).is_dir():
        return replace(failure, detail="a folder: give its files, or harvest it")
    return failure
