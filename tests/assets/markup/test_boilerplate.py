"""What no desk wants, and the news photos that look like it."""

from __future__ import annotations

import pytest

from assets.markup.boilerplate import (
    BoilerplateKind,
    ImageContext,
    furniture,
    is_drawing,
    is_furniture_address,
    parse_declared_size,
)

A = "https://a.example/wp-content/uploads/2025/08/"
FIGURE = ImageContext(is_captioned=True)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://pixel.wp.com/g.gif?blog=1&post=2", "tracker"),
        ("https://stats.wordpress.com/b.gif?host=a.example", "tracker"),
        ("https://feeds.feedburner.com/~r/news/~4/abc", "tracker"),
        ("https://feeds.a.example/~ff/news?i=abc", "tracker"),
        ("https://www.facebook.com/tr?id=1&ev=PageView&noscript=1", "tracker"),
        ("https://sb.scorecardresearch.com/p?c1=2", "tracker"),
        ("https://www.google-analytics.com/collect?v=1", "tracker"),
        ("https://vg07.met.vgwort.de/na/abc", "tracker"),
        ("https://counter.theconversation.com/content/1/count.gif", "tracker"),
        ("https://a.example/?republication-pixel=true&post=1", "tracker"),
        ("https://pixel.b.example/t?x=1", "tracker"),
        ("https://ad.doubleclick.net/ddm/x", "ad"),
        ("https://ir-na.amazon-adsystem.com/e/ir?t=x", "ad"),
        ("https://secure.gravatar.com/avatar/abc?s=96", "avatar"),
        ("https://a.example/wp-content/avatars/1/photo.jpg", "avatar"),
        ("https://s.w.org/images/core/emoji/15.0.3/72x72/1f600.png", "emoji"),
        ("https://a.example/wp-includes/images/smilies/icon_smile.gif", "emoji"),
        ("https://a.example/twemoji/72x72/1f600.png", "emoji"),
        ("https://a.example/img/spacer.gif", "placeholder"),
        ("https://a.example/plugins/lazy/1x1.trans.gif", "placeholder"),
        ("https://a.example/img/image-placeholder.jpg", "placeholder"),
        ("https://a.example/img/spinners/big.gif", "placeholder"),
        ("https://a.example/img/ajax-loader.gif", "placeholder"),
        ("data:image/gif;base64,R0lGODlh", "placeholder"),
        ("https://a.example/img/arrow.svg?v=2", "icon"),
        ("https://a.example/img/share-button.svg", "button"),
        ("https://a.example/wp-content/themes/news/img/seal-of-the-city-of-news.svg", "icon"),
        ("https://a.example/wp-content/plugins/weather/sunny-with-a-few-clouds.svg", "icon"),
        ("https://a.example/static/share-icons/send-to-a-good-friend.svg", "icon"),
        ("https://a.example/img/sprite.symbol.svg", "icon"),
        ("https://a.example/img/placeholder-16x9.svg", "placeholder"),
        ("https://a.example/favicon-32.png", "icon"),
    ],
)
def test_an_address_alone_tells_furniture(address: str, reason: str) -> None:
    assert furniture(address, FIGURE) is BoilerplateKind(reason)
    assert is_furniture_address(address)


@pytest.mark.parametrize(
    "address",
    [
        f"{A}kim.jpg",
        f"{A}google-pixel.jpg",
        f"{A}google-pixel.png",
        f"{A}jean-grey.jpg",
        f"{A}loading.jpg",
        f"{A}avatar-2-premiere.jpg",
        f"{A}emoji-movie.jpg",
        f"{A}bitcoin-tracker.png",
        f"{A}icon_of_st_george.jpg",
        f"{A}share-of-the-harvest.jpg",
        "https://pixel.b.example/photos/kim.jpg",
        "https://i.ytimg.com/vi/abc/0.jpg",
        "https://scontent.xx.fbcdn.net/v/t1/kim.jpg",
        "https://i0.wp.com/a.example/kim.jpg",
    ],
)
def test_a_photo_is_not_thrown_away_for_its_name(address: str) -> None:
    assert furniture(address) is None


