"""Two placed pictures compared and judged, and what that came to told as a match."""

from __future__ import annotations

import numpy as np

from catalog.matching.displayed import box_in_pixels, to_displayed
from catalog.matching.judgement import judge
from catalog.matching.match import Match
from catalog.matching.pixels import Box, Comparison, compare, scale_of
from catalog.matching.placement import GrayPicture, Placement
from catalog.matching.relation import Verdict

# Contrast that is told at least, where one picture is all but flat beside the other.
LEAST_GAIN = 0.05


def compare_placed(
    placement: Placement,
    laid: GrayPicture,
    inliers: int,
    asked: GrayPicture,
    asset: GrayPicture,
    *,
    uncovered: bool = False,
) -> Match | None:
    """How the picture that is asked for shows the asset; None where they have nothing in common.

    `laid` is the placement's laid picture, or that laid flat; `inliers` is what the placement rests on. From
    `uncovered` pictures letters were taken away.
    """
    there = laid.there, placement.base.there
    comparison = compare(laid.gray, placement.base.gray, placement.matrix, there)
    if comparison is None:
        return None
    chroma = laid.chroma, placement.base.chroma
    decoded = laid.size.decoded, placement.base.size.decoded
    verdict = judge(
        comparison, inliers, chroma, swapped=placement.swapped, uncovered=uncovered, decoded=decoded
    )
    if verdict is None:
        return None
    return _describe(placement, comparison, verdict, inliers, asked, asset)


def _describe(
    placement: Placement,
    comparison: Comparison,
    verdict: Verdict,
    inliers: int,
    asked: GrayPicture,
    asset: GrayPicture,
) -> Match:
    matrix = placement.matrix_of_asked(comparison)
    in_asset = verdict.larger == "asset"
    larger = asset.size if in_asset else asked.size
    # The picture that was laid over the other had been flipped, and laid flat.
    of_laid = in_asset == placement.swapped

    def in_larger(box: Box) -> tuple[int, int, int, int]:
        placed = placement.box_in_laid(box) if of_laid else box
        return box_in_pixels(placed, larger, flip=placement.mirrored and of_laid)

    gain, lift = comparison.tone
    if placement.swapped:
        gain = max(gain, LEAST_GAIN)
        gain, lift = 1 / gain, -lift / gain
    asset_unit = asset.size.width / asset.size.gray_width
    asked_unit = asked.size.width / asked.size.gray_width
    return Match(
        asset=asset.sha256,
        relation=verdict.relation,
        kept=round(verdict.kept, 3),
        beyond=round(verdict.beyond, 3),
        larger=verdict.larger,
        crop_box=in_larger(verdict.crop_box),
        mirrored=placement.mirrored,
        rotation=round(float(np.degrees(np.arctan2(matrix[0, 1], matrix[0, 0]))) % 360, 1) % 360,
        scale=round(asked_unit / (scale_of(matrix) * asset_unit), 4),
        gain=round(gain, 2),
        lift=round(lift, 1),
        overlays=tuple(in_larger(box) for box in verdict.overlays),
        inliers=inliers,
        blocks_agreeing=verdict.agreeing,
        blocks_compared=verdict.compared,
        transform=to_displayed(matrix, asked.size, asset.size, mirrored=placement.mirrored),
        edits=verdict.edits,
        why=verdict.why,
    )
