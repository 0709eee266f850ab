"""Featured pictures that plugins and themes tell."""

from __future__ import annotations

import pytest

from assets.model import ImageReference, Role
from assets.posts.plugin_pictures import MAX_HEAD_CHARACTERS, list_plugin_pictures

UPLOADS = "https://news.example/uk/wp-content/uploads/2025/08/"


def pictures(**fields: object) -> list[ImageReference]:
    """What the plugins of a post whose featured media has the id 8 tell."""
    return list(list_plugin_pictures(fields, 8))


def first(**fields: object) -> ImageReference:
    return pictures(**fields)[0]


def test_what_plugins_tell_is_featured() -> None:
    assert [one.role for one in pictures(fimg_url=f"{UPLOADS}k.jpg")] == [Role.FEATURED]


def sized(*sizes: tuple[str, object, object]) -> ImageReference:
    """The featured picture of a post whose plugin tells these sizes of it."""
    told = {str(number): [UPLOADS + name, *size] for number, (name, *size) in enumerate(sizes)}
    return first(featured_image_urls=told)


def test_of_sizes_told_the_one_of_most_pixels_counts() -> None:
    assert sized(("a.jpg", 300, 200), ("b.jpg", 200, 301)).url == f"{UPLOADS}b.jpg"


def test_other_sizes_told_are_its_variants() -> None:
    found = sized(("a.jpg", 1, 1), ("m.jpg", 3, 3), ("z.jpg", 2, 2))
    assert found.variants == (f"{UPLOADS}z.jpg", f"{UPLOADS}a.jpg")


def test_a_size_told_twice_is_one_variant() -> None:
    assert sized(("a.jpg", 1, 1), ("m.jpg", 3, 3), ("a.jpg", 2, 2)).variants == (f"{UPLOADS}a.jpg",)


@pytest.mark.parametrize("index", [0, 1])
def test_of_sizes_half_told_the_first_counts(index: int) -> None:
    halves: list[tuple[str, object, object]] = [("a.jpg", None, None), ("b.jpg", None, None)]
    for number, half in enumerate(halves):
        whole = [half[1], half[2]]
        whole[index] = 100 + number
        halves[number] = (half[0], *whole)
    assert sized(*halves).url == f"{UPLOADS}a.jpg"


def test_of_several_shared_pictures_the_first_counts() -> None:
    shared = {"og_image": [{"url": f"{UPLOADS}a.jpg", "width": 1}, {"url": f"{UPLOADS}b.jpg", "width": 9}]}
    assert first(yoast_head_json=shared).url == f"{UPLOADS}a.jpg"


def test_a_size_may_be_told_as_an_address() -> None:
    found = first(featured_image_urls={"full": f"{UPLOADS}a.jpg"})
    assert found.url == f"{UPLOADS}a.jpg"


def test_a_plugin_s_media_item_goes_before_its_address() -> None:
    better = {"id": 8, "source_url": f"{UPLOADS}a.jpg"}
    found = first(better_featured_image=better, jetpack_featured_media_url=f"{UPLOADS}b.jpg")
    assert (found.url, found.media_id) == (f"{UPLOADS}a.jpg", 8)


def test_a_plugin_s_media_item_of_another_id_is_another_picture() -> None:
    assert pictures(better_featured_image={"id": 9, "source_url": f"{UPLOADS}a.jpg"}) == []


def test_a_post_that_names_no_id_takes_a_plugin_s_media_item() -> None:
    better = {"id": 9, "source_url": f"{UPLOADS}a.jpg"}
    assert [one.media_id for one in list_plugin_pictures({"better_featured_image": better}, None)] == [9]


def head(*properties: tuple[str, str]) -> str:
    return "".join(f'<meta property="{name}" content="{value}" />\n' for name, value in properties)


@pytest.mark.parametrize("field", ["yoast_head", "aioseo_head"])
def test_the_shared_picture_is_read_from_a_head_of_markup(field: str) -> None:
    markup = head(
        ("og:image", f"{UPLOADS}a.jpg?a=1&amp;b=2"), ("og:image:width", "900"), ("og:image:height", "600")
    )
    found = first(**{field: markup})
    assert (found.url, found.width, found.height) == (f"{UPLOADS}a.jpg?a=1&b=2", 900, 600)


def test_the_first_picture_of_a_head_of_markup_counts_with_its_own_size() -> None:
    markup = head(("og:image", f"{UPLOADS}a.jpg"), ("og:image", f"{UPLOADS}b.jpg"), ("og:image:width", "900"))
    found = first(yoast_head=markup)
    assert (found.url, found.width) == (f"{UPLOADS}a.jpg", None)


def test_a_head_that_is_a_map_goes_before_one_of_markup() -> None:
    told = {"og_image": [{"url": f"{UPLOADS}a.jpg"}]}
    assert [
        one.url for one in pictures(yoast_head=head(("og:image", f"{UPLOADS}b.jpg")), yoast_head_json=told)
    ] == [f"{UPLOADS}a.jpg"]


def test_a_flat_head_tells_the_shared_picture_s_size() -> None:
    told = {"og:image": f"{UPLOADS}a.jpg", "og:image:width": 900, "og:image:height": 600}
    found = first(aioseo_head_json=told)
    assert (found.url, found.width, found.height) == (f"{UPLOADS}a.jpg", 900, 600)


@pytest.mark.parametrize(
    "markup",
    [
        None,
        "",
        "<meta property='og:title' content='og:image'>",
        head(("og:image", "")),
        head(("og:image:width", "900")),
        head(("og:image", f"{UPLOADS}a.jpg")) + " " * MAX_HEAD_CHARACTERS,
    ],
)
def test_a_head_without_a_shared_picture_tells_nothing(markup: object) -> None:
    assert pictures(yoast_head=markup) == []
