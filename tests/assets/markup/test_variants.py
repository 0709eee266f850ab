"""Sizes of one picture: told apart, told together, ranked."""

from __future__ import annotations

import pytest

from assets.markup.image_urls import is_picture_path, picture_address
from assets.markup.variants import (
    ImageCandidate,
    choose_largest,
    is_same_picture,
    origin_address,
    read_named_width,
    upload_address,
    upload_key,
)

UPLOADS = "https://a.example/wp-content/uploads/2025/08/"


@pytest.mark.parametrize(
    ("name", "upload", "suffix"),
    [
        ("kim-300x200.jpg", "kim.jpg", "300x200"),
        ("kim-scaled.jpg", "kim.jpg", "scaled"),
        ("kim-rotated.jpeg", "kim.jpeg", "rotated"),
        ("kim-scaled-300x200.jpg", "kim.jpg", "300x200"),
        ("kim-e1234567890123-300x200.jpg", "kim-e1234567890123.jpg", "300x200"),
        ("kim-300x200@2x.jpg", "kim.jpg", "300x200"),
        ("kim-300x200.jpg.webp", "kim.jpg", "300x200"),
        ("wall-1920x1080-300x169.jpg", "wall-1920x1080.jpg", "300x169"),
        ("wall-1920x1080-scaled.jpg", "wall-1920x1080.jpg", "scaled"),
        ("kim-1.jpg", "kim-1.jpg", ""),
        ("kim-2.jpg", "kim-2.jpg", ""),
        ("kim-0x0.jpg", "kim-0x0.jpg", ""),
        ("kim-300x200", "kim-300x200", ""),
        ("kim-e1234567890123.jpg", "kim-e1234567890123.jpg", ""),
        ("2016-04-11-12.58.02.png-300x169.jpg", "2016-04-11-12.58.02.png.jpg", "300x169"),
    ],
)
def test_a_size_is_read_from_the_name(name: str, upload: str, suffix: str) -> None:
    found = picture_address(UPLOADS + name)
    assert found is not None
    assert (found.upload, found.suffix) == (UPLOADS + upload, suffix)


@pytest.mark.parametrize(
    ("address", "width", "height", "cuts"),
    [
        (f"{UPLOADS}k-300x200.jpg", 300, 200, False),
        (f"{UPLOADS}k-300x200@2x.jpg", 600, 400, False),
        ("https://a.files.wordpress.com/2025/08/k.jpg?w=1024", 1024, None, False),
        ("https://a.files.wordpress.com/2025/08/k.jpg?resize=300,200", 300, 200, True),
        ("https://a.files.wordpress.com/2025/08/k.jpg?fit=300%2C200", 300, 200, False),
        ("https://i0.wp.com/a.example/k.jpg?resize=300%2C200&ssl=1", 300, 200, True),
        ("https://i3.wp.com/a.example/k-1024x683.jpg?w=640", 640, None, False),
        ("https://a.example/k.jpg?width=460&quality=85&fit=max", 460, None, False),
        ("https://a.example/k.jpg?w=300&h=200&crop=1", 300, 200, True),
        ("https://a.example/cdn-cgi/image/width=600,quality=80/https://b.example/k.jpg", 600, None, False),
        ("https://1.bp.blogspot.com/-a/b/s320/k.jpg", 320, None, False),
        ("https://farm4.staticflickr.com/3855/15091659711_61744f2392_z.jpg", 640, None, False),
        ("https://miro.medium.com/v2/resize:fit:1400/1*abc.jpeg", 1400, None, False),
        (f"{UPLOADS}k.jpg", None, None, False),
        (f"{UPLOADS}k-scaled.jpg", None, None, False),
        ("https://a.example/k.jpg?v=3", None, None, False),
    ],
)
def test_the_size_asked_for_is_read(address: str, width: int | None, height: int | None, cuts: bool) -> None:
    found = picture_address(address)
    assert found is not None
    assert (found.width, found.height, found.cuts) == (width, height, cuts)
    assert read_named_width(address) == width


