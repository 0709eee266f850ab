"""From a query to the catalogued pictures that show the same, each with how it matches.

Candidates come from fingerprints and from features; geometry and pixels decide about each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from assets import Query
from catalog.index import Alike, CandidateIndex, FeatureStore, FeatureTable
from catalog.matching.alignment import Alignment, agreement, align, pairs_of
from catalog.matching.comparing import compare_placed
from catalog.matching.displayed import in_gray, scale_matrix
from catalog.matching.match import Match
from catalog.matching.parts import is_better_of_page, place_in_page
from catalog.matching.pixels import Floats, Pixels, Planes, decode_chroma, decode_preview, square_of
from catalog.matching.placement import GrayPicture, Placement, flip_of, lay_flat_over, place
from catalog.matching.plane import find_plane, lay_flat
from catalog.matching.query_view import QueryView
from catalog.matching.relation import SURE_INLIERS, Relation

# Candidates by features that are aligned and compared, for the query as it is and mirrored each. The right one is
# nearly always the first; collages and siblings take some.
MOST_COMPARED = 8

# Features that must agree on one transform: chance makes two in the median and seven in one of 100, what shows the
# same 38 and more in a small catalog, a third of that in a very large one. The first is looked at with fewer.
LEAST_VOTES = 7.0
LEAST_VOTES_OF_FIRST = 4.5

# Points from which features are worth comparing pixels for: the least that was seen of a true match is nine.
LEAST_INLIERS = 6

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
    is_whole: bool = False


class Matcher:
    """Compares queries with a catalog's studies."""

    def __init__(self, feature_store: FeatureStore, index: CandidateIndex) -> None:
        self._feature_store = feature_store
        self._index = index
        self._features = lru_cache(STUDIES_KEPT)(self._unpack_features)
        self._levels = lru_cache(STUDIES_KEPT)(self._unpack_levels)

    def matches(self, query: Query, sha256: str = "") -> list[Match]:
        """The matches of a query, the same photo first and what shows most of it first of all.

        With the query's digest the asset of the same bytes is `identical` and not compared.
        """
        identical = self._feature_store.row_of(sha256) if sha256 else None
        view = QueryView.of(query, sha256)
        best = self._find(view, identical)
        for part in query.parts:
            for row, match in self._find(QueryView.of_part(part), identical).items():
                of_page = place_in_page(match, part.box, self._feature_store.size_of(row))
                if row not in best or is_better_of_page(of_page, best[row]):
                    best[row] = of_page
        if identical is None and not any(map(_may_be_same_photo, best.values())):
            best |= self._find_disguised(query, view)
        if identical is not None:
            size = self._feature_store.size_of(identical)
            best[identical] = Match(sha256, Relation.IDENTICAL, crop_box=(0, 0, size.width, size.height))
        return sorted(best.values(), key=lambda match: (*(-part for part in _weight(match)), match.asset))

    def _find_disguised(self, query: Query, view: QueryView) -> dict[int, Match]:
        """What the query shows under letters laid over it or, if that is nothing, as a negative."""
        uncovered = view.without_letters(query.gray)
        found = {} if uncovered is None else self._find_edited(uncovered, LAID_OVER)
        return found or self._find_edited(view.as_negative(), AS_NEGATIVE)

    def _find_edited(self, view: QueryView, edit: str) -> dict[int, Match]:
        """The same photos that a view with an edit undone shows."""
        return {
            row: replace(match, edits=(edit, *match.edits))
            for row, match in self._find(view, None).items()
            if match.relation.is_same_photo
        }

    # Candidates

    def _find(self, view: QueryView, identical: int | None) -> dict[int, Match]:
        """The best match with each row that has one, but for the identical."""
        best: dict[int, Match] = {}
        for candidates in self._stages(view, identical):
            # A page may have many photographs: one that is found as it is is not looked for mirrored.
            if view.is_part and any(match.relation.is_same_photo for match in best.values()):
                break
            for candidate in candidates:
                known = best.get(candidate.row)
                is_known = candidate.is_whole and known and known.relation.is_same_photo
                if is_known:
                    continue
                found = self._compare(candidate, view)
                if found is not None and (known is None or _is_better(found, known)):
                    best[candidate.row] = found
        return best

    def _stages(self, view: QueryView, identical: int | None) -> Iterator[Iterable[_Candidate]]:
        for mirrored in (False, True) if view.features else ():
            yield self._by_features(view, identical, mirrored=mirrored)
        for alike in self._index.find_alike(view.fingerprints):
            if alike.row != identical:
                yield self._by_fingerprint(alike, view)

    def _by_features(self, view: QueryView, identical: int | None, *, mirrored: bool) -> Iterable[_Candidate]:
        table = view.features[mirrored]
        ranked = []
        for voted in self._index.find_voted(table):
            features = self._features(voted.row) if voted.row != identical else None
            if features is not None:
                ranked.append((agreement(table, features, voted.pairs), voted.row))
        ranked.sort(key=lambda one: (-one[0], one[1]))
        for number, (votes, row) in enumerate(ranked[:MOST_COMPARED]):
            if votes < (LEAST_VOTES if number else LEAST_VOTES_OF_FIRST):
                break
            candidate = self._align(row, view, mirrored=mirrored)
            if candidate is not None:
                yield candidate

    def _by_fingerprint(self, alike: Alike, view: QueryView) -> Iterable[_Candidate]:
        """The whole of one laid on the whole of the other, as the orientation has it."""
        size = self._feature_store.size_of(alike.row)
        mirrored, quarter_turns = alike.orientation >= 4, alike.orientation % 4
        matrix = _whole_on_whole(view.gray.shape, (size.gray_height, size.gray_width), quarter_turns)
        inliers = SURE_INLIERS if alike.distance <= SURE_DISTANCE else 0
        yield _Candidate(alike.row, mirrored, Alignment(matrix, inliers), is_whole=True)

    def _align(self, row: int, view: QueryView, *, mirrored: bool) -> _Candidate | None:
        features = self._features(row)
        if features is None:
            return None
        table = view.features[mirrored]
        alignment = align(table, features, pairs_of(table, features))
        if alignment is None or alignment.inliers < LEAST_INLIERS:
            return None
        return _Candidate(row, mirrored, alignment)

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
        pairs = pairs_of(*tables)
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


def _whole_on_whole(query: tuple[int, ...], asset: tuple[int, int], quarter_turns: int) -> Floats:
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
