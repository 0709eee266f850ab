"""From a query to the catalogued pictures that show the same, each with how it matches.

Candidates come from fingerprints and from features; geometry and pixels decide about each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import itemgetter

import numpy as np

from assets import Query
from catalog.index import (
    QUICK,
    THOROUGH,
    TOGETHER,
    Alike,
    Asked,
    CandidateIndex,
    Effort,
    FeaturePairs,
    FeatureStore,
    FeatureTable,
)
from catalog.matching.alignment import Alignment, Proposals, pairs_of
from catalog.matching.comparing import compare_placed
from catalog.matching.displayed import in_gray, scale_matrix
from catalog.matching.match import Match
from catalog.matching.parts import is_better_of_page, place_in_page
from catalog.matching.pixels import Floats, Pixels, Planes, decode_chroma, decode_preview, square_of
from catalog.matching.placement import GrayPicture, Placement, flip_of, lay_flat_over, place
from catalog.matching.plane import find_plane, lay_flat
from catalog.matching.query_view import QueryView
from catalog.matching.relation import SURE_INLIERS, Relation

# Candidates by features that are compared, for the query as it is and mirrored each. The right one is nearly always the
# first; collages, siblings and other sheets of one template take some.
MOST_COMPARED = 12

# Features that must agree on one transform: of 5,500 matches of catalogued pictures the least has nine and a half, and
# chance makes eight with half of the rows that are named. The first is looked at with fewer.
LEAST_VOTES = 8.0
LEAST_VOTES_OF_FIRST = 6.0

# Points from which features are worth comparing pixels for. Of 5,500 matches of catalogued pictures one has seven and
# none fewer, and of what agrees by chance a third has six; who looks one picture up waits for that too.
LEAST_INLIERS = 6
LEAST_INLIERS_TOGETHER = 7

# Studies kept in memory, unpacked.
STUDIES_KEPT = 256

# A fingerprint of 256 bits this near stands for enough inliers to need no more proof than pixels.
SURE_DISTANCE = 48

# What was done to a picture, as `Match.edits` has it.
LAID_OVER = "text laid over it"
AS_NEGATIVE = "as a negative"
AT_AN_ANGLE = "photographed at an angle"

# Share of the blocks of a copy that must agree where another frame is told, to refute it.
REFUTING_SHARE = 0.8

# Points from which it is worth asking whether a picture was photographed at an angle.
PLANE_INLIERS = 12


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: int
    mirrored: bool
    alignment: Alignment
    pairs: FeaturePairs | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the whole of one is laid on the whole of the other, without features that say so."""
        return self.pairs is None


# By row the best match with it.
_Found = dict[int, Match]


@dataclass
class _Search:
    """What is looked for in a view and what came of it: the best match with each row, and the rows that were named."""

    view: QueryView
    own: int | None
    best: _Found = field(default_factory=dict)
    named: set[tuple[int, bool]] = field(default_factory=set)

    @property
    def is_found(self) -> bool:
        """Whether the same photo was found."""
        return any(match.relation.is_same_photo for match in self.best.values())


