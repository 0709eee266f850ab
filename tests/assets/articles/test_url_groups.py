"""Which addresses on one page are of one picture."""

from __future__ import annotations

import pytest

from assets.articles.url_groups import Likeness, Marks, PictureIndex, UrlGroups, marks
from tests.support.effort import assert_grows_evenly

PAGE = "https://a.example/news/1/"
HASH = "0a1b2c3d4e"


def strong(address: str) -> set[str]:
    return set(marks(address).strong)


def weak(address: str) -> set[str]:
    return set(marks(address).weak)


# What names a picture


@pytest.mark.parametrize(
    "piece",
    [
        "0a1b2c3d",
        "12345678",
        "123456",
        "p123456",
        "123456p",
        "photo7654321b",
        "a1b2c3zzzz",
        "zz1yy2xx3w",
    ],
)
def test_a_number_or_a_hash_names_a_picture(piece: str) -> None:
    assert strong(f"https://i.example/{piece}/x.jpg") == {piece}


@pytest.mark.parametrize(
    "piece",
    [
        "12345",
        "abcdefab",
        "0a1b2c3",
        "a1b2c3zzz",
        "farmvisit9",
        "a1b2zzzzzz",
        "12345z6789",
    ],
)
def test_a_short_or_plain_word_is_no_number(piece: str) -> None:
    assert strong(f"https://i.example/{piece}/x.jpg") == set()


@pytest.mark.parametrize("day", ["2024", "202408", "20240826", "19991231"])
def test_a_date_names_no_picture(day: str) -> None:
    assert strong(f"https://i.example/{day}/x.jpg") == set()


@pytest.mark.parametrize("number", ["20249926", "20240899", "21240826", "202499", "202408261"])
def test_a_number_that_is_no_date_names_a_picture(number: str) -> None:
    assert strong(f"https://i.example/{number}/x.jpg") == {number}


def test_pieces_are_held_apart_by_what_is_neither_letter_nor_digit() -> None:
    assert strong("https://i.example/a-123456_b.234567~c/345678.jpg") == {"123456", "234567", "345678"}


def test_letters_of_a_mark_are_small() -> None:
    assert strong("https://i.example/0A1B2C3D4E/x.jpg") == {HASH}


def test_the_name_of_a_file_names_it() -> None:
    assert strong("https://i.example/c/kim-visit.jpg") == {"kim-visit"}


@pytest.mark.parametrize(
    "ending", ["jpg", "jpeg", "png", "gif", "webp", "avif", "tif", "tiff", "bmp", "image", "JPG"]
)
def test_the_ending_of_a_file_is_not_in_its_name(ending: str) -> None:
    assert strong(f"https://i.example/c/kim-visit.{ending}") == {"kim-visit"}


def test_another_ending_stays() -> None:
    assert strong("https://i.example/c/kim-visit.php") == {"kim-visit.php"}


@pytest.mark.parametrize(
    "size",
    [
        "-300x200",
        "_16x9",
        ".300x200",
        "~300x200",
        "-w600",
        "-h60",
        "-600w",
        "-60h",
        "-12345x1",
        "-w12345",
        "-1234w",
        "-300x200-w60",
    ],
)
def test_a_size_is_not_in_a_name(size: str) -> None:
    assert strong(f"https://i.example/c/kim-visit{size}.jpg") == {"kim-visit"}


@pytest.mark.parametrize("part", ["-w6", "-x200", "-1w", "-16x9b", "-300x200q", "-a600w"])
def test_what_is_no_size_stays_in_a_name(part: str) -> None:
    assert strong(f"https://i.example/c/kim-visit{part}.jpg") == {f"kim-visit{part}"}


def test_a_size_before_a_name_is_not_in_it() -> None:
    assert strong("https://i.example/c/300x200-kim-visit.jpg") == {"kim-visit"}


@pytest.mark.parametrize("edge", ["-", "_", ".", "~", "%20"])
def test_what_stands_at_the_edges_of_a_name_is_not_in_it(edge: str) -> None:
    assert strong(f"https://i.example/c/{edge}kim-visit{edge}.jpg") == {"kim-visit"}


