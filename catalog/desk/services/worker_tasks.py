"""What the desk's worker processes do: match a picture, make a small one. Nobody's file is decoded anywhere else."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from assets import Fingerprint, Query, inspect_query
from catalog.clusters import find_stand_ins
from catalog.index import CandidateIndex, FeatureStore
from catalog.lookup import FAR
from catalog.matching import Matcher
from catalog.reports import make_small_webp
from catalog.store import derived_at


def chore(argument: str) -> object:
    """Do what a JSON list says: its first item names the chore, the others are its arguments."""
    name, *arguments = json.loads(argument)
    return _CHORES[name](*arguments)


def look_up(location: str, stamp: int, path: str, sha256: str) -> object:
    """The matches of a picture file as JSON objects, its size and how much of it decoded; a Failure where nothing did.

    `stamp` changes when the derived files do, so that they are opened anew.
    """
    query = inspect_query(path)
    if not isinstance(query, Query):
        return query
    matches = _open_matcher(location, stamp)[0].matches(query, sha256)
    told = [match.to_json() for match in matches]
    picture = query.picture
    return {
        "matches": told,
        "width": picture.width,
        "height": picture.height,
        "decoded": picture.decoded,
    }


def find_near(location: str, stamp: int, algorithm: str, bits: int, value: int) -> object:
    """The catalogued pictures with a near fingerprint: pairs of distance in bits and SHA-256."""
    matcher_and_index = _open_matcher(location, stamp)
    found = matcher_and_index[1].find_near(Fingerprint(algorithm, bits, value), FAR[bits])
    return [(int(distance), matcher_and_index[2].sha256_of(row)) for distance, row in found]


def make_small(path: str, orientation: int, side: int) -> object:
    """A picture file as WebP, upright, at most `side` pixels long; None where it cannot be shown.

    With `orientation` 0 the file itself says how it is upright.
    """
    return make_small_webp(Path(path), orientation, side)


@lru_cache(maxsize=1)
def _open_matcher(location: str, stamp: int) -> tuple[Matcher, CandidateIndex, FeatureStore]:
    derived = derived_at(location)
    feature_store = FeatureStore(derived)
    index = CandidateIndex(derived, feature_store)
    return Matcher(feature_store, index, find_stand_ins(derived, feature_store)), index, feature_store


_CHORES: dict[str, Callable[..., object]] = {"look up": look_up, "near": find_near, "small": make_small}
