"""Every address that a document gives for one picture, and what it says of each."""

from __future__ import annotations

import pytest

from assets.markup.image_candidates import offers_of
from assets.markup.image_elements import sightings
from assets.markup.variants import ImageCandidate
from assets.parsing.htmltree import parse_html

BASE = "https://a.example/"


def offers(html: str) -> list[ImageCandidate]:
    """What is offered for the last picture of a fragment."""
    root = parse_html(html).body
    assert root is not None
    return offers_of(sightings(root)[-1], BASE)


def names(html: str) -> list[str]:
    return [one.address.removeprefix(BASE) for one in offers(html)]


def widths(html: str) -> dict[str, int | None]:
    return {one.address.removeprefix(BASE): one.width for one in offers(html)}


def test_the_address_of_a_picture_is_an_offer() -> None:
    assert offers("<img src=k.jpg>") == [ImageCandidate("https://a.example/k.jpg")]


@pytest.mark.parametrize(
    "listed", ["k-200x150.jpg 200w, k-400x300.jpg 400w", "k-200x150.jpg 1x, k-400x300.jpg 2x"]
)
def test_a_script_may_take_a_list_where_an_address_is_usual(listed: str) -> None:
    assert names(f'<img src="k.jpg" data-src="{listed}">') == ["k.jpg", "k-200x150.jpg", "k-400x300.jpg"]


def test_what_a_script_paints_is_an_offer_and_what_it_replaces_is_none() -> None:
    assert names('<div style="background:url(/grey.jpg)" data-bg="k.jpg"></div>') == ["k.jpg"]


def test_another_size_that_a_script_replaces_is_an_offer_too() -> None:
    assert names('<div style="background:url(/k-300x200.jpg)" data-bg="k.jpg"></div>') == [
        "k.jpg",
        "k-300x200.jpg",
    ]


def test_a_declared_width_is_the_offer_s() -> None:
    assert widths("<img src=k.jpg width=640>") == {"k.jpg": 640}


def test_blanks_around_an_address_are_no_part_of_it() -> None:
    assert names("<img src=' k.jpg\n'>") == ["k.jpg"]


@pytest.mark.parametrize(
    "src",
    [
        "",
        "{{picture}}.jpg",
        "${picture}.jpg",
        "<%= picture %>.jpg",
        "this.src='https://a.example/k.jpg'",
        "data:image/png;base64,AAAA",
        "placeholder.png",
        "favicon.png",
    ],
)
def test_what_is_no_address_of_a_picture_is_no_offer(src: str) -> None:
    assert names(f'<img src="{src}">') == []


def test_a_tracker_is_an_offer_that_is_judged_later() -> None:
    assert names("<img src=https://pixel.wp.com/g.gif>") == ["https://pixel.wp.com/g.gif"]


def test_all_of_srcset_is_offered_with_widths() -> None:
    assert widths("<img src=k.jpg srcset='k-1.jpg 300w, k-2.jpg 600w'>") == {
        "k.jpg": None,
        "k-1.jpg": 300,
        "k-2.jpg": 600,
    }


def test_a_density_multiplies_the_declared_width() -> None:
    assert widths("<img width=200 srcset='a.jpg 1x, b.jpg 1.5x'>") == {"a.jpg": 200, "b.jpg": 300}


def test_a_density_without_a_declared_width_still_orders() -> None:
    assert widths("<img srcset='a.jpg 1x, b.jpg 2x'>") == {"a.jpg": 1, "b.jpg": 2}


def test_no_density_counts_as_one() -> None:
    assert widths("<img width=200 srcset='a.jpg'>") == {"a.jpg": 200}


def test_a_density_beyond_screens_counts_as_ten() -> None:
    assert widths("<img width=200 srcset='a.jpg 11x'>") == {"a.jpg": 2000}


def test_an_address_given_twice_is_one_offer() -> None:
    assert names("<img src=k.jpg srcset='http://a.example/k.jpg 600w'>") == ["k.jpg"]


@pytest.mark.parametrize("srcset", ["k.jpg 600w, k.jpg 300w", "k.jpg 300w, k.jpg 600w"])
def test_an_address_given_twice_has_the_larger_width(srcset: str) -> None:
    assert widths(f"<img srcset='{srcset}'>") == {"k.jpg": 600}


def test_an_address_given_twice_without_widths_has_none() -> None:
    assert widths("<img src=k.jpg data-src=k.jpg>") == {"k.jpg": None}


@pytest.mark.parametrize(
    "name", ["data-src", "data-lazy-src", "data-original", "data-echo", "data-cfsrc", "data-img"]
)
def test_what_a_script_loads_is_offered(name: str) -> None:
    assert widths(f"<img {name}=k.jpg width=640>") == {"k.jpg": 640}