@pytest.mark.parametrize(
    ("proxied", "origin"),
    [
        ("https://i0.wp.com/a.example/b/k.jpg?resize=300%2C200&ssl=1", "https://a.example/b/k.jpg"),
        ("https://i2.wp.com/www.a.example/k-300x200.jpg", "https://www.a.example/k-300x200.jpg"),
        ("https://images.weserv.nl/?url=https://a.example/k.jpg&w=300", "https://a.example/k.jpg"),
        ("https://a.example/_next/image?url=%2Fimg%2Fk.jpg&w=640&q=75", "https://a.example/img/k.jpg"),
        ("https://x.i.optimole.com/w:300/h:200/q:90/https://a.example/k.jpg", "https://a.example/k.jpg"),
        ("https://res.example/image/fetch/w_300/https%3A//a.example/k.jpg", "https://a.example/k.jpg"),
        ("https://i0.wp.com/i1.wp.com/a.example/k.jpg", "https://a.example/k.jpg"),
    ],
)
def test_a_proxy_is_looked_through(proxied: str, origin: str) -> None:
    assert origin_address(proxied) == origin
    assert is_same_picture(proxied, origin)


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/share?url=https://b.example/story/",
        "https://a.example/k.jpg?from=https://b.example/other.jpg",
        "https://i0.wp.com/",
        "https://www.wp.com/a.example/k.jpg",
    ],
)
def test_what_is_no_proxy_stays_as_it_is(address: str) -> None:
    assert origin_address(address) == address


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{UPLOADS}k-300x200.jpg", f"{UPLOADS}k-1024x683.jpg"),
        (f"{UPLOADS}k-300x200.jpg", f"{UPLOADS}k.jpg"),
        (f"{UPLOADS}k.jpg", f"{UPLOADS.replace('https', 'http')}k-scaled.jpg"),
        ("https://www.a.example/k.jpg", "https://a.example/k-150x150.jpg"),
        (f"{UPLOADS}k.jpg?w=300", f"{UPLOADS}k.jpg?w=1024&ssl=1"),
        (f"{UPLOADS}k.jpg", f"{UPLOADS}k.jpg.webp"),
        (f"{UPLOADS}ü.jpg", f"{UPLOADS}%C3%BC-300x200.jpg"),
        (f"{UPLOADS}wall-1920x1080.jpg", f"{UPLOADS}wall-1920x1080-300x169.jpg"),
        ("https://a.example/m/3000.jpg?width=460&s=aaa", "https://a.example/m/3000.jpg?width=900&s=bbb"),
        ("https://2.bp.blogspot.com/-a/b/s320/k.jpg", "https://2.bp.blogspot.com/-a/b/s1600/k.jpg"),
        ("https://lh3.googleusercontent.com/abc=w640-h426", "https://lh3.googleusercontent.com/abc=s0"),
    ],
)
def test_sizes_of_one_upload_are_one_picture(one: str, other: str) -> None:
    assert is_same_picture(one, other)
    assert is_same_picture(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{UPLOADS}k-1.jpg", f"{UPLOADS}k-2.jpg"),
        (f"{UPLOADS}k.jpg", f"{UPLOADS}k-1.jpg"),
        (f"{UPLOADS}k.jpg", f"{UPLOADS}k-e1234567890123.jpg"),
        (f"{UPLOADS}k.jpg", f"{UPLOADS}k.png"),
        (f"{UPLOADS}k.jpg", f"{UPLOADS}sub/k.jpg"),
        (f"{UPLOADS}k.jpg", "https://b.example/wp-content/uploads/2025/08/k.jpg"),
        ("https://a.example/image.php?id=1&w=300", "https://a.example/image.php?id=2&w=300"),
        ("https://a.example/show.jpg?id=1", "https://a.example/show.jpg?id=2"),
        ("", ""),
    ],
)
def test_other_uploads_are_other_pictures(one: str, other: str) -> None:
    assert not is_same_picture(one, other)