def test_a_name_of_eight_characters_is_one() -> None:
    assert strong("https://i.example/c/kimvisit.jpg") == {"kimvisit"}


def test_a_shorter_name_is_none() -> None:
    assert marks("https://i.example/c/kimvisi.jpg") == Marks()


@pytest.mark.parametrize(
    "name",
    [
        "original",
        "large-image",
        "photo-12345",
        "header_image",
        "default-cover",
        "thumbnail",
        "full-master",
        "landscape-1",
        "portrait_2",
        "social-share",
        "desktop-mobile",
        "uploads-upload",
        "featured-image",
        "standard-square",
        "wide-medium-small",
        "picture-thumb",
        "main-photo",
        "images-jpeg",
    ],
)
def test_a_name_given_to_many_pictures_names_none(name: str) -> None:
    assert marks(f"https://i.example/c/{name}.jpg") == Marks()


@pytest.mark.parametrize("name", ["1234-5678", "--------", "12.34.5.6", "²²²²²²²²"])
def test_a_name_without_a_letter_is_none(name: str) -> None:
    assert strong(f"https://i.example/c/{name}.jpg") == set()


def test_parts_of_a_name_joined_by_hyphens_name_the_subject() -> None:
    assert weak("https://i.example/c/kim-visit_lee-at-farm.x.jpg") == {"kim-visit", "lee-at-farm"}


def test_a_part_without_a_hyphen_names_nothing() -> None:
    assert weak("https://i.example/c/kimvisits_leeatfarm.jpg") == set()


def test_a_short_part_names_nothing() -> None:
    assert weak("https://i.example/c/kim-vis_kim-visit.jpg") == {"kim-visit"}


def test_what_names_the_picture_does_not_name_its_subject_too() -> None:
    assert weak("https://i.example/c/kim-visit.jpg") == set()


def test_a_folder_names_the_files_that_are_called_after_it() -> None:
    assert weak("https://i.example/kim-visit/kim-visit-1-of-2b.jpg") == {"kim-visit"}


@pytest.mark.parametrize("file", ["original.jpg", "300x200.jpg", "w600.webp", "1.jpg", ""])
def test_a_folder_names_files_without_a_name(file: str) -> None:
    assert weak(f"https://i.example/kim-visit/{file}") == {"kim-visit"}


def test_a_folder_does_not_name_files_with_a_name_of_their_own() -> None:
    assert weak("https://i.example/kim-visit/lee.jpg") == set()


def test_a_general_folder_names_nothing() -> None:
    assert weak("https://i.example/original/original.jpg") == set()


def test_only_the_last_folder_names_its_files() -> None:
    assert weak("https://i.example/kim-visit/c/1.jpg") == set()


def test_empty_folders_are_passed_over() -> None:
    assert weak("https://i.example/kim-visit//1.jpg") == {"kim-visit"}


def test_the_query_names_nothing() -> None:
    assert marks("https://i.example/c/x.jpg?id=123456") == Marks()


def test_an_encoded_path_is_read_decoded() -> None:
    assert strong("https://i.example/c/kim%2Dvisit.jpg") == {"kim-visit"}


def test_what_follows_an_ampersand_in_a_path_is_left_out() -> None:
    assert strong("https://i.example/c/kim-visit&w=600") == {"kim-visit"}


@pytest.mark.parametrize("address", ["", "kim-visit.jpg", "data:image/gif;base64,R0lGOD", "https://"])
def test_what_is_no_address_names_nothing(address: str) -> None:
    assert marks(address) == Marks()


# Addresses in addresses


@pytest.mark.parametrize(
    "address",
    [
        "https://s.example/123456/https://i.example/c/kim-visit.jpg",
        "https://s.example/123456/https:/i.example/c/kim-visit.jpg",
        "https://s.example/123456/HTTP://i.example/c/kim-visit.jpg",
        "https://s.example/123456/https%3A%2F%2Fi.example%2Fc%2Fkim-visit.jpg",
        "https://s.example/123456?url=https://i.example/c/kim-visit.jpg",
        "https://s.example/123456?url=https%3A%2F%2Fi.example%2Fc%2Fkim-visit.jpg",
        "https://s.example/123456/https://i.example/c/kim-visit.jpg?id=234567",
        "https://s.example/123456?url=https://i.example/c/kim-visit.jpg&id=234567",
        "https://s.example/123456?url=https://i.example/c/kim%252Dvisit.jpg",
    ],
)
def test_the_picture_is_named_by_the_address_inside_a_service(address: str) -> None:
    assert marks(address) == Marks(frozenset({"kim-visit"}))


