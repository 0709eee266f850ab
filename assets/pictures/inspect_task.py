"""What a worker does with one picture file: decode it, take its fingerprints and its local features."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PIL import Image

from assets.model import Failure, Reason, Stage
from assets.parsing.signatures import HEAD_BYTES
from assets.parsing.text import clean
from assets.picture_model import (
    FeatureRecord,
    Features,
    Gray,
    Picture,
    Query,
    find_there,
    missing_side,
)
from assets.pictures.decode import (
    GRAY_SIDE,
    QUERY_SIDE,
    Decoded,
    compress_chroma,
    compress_gray,
    decode,
    gray_size,
    read_size,
)
from assets.pictures.local_features import (
    CATALOG_FEATURES,
    QUERY_FEATURES,
    extract_features_both_ways,
    features,
    move_features,
)
from assets.pictures.perceptual_hash import fingerprints, fingerprints_of_orientations, is_indistinct
from assets.pictures.query_parts import find_parts
from assets.pictures.svg_size import MAX_ROOT_BYTES, measure_svg
from assets.pictures.unreadable import LASTING, describe_unreadable

# Good enough to compare 24 pixel blocks by; at 80 a preview is a quarter larger and agrees no better.
PREVIEW_QUALITY = 70

T = TypeVar("T")


def inspect(path: str) -> Picture | Failure:
    """Everything the catalog keeps of a picture file, or why there is nothing; never an exception.

    One that cannot be compared is told with its reason.
    """
    found = _decode_as(path, GRAY_SIDE, _build_catalog_picture)
    if not isinstance(found, Failure) or found.reason not in LASTING:
        return found
    try:
        return _describe(Path(path), found) or found
    # As above: what is wrong with a header costs this picture its size and its place, and nothing else.
    except Exception:
        return found


def inspect_query(path: str) -> Query | Failure:
    """Everything looking up a picture file needs, or why it cannot be looked up; never an exception."""
    return _decode_as(path, QUERY_SIDE, lambda decoded: _add_parts(_build_query(decoded), path, decoded))


def inspect_whole(path: str) -> Query | Failure:
    """As `inspect_query`, but without looking for photographs on a page: of a catalogued picture that is compared."""
    return _decode_as(path, QUERY_SIDE, _build_query)


def preview_of(gray: Gray, width: int, height: int) -> bytes:
    """The preview that the catalog would keep of a picture of this size, made of a gray copy that is no smaller."""
    picture = Image.frombytes("L", (gray.width, gray.height), gray.pixels)
    size = gray_size(width, height, GRAY_SIDE)
    return _compress(picture if picture.size == size else picture.resize(size, Image.Resampling.BOX))


def _add_parts(query: Query, path: str, decoded: Decoded) -> Query:
    parts = find_parts(Path(path), decoded)
    return replace(query, parts=parts) if parts else query


def _describe(path: Path, failure: Failure) -> Picture | None:
    with path.open("rb") as file:
        beginning = file.read(MAX_ROOT_BYTES)
    is_drawing = failure.detail == "SVG"
    size = measure_svg(beginning) if is_drawing else read_size(path, failure.reason)
    return describe_unreadable(beginning[:HEAD_BYTES], failure, size)


def _decode_as(path: str, gray_side: int, take: Callable[[Decoded], T]) -> T | Failure:
    try:
        decoded = decode(Path(path), gray_side)
        return decoded if isinstance(decoded, Failure) else take(decoded)
    # The edge of one picture's work: what a decoder raises that nobody has seen yet ends as its result.
    except Exception as error:
        detail = clean(f"{type(error).__name__}: {error}")
        return Failure(Stage.DECODE, Reason.DECODE_CRASHED, path, detail)


def _build_catalog_picture(decoded: Decoded) -> Picture:
    preview = _compress(decoded.gray)
    found = features(_gray(_crop_there(decoded)), CATALOG_FEATURES)
    chroma = compress_chroma(decoded.colours)
    return _picture(decoded, FeatureRecord(_place(found, decoded), preview, chroma))


def _compress(gray: Image.Image) -> bytes:
    return compress_gray(gray, PREVIEW_QUALITY)


def _build_query(decoded: Decoded) -> Query:
    found, mirrored = extract_features_both_ways(_gray(_crop_there(decoded)), QUERY_FEATURES)
    return Query(
        picture=_picture(decoded),
        gray=_gray(decoded.gray),
        fingerprints=fingerprints_of_orientations(decoded.gray),
        features=(_place(found, decoded), _place(mirrored, decoded, is_mirrored=True)),
        chroma=compress_chroma(decoded.colours),
    )


def _crop_there(decoded: Decoded) -> Image.Image:
    """The part of the gray picture that is there: nothing is told of the rest."""
    return decoded.gray if decoded.decoded >= 1 else decoded.gray.crop(_find_there(decoded))


def _find_there(decoded: Decoded) -> tuple[int, int, int, int]:
    width, height = decoded.gray.size
    return find_there(width, height, decoded.decoded, missing_side(decoded.orientation))


def _place(found: Features, decoded: Decoded, *, is_mirrored: bool = False) -> Features:
    """Features of the part that is there as features of the whole picture."""
    if decoded.decoded >= 1:
        return found
    width, height = decoded.gray.size
    left, top, right, _ = _find_there(decoded)
    return move_features(found, (width - right if is_mirrored else left, top), (width, height))


def _picture(decoded: Decoded, feature_record: FeatureRecord | None = None) -> Picture:
    return Picture(
        format=decoded.format,
        width=decoded.width,
        height=decoded.height,
        frames=decoded.frames,
        orientation=decoded.orientation,
        mode=decoded.mode,
        indistinct=is_indistinct(_crop_there(decoded)),
        fingerprints=fingerprints(decoded.gray),
        embedded=decoded.embedded,
        study=feature_record,
        decoded=decoded.decoded,
    )


def _gray(image: Image.Image) -> Gray:
    return Gray(image.width, image.height, image.tobytes())