@pytest.mark.parametrize(
    ("around", "reason"),
    [
        (ImageContext(width=1, height=1), "tracker"),
        (ImageContext(width=2, height=1), "tracker"),
        (ImageContext(width=16, height=16), "icon"),
        (ImageContext(width=32), "icon"),
        (ImageContext(width=728, height=90), "ad"),
        (ImageContext(words="emoji"), "emoji"),
        (ImageContext(words="wp-smiley"), "emoji"),
        (ImageContext(words="avatar avatar-96 photo"), "avatar"),
        (ImageContext(outer_words="author-box"), "avatar"),
        (ImageContext(outer_words="td-author__image"), "avatar"),
        (ImageContext(words="custom-logo"), "logo"),
        (ImageContext(outer_words="site-branding"), "logo"),
        (ImageContext(outer_words="addtoany_share_save_container"), "button"),
        (ImageContext(outer_words="sharedaddy sd-sharing"), "button"),
        (ImageContext(outer_words="social-links"), "button"),
        (ImageContext(words="nav-icon"), "icon"),
        (ImageContext(outer_words="ad-slot"), "ad"),
        (ImageContext(outer_words="advertisement", width=600, height=500), "ad"),
        (ImageContext(alt="Headshot of Jane Doe"), "avatar"),
        (ImageContext(alt="Harbour Times logo"), "logo"),
    ],
)
def test_surroundings_tell_furniture(around: ImageContext, reason: str) -> None:
    assert furniture(f"{A}kim.jpg", around) is BoilerplateKind(reason)


@pytest.mark.parametrize(
    "around",
    [
        ImageContext(words="wp-image-12 size-large"),
        ImageContext(outer_words="wp-block-image shareable-item"),
        ImageContext(outer_words="lightbox-button image-btn"),
        ImageContext(outer_words="has-iconic-look brandenburg socialist"),
        ImageContext(outer_words="author-box", width=800, height=500),
        ImageContext(outer_words="sponsored", is_captioned=True),
        ImageContext(words="logo", is_captioned=True),
        ImageContext(outer_words="addressed lead-story broadcast"),
        ImageContext(alt="The logo of the club above the gate"),
        ImageContext(width=150, height=33),
    ],
)
def test_surroundings_of_photos_are_not_taken_for_furniture(around: ImageContext) -> None:
    assert furniture(f"{A}kim.jpg", around) is None


@pytest.mark.parametrize(
    ("name", "around", "reason"),
    [
        ("logo.png", ImageContext(), "logo"),
        ("site-logo-white.png", ImageContext(), "logo"),
        ("HarbourLogo.jpg", ImageContext(), "logo"),
        ("facebook.png", ImageContext(), "button"),
        ("share-twitter.gif", ImageContext(), "button"),
        ("arrow-right.png", ImageContext(), "icon"),
        ("logo.png", FIGURE, None),
        ("logo.png", ImageContext(width=1000, height=600), None),
        ("logo.png", ImageContext(is_content=True), None),
        ("new-club-logo-unveiled-at-city-hall.jpg", ImageContext(), None),
        ("facebook.jpg", ImageContext(), None),
        ("arrow-season-five.jpg", ImageContext(), None),
        ("game-1000x600.jpg", ImageContext(alt="Harbour Game logo"), None),
        ("kim-16x16.png", ImageContext(), "icon"),
    ],
)
def test_short_names_of_files_tell_logos_and_icons(
    name: str, around: ImageContext, reason: str | None
) -> None:
    found = furniture(A + name, around)
    assert (found.value if found else None) == reason


@pytest.mark.parametrize(
    ("value", "pixels"),
    [
        ("1000", 1000), (" 640px ", 640), ("640PX", 640), ("640.5", 640), ("0640", 640), ("100%", None), ("0", None),
        ("-5", None), ("auto", None), ("123456", None), ("", None), (None, None), ("٣٠٠", None), ("50vw", None),
    ],
)  # fmt: skip
def test_declared_sizes_are_pixels_or_nothing(value: str | None, pixels: int | None) -> None:
    assert parse_declared_size(value) == pixels