@pytest.mark.parametrize("name", ["data-srcset", "data-lazy-srcset"])
def test_a_srcset_that_a_script_loads_is_offered(name: str) -> None:
    assert widths(f"<img {name}='a.jpg 300w, b.jpg 600w'>") == {"a.jpg": 300, "b.jpg": 600}


def test_what_a_script_replaces_is_left_out() -> None:
    assert names("<img src=grey.jpg data-src=k.jpg>") == ["k.jpg"]


def test_another_size_of_what_a_script_loads_is_kept() -> None:
    assert names("<img src=k-300x200.jpg data-src=k.jpg>") == ["k-300x200.jpg", "k.jpg"]


def test_another_size_of_the_tenth_that_a_script_loads_is_kept() -> None:
    loaded = ", ".join(f"{one}.jpg {one + 1}w" for one in range(10))
    assert "9-300x200.jpg" in names(f"<img src=9-300x200.jpg data-srcset='{loaded}'>")


def test_what_is_compared_with_what_a_script_loads_is_bounded() -> None:
    loaded = ", ".join(f"{one}.jpg {one + 1}w" for one in range(11))
    assert "10-300x200.jpg" not in names(f"<img src=10-300x200.jpg data-srcset='{loaded}'>")


@pytest.mark.parametrize(
    "name", ["data-full-url", "data-full", "data-full-src", "data-large_image", "data-big-src"]
)
def test_what_is_called_the_full_file_is(name: str) -> None:
    assert ImageCandidate(f"{BASE}k.jpg", is_full=True) in offers(f"<img src=k-300x200.jpg {name}=k.jpg>")


def test_the_original_file_has_the_width_told_beside_it() -> None:
    html = "<img src=k-300x200.jpg data-orig-file=k.jpg data-orig-size=4000,3000>"
    assert ImageCandidate(f"{BASE}k.jpg", 4000, is_full=True) in offers(html)


def test_another_full_file_has_no_width() -> None:
    html = "<img src=k-300x200.jpg data-full-url=k.jpg data-orig-size=4000,3000>"
    assert ImageCandidate(f"{BASE}k.jpg", is_full=True) in offers(html)


@pytest.mark.parametrize(
    "name", ["data-large-file", "data-medium-file", "data-hi-res-src", "data-low-res-src"]
)
def test_other_sizes_are_offered_without_the_width_on_the_page(name: str) -> None:
    assert widths(f"<img src=a.jpg width=200 {name}=b.jpg>") == {"a.jpg": 200, "b.jpg": None}


def test_an_address_that_is_once_called_full_is_full() -> None:
    assert offers("<img src=k.jpg data-full-url=k.jpg>") == [ImageCandidate(f"{BASE}k.jpg", is_full=True)]


def test_an_attribute_of_no_known_name_is_read_where_nothing_else_is() -> None:
    assert names("<img data-my-image-file=/k.jpg>") == ["k.jpg"]


def test_an_attribute_of_no_known_name_is_read_where_it_is_another_size() -> None:
    assert names("<img src=k-300x200.jpg data-my-image-file=/k.jpg>") == ["k-300x200.jpg", "k.jpg"]


@pytest.mark.parametrize(
    "attribute",
    [
        "data-my-image-file=/other.jpg",
        "data-image-title=/k.jpg",
        "data-pin-src=/k.jpg",
        "data-news=/k.jpg",
        "data-my-image-file=k.jpg",
        "data-my-image-file=/k.html",
        "data-my-image-file",
        "data-srcset-large=/k.jpg",
    ],
)
def test_an_attribute_that_may_be_anything_is_not_read(attribute: str) -> None:
    assert names(f"<img src=k-300x200.jpg {attribute}>") == ["k-300x200.jpg"]


def test_an_attribute_of_no_known_name_may_tell_another_site_s_address() -> None:
    assert names("<img data-my-image-file=http://b.example/k.jpg>") == ["http://b.example/k.jpg"]


def test_attributes_beyond_a_hundred_are_not_read() -> None:
    many = " ".join(f"a{number}" for number in range(100))
    assert names(f"<img {many} src=k.jpg>") == []


def test_the_hundredth_attribute_is_read() -> None:
    many = " ".join(f"a{number}" for number in range(99))
    assert names(f"<img {many} src=k.jpg>") == ["k.jpg"]


@pytest.mark.parametrize("name", ["srcset", "src", "data-src", "data-srcset"])
def test_a_source_is_an_alternative(name: str) -> None:
    html = f"<picture><source {name}=k.webp width=300><img src=k.jpg></picture>"
    assert offers(html)[0] == ImageCandidate(f"{BASE}k.webp", 300, is_alternative=True)


def test_an_address_that_is_the_picture_s_own_too_is_no_alternative() -> None:
    html = "<picture><source srcset=k.jpg><img src=k.jpg></picture>"
    assert [one.is_alternative for one in offers(html)] == [False]