class Matcher:
    """Compares queries with a catalog's studies.

    Rows of whole copies have others that stand for them: what matches those is not compared with each copy.
    """

    def __init__(
        self, feature_store: FeatureStore, index: CandidateIndex, stand_ins: Mapping[int, int] | None = None
    ) -> None:
        self._feature_store = feature_store
        self._index = index
        self._stand_ins = dict(stand_ins or {})
        if self._stand_ins:
            index.count_as(self._stand_ins)
        self._features = lru_cache(STUDIES_KEPT)(self._unpack_features)
        self._levels = lru_cache(STUDIES_KEPT)(self._unpack_levels)

    def matches(self, query: Query, sha256: str = "") -> list[Match]:
        """The matches of a query, the same photo first and what shows most of it first of all.

        With the query's digest the asset of the same bytes is `identical` and not compared. Where few features find
        nothing that is the same photo, all are looked for.
        """
        own = self._feature_store.row_of(sha256) if sha256 else None
        whole, *parts = self._begin(query, sha256, own)
        self._find([whole, *parts], QUICK)
        is_found = any(one.is_found for one in (whole, *parts))
        left = [one for one in (whole, *parts) if not one.is_found and (one.view.is_part or not is_found)]
        self._find_by_features(left, THOROUGH)
        return self._conclude(query, sha256, whole, parts)

    def matches_of_many(self, queries: Sequence[tuple[Query, str]]) -> list[list[Match]]:
        """The matches of several catalogued pictures, by their digests, all looked for at once."""
        searches = [
            self._begin(query, sha256, self._feature_store.row_of(sha256)) for query, sha256 in queries
        ]
        self._find([one for some in searches for one in some], TOGETHER)
        return [
            self._conclude(query, sha256, whole, parts)
            for (query, sha256), (whole, *parts) in zip(queries, searches, strict=True)
        ]

    def _begin(self, query: Query, sha256: str, own: int | None) -> list[_Search]:
        views = [QueryView.of(query, sha256), *map(QueryView.of_part, query.parts)]
        return [_Search(view, own) for view in views]

    def _conclude(self, query: Query, sha256: str, whole: _Search, parts: Sequence[_Search]) -> list[Match]:
        best, own = whole.best, whole.own
        for part, search in zip(query.parts, parts, strict=True):
            for row, match in search.best.items():
                of_page = place_in_page(match, part.box, self._feature_store.size_of(row))
                if row not in best or is_better_of_page(of_page, best[row]):
                    best[row] = of_page
        if own is None and not any(map(_may_be_same_photo, best.values())):
            best |= self._find_disguised(query, whole.view)
        if own is not None:
            size = self._feature_store.size_of(own)
            best[own] = Match(sha256, Relation.IDENTICAL, crop_box=(0, 0, size.width, size.height))
        return sorted(best.values(), key=lambda match: (*(-part for part in _weight(match)), match.asset))

    def _find_disguised(self, query: Query, view: QueryView) -> _Found:
        """What the query shows under letters laid over it or, if that is nothing, as a negative."""
        uncovered = view.without_letters(query.gray)
        found = {} if uncovered is None else self._find_edited(uncovered, LAID_OVER)
        return found or self._find_edited(view.as_negative(), AS_NEGATIVE)

    def _find_edited(self, view: QueryView, edit: str) -> _Found:
        """The same photos that a view with an edit undone shows."""
        search = _Search(view, None)
        self._find([search], THOROUGH)
        return {
            row: replace(match, edits=(edit, *match.edits))
            for row, match in search.best.items()
            if match.relation.is_same_photo
        }

    # Candidates

    def _find(self, searches: Sequence[_Search], effort: Effort) -> None:
        """Find the best match with each row that has one, but for the query's own."""
        self._find_by_features(searches, effort)
        for one in searches:
            # A page may have many photographs: one that is found by its features is not looked for again.
            if not (one.view.is_part and one.is_found):
                self._find_alike(one)

    def _find_by_features(self, searches: Sequence[_Search], effort: Effort) -> None:
        asked = [Asked(table, one.own) for one in searches for table in one.view.features]
        if not asked:
            return
        least = LEAST_INLIERS_TOGETHER if effort is TOGETHER else LEAST_INLIERS
        named = iter(self._index.find_named(asked, effort))
        for one in searches:
            for mirrored in (False, True) if one.view.features else ():
                rows = [row for row in next(named) if (row, mirrored) not in one.named]
                one.named |= {(row, mirrored) for row in rows}
                # Nor is such a one looked for mirrored.
                if not (one.view.is_part and one.is_found):
                    self._compare_each(self._by_features(rows, one.view, least, mirrored=mirrored), one)

    def _find_alike(self, search: _Search) -> None:
        seen = {search.own}
        for alike in self._index.find_alike(search.view.fingerprints):
            row = self._stand_ins.get(alike.row, alike.row)
            known = search.best.get(row)
            if row not in seen and not (known and known.relation.is_same_photo):
                self._compare_each([self._by_fingerprint(replace(alike, row=row), search.view)], search)
            seen.add(row)

    def _compare_each(self, candidates: Iterable[_Candidate], search: _Search) -> None:
        for candidate in candidates:
            found = self._compare(candidate, search.view)
            known = search.best.get(candidate.row)
            if found is not None and (known is None or _is_better(found, known)):
                search.best[candidate.row] = found

    def _by_features(
        self, rows: Sequence[int], view: QueryView, least: int, *, mirrored: bool
    ) -> list[_Candidate]:
        """The rows on which most points lie as they should, `least` at least, each as it lies."""
        ranked = []
        for row in rows:
            features = self._features(row)
            if features is not None:
                pairs = pairs_of(view.features[mirrored], features)
                proposals = Proposals(view.features[mirrored], features, pairs)
                ranked.append((-proposals.most_votes, row, pairs, proposals))
        ranked.sort(key=itemgetter(0, 1))
        found = []
        for number, (votes, row, pairs, proposals) in enumerate(ranked):
            if -votes < (LEAST_VOTES if number else LEAST_VOTES_OF_FIRST):
                break
            alignment = proposals.align()
            if alignment is not None and alignment.inliers >= least:
                found.append(_Candidate(row, mirrored, alignment, pairs))
        found.sort(key=lambda one: -one.alignment.inliers)
        return found[:MOST_COMPARED]

    def _by_fingerprint(self, alike: Alike, view: QueryView) -> _Candidate:
        """The whole of one laid on the whole of the other, as the orientation has it."""
        size = self._feature_store.size_of(alike.row)
        mirrored, quarter_turns = alike.orientation >= 4, alike.orientation % 4
        matrix = _whole_on_whole(view.gray.shape, (size.gray_height, size.gray_width), quarter_turns)
        inliers = SURE_INLIERS if alike.distance <= SURE_DISTANCE else 0
        return _Candidate(alike.row, mirrored, Alignment(matrix, inliers))

    # Comparing

    def _compare(self, candidate: _Candidate, view: QueryView) -> Match | None:
        asset = self._picture(candidate.row)
        if asset is None:
            return None
        matrix = scale_matrix(candidate.alignment.matrix, view.size, view.catalogued.size)
        placement = place(view.catalogued, asset, matrix, mirrored=candidate.mirrored)
        inliers = candidate.alignment.inliers
        found = compare_placed(
            placement, placement.laid, inliers, view.catalogued, asset, uncovered=view.there is not None
        )
        if (found is None or not found.relation.is_same_photo) and inliers >= PLANE_INLIERS:
            tilted = self._compare_tilted(candidate, view, placement, asset)
            if tilted is not None and tilted.relation.is_same_photo:
                return replace(tilted, edits=(AT_AN_ANGLE, *tilted.edits))
        return found

    def _compare_tilted(
        self, candidate: _Candidate, view: QueryView, placement: Placement, asset: GrayPicture
    ) -> Match | None:
        """The match of a picture that was photographed at an angle, laid flat."""
        features = self._features(candidate.row)
        if features is None or not view.features:
            return None
        tables = view.features[candidate.mirrored], features
        pairs = candidate.pairs or pairs_of(*tables)
        side = max(asset.gray.shape)
        plane = find_plane(tables, pairs, candidate.alignment.matrix, side)
        if plane is None:
            return None
        across = view.size.gray_width / view.catalogued.size.gray_width
        down = view.size.gray_height / view.catalogued.size.gray_height
        plane = plane @ np.diag([across, down, 1.0])
        if placement.swapped:
            plane = np.asarray(np.linalg.inv(plane), dtype=np.float64)
            if placement.mirrored:
                plane = square_of(flip_of(view.catalogued.gray)) @ plane @ square_of(flip_of(asset.gray))
        flat = lay_flat(placement.laid.gray, plane, placement.base.gray.shape)
        if flat is None:
            return None
        on_plane, laid = lay_flat_over(placement, flat)
        inliers, uncovered = candidate.alignment.inliers, view.there is not None
        return compare_placed(on_plane, laid, inliers, view.catalogued, asset, uncovered=uncovered)

    def _picture(self, row: int) -> GrayPicture | None:
        levels = self._levels(row)
        if levels is None:
            return None
        gray, chroma = levels
        size, sha256 = self._feature_store.size_of(row), self._feature_store.sha256_of(row)
        return GrayPicture.of(gray, size, sha256, chroma=chroma)

    # Two catalogued pictures

    def compare_whole(self, query: int, asset: int) -> Match | None:
        """How the whole of one row's picture shows the whole of another's; None where it does not."""
        side, other = self._picture(query), self._picture(asset)
        if side is None or other is None:
            return None
        matrix = _whole_on_whole(side.gray.shape, other.gray.shape, 0)
        placement = place(side, other, matrix, mirrored=False)
        return compare_placed(placement, placement.laid, SURE_INLIERS, side, other)

    def verify(self, query: int, asset: int, transform: Sequence[float], inliers: int) -> Match | None:
        """How one row's picture shows another's under a transform as in `Match`, refined; None where it does not.

        `inliers` is what the transform rests on.
        """
        side, other = self._picture(query), self._picture(asset)
        if side is None or other is None:
            return None
        mirrored = transform[0] * transform[4] < transform[1] * transform[3]
        matrix = in_gray(transform, side.size, other.size, mirrored=mirrored)
        placement = place(side, other, matrix, mirrored=mirrored)
        return compare_placed(placement, placement.laid, inliers, side, other)

    def _unpack_features(self, row: int) -> FeatureTable | None:
        feature_record = self._feature_store.study_of(row)
        return None if feature_record is None else FeatureTable.of(feature_record.features)

    def _unpack_levels(self, row: int) -> tuple[Pixels, Planes | None] | None:
        """A picture in gray, and its colours."""
        study = self._feature_store.study_of(row)
        return None if study is None else (decode_preview(study.preview), decode_chroma(study.chroma))


