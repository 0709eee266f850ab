"""Kinds of edits put together as a desk would name them, for a table that fits a page."""

from __future__ import annotations

# What an edit's name begins with, up to a blank.
FAMILIES = {
    "recompressed: JPEG 10 to 90, WebP, AVIF, PNG": ("jpeg", "webp", "avif", "png"),
    "resized, 12 % to 150 %, WordPress sizes": ("resize", "wp_medium", "wp_thumb"),
    "brightness, contrast, gamma, saturation, gray, filters, blur, noise, sharpened": (
        *("brightness", "contrast", "gamma", "saturation", "grayscale", "filter"),
        *("blur", "noise", "sharpen"),
    ),
    "mirrored": ("mirror",),
    "turned by quarters": ("rotate",),
    "turned by 2° and 5°": ("rotate_small",),
    "cut to 35 % to 90 % of the area, to another shape, or a ratio": (
        *("crop_area", "crop_area_reshape", "crop_ratio"),
    ),
    "logo, watermarks": ("logo_corner", "watermark_centre", "watermark_tiled"),
    "lower third, headline, meme text, share card": (
        *("lower_third", "caption_below", "meme_text", "social_card"),
    ),
    "border, letterbox": ("border", "pad"),
    "screenshot at 40 % to 70 %": ("screenshot",),
    "collage of two": ("collage2",),
    "chains of several edits": ("chain",),
    "the same file": ("exact_copy",),
}

_BY_FIRST_WORD = {word: family for family, words in FAMILIES.items() for word in words}


def family_of(edit: str) -> str:
    """The family of an edit by its name; one of another generator is a family by itself.

    >>> family_of("crop_area keep35"), family_of("posterised hard")
    ('cut to 35 % to 90 % of the area, to another shape, or a ratio', 'posterised')
    """
    word = edit.split(" ", 1)[0]
    return _BY_FIRST_WORD.get(word, word)


def in_order(families: set[str]) -> list[str]:
    """Families in the order of the table above, others behind them."""
    known = [family for family in FAMILIES if family in families]
    return [*known, *sorted(families - set(known))]
