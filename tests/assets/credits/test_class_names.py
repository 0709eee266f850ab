"""Names of elements that say that one is a caption or a credit."""

from __future__ import annotations

import pytest
from effort import assert_grows_evenly

from assets.credits.class_names import caption_class, credit_sign, legend_class


@pytest.mark.parametrize(
    "name", ["caption", "img-caption", "imageCaption", "wp-caption-text", "caption__text"]
)
def test_a_class_of_captions_is_known(name: str) -> None:
    assert caption_class(f"big {name} x") == name


@pytest.mark.parametrize(
    "name",
    [
        *("withcaption", "with-caption", "has-caption", "no-caption", "hide-caption", "photo--has-caption"),
        *("lightbox-captions", "wp-caption", "caption-toggle", "text-caption", "button-caption", "xcaptio"),
    ],
)
def test_a_class_that_only_speaks_of_captions_is_none(name: str) -> None:
    assert caption_class(name) == ""


@pytest.mark.parametrize("name", ["cutline", "legend", "photo-description", "image_text", "bildunterschrift"])
def test_in_a_figure_more_classes_are_captions(name: str) -> None:
    assert legend_class(name)


def test_a_description_of_anything_is_no_legend() -> None:
    assert not legend_class("description entry-text")


@pytest.mark.parametrize(
    ("classes", "is_held", "in_caption", "sign"),
    [
        ("photo-credit", False, False, ".photo-credit"),
        ("copyright", False, False, ""),
        ("copyright", True, False, ".copyright"),
        ("source", False, False, ""),
        ("source", True, False, ".source"),
        ("image-source", False, False, ".image-source"),
        ("mediaRights", True, False, ".mediaRights"),
        ("author", True, False, ""),
        ("author", True, True, "figcaption .author"),
        ("photo-author", True, False, ".photo-author"),
        ("source-label", True, True, ""),
        ("data-source", True, False, ""),
        ("resource", True, True, ""),
        ("a-headline-of-nine-words-which-ends-with-its-source", True, False, ""),
    ],
)
def test_a_class_of_credits_counts_where_it_stands(
    classes: str, is_held: bool, in_caption: bool, sign: str
) -> None:
    assert credit_sign("span", classes, "", is_held=is_held, in_caption=in_caption) == sign


@pytest.mark.parametrize("unit", ["a ", "image-", "caption", "credit-", "no-", "A"])
def test_long_classes_take_no_long_time(unit: str) -> None:
    def work(times: int) -> None:
        caption_class(unit * times)
        legend_class(unit * times)
        credit_sign("p", unit * times, "", is_held=True, in_caption=True)

    assert_grows_evenly(work, 100_000)