def test_other_attributes_of_a_source_are_no_addresses() -> None:
    assert names("<picture><source media=print sizes=k.webp><img src=k.jpg></picture>") == ["k.jpg"]


def test_sources_beyond_a_hundred_are_not_read() -> None:
    many = "".join(f"<source srcset={number}.webp>" for number in range(101))
    assert len(offers(f"<picture>{many}<img></picture>")) == 100


def test_addresses_of_a_srcset_beyond_a_hundred_are_not_read() -> None:
    many = ", ".join(f"{number}.jpg {number + 1}w" for number in range(101))
    assert names(f"<img srcset='{many}'>")[-1] == "99.jpg"


def test_offers_beyond_a_hundred_are_left_out() -> None:
    many = ", ".join(f"{number}.jpg {number + 1}w" for number in range(100))
    assert len(offers(f"<img src=k.jpg srcset='{many}'>")) == 100


def test_the_full_file_that_a_picture_links_to_comes_first() -> None:
    html = "<a href=k.jpg><img src=k-300x200.jpg></a>"
    assert offers(html)[0] == ImageCandidate(f"{BASE}k.jpg", is_full=True)


def test_a_linked_file_has_the_width_its_name_tells() -> None:
    assert offers("<a href=k-1024x683.jpg><img src=k-300x200.jpg></a>")[0].width == 1024


@pytest.mark.parametrize(
    ("href", "src"),
    [
        ("full/kim.jpg", "thumbs/kim.jpg"),
        ("full/kim.jpg", "thumb_kim.jpg"),
        ("kim.jpg", "kim_small.jpg"),
        ("kim_full.jpg", "KIM-640px.jpg"),
        ("https://b.example/kim-at-the-table.jpg", "kim-at-the-table.jpg"),
        ("https://b.example/kimatsea.jpg", "kimatsea.jpg"),
        ("https://i0.wp.com/a.example/full/k.jpg", "thumbs/k.jpg"),
    ],
)
def test_a_link_to_a_file_of_the_same_name_is_to_the_picture(href: str, src: str) -> None:
    assert len(offers(f"<a href={href}><img src={src}></a>")) == 2


@pytest.mark.parametrize(
    ("href", "src"),
    [
        ("story.html", "story.jpg"),
        ("lee.jpg", "kim.jpg"),
        ("https://b.example/image.jpg", "image.jpg"),
        ("https://b.example/kimatse.jpg", "kimatse.jpg"),
        ("thumb_.jpg", "small-.jpg"),
        ("#", "k.jpg"),
        ("{{link}}.jpg", "k.jpg"),
    ],
)
def test_a_link_elsewhere_is_no_offer(href: str, src: str) -> None:
    assert len(offers(f"<a href={href}><img src={src}></a>")) == 1


def test_a_link_to_a_placeholder_is_no_offer() -> None:
    assert names("<a href=full/placeholder.png><img src=k.jpg data-full=placeholder.jpg></a>") == ["k.jpg"]


def test_a_link_without_a_picture_s_address_is_no_offer() -> None:
    assert names("<a href=k.jpg><img></a>") == []


@pytest.mark.parametrize(("place", "is_read"), [(9, True), (10, False)])
def test_an_attribute_of_no_known_name_is_compared_with_ten_addresses(place: int, is_read: bool) -> None:
    known = ", ".join(f"{one}.jpg {one + 1}w" for one in range(11))
    html = f"<img srcset='{known}' data-my-image-file=/{place}-300x200.jpg>"
    assert (f"{place}-300x200.jpg" in names(html)) is is_read


@pytest.mark.parametrize(
    "html",
    [
        "<img src=grey.svg data-src=k.jpg>",
        "<img src=grey.svg data-some-image=/k.jpg>",
        "<img src=grey.svg data-srcset='k.jpg 600w'>",
        "<picture><source srcset=k.jpg><img src=grey.svg></picture>",
        "<picture><source srcset=k.svg type=image/svg+xml><img src=k.jpg></picture>",
    ],
)
def test_a_drawing_beside_a_photo_is_no_offer(html: str) -> None:
    assert names(html) == ["k.jpg"]


def test_a_drawing_alone_is_an_offer() -> None:
    assert names("<img src=chart.svg>") == ["chart.svg"]


def test_a_drawing_that_a_script_loads_is_an_offer() -> None:
    assert names("<img src='data:image/gif;base64,R0lGODlh' data-src=chart.svg>") == ["chart.svg"]


def test_what_the_image_itself_says_is_kept_however_many_sources_it_has() -> None:
    sources = "".join(f"<source srcset='/crop/{number}/k.avif {number}w'>" for number in range(1, 150))
    found = names(f"<picture>{sources}<img src=/k.jpg></picture>")
    assert (len(found), found[-1]) == (100, "k.jpg")
