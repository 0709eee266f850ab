"""The featured picture of a page, and what its head and linked data add to its pictures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assets.articles.lead_image import LeadImage, complete_references, offer_of, offers, with_offer
from assets.articles.metadata import Head, LinkedPicture, SharedPicture
from assets.articles.url_groups import UrlGroups
from assets.model import ImageReference, Role
from tests.support.effort import assert_grows_evenly

SITE = "https://daily-news.example/"
CDN = "https://cdn.example/"


def head(*addresses: str, base: str = SITE, width: int | None = None, height: int | None = None) -> Head:
    return Head(base=base, shared=tuple(SharedPicture(one, width, height) for one in addresses))


def is_offered(address: str, width: int | None = None, height: int | None = None) -> bool:
    return bool(offers(head(address, width=width, height=height), (), frozenset()))


# Pictures a page names as its own


def test_a_picture_for_sharing_is_offered_with_what_is_said_of_it() -> None:
    told = Head(shared=(SharedPicture(f"{CDN}kim-visit.jpg", 1200, 630, "Kim"),))
    assert offers(told, (), frozenset()) == [LeadImage((f"{CDN}kim-visit.jpg",), 1200, 630, alt="Kim")]


def test_a_picture_of_linked_data_is_offered_with_what_is_said_of_it() -> None:
    told = LinkedPicture(
        (f"{CDN}kim.jpg", f"{CDN}kim-s.jpg"),
        1200,
        630,
        "Kim",
        "json-ld caption",
        "KCNA",
        "json-ld creditText",
    )
    offer = LeadImage(
        (f"{CDN}kim.jpg", f"{CDN}kim-s.jpg"),
        1200,
        630,
        caption="Kim",
        caption_field="json-ld caption",
        credit="KCNA",
        credit_field="json-ld creditText",
    )
    assert (offer_of(told), offers(Head(), [told], frozenset())) == (offer, [offer])


def test_pictures_for_sharing_come_before_those_of_linked_data() -> None:
    found = offers(
        head(f"{CDN}one-a.jpg", f"{CDN}two-b.jpg"), [LinkedPicture((f"{CDN}three-c.jpg",))], frozenset()
    )
    assert [one.addresses for one in found] == [
        (f"{CDN}one-a.jpg",),
        (f"{CDN}two-b.jpg",),
        (f"{CDN}three-c.jpg",),
    ]


def test_logos_and_portraits_are_not_offered() -> None:
    emblems = frozenset({"http://cdn.example/kim-visit.jpg"})
    assert offers(head(f"{CDN}kim-visit.jpg"), [LinkedPicture((f"{CDN}kim-visit.jpg",))], emblems) == []


def test_icons_are_not_offered() -> None:
    told = Head(shared=(SharedPicture(f"{CDN}kim-visit.jpg"),), icons=("http://cdn.example/kim-visit.jpg",))
    assert offers(told, (), frozenset()) == []


def test_a_picture_with_one_address_of_the_sites_is_not_offered() -> None:
    told = LinkedPicture((f"{CDN}kim-visit.jpg", f"{CDN}logo-a.jpg"))
    assert offers(Head(), [told], frozenset()) == []


@pytest.mark.parametrize(
    "address", [f"{SITE}avatars/kim-visit.jpg", f"{SITE}kim-visit.svg", f"{SITE}kim-visit-1x1.gif"]
)
def test_furniture_is_not_offered(address: str) -> None:
    assert not is_offered(address)


@pytest.mark.parametrize(
    ("width", "height", "offered"),
    [
        (199, None, False),
        (None, 199, False),
        (199, 199, False),
        (1, 1, False),
        (200, None, True),
        (199, 200, True),
        (200, 199, True),
        (None, None, True),
    ],
)
def test_a_picture_that_is_declared_small_is_an_icon(
    width: int | None, height: int | None, offered: bool
) -> None:
    assert is_offered(f"{CDN}kim-visit.jpg", width, height) is offered


@pytest.mark.parametrize(
    "word",
    ["logo", "default", "fallback", "placeholder", "favicon", "blank", "dummy", "noimage", "opengraph"],
)
def test_some_words_tell_a_picture_of_the_site_whatever_stands_beside_them(word: str) -> None:
    assert not is_offered(f"{CDN}kim-4400-{word}-visit.jpg")


def test_words_are_told_in_any_case() -> None:
    assert not is_offered(f"{CDN}Kim-LOGO.jpg")


@pytest.mark.parametrize("name", ["kim-defaults", "kim-faviconic-visit", "undummy"])
def test_a_part_of_a_word_tells_nothing(name: str) -> None:
    assert is_offered(f"{CDN}{name}.jpg")


def test_words_of_a_folder_tell_nothing() -> None:
    assert is_offered(f"{CDN}logo/default/kim.jpg")


def test_the_ending_of_a_files_name_tells_nothing() -> None:
    assert is_offered(f"{CDN}kim.blank")


@pytest.mark.parametrize(
    "path",
    [
        "wp-content/themes/a/kim-visit.jpg",
        "wp-content/plugins/a/kim-visit.jpg",
        "wp-content/mu-plugins/a/kim-visit.jpg",
        "wp-content/client-mu-plugins/a/kim-visit.jpg",
        "a/no-thumb-kim-visit.jpg",
        "a/nothumbkim.jpg",
        "a/no-image/kim-visit.jpg",
        "a/no-photo-kim-visit.jpg",
        "WP-Content/Themes/a/kim-visit.jpg",
    ],
)
def test_pictures_of_themes_and_plugins_are_the_sites(path: str) -> None:
    assert not is_offered(f"{CDN}{path}")


def test_uploads_are_the_pages() -> None:
    assert is_offered(f"{CDN}wp-content/uploads/kim-visit.jpg")


@pytest.mark.parametrize(
    "name",
    [
        "share.jpg",
        "og-image.png",
        "social-media-card.jpg",
        "daily-news.jpg",
        "daily_news_share.jpg",
        "facebook-1200x630.jpg",
        "card-2024.jpg",
        "share_12.jpg",
        "image",
    ],
)
def test_a_name_of_general_words_and_the_sites_own_tells_a_picture_of_the_site(name: str) -> None:
    assert not is_offered(f"{CDN}{name}")


@pytest.mark.parametrize(
    "name",
    [
        "kim.jpg",
        "share-kim.jpg",
        "image-4400.jpg",
        "image-20240916.jpg",
        "image-123.jpg",
        "4400.jpg",
        "12.jpg",
        "",
        "other-news.jpg",
    ],
)
def test_a_name_of_its_own_or_a_number_tells_a_picture_of_the_page(name: str) -> None:
    assert is_offered(f"{CDN}{name}")


@pytest.mark.parametrize(
    ("told", "offered"),
    [
        (
            Head(
                canonical="https://one.example/", og_url="https://two.example/", base="https://three.example/"
            ),
            "one",
        ),
        (Head(og_url="https://two.example/", base="https://three.example/"), "two"),
        (Head(base="https://three.example/"), "three"),
    ],
)
def test_the_sites_name_is_told_by_the_pages_address(told: Head, offered: str) -> None:
    named = [LinkedPicture((f"{CDN}{name}.jpg",)) for name in ("one", "two", "three")]
    left_out = {"one", "two", "three"} - {
        one.addresses[0][len(CDN) : -4] for one in offers(told, named, frozenset())
    }
    assert left_out == {offered}


# One reference, completed

A = "https://a.example/"


def complete(url: str, *addresses: str, shown: int | None = None, offered: int | None = None) -> str:
    return with_offer(
        ImageReference(f"{A}{url}", width=shown), LeadImage(tuple(f"{A}{one}" for one in addresses), offered)
    ).url


@pytest.mark.parametrize(
    ("shown", "offered", "best"),
    [
        ("k-300x200.jpg", "k.jpg", "k.jpg"),
        ("k.jpg", "k-300x200.jpg", "k.jpg"),
        ("k.jpg", "k-3000x2000.jpg", "k.jpg"),
        ("k.jpg?w=300", "k.jpg?w=600", "k.jpg?w=600"),
        ("k.jpg?w=600", "k.jpg?w=300", "k.jpg?w=600"),
        ("k.jpg?w=600", "m.jpg?w=600", "k.jpg?w=600"),
        ("k.jpg", "m.jpg", "k.jpg"),
        ("k.jpg", "original/k.jpg", "original/k.jpg"),
        ("k.jpg", "k_orig.jpg", "k_orig.jpg"),
        ("k.jpg", "k-full.jpg", "k-full.jpg"),
        ("k.jpg", "FullSize/k.jpg", "FullSize/k.jpg"),
        ("k.jpg", "k/master/", "k/master/"),
        ("k.jpg", "raw", "raw"),
        ("k.jpg", "originals/k.jpg", "k.jpg"),
        ("k.jpg", "k-carefull.jpg", "k.jpg"),
        ("k.jpg", "k.jpg?size=original", "k.jpg"),
        ("original/k.jpg", "k.jpg?w=2000", "original/k.jpg"),
        ("original/k.jpg", "master/k.jpg", "original/k.jpg"),
    ],
)
def test_the_largest_address_is_the_best(shown: str, offered: str, best: str) -> None:
    assert complete(shown, offered) == f"{A}{best}"


@pytest.mark.parametrize(
    ("shown", "offered", "best"),
    [
        (None, 1, "m.jpg"),
        (600, 601, "m.jpg"),
        (600, 600, "k.jpg"),
        (600, None, "k.jpg"),
        (None, None, "k.jpg"),
    ],
)
def test_declared_widths_tell_the_larger_address(shown: int | None, offered: int | None, best: str) -> None:
    assert complete("k.jpg", "m.jpg", shown=shown, offered=offered) == f"{A}{best}"


def test_a_width_in_an_address_stands_above_a_declared_one() -> None:
    assert complete("k.jpg", "m.jpg?w=500", shown=600, offered=900) == f"{A}k.jpg"


def test_a_width_in_the_address_shown_stands_above_a_declared_one() -> None:
    assert complete("k.jpg?w=900", "m.jpg", shown=300, offered=600) == f"{A}k.jpg?w=900"


def test_the_best_of_several_offered_addresses_is_taken() -> None:
    found = complete("k.jpg?w=300", "k.jpg?w=600", "k.jpg?w=900", "k.jpg?w=700")
    assert found == f"{A}k.jpg?w=900"


def test_another_spelling_of_the_address_is_no_larger_one() -> None:
    found = with_offer(ImageReference(f"{A}k.jpg"), LeadImage(("http://a.example/k.jpg",), 900))
    assert (found.url, found.variants) == (f"{A}k.jpg", ())


def test_every_address_stays_a_variant_but_the_best() -> None:
    reference = ImageReference(f"{A}k-300x200.jpg", (f"{A}k-150x150.jpg",))
    found = with_offer(reference, LeadImage((f"{A}k.jpg", f"{A}k-600x400.jpg", f"{A}k-150x150.jpg")))
    assert found.variants == (f"{A}k-300x200.jpg", f"{A}k-150x150.jpg", f"{A}k-600x400.jpg")


def test_an_upload_that_is_offered_is_no_guess_any_more() -> None:
    reference = ImageReference(f"{A}k-300x200.jpg", uploads=(f"{A}k.jpg", f"{A}m.jpg"))
    assert with_offer(reference, LeadImage((f"{A}k.jpg",))).uploads == (f"{A}m.jpg",)


def test_an_upload_that_is_offered_as_a_variant_is_no_guess_any_more() -> None:
    reference = ImageReference(f"{A}original/k.jpg", (f"{A}s.jpg",), uploads=(f"{A}m.jpg", f"{A}s.jpg"))
    assert with_offer(reference, LeadImage((f"{A}m.jpg",))).uploads == ()


OFFER = LeadImage(
    (f"{A}k.jpg",),
    1600,
    900,
    "Offered alt",
    "Offered caption",
    "json-ld caption",
    "KCNA",
    "json-ld creditText",
)


def test_an_offer_adds_what_the_markup_does_not_tell() -> None:
    assert with_offer(ImageReference(f"{A}k.jpg"), OFFER) == ImageReference(
        f"{A}k.jpg",
        alt="Offered alt",
        caption="Offered caption",
        caption_field="json-ld caption",
        credit="KCNA",
        credit_field="json-ld creditText",
        width=1600,
        height=900,
    )


def test_what_the_markup_tells_stands_above_an_offer() -> None:
    reference = ImageReference(
        f"{A}k.jpg",
        alt="Alt",
        caption="Caption",
        caption_field="figcaption",
        credit="Jane Doe",
        credit_field="caption",
        width=300,
        height=200,
    )
    assert with_offer(reference, OFFER) == reference


def test_an_offer_without_a_credit_leaves_the_field_as_it_was() -> None:
    reference = ImageReference(f"{A}k.jpg", credit_field="caption")
    assert (
        with_offer(reference, LeadImage((f"{A}k.jpg",), credit_field="json-ld author")).credit_field
        == "caption"
    )


@pytest.mark.parametrize(("width", "height"), [(300, None), (None, 200)])
def test_a_size_is_not_put_together_of_two_sources(width: int | None, height: int | None) -> None:
    found = with_offer(ImageReference(f"{A}k.jpg", width=width, height=height), OFFER)
    assert (found.width, found.height) == (width, height)


# The page's references, completed


def reference(name: str, **told: object) -> ImageReference:
    return ImageReference(f"{A}{name}", **told)  # type: ignore[arg-type]


def offer(*names: str, **told: object) -> LeadImage:
    return LeadImage(tuple(f"{A}{name}" for name in names), **told)  # type: ignore[arg-type]


def pairing(*names: str) -> UrlGroups:
    return UrlGroups("https://a.example/story/", [f"{A}{name}" for name in names])


def test_without_offers_references_stay_as_they_are_but_for_their_places() -> None:
    found = complete_references([reference("k.jpg", position=7), reference("m.jpg")], [], [], [], pairing())
    assert found == (reference("k.jpg"), reference("m.jpg", position=1))


def test_a_picture_that_only_the_head_names_is_the_featured_one() -> None:
    found = complete_references([], [], [offer("m.jpg", alt="Kim")], [], pairing())
    assert found == (reference("m.jpg", role=Role.FEATURED, alt="Kim"),)


def test_a_picture_for_sharing_that_the_page_shows_nowhere_is_none_where_the_story_has_others() -> None:
    found = complete_references([reference("k.jpg")], [reference("x.jpg")], [offer("m.jpg")], [], pairing())
    assert found == (reference("k.jpg"),)


def test_of_the_pictures_that_the_head_names_the_first_that_is_shown_is_the_featured_one() -> None:
    named = [offer("card.jpg"), offer("m.jpg")]
    found = complete_references([reference("k.jpg")], [reference("m.jpg")], named, [], pairing())
    assert [(one.url, one.role) for one in found] == [
        (f"{A}m.jpg", Role.FEATURED),
        (f"{A}k.jpg", Role.CONTENT),
    ]


def test_pictures_outside_the_story_are_looked_at_only_where_it_shows_none_that_is_named() -> None:
    def refuse() -> Iterator[ImageReference]:
        raise AssertionError("not needed")
        yield reference("x.jpg")

    found = complete_references([reference("m.jpg")], refuse(), [offer("m.jpg")], [], pairing())
    assert [one.role for one in found] == [Role.FEATURED]


def test_a_picture_of_the_story_that_the_head_names_is_the_featured_one() -> None:
    found = complete_references(
        [reference("k.jpg"), reference("m-300x200.jpg", caption="Kim")], [], [offer("m.jpg")], [], pairing()
    )
    assert [(one.url, one.role, one.caption, one.position) for one in found] == [
        (f"{A}m.jpg", Role.FEATURED, "Kim", 0),
        (f"{A}k.jpg", Role.CONTENT, "", 1),
    ]


def test_a_picture_outside_the_story_that_the_head_names_is_the_featured_one() -> None:
    outside = [reference("x.jpg"), reference("m.jpg", caption="Kim")]
    found = complete_references([reference("k.jpg")], outside, [offer("m.jpg")], [], pairing())
    assert [(one.url, one.caption) for one in found] == [(f"{A}m.jpg", "Kim"), (f"{A}k.jpg", "")]


def test_the_picture_of_the_story_stands_above_the_same_outside() -> None:
    outside = [reference("m.jpg", caption="Outside")]
    found = complete_references(
        [reference("m.jpg", caption="Inside")], outside, [offer("m.jpg")], [], pairing()
    )
    assert [one.caption for one in found] == ["Inside"]


def test_nothing_outside_is_taken_without_a_name() -> None:
    assert complete_references([], [reference("m.jpg")], [], [offer("m.jpg")], pairing()) == ()


def test_the_references_given_are_not_changed() -> None:
    given, outside = [reference("k.jpg")], [reference("m.jpg")]
    complete_references(given, outside, [offer("k.jpg")], [], pairing())
    complete_references(given, outside, [offer("m.jpg")], [], pairing())
    assert (given, outside) == ([reference("k.jpg")], [reference("m.jpg")])


def test_every_name_of_the_main_picture_completes_it() -> None:
    named = [offer("m-300x200.jpg", alt="Kim"), offer("m.jpg", credit="KCNA", credit_field="json-ld author")]
    found = complete_references([], [], named, [], pairing())
    assert found == (
        reference(
            "m.jpg",
            variants=(f"{A}m-300x200.jpg",),
            role=Role.FEATURED,
            alt="Kim",
            credit="KCNA",
            credit_field="json-ld author",
        ),
    )


def test_a_second_name_of_the_main_picture_finds_it_in_the_story() -> None:
    named = [offer("a-77777777.jpg"), offer("b-77777777.jpg", "z.jpg")]
    found = complete_references([reference("z.jpg", caption="Kim")], [], named, [], pairing())
    assert [(one.url, one.caption) for one in found] == [(f"{A}z.jpg", "Kim")]


def test_a_second_picture_of_the_head_is_no_picture_of_the_page() -> None:
    found = complete_references([], [], [offer("k.jpg"), offer("m.jpg")], [], pairing())
    assert [one.url for one in found] == [f"{A}k.jpg"]


def test_a_second_picture_of_the_head_completes_the_one_of_the_story() -> None:
    found = complete_references(
        [reference("m.jpg")], [], [offer("k.jpg"), offer("m.jpg", alt="Kim")], [], pairing()
    )
    assert [(one.url, one.role, one.alt) for one in found] == [(f"{A}m.jpg", Role.FEATURED, "Kim")]


def test_a_described_picture_completes_the_one_of_the_story() -> None:
    found = complete_references(
        [reference("k.jpg"), reference("m-300x200.jpg")], [], [], [offer("m.jpg", caption="Kim")], pairing()
    )
    assert [(one.url, one.caption) for one in found] == [(f"{A}k.jpg", ""), (f"{A}m.jpg", "Kim")]


def test_a_described_picture_of_another_page_is_left_out() -> None:
    assert complete_references([reference("k.jpg")], [], [], [offer("m.jpg")], pairing()) == (
        reference("k.jpg"),
    )


def test_what_is_named_stands_above_what_is_described() -> None:
    found = complete_references(
        [reference("m.jpg")], [], [offer("m.jpg", alt="Named")], [offer("m.jpg", alt="Described")], pairing()
    )
    assert [one.alt for one in found] == ["Named"]


def test_a_variant_tells_the_picture_too() -> None:
    variants = (f"{A}m.jpg",)
    found = complete_references(
        [reference("k.jpg", variants=variants)], [], [], [offer("m.jpg", alt="Kim")], pairing()
    )
    assert [one.alt for one in found] == ["Kim"]


def test_an_offer_goes_to_the_picture_that_is_most_like_it() -> None:
    likely = reference("kim-visits-farm_a.jpg")
    sure = reference("kim-visits-farm_b.jpg")
    found = complete_references(
        [likely, sure], [], [], [offer("kim-visits-farm_b.jpg", alt="Kim")], pairing()
    )
    assert [one.alt for one in found] == ["", "Kim"]


def test_of_pictures_equally_like_an_offer_the_first_is_completed() -> None:
    weak = [reference("kim-visits-farm_a.jpg"), reference("kim-visits-farm_b.jpg")]
    found = complete_references(weak, [], [], [offer("kim-visits-farm_c.jpg", alt="Kim")], pairing())
    assert [one.alt for one in found] == ["Kim", ""]


def test_every_crop_of_the_main_picture_is_one_featured_picture() -> None:
    crops = [
        reference("a-77777777.jpg", width=300, alt="Small"),
        reference("k.jpg"),
        reference("b-77777777.jpg", width=900, caption="Kim"),
        reference("c-77777777.jpg", width=600),
    ]
    found = complete_references(crops, [], [offer("d-77777777.jpg")], [], pairing())
    assert found == (
        reference(
            "b-77777777.jpg",
            variants=(f"{A}a-77777777.jpg", f"{A}c-77777777.jpg", f"{A}d-77777777.jpg"),
            role=Role.FEATURED,
            alt="Small",
            caption="Kim",
            width=900,
        ),
        reference("k.jpg", position=1),
    )


def test_a_crop_without_a_width_is_the_smallest() -> None:
    crops = [reference("a-77777777.jpg", alt="A"), reference("b-77777777.jpg", alt="B", width=1)]
    found = complete_references(crops, [], [offer("c-77777777.jpg")], [], pairing())
    assert [one.alt for one in found] == ["B"]


def test_of_pictures_that_may_be_the_main_one_the_first_is_taken() -> None:
    weak = [reference("kim-visits-farm_a.jpg", alt="A"), reference("kim-visits-farm_b.jpg", alt="B")]
    found = complete_references(weak, [], [offer("kim-visits-farm_c.jpg")], [], pairing())
    assert [(one.role, one.alt) for one in found] == [(Role.FEATURED, "A"), (Role.CONTENT, "B")]


def test_a_sure_picture_stands_above_one_that_may_be_the_main_one() -> None:
    found = complete_references(
        [reference("kim-visits-farm_a.jpg", alt="A"), reference("kim-visits-farm_b.jpg", alt="B")],
        [],
        [offer("kim-visits-farm_b.jpg")],
        [],
        pairing(),
    )
    assert [(one.role, one.alt) for one in found] == [(Role.FEATURED, "B"), (Role.CONTENT, "A")]


def test_what_many_pictures_of_a_page_are_called_pairs_none() -> None:
    names = [f"kim-visits-farm_{letter}.jpg" for letter in "abc"]
    found = complete_references([reference(names[0])], [], [offer(names[1])], [], pairing(*names))
    assert found == (reference(names[0]),)


def test_the_work_grows_with_the_pictures_that_are_shown_and_described() -> None:
    def complete(size: int) -> int:
        shown = [reference(f"{number}.jpg") for number in range(size)]
        described = [offer(f"{number}.jpg", credit="KCNA") for number in range(size)]
        found = complete_references(shown, [], described[:1], described, pairing())
        return sum(one.credit == "KCNA" for one in found)

    assert assert_grows_evenly(complete, 4000) == 4000


def test_the_work_grows_with_the_crops_of_one_picture() -> None:
    def complete(size: int) -> int:
        crops = [f"{number}/44445555.jpg" for number in range(size)]
        shown = [reference(crop) for crop in crops]
        named = [offer(crop) for crop in crops]
        return len(complete_references(shown, [], named, [], pairing()))

    assert assert_grows_evenly(complete, 4000) == 1


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [
        ("assets/png/hp-0123456789abcdef0123456789abcdef.png", False),
        ("static/media/card.0123456789abcdef.jpg", False),
        ("assets/images/34/34034708-the-old-quay-3lkrgihhpwb6.jpg", True),
        ("uploads/hp-0123456789abcdef0123456789abcdef.png", True),
    ],
)
def test_a_file_with_the_fingerprint_of_a_program_is_the_sites(path: str, *, is_kept: bool) -> None:
    assert is_offered(f"{SITE}{path}") is is_kept
