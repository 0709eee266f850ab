"""What no desk wants, and the news photos that look like it."""

from __future__ import annotations

import pytest

from assets.furniture import Furniture, Surroundings, declared, furniture, is_furniture_address

A = "https://a.example/wp-content/uploads/2025/08/"
FIGURE = Surroundings(is_captioned=True)


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
        ("https://a.example/favicon-32.png", "icon"),
    ],
)
def test_an_address_alone_tells_furniture(address: str, reason: str) -> None:
    assert furniture(address, FIGURE) is Furniture(reason)
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
        (Surroundings(width=1, height=1), "tracker"),
        (Surroundings(width=2, height=1), "tracker"),
        (Surroundings(width=16, height=16), "icon"),
        (Surroundings(width=32), "icon"),
        (Surroundings(width=728, height=90), "ad"),
        (Surroundings(words="emoji"), "emoji"),
        (Surroundings(words="wp-smiley"), "emoji"),
        (Surroundings(words="avatar avatar-96 photo"), "avatar"),
        (Surroundings(outer_words="author-box"), "avatar"),
        (Surroundings(outer_words="td-author__image"), "avatar"),
        (Surroundings(words="custom-logo"), "logo"),
        (Surroundings(outer_words="site-branding"), "logo"),
        (Surroundings(outer_words="addtoany_share_save_container"), "button"),
        (Surroundings(outer_words="sharedaddy sd-sharing"), "button"),
        (Surroundings(outer_words="social-links"), "button"),
        (Surroundings(words="nav-icon"), "icon"),
        (Surroundings(outer_words="ad-slot"), "ad"),
        (Surroundings(outer_words="advertisement", width=600, height=500), "ad"),
        (Surroundings(alt="Headshot of Jane Doe"), "avatar"),
        (Surroundings(alt="Harbour Times logo"), "logo"),
    ],
)
def test_surroundings_tell_furniture(around: Surroundings, reason: str) -> None:
    assert furniture(f"{A}kim.jpg", around) is Furniture(reason)


@pytest.mark.parametrize(
    "around",
    [
        Surroundings(words="wp-image-12 size-large"),
        Surroundings(outer_words="wp-block-image shareable-item"),
        Surroundings(outer_words="lightbox-button image-btn"),
        Surroundings(outer_words="has-iconic-look brandenburg socialist"),
        Surroundings(outer_words="author-box", width=800, height=500),
        Surroundings(outer_words="sponsored", is_captioned=True),
        Surroundings(words="logo", is_captioned=True),
        Surroundings(outer_words="addressed lead-story broadcast"),
        Surroundings(alt="The logo of the club above the gate"),
        Surroundings(width=150, height=33),
    ],
)
def test_surroundings_of_photos_are_not_taken_for_furniture(around: Surroundings) -> None:
    assert furniture(f"{A}kim.jpg", around) is None


@pytest.mark.parametrize(
    ("name", "around", "reason"),
    [
        ("logo.png", Surroundings(), "logo"),
        ("site-logo-white.png", Surroundings(), "logo"),
        ("HarbourLogo.jpg", Surroundings(), "logo"),
        ("facebook.png", Surroundings(), "button"),
        ("share-twitter.gif", Surroundings(), "button"),
        ("arrow-right.png", Surroundings(), "icon"),
        ("logo.png", FIGURE, None),
        ("logo.png", Surroundings(width=1000, height=600), None),
        ("logo.png", Surroundings(is_content=True), None),
        ("new-club-logo-unveiled-at-city-hall.jpg", Surroundings(), None),
        ("facebook.jpg", Surroundings(), None),
        ("arrow-season-five.jpg", Surroundings(), None),
        ("game-1000x600.jpg", Surroundings(alt="Harbour Game logo"), None),
        ("kim-16x16.png", Surroundings(), "icon"),
    ],
)
def test_short_names_of_files_tell_logos_and_icons(
    name: str, around: Surroundings, reason: str | None
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
    assert declared(value) == pixels