@pytest.mark.parametrize(
    "size",
    [
        (728, 90),
        (970, 90),
        (970, 250),
        (468, 60),
        (234, 60),
        (320, 50),
        (320, 100),
        (160, 600),
        (120, 600),
        (300, 600),
    ],
)
def test_a_size_in_which_ads_are_sold_is_an_ad_s(size: tuple[int, int]) -> None:
    assert furniture(f"{A}kim.jpg", ImageContext(width=size[0], height=size[1])) is BoilerplateKind.AD


def test_a_captioned_picture_of_an_ad_s_size_is_none() -> None:
    assert furniture(f"{A}kim.jpg", ImageContext(width=728, height=90, is_captioned=True)) is None


@pytest.mark.parametrize(("side", "reason"), [(3, BoilerplateKind.TRACKER), (4, BoilerplateKind.ICON)])
def test_a_tracker_has_up_to_three_pixels_a_side(side: int, reason: BoilerplateKind) -> None:
    assert furniture(f"{A}kim.jpg", ImageContext(width=side, height=1)) is reason


def test_one_side_alone_makes_no_tracker() -> None:
    assert furniture(f"{A}kim.jpg", ImageContext(width=1)) is BoilerplateKind.ICON


@pytest.mark.parametrize(("side", "reason"), [(32, BoilerplateKind.ICON), (33, None)])
def test_an_icon_has_up_to_32_pixels_a_side(side: int, reason: BoilerplateKind | None) -> None:
    assert furniture(f"{A}kim.jpg", ImageContext(width=side, height=side)) is reason


def test_the_larger_side_tells_an_icon() -> None:
    assert furniture(f"{A}kim.jpg", ImageContext(width=20, height=200)) is None


def test_the_size_in_an_address_is_judged_where_none_is_declared() -> None:
    assert furniture(f"{A}kim-20x20.jpg") is BoilerplateKind.ICON


def test_a_declared_size_goes_before_the_one_in_the_address() -> None:
    assert furniture(f"{A}kim-20x20.jpg", ImageContext(width=300, height=300)) is None


@pytest.mark.parametrize(("side", "reason"), [(399, BoilerplateKind.LOGO), (400, None)])
def test_a_picture_of_400_pixels_is_not_judged_by_words(side: int, reason: BoilerplateKind | None) -> None:
    assert furniture(f"{A}kim.jpg", ImageContext(words="logo", width=100, height=side)) is reason


@pytest.mark.parametrize(
    ("name", "reason"), [("a-b-logo.png", BoilerplateKind.LOGO), ("a-b-c-logo.png", None)]
)
def test_a_logo_s_name_has_up_to_three_words(name: str, reason: BoilerplateKind | None) -> None:
    assert furniture(A + name) is reason


def test_a_picture_that_an_editor_put_into_the_text_is_not_judged_by_its_name() -> None:
    assert furniture(f"{A}site-logo.png", ImageContext(is_content=True)) is None


def test_a_picture_that_an_editor_put_into_the_text_is_judged_by_words() -> None:
    assert furniture(f"{A}kim.jpg", ImageContext(words="logo", is_content=True)) is BoilerplateKind.LOGO


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("facebook.png", BoilerplateKind.BUTTON),
        ("facebook.jpg", None),
        ("arrow.png", BoilerplateKind.ICON),
        ("arrow.JPEG", None),
        ("logo.jpg", BoilerplateKind.LOGO),
    ],
)
def test_a_photo_s_format_is_judged_by_the_names_of_logos_alone(
    name: str, reason: BoilerplateKind | None
) -> None:
    assert furniture(A + name) is reason


# Drawings


CHART = f"{A}votes-by-region.svg"


