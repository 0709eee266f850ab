"""The kinds of edits after which a picture still shows the same photo, by families."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from PIL import Image

from benchmarks.edits import cards, cutting, pages, retouching, tilting
from benchmarks.edits.pictures import Random

Alone = Callable[[Image.Image, Random], Image.Image]
WithOther = Callable[[Image.Image, Image.Image, Random], Image.Image]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of edits of one photograph, or of one together with another."""

    family: str
    alone: Alone | None = None
    with_other: WithOther | None = None

    def make(self, photo: Image.Image, other: Image.Image, rng: Random) -> Image.Image:
        """The edit of a photograph; most kinds leave the other out."""
        if self.with_other is not None:
            return self.with_other(photo, other, rng)
        if self.alone is None:
            raise ValueError("a kind without a function")
        return self.alone(photo, rng)


def _kinds(family: str, **functions: Alone) -> dict[str, Kind]:
    return {name.replace("_", " "): Kind(family, function) for name, function in functions.items()}


KINDS: Mapping[str, Kind] = {
    **_kinds(
        "cut and pasted",
        cut_out_on_white=cutting.cut_out_on_white,
        cut_out_on_gradient=cutting.cut_out_on_gradient,
        inset_zoom=cutting.inset,
        pillars=cards.pillars,
    ),
    "cut out over photo": Kind("cut and pasted", with_other=cutting.cut_out_over),
    "diagonal split": Kind("cut and pasted", with_other=cutting.split),
    **_kinds(
        "tilted",
        print_at_an_angle=tilting.print_at_an_angle,
        screen_at_an_angle=tilting.screen_at_an_angle,
        perspective_4=partial(tilting.in_perspective, share=0.04),
        perspective_8=partial(tilting.in_perspective, share=0.08),
        perspective_12=partial(tilting.in_perspective, share=0.12),
        keystone_6=partial(tilting.keystoned, share=0.06),
    ),
    **_kinds(
        "retouched",
        cloned_over=retouching.cloned_over,
        background_blurred=retouching.blurred_behind,
        graded=retouching.graded,
        recoloured=retouching.recoloured,
    ),
    **_kinds("text over it", quote_card=cards.quote_card, gradient_card=cards.gradient_card),
    **_kinds("small in a page", chat=pages.chat, news_page=pages.news_page),
    **_kinds(
        "hard",
        heavy_watermark=retouching.watermarked,
        inverted=retouching.inverted,
        strong_blur=retouching.blurred,
    ),
    **_kinds("reshaped", stretched=retouching.stretched, flop=retouching.flopped),
    **_kinds(
        "crop against whole",
        crop_10=partial(retouching.cropped, kept=0.1),
        crop_35=partial(retouching.cropped, kept=0.35),
        crop_60=partial(retouching.cropped, kept=0.6),
    ),
}