@pytest.mark.parametrize(
    ("address", "upload"),
    [
        (f"{UPLOADS}k-300x200.jpg", f"{UPLOADS}k.jpg"),
        (f"{UPLOADS}k-scaled.jpg", f"{UPLOADS}k.jpg"),
        (f"{UPLOADS}k-300x200.jpg?w=100", f"{UPLOADS}k.jpg"),
        ("https://i1.wp.com/a.example/k-300x200.jpg?w=100", "https://a.example/k.jpg"),
        ("https://i1.wp.com/a.example/k.jpg", "https://a.example/k.jpg"),
        ("https://a.files.wordpress.com/k.jpg?w=1024", "https://a.files.wordpress.com/k.jpg"),
        ("https://1.bp.blogspot.com/-a/b/s320/k.jpg", "https://1.bp.blogspot.com/-a/b/s0/k.jpg"),
        (f"{UPLOADS}k.jpg", ""),
        (f"{UPLOADS}k-2.jpg", ""),
        (f"{UPLOADS}k-e1234567890123.jpg", ""),
        ("https://a.example/k.jpg?width=460&s=aaa", ""),
        ("https://farm4.staticflickr.com/3855/15091659711_61744f2392_z.jpg", ""),
        ("not an address", ""),
    ],
)
def test_the_upload_behind_a_size_is_named(address: str, upload: str) -> None:
    assert upload_address(address) == upload


def test_a_key_is_given_to_what_is_no_web_address() -> None:
    assert upload_key("/pictures/k-300x200.jpg") == "/pictures/k-300x200.jpg"


@pytest.mark.parametrize(
    ("offers", "best"),
    [
        (
            [ImageCandidate(f"{UPLOADS}k-300x200.jpg"), ImageCandidate(f"{UPLOADS}k-1024x683.jpg")],
            "k-1024x683.jpg",
        ),
        ([ImageCandidate(f"{UPLOADS}k-2048x1365.jpg"), ImageCandidate(f"{UPLOADS}k.jpg", 640)], "k.jpg"),
        (
            [ImageCandidate(f"{UPLOADS}k-2048x1365.jpg"), ImageCandidate(f"{UPLOADS}k-scaled.jpg")],
            "k-scaled.jpg",
        ),
        (
            [ImageCandidate(f"{UPLOADS}k-scaled.jpg"), ImageCandidate(f"{UPLOADS}k.jpg", is_full=True)],
            "k.jpg",
        ),
        ([ImageCandidate(f"{UPLOADS}k.jpg?w=300"), ImageCandidate(f"{UPLOADS}k.jpg?w=1200")], "k.jpg?w=1200"),
        ([ImageCandidate(f"{UPLOADS}a.jpg", 300), ImageCandidate(f"{UPLOADS}b.jpg", 900)], "b.jpg"),
        ([ImageCandidate(f"{UPLOADS}a.jpg"), ImageCandidate(f"{UPLOADS}b.jpg")], "a.jpg"),
        (
            [
                ImageCandidate(f"{UPLOADS}a.webp", 900, is_alternative=True),
                ImageCandidate(f"{UPLOADS}a.jpg", 900),
            ],
            "a.jpg",
        ),
        (
            [ImageCandidate(f"{UPLOADS}k.jpg?resize=900,900"), ImageCandidate(f"{UPLOADS}k.jpg?w=900")],
            "k.jpg?w=900",
        ),
        ([ImageCandidate(f"{UPLOADS}a-300x200.jpg", 4000), ImageCandidate(f"{UPLOADS}b.jpg", 900)], "b.jpg"),
    ],
)
def test_the_largest_offer_is_the_best(offers: list[ImageCandidate], best: str) -> None:
    found = choose_largest(offers)
    assert found is not None
    assert found.address == UPLOADS + best


def test_the_file_itself_goes_before_a_proxy_of_it() -> None:
    offers = [ImageCandidate("https://i0.wp.com/a.example/k.jpg"), ImageCandidate("https://a.example/k.jpg")]
    found = choose_largest([*offers, ImageCandidate("https://a.example/k-300x200.jpg")])
    assert found == offers[1]