@pytest.mark.parametrize(
    "around",
    [
        FIGURE,
        ImageContext(is_captioned=True, width=64, height=64),
        ImageContext(is_placed=True),
        ImageContext(is_placed=True, width=1, height=1),
        ImageContext(is_content=True),
        ImageContext(is_content=True, width=640, height=360),
        ImageContext(width=640, height=360),
    ],
)
@pytest.mark.parametrize("name", ["votes-by-region.svg", "map.svg", "map.svgz", "map.svg?ver=3"])
def test_a_drawing_with_a_place_of_its_own_is_a_picture_of_the_story(name: str, around: ImageContext) -> None:
    assert furniture(f"{A}{name}", around) is None


@pytest.mark.parametrize(
    "around",
    [
        ImageContext(),
        ImageContext(width=200, height=100),
        ImageContext(is_content=True, width=48, height=48),
        ImageContext(is_placed=True, width=128, height=96),
        ImageContext(is_captioned=True, width=24, height=24),
    ],
)
def test_other_drawings_are_icons(around: ImageContext) -> None:
    assert furniture(CHART, around) is BoilerplateKind.ICON


@pytest.mark.parametrize(
    ("name", "around", "reason"),
    [
        ("site-logo.svg", ImageContext(is_placed=True), "logo"),
        ("site-logo.svg", ImageContext(width=640, height=360), "logo"),
        ("herald.svg", ImageContext(is_content=True, alt="Herald logo"), "logo"),
        ("herald.svg", ImageContext(is_placed=True, outer_words="site-branding"), "logo"),
        ("parcel.svg", ImageContext(words="services icon", is_placed=True), "icon"),
        ("facebook.svg", ImageContext(is_placed=True), "button"),
        ("kim.svg", ImageContext(outer_words="author-box", is_placed=True), "avatar"),
        ("sun.svg", ImageContext(words="emoji", is_content=True), "emoji"),
    ],
)
def test_a_drawing_is_judged_by_name_and_words_however_large(
    name: str, around: ImageContext, reason: str
) -> None:
    assert furniture(f"{A}{name}", around) is BoilerplateKind(reason)


def test_a_logo_with_a_caption_is_what_the_story_is_about() -> None:
    assert furniture(f"{A}new-logo.svg", FIGURE) is None


def test_the_address_of_a_chart_alone_tells_nothing() -> None:
    assert not is_furniture_address(CHART)


@pytest.mark.parametrize("name", ["logo.svg", "icon-mail.svg", "facebook.svg"])
def test_the_address_of_a_drawing_that_is_named_as_an_icon_tells_it(name: str) -> None:
    assert is_furniture_address(f"{A}{name}")


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        (CHART, True),
        ("/k.SVG", True),
        ("/k.svgz?v=1", True),
        ("/k.svg.png", False),
        ("/svg", False),
        ("/k?f=a.svg", False),
    ],
)
def test_a_drawing_is_told_by_its_name(address: str, is_one: bool) -> None:
    assert is_drawing(f"https://a.example{address}" if address.startswith("/") else address) is is_one


@pytest.mark.parametrize(
    ("name", "alt"),
    [
        ("qr-img.png", ""),
        ("app_qr_code.jpg", ""),
        ("paywall-light.png", ""),
        ("newsletter.jpg", ""),
        ("google-play.png", ""),
        ("1234.png", "HP QR Code"),
        ("1234.png", "Content blocker"),
    ],
)
def test_what_asks_to_be_scanned_or_paid_for_is_no_picture(name: str, alt: str) -> None:
    assert furniture(f"{A}{name}", ImageContext(alt=alt)) is BoilerplateKind.AD


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("qr-code.jpg", FIGURE),
        ("qr-code.jpg", ImageContext(width=1200, height=800)),
        ("aquarium.jpg", ImageContext()),
        ("commuters-scan-a-qr-code-at-the-gate.jpg", ImageContext()),
        ("1234.jpg", ImageContext(alt="Commuters scan a QR code at the gate")),
    ],
)
def test_a_photo_of_what_is_scanned_is_one(name: str, context: ImageContext) -> None:
    assert furniture(f"{A}{name}", context) is None