def _is_better(found: Match, known: Match) -> bool:
    """Whether one match with a picture says more than another with the same.

    Letters agree with letters turned upside down, which makes no other frame: of what shows an element or another frame
    mirrored, and of what shows one as it is, that holds on which more features agree.
    """
    for one, other, says in ((found, known, False), (known, found, True)):
        # A part of the scene that stood still is no copy of it.
        if one.relation.is_same_photo and _refutes(other, one):
            return says
    is_same = found.relation.is_same_photo or known.relation.is_same_photo
    if not is_same and found.mirrored != known.mirrored:
        return found.inliers > known.inliers
    return _weight(found) > _weight(known)


def _refutes(other: Match, same: Match) -> bool:
    """Whether one way to lay a picture on another shows so much more of it that what differs there counts."""
    is_told = other.relation in (Relation.SIBLING, Relation.SHARED_ELEMENT) and bool(other.why)
    return is_told and other.blocks_agreeing >= REFUTING_SHARE * same.blocks_agreeing


def _may_be_same_photo(match: Match) -> bool:
    return match.relation.is_same_photo or match.relation is Relation.POSSIBLE


def _weight(match: Match) -> tuple[float, ...]:
    """What makes one match better than another."""
    identical = match.relation is Relation.IDENTICAL
    same = match.relation.is_same_photo
    sibling = match.relation is Relation.SIBLING
    return (float(identical), float(same), float(sibling), float(match.blocks_agreeing), float(match.inliers))


def _whole_on_whole(query: tuple[int, ...], asset: tuple[int, ...], quarter_turns: int) -> Floats:
    """The transform that turns the query clockwise by quarters and stretches it over the asset; shapes are (h, w)."""
    height, width = query[0], query[1]
    turned = np.array(
        [
            [[1, 0, 0], [0, 1, 0]],
            [[0, -1, height], [1, 0, 0]],
            [[-1, 0, width], [0, -1, height]],
            [[0, 1, 0], [-1, 0, width]],
        ][quarter_turns],
        dtype=np.float64,
    )
    new_width, new_height = (height, width) if quarter_turns % 2 else (width, height)
    return np.diag([asset[1] / new_width, asset[0] / new_height]) @ turned