def test_nothing_offered_has_no_largest() -> None:
    assert choose_largest([]) is None


@pytest.mark.parametrize("path", ["/k.JPG", "/k.jpeg", "/k.webp", "/a.b/k.tif"])
def test_paths_of_pictures_are_known(path: str) -> None:
    assert is_picture_path(path)


@pytest.mark.parametrize("path", ["/k.svg", "/k.jpg/", "/story.html", "/jpg", ""])
def test_other_paths_are_not_pictures(path: str) -> None:
    assert not is_picture_path(path)


def test_an_upload_is_wider_than_any_width_that_is_told() -> None:
    offers = [
        ImageCandidate("https://b.example/x.jpg", 999_999),
        ImageCandidate("https://a.example/k.jpg", is_full=True),
    ]
    assert choose_largest(offers) == offers[1]


def test_what_is_no_address_is_never_larger() -> None:
    cut = ImageCandidate("https://a.example/k.jpg?crop=1", is_alternative=True)
    assert choose_largest([cut, ImageCandidate("nowhere")]) == cut


def test_what_is_no_address_is_last() -> None:
    plain = ImageCandidate("https://a.example/k.jpg")
    assert choose_largest([ImageCandidate("nowhere", 900), plain]) == plain


def test_of_equal_widths_the_uncut_one_counts() -> None:
    offers = [ImageCandidate(f"https://a.example/k.jpg?{how}=300,200") for how in ("resize", "fit")]
    assert choose_largest(offers) == offers[1]


def test_of_equal_widths_the_one_for_all_browsers_counts() -> None:
    offers = [
        ImageCandidate("https://a.example/a.webp", 300, is_alternative=True),
        ImageCandidate("https://a.example/b.jpg", 300),
    ]
    assert choose_largest(offers) == offers[1]


def test_that_a_picture_is_uncut_counts_before_that_it_is_for_all_browsers() -> None:
    offers = [
        ImageCandidate("https://a.example/k.jpg?resize=300,200"),
        ImageCandidate("https://a.example/k.webp?fit=300,200", is_alternative=True),
    ]
    assert choose_largest(offers) == offers[1]


def test_of_equals_the_first_counts() -> None:
    offers = [ImageCandidate(f"https://a.example/{name}.jpg", 300) for name in "ab"]
    assert choose_largest(offers) == offers[0]


@pytest.mark.parametrize(("width", "best"), [(2559, 1), (2560, 0)])
def test_a_scaled_file_is_2560_pixels_wide(width: int, best: int) -> None:
    offers = [ImageCandidate(f"{UPLOADS}x.jpg", width), ImageCandidate(f"{UPLOADS}k-scaled.jpg", 600)]
    assert choose_largest(offers) == offers[best]


def test_a_scaled_file_may_be_told_to_be_wider() -> None:
    offers = [ImageCandidate(f"{UPLOADS}x.jpg", 3000), ImageCandidate(f"{UPLOADS}k-scaled.jpg", 3001)]
    assert choose_largest(offers) == offers[1]


def test_a_name_knows_its_size_better_than_the_document() -> None:
    offers = [ImageCandidate(f"{UPLOADS}k-300x200.jpg", 9000), ImageCandidate(f"{UPLOADS}x.jpg", 301)]
    assert choose_largest(offers) == offers[1]


def test_the_document_knows_a_size_better_than_a_query() -> None:
    offers = [
        ImageCandidate("https://a.example/x.jpg", 500),
        ImageCandidate("https://a.example/k.jpg?w=300", 501),
    ]
    assert choose_largest(offers) == offers[1]


def test_a_height_alone_tells_a_size() -> None:
    offers = [ImageCandidate("https://a.example/x.jpg", 500), ImageCandidate("https://a.example/k.jpg?h=501")]
    assert choose_largest(offers) == offers[1]