def test_the_host_of_an_inner_address_names_nothing() -> None:
    assert marks("https://s.example/https://kim-visit/") == Marks()


def test_services_before_services_are_looked_through() -> None:
    address = "https://s.example/1/https://t.example/2/https://u.example/3/https://i.example/c/kim-visit.jpg"
    assert strong(address) == {"kim-visit"}


def encoded(address: str) -> str:
    return address.replace("%", "%25").replace("?", "%3F").replace("/", "%2F").replace(":", "%3A")


def nested(levels: int) -> str:
    """An address in the query of a service, so many times."""
    address = "https://i.example/c/kim-visit.jpg"
    for level in range(levels):
        address = f"https://s{level}.example/{level}?url={encoded(address)}"
    return address


def test_three_services_are_looked_through() -> None:
    assert strong(nested(3)) == {"kim-visit"}


def test_more_services_are_not_looked_through() -> None:
    assert strong(nested(4)) == set()


# Likeness


def likeness(one: str, other: str, *more: str, page: str = PAGE) -> Likeness:
    """How alike two pictures of a page are that has more of them."""
    return UrlGroups(page, (one, other, *more)).likeness([one], [other])


def test_sizes_of_an_upload_are_one_picture() -> None:
    found = likeness("https://a.example/k-300x200.jpg", "https://a.example/k.jpg")
    assert found is Likeness.STRONG


def test_an_address_is_like_itself() -> None:
    assert likeness("https://a.example/k.jpg", "https://a.example/k.jpg") is Likeness.STRONG


def test_a_common_number_is_one_picture() -> None:
    found = likeness("https://a.example/123456/wide.jpg", "https://b.example/x/square-123456.png")
    assert found is Likeness.STRONG


def test_a_common_name_is_one_picture() -> None:
    found = likeness("https://a.example/c/kim-visit_16x9.jpg", "https://b.example/d/kim-visit_1x1.jpg")
    assert found is Likeness.STRONG


def test_a_common_subject_may_be_one_picture() -> None:
    found = likeness("https://a.example/c/kim-visit_a.jpg", "https://b.example/d/kim-visit_b.jpg")
    assert found is Likeness.WEAK


@pytest.mark.parametrize("is_turned", [False, True])
def test_the_name_of_one_as_the_subject_of_the_other_may_be_one_picture(*, is_turned: bool) -> None:
    pair = ["https://a.example/c/kim-visit.jpg", "https://b.example/d/kim-visit_b.jpg"]
    if is_turned:
        pair.reverse()
    assert likeness(*pair) is Likeness.WEAK


def test_pictures_with_nothing_in_common_are_two() -> None:
    assert likeness("https://a.example/c/kim-visit.jpg", "https://a.example/c/lee-visit.jpg") is Likeness.NONE


def test_pictures_without_a_name_are_two() -> None:
    assert likeness("https://a.example/c/1.jpg", "https://a.example/c/2.jpg") is Likeness.NONE


def test_what_is_in_the_address_of_the_page_names_no_picture() -> None:
    found = likeness(
        "https://a.example/123456/wide.jpg",
        "https://b.example/x/square-123456.png",
        page="https://a.example/news/123456/",
    )
    assert found is Likeness.NONE


def test_the_subject_in_the_address_of_the_page_names_no_picture() -> None:
    found = likeness(
        "https://a.example/c/kim-visit_a.jpg",
        "https://b.example/d/kim-visit_b.jpg",
        page="https://a.example/kim-visit_x-and-y",
    )
    assert found is Likeness.NONE


A, B, C = (f"https://a.example/123456/{name}.jpg" for name in "abc")


