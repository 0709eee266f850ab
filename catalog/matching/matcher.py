"""From a query to the catalogued pictures that show the same, each with how it matches.

Candidates come from fingerprints and from features; geometry and pixels decide about each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np

from assets import Query, pixels_of
from catalog.index import Alike, CandidateIndex, FeatureStore, FeatureTable, Size
from catalog.matching.alignment import Alignment, agreement, align, pairs_of
from catalog.matching.match import Match
from catalog.matching.pixel_comparison import Comparison, Floats, Pixels, compare, decode_preview
from catalog.matching.regions import Box
from catalog.matching.relation import SURE_INLIERS, Relation, Verdict, judge
from catalog.matching.transforms import combine_transforms, invert_transform, scale_of

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
        self._gray = lru_cache(STUDIES_KEPT)(self._unpack_gray)

    def matches(self, query: Query, sha256: str = "") -> list[Match]:
        """The matches of a query, the same photo first and what shows most of it first of all.

        With the query's digest the asset of the same bytes is `identical` and not compared.
        """
        identical = self._feature_store.row_of(sha256) if sha256 else None
        view = _QueryView.of(query)
        best: dict[int, Match] = {}
        for candidate in self._candidates(query, view):
            known = best.get(candidate.row)
            if candidate.row == identical or (candidate.is_whole and known and known.relation.is_same_photo):
                continue
            found = self._compare(candidate, view)
            if found is not None and (known is None or _is_better(found, known)):
                best[candidate.row] = found
        if identical is not None:
            size = self._feature_store.size_of(identical)
            best[identical] = Match(sha256, Relation.IDENTICAL, crop_box=(0, 0, size.width, size.height))
        return sorted(best.values(), key=lambda match: (*(-part for part in _weight(match)), match.asset))

    # Candidates

    def _candidates(self, query: Query, view: _QueryView) -> Iterable[_Candidate]:
        for mirrored in (False, True):
            yield from self._by_features(view, mirrored=mirrored)
        for alike in self._index.find_alike(query.fingerprints):
            yield from self._by_fingerprint(alike, view)

    def _by_features(self, view: _QueryView, *, mirrored: bool) -> Iterable[_Candidate]:
        table = view.features[mirrored]
        ranked = []
        for voted in self._index.find_voted(table):
            features = self._features(voted.row)
            if features is not None:
                ranked.append((agreement(table, features, voted.pairs), voted.row))
        ranked.sort(key=lambda one: (-one[0], one[1]))
        for place, (votes, row) in enumerate(ranked[:MOST_COMPARED]):
            if votes < (LEAST_VOTES if place else LEAST_VOTES_OF_FIRST):
                break
            candidate = self._align(row, view, mirrored=mirrored)
            if candidate is not None:
                yield candidate

    def _by_fingerprint(self, alike: Alike, view: _QueryView) -> Iterable[_Candidate]:
        """The whole of one laid on the whole of the other, as the orientation has it."""
        size = self._feature_store.size_of(alike.row)
        mirrored, quarter_turns = alike.orientation >= 4, alike.orientation % 4
        matrix = _whole_on_whole(
            view.gray[mirrored].shape, (size.gray_height, size.gray_width), quarter_turns
        )
        inliers = SURE_INLIERS if alike.distance <= SURE_DISTANCE else 0
        yield _Candidate(alike.row, mirrored, Alignment(matrix, inliers), is_whole=True)

    def _align(self, row: int, view: _QueryView, *, mirrored: bool) -> _Candidate | None:
        features = self._features(row)
        if features is None:
            return None
        table = view.features[mirrored]
        alignment = align(table, features, pairs_of(table, features))
        if alignment is None or alignment.inliers < LEAST_INLIERS:
            return None
        return _Candidate(row, mirrored, alignment)

    # Comparing

    def _compare(self, candidate: _Candidate, view: _QueryView) -> Match | None:
        asset = self._gray(candidate.row)
        if asset is None:
            return None
        gray = view.gray[candidate.mirrored]
        comparison = compare(gray, asset, candidate.alignment.matrix)
        if comparison is None:
            return None
        verdict = judge(comparison, candidate.alignment.inliers)
        if verdict is None:
            return None
        return self._match(candidate, comparison, verdict, view)

    def _match(
        self, candidate: _Candidate, comparison: Comparison, verdict: Verdict, view: _QueryView
    ) -> Match:
        size, matrix = self._feature_store.size_of(candidate.row), comparison.matrix
        larger = size if verdict.larger == "asset" else view.size
        flip = verdict.larger == "query" and candidate.mirrored
        gain, lift = comparison.tone
        asset_unit, query_unit = size.width / size.gray_width, view.size.width / view.size.gray_width
        return Match(
            asset=self._feature_store.sha256_of(candidate.row),
            relation=verdict.relation,
            kept=round(verdict.kept, 3),
            beyond=round(verdict.beyond, 3),
            larger=verdict.larger,
            crop_box=_in_pixels(verdict.crop_box, larger, flip=flip),
            mirrored=candidate.mirrored,
            rotation=round(float(np.degrees(np.arctan2(matrix[0, 1], matrix[0, 0]))) % 360, 1) % 360,
            scale=round(query_unit / (scale_of(matrix) * asset_unit), 4),
            gain=round(gain, 2),
            lift=round(lift, 1),
            overlays=tuple(_in_pixels(box, larger, flip=flip) for box in verdict.overlays),
            inliers=candidate.alignment.inliers,
            blocks_agreeing=verdict.agreeing,
            blocks_compared=verdict.compared,
            transform=_to_displayed(matrix, view.size, size, mirrored=candidate.mirrored),
        )

    # Two catalogued pictures

    def verify(self, query: int, asset: int, transform: Sequence[float], inliers: int) -> Match | None:
        """How one row's picture shows another's under a transform as in `Match`, refined; None where it does not.

        `inliers` is what the transform rests on.
        """
        gray, size = self._gray(query), self._feature_store.size_of(query)
        if gray is None:
            return None
        mirrored = transform[0] * transform[4] < transform[1] * transform[3]
        view = _QueryView.of_gray(gray, size)
        matrix = _in_gray(transform, size, self._feature_store.size_of(asset), mirrored=mirrored)
        return self._compare(_Candidate(asset, mirrored, Alignment(matrix, inliers)), view)

    def _unpack_features(self, row: int) -> FeatureTable | None:
        feature_record = self._feature_store.study_of(row)
        return None if feature_record is None else FeatureTable.of(feature_record.features)

    def _unpack_gray(self, row: int) -> Pixels | None:
        feature_record = self._feature_store.study_of(row)
        return None if feature_record is None else decode_preview(feature_record.preview)


@dataclass(frozen=True, slots=True)
class _QueryView:
    """The query in arrays, as it is and mirrored; without features only pixels can be compared."""

    gray: tuple[Pixels, Pixels]
    size: Size
    features: tuple[FeatureTable, ...] = ()

    @classmethod
    def of(cls, query: Query) -> Self:
        """The view of a query."""
        picture = query.picture
        size = Size(picture.width, picture.height, query.gray.width, query.gray.height)
        features = tuple(FeatureTable.of(one) for one in query.features)
        return cls(_both_ways(pixels_of(query.gray)), size, features)

    @classmethod
    def of_gray(cls, gray: Pixels, size: Size) -> Self:
        """The view of a catalogued picture's preview."""
        return cls(_both_ways(gray), size)