def test_what_two_pictures_of_a_page_have_names_them() -> None:
    assert likeness(A, B) is Likeness.STRONG


def test_what_three_pictures_of_a_page_have_names_none_of_them() -> None:
    assert likeness(A, B, C) is Likeness.NONE


def test_a_subject_of_three_pictures_of_a_page_names_none_of_them() -> None:
    one, other, third = (f"https://a.example/c/kim-visit_{name}.jpg" for name in "abc")
    assert likeness(one, other, third) is Likeness.NONE


def test_one_file_asked_for_three_times_counts_once() -> None:
    assert likeness(A, B, f"{B}?w=300", f"{B}?w=600") is Likeness.STRONG


def test_one_file_linked_by_two_schemes_counts_once() -> None:
    assert likeness(A, B, B.replace("https", "http")) is Likeness.STRONG


def test_any_address_of_a_picture_may_be_like_any_of_the_other() -> None:
    one = ["https://a.example/c/1.jpg", "https://a.example/c/kim-visit_16x9.jpg"]
    other = ["https://b.example/d/2.jpg", "https://b.example/d/kim-visit_1x1.jpg"]
    assert UrlGroups(PAGE, (*one, *other)).likeness(iter(one), iter(other)) is Likeness.STRONG


def test_any_address_of_a_picture_may_be_a_size_of_any_of_the_other() -> None:
    one = ["https://a.example/c/1.jpg", "https://a.example/c/k-300x200.jpg"]
    other = ["https://b.example/d/2.jpg", "https://a.example/c/k.jpg"]
    assert UrlGroups(PAGE, ()).likeness(iter(one), iter(other)) is Likeness.STRONG


def test_a_picture_without_an_address_is_like_none() -> None:
    assert UrlGroups(PAGE, ()).likeness([], [A]) is Likeness.NONE


def test_likenesses_are_ordered() -> None:
    assert Likeness.NONE < Likeness.WEAK < Likeness.STRONG


def test_no_likeness_is_false() -> None:
    assert [bool(likeness) for likeness in Likeness] == [False, True, True]


# Many pictures at once


def index_of(*pictures: tuple[str, ...], page: str = "https://news.example/story/") -> PictureIndex:
    index = PictureIndex(UrlGroups(page, ()))
    for place, addresses in enumerate(pictures):
        index.add(place, addresses)
    return index


def test_a_picture_is_found_at_another_of_its_addresses() -> None:
    index = index_of(("https://a.example/k-300x200.jpg",), ("https://a.example/44445555_wide.jpg",))
    assert index.find(["https://a.example/k.jpg"]) == (Likeness.STRONG, 0)
    assert index.find(["https://a.example/44445555_square.jpg"]) == (Likeness.STRONG, 1)
    assert index.find(["https://a.example/m.jpg"]) == (Likeness.NONE, -1)


def test_a_sure_picture_goes_before_an_earlier_one_that_may_be_it() -> None:
    index = index_of(
        ("https://a.example/the-old-quay_b.jpg",), ("https://a.example/the-old-quay_a-300x200.jpg",)
    )
    assert index.find(["https://a.example/the-old-quay_a.jpg"]) == (Likeness.STRONG, 1)
    assert index.find(["https://a.example/the-old-quay_c.jpg"]) == (Likeness.WEAK, 0)


def test_of_pictures_equally_like_the_first_is_found_whenever_its_address_came() -> None:
    index = index_of(("https://a.example/k.jpg",), ("https://a.example/44445555.jpg",))
    index.add(0, ["https://b.example/44445555.jpg"])
    assert index.find(["https://c.example/44445555.jpg"]) == (Likeness.STRONG, 0)


def test_the_work_grows_with_the_pictures_that_are_looked_for() -> None:
    def look(size: int) -> int:
        index = index_of(*((f"https://a.example/44445555/{number}.jpg",) for number in range(size)))
        found = (index.find([f"https://a.example/44445555/{number}.jpg"]) for number in range(size))
        return sum(place >= 0 for _, place in found)

    assert assert_grows_evenly(look, 8000) == 8000