def _both_ways(gray: Pixels) -> tuple[Pixels, Pixels]:
    return gray, np.ascontiguousarray(gray[:, ::-1])


def _is_better(found: Match, known: Match) -> bool:
    """Whether one match with a picture says more than another with the same.

    Letters agree with letters turned upside down, which makes no other frame: of what shows an element or another frame
    mirrored, and of what shows one as it is, that holds on which more features agree.
    """
    is_same = found.relation.is_same_photo or known.relation.is_same_photo
    if not is_same and found.mirrored != known.mirrored:
        return found.inliers > known.inliers
    return _weight(found) > _weight(known)


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


def reverse(transform: Sequence[float]) -> tuple[float, ...]:
    """The transform of a match the other way round.

    >>> reverse((2.0, 0.0, 10.0, 0.0, 2.0, 20.0))
    (0.5, 0.0, -5.0, 0.0, 0.5, -10.0)
    """
    return _flatten_matrix(invert_transform(np.array(transform, dtype=np.float64).reshape(2, 3)))


def chain(last: Sequence[float], first: Sequence[float]) -> tuple[float, ...]:
    """The transform of a match that does `first` and then `last`.

    >>> chain((1.0, 0.0, 10.0, 0.0, 1.0, 20.0), (2.0, 0.0, 0.0, 0.0, 2.0, 0.0))
    (2.0, 0.0, 10.0, 0.0, 2.0, 20.0)
    """
    one, other = (np.array(each, dtype=np.float64).reshape(2, 3) for each in (last, first))
    return _flatten_matrix(combine_transforms(one, other))


def _flatten_matrix(matrix: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 6) + 0.0 for value in matrix.ravel())


def _units(size: Size, *, mirrored: bool = False) -> Floats:
    """The transform (2, 3) from a picture as displayed to its gray copy, or the mirror image of that."""
    across, down = size.gray_width / size.width, size.gray_height / size.height
    if mirrored:
        return np.array([[-across, 0.0, size.gray_width], [0.0, down, 0.0]])
    return np.array([[across, 0.0, 0.0], [0.0, down, 0.0]])


def _to_displayed(matrix: Floats, query: Size, asset: Size, *, mirrored: bool) -> tuple[float, ...]:
    """A transform between gray copies as one between the pictures as displayed."""
    whole = combine_transforms(
        invert_transform(_units(asset)), combine_transforms(matrix, _units(query, mirrored=mirrored))
    )
    return _flatten_matrix(whole)


def _in_gray(transform: Sequence[float], query: Size, asset: Size, *, mirrored: bool) -> Floats:
    """The reverse of `_to_displayed`."""
    whole = np.array(transform, dtype=np.float64).reshape(2, 3)
    return combine_transforms(
        _units(asset), combine_transforms(whole, invert_transform(_units(query, mirrored=mirrored)))
    )


def _in_pixels(box: Box, size: Size, *, flip: bool) -> tuple[int, int, int, int]:
    """A box in the gray copy's pixels in those of the picture itself, mirrored back if need be."""
    across, down = size.width / size.gray_width, size.height / size.gray_height
    left, right = max(0.0, box.x * across), min(float(size.width), (box.x + box.width) * across)
    top, bottom = max(0.0, box.y * down), min(float(size.height), (box.y + box.height) * down)
    if flip:
        left, right = size.width - right, size.width - left
    x, y = round(left), round(top)
    return x, y, max(0, round(right) - x), max(0, round(bottom) - y)
