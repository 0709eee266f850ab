"""Which pictures of a page are not its story's: boxes, teasers, rows, banners, portraits."""

from __future__ import annotations

import pytest

from assets.articles.links import Place
from assets.articles.main_content import find_story
from assets.articles.teasers import PLAYER, find_foreign_pictures
from assets.articles.text_density import measure_text_density
from assets.parsing.htmltree import parse_html
from tests.support.effort import assert_grows_evenly

PAGE = "https://a.example/news/kim/"
STORY = f"<p>{'x' * 400}</p><p>{'x' * 400}</p>"
IMG = "<img src=/k.jpg>"
AWAY = "<a href=/news/lee/>Lee</a>"


def signs(html: str, *authors: str) -> list[str]:
    """The signs of a page's foreign pictures."""
    outline = measure_text_density(parse_html(html))
    place = Place(PAGE, PAGE, authors)
    return [sign for _, sign in find_foreign_pictures(outline, find_story(outline, ()), place)]


def beside(html: str, *authors: str) -> list[str]:
    """The signs of the foreign pictures beside a story."""
    return signs(f"<article><div>{STORY}</div></article><div>{html}</div>", *authors)


def below(html: str) -> list[str]:
    """The signs of the foreign pictures under a long story, in the part that holds it."""
    return signs(f"<main><div>{STORY}{STORY}</div>{html}</main>")


# Backgrounds

BACKGROUND = "style='background-image:url(/k.jpg)'"


@pytest.mark.parametrize(
    "html",
    [
        f"<a href=/news/lee/><div {BACKGROUND}></div><h3>Lee goes to town</h3></a>",
        f"<a href=/news/lee/ {BACKGROUND}><h3>Lee goes to town</h3></a>",
        f"<div {BACKGROUND}><h3><a href=/news/lee/>Lee goes to town</a></h3></div>",
        f"<div class=related {BACKGROUND}></div>",
        f"<div class=promo><video poster=/k.jpg></video>{AWAY}</div>",
    ],
)
def test_backgrounds_and_posters_of_teasers_are_foreign(html: str) -> None:
    assert len(below(html)) == 1


@pytest.mark.parametrize(
    "html",
    [
        f"<div {BACKGROUND}></div>",
        "<div style='height:0px;padding-top:50%;background-image:url(/k.jpg)'></div>",
        "<figure><video poster=/k.jpg></video></figure>",
    ],
)
def test_a_background_that_leads_nowhere_is_the_story_s_own(html: str) -> None:
    assert below(html) == []


def test_a_background_behind_the_headline_is_the_story_s_own() -> None:
    html = f"<main><header class=masthead {BACKGROUND}><h1>Kim</h1></header><div>{STORY}</div></main>"
    assert signs(html) == []


# The story's own


@pytest.mark.parametrize(
    "picture",
    [
        IMG,
        f"<figure>{IMG}<figcaption>Kim</figcaption></figure>",
        f"<a href=/k.jpg>{IMG}</a>",
        f"<a href=/news/lee/>{IMG}</a>",
        f"<div>{IMG}<p>{AWAY}</p></div>",
        f"<div class=caption>{IMG}<a href=/news/lee/>Lee visits a mine</a></div>",
    ],
)
def test_pictures_in_the_text_are_its_own(picture: str) -> None:
    assert signs(f"<article>{STORY}{picture}{STORY}</article>") == []


def test_a_page_without_a_picture_has_no_foreign_one() -> None:
    assert signs(f"<article>{STORY}</article>") == []


def test_foreign_pictures_come_in_document_order() -> None:
    outline = measure_text_density(
        parse_html(f"<article>{STORY}</article><nav><img id=a></nav><footer><img id=b></footer>")
    )
    found = find_foreign_pictures(outline, find_story(outline, ()), Place(PAGE, PAGE))
    assert [(element.node.attributes["id"], sign) for element, sign in found] == [
        ("a", "box nav "),
        ("b", "box footer "),
    ]


def test_amp_pictures_are_judged_too() -> None:
    assert beside("<nav><amp-img></amp-img></nav>") == ["box nav "]


def test_unseen_pictures_are_judged_too() -> None:
    assert beside(f"<nav><noscript>{IMG}</noscript></nav>") == ["box nav "]


# Boxes


@pytest.mark.parametrize("tag", ["nav", "footer", "dialog", "menu", "object><nav"])
def test_boxes_by_their_tag(tag: str) -> None:
    (sign,) = beside(f"<{tag}>{IMG}")
    assert sign == f"box {tag.rpartition('<')[2]} "


def test_a_box_is_named_by_its_words() -> None:
    assert beside(f"<div class='Related posts' id=x>{IMG}</div>") == ["box div related posts x"]


@pytest.mark.parametrize("role", ["navigation", "banner", "contentinfo", "search", "dialog"])
def test_boxes_by_their_role(role: str) -> None:
    assert beside(f"<div role={role}>{IMG}</div>") == [f"box div {role}"]


def test_a_role_is_a_whole_word() -> None:
    assert beside(f"<div class=search-result>{IMG}</div>") == []


def test_what_holds_much_prose_is_a_box_by_its_tag() -> None:
    assert signs(f"<article><div>{STORY}{STORY}</div></article><nav>{IMG}{STORY}</nav>") == ["box nav "]


def test_the_innermost_box_is_named() -> None:
    assert beside(f"<footer><nav><div>{IMG}</div></nav></footer>") == ["box nav "]


def test_a_box_around_the_text_is_none() -> None:
    assert signs(f"<div class=related>{IMG}<div>{STORY}</div></div>") == []


def test_a_box_in_the_text_is_one() -> None:
    assert signs(f"<article>{STORY}<div class=related>{IMG}</div>{STORY}</article>") == ["box div related"]


def test_a_box_around_the_headline_is_none() -> None:
    html = f"<main><div class=related>{IMG}<h1>Kim</h1></div><div>{STORY}</div></main>"
    assert signs(html) == []


def test_a_box_beside_the_headline_is_one() -> None:
    html = f"<main><h1>Kim</h1><div class=related>{IMG}</div><div>{STORY}</div></main>"
    assert signs(html) == ["box div related"]


def test_a_header_outside_the_story_is_a_box() -> None:
    assert signs(f"<header>{IMG}</header><article>{STORY}</article>") == ["box header "]


def test_a_header_of_the_story_is_none() -> None:
    html = f"<article><header>{IMG}</header><div>{STORY}</div></article>"
    assert signs(html) == []


def test_a_header_of_the_story_is_none_by_its_words() -> None:
    html = f"<article><header class=social>{IMG}</header><div>{STORY}</div></article>"
    assert signs(html) == []


@pytest.mark.parametrize(
    "word",
    """related relateds related-posts related_posts relatedstories related-to-story recommended recommendations
    recirc recirculation most-read mostread most-popular most-viewed most-recent popular trending newsletter
    newsletters my-newsletter-box sign-up signup newssignup subscribe subscribers outbrain taboola advert adverts
    advertisement comment comments disqus commentlist respond sidebar breadcrumb breadcrumbs share sharebar
    share-buttons sharetool sharing social author-bio authors-bio authorbox author-info author-card author-image
    author-photo author-avatar author-profile author-details author-signature byline readmore see-also seealso
    read-more read-also read-next readnext more-stories more-news more-from more-articles more-on up-next upnext
    next-post next-article nextstory prev-post previous-article previouspost cookie cookies cookiebar consent
    masthead jp-relatedposts sharedaddy yarpp yarpp-related piano-wall regwall reg-wall registration-wall paywall
    pay-wall loginwall piano-reg-wall site-header sitefooter site-footer main_sidebar story-sidebar-right""".split(),
)
def test_boxes_by_their_words(word: str) -> None:
    assert beside(f"<div class={word}>{IMG}</div>") == [f"box div {word}"]


@pytest.mark.parametrize(
    "word",
    """unrelated popularity trends socialist shares author authors story-author nexting
    commentary sidebars readers more latest most header footer wall recital sharp""".split(),
)
def test_other_words_name_no_box(word: str) -> None:
    assert beside(f"<div class={word}>{IMG}</div>") == []


def test_a_word_of_a_part_of_the_text_names_no_box() -> None:
    html = f"<article><div>{STORY}{STORY}</div><div class=related>{IMG}<p>{'x' * 601}</p></div></article>"
    assert signs(html) == []


def test_a_box_may_hold_some_prose() -> None:
    html = f"<article><div>{STORY}{STORY}</div><div class=related>{IMG}<p>{'x' * 600}</p></div></article>"
    assert signs(html) == ["box div related"]


WEAK_WORDS = """promo promos promoted teaser teasers sponsor sponsored widget modal popup partner partners card
    cards carousel latest list team teams story-card card_list""".split()


@pytest.mark.parametrize("word", WEAK_WORDS)
def test_weak_words_name_boxes_that_lead_elsewhere(word: str) -> None:
    assert beside(f"<div class={word}>{IMG}{AWAY}</div>") == [f"box div {word}"]


@pytest.mark.parametrize("word", WEAK_WORDS)
def test_weak_words_name_no_boxes_that_lead_nowhere(word: str) -> None:
    assert beside(f"<div class={word}>{IMG}<a href=/k.jpg>Kim</a><a href=/author/lee/>Lee</a></div>") == []


@pytest.mark.parametrize("word", ["promotion", "listing", "cardinal", "teamwork", "latestnews"])
def test_other_words_are_not_weak_ones(word: str) -> None:
    assert beside(f"<div class={word}>{IMG}{AWAY}</div>") == []


@pytest.mark.parametrize("tag", ["aside", "article"])
def test_weak_tags_are_boxes_where_they_lead_elsewhere(tag: str) -> None:
    assert beside(f"<{tag}>{IMG}{AWAY}</{tag}>") == [f"box {tag} "]


@pytest.mark.parametrize("tag", ["aside", "article"])
def test_weak_tags_are_no_boxes_where_they_lead_nowhere(tag: str) -> None:
    assert beside(f"<{tag}>{IMG}</{tag}>") == []


def test_a_part_that_completes_the_page_is_a_box_where_it_leads_elsewhere() -> None:
    assert beside(f"<div role=complementary>{IMG}{AWAY}</div>") == ["box div complementary"]


def test_a_link_in_a_caption_does_not_make_a_box() -> None:
    assert beside(f"<aside>{IMG}<figcaption>{AWAY}</figcaption></aside>") == []


def test_each_weak_box_is_judged_by_its_own_links() -> None:
    assert beside(f"<aside>{IMG}</aside><aside>{IMG}{AWAY}</aside><aside>{IMG}{IMG}</aside>") == [
        "box aside "
    ]


def test_a_weak_box_is_judged_once_for_all_its_pictures() -> None:
    assert beside(f"<aside>{IMG}{IMG}{AWAY}</aside>") == ["box aside ", "box aside "]


def test_a_weak_part_of_much_prose_is_no_box() -> None:
    assert below(f"<section class=card>{IMG}{AWAY}<p>{'x' * 601}</p></section>") == []


def test_a_weak_part_of_some_prose_is_a_box() -> None:
    html = f"<section class=card>{IMG}{AWAY}<p>{'x' * 600}</p></section>"
    assert below(html) == ["box section card"]


def nested(levels: int) -> str:
    """A picture in a box with so many elements between them."""
    return f"<nav>{'<div>' * levels}{IMG}{'</div>' * levels}</nav>"


def test_a_box_may_lie_far_out() -> None:
    assert beside(nested(299)) == ["box nav "]


def test_looking_for_a_box_has_an_end() -> None:
    assert beside(nested(300)) == []


# Files


@pytest.mark.parametrize(
    "style",
    [
        "width:1px",
        "height: 1px",
        "width:0px;height:9px",
        "color:red;width:1px",
        "x height:0px",
        "height:\t1px",
    ],
)
def test_a_picture_of_a_pixel_is_hidden(style: str) -> None:
    assert beside(f"<img style='{style}'>") == ["hidden"]


@pytest.mark.parametrize("style", ["width:10px", "height:100px", "max-width:1px", "width:2px", ""])
def test_a_larger_picture_is_not_hidden(style: str) -> None:
    assert beside(f"<img style='{style}'>") == []


def test_a_hidden_picture_in_a_box_is_in_a_box() -> None:
    assert beside("<nav><img style='width:1px'></nav>") == ["box nav "]


@pytest.mark.parametrize(
    "src",
    [
        "/newsletter/k.jpg",
        "/img/newsletters/k.jpg",
        "/wp-content/themes/a/k.jpg",
        "/WP-Content/Themes/a/k.jpg",
    ],
)
def test_pictures_of_boxes_are_known_by_their_folder(src: str) -> None:
    assert beside(f"<img src={src}>") == ["box"]


@pytest.mark.parametrize("src", ["/newsletter.jpg", "/mynewsletter/k.jpg", "/wp-content/uploads/k.jpg", ""])
def test_other_folders_tell_nothing(src: str) -> None:
    assert beside(f"<img src='{src}'>") == []


@pytest.mark.parametrize("name", ["data-src", "data-lazy-src", "data-srcset"])
def test_the_folder_of_a_stand_in_tells_nothing(name: str) -> None:
    assert beside(f"<img src=/wp-content/themes/a/grey.jpg {name}=/k.jpg>") == []


@pytest.mark.parametrize("name", ["data-id", "srcset"])
def test_other_attributes_leave_a_picture_where_it_is(name: str) -> None:
    assert beside(f"<img src=/wp-content/themes/a/k.jpg {name}=/k.jpg>") == ["box"]


# Authors


def test_a_picture_that_leads_to_an_author_is_a_portrait() -> None:
    assert beside(f"<a href=/author/lee/>{IMG}</a>") == ["author"]


def test_a_picture_in_the_text_that_leads_to_an_author_is_a_portrait() -> None:
    assert signs(f"<article>{STORY}<a href=/author/lee/>{IMG}</a>{STORY}</article>") == ["author"]


@pytest.mark.parametrize("sizes", ["1px", "48px", "99px", "100px", "119px", " 48px "])
def test_a_small_picture_is_a_portrait(sizes: str) -> None:
    assert beside(f"<img sizes='{sizes}'>") == ["author"]


@pytest.mark.parametrize(
    "sizes", ["0px", "120px", "200px", "1000px", "48", "48vw", "48px, 100vw", "auto", ""]
)
def test_a_larger_picture_is_no_portrait(sizes: str) -> None:
    assert beside(f"<img sizes='{sizes}'>") == []


@pytest.mark.parametrize(
    "alt", ["Kim Doe", "kim doe", "Photo of Kim Doe", "Kim-Doe", "Kim Doe, abcdefghijklmn"]
)
def test_a_picture_called_as_the_author_is_a_portrait(alt: str) -> None:
    assert beside(f"<img alt='{alt}'>", "Lee Roe", "Kim Doe") == ["author"]


@pytest.mark.parametrize("alt", ["Kim", "Kim D", "Kim Doe, abcdefghijklmno", "Kim Moe", ""])
def test_a_picture_called_otherwise_is_no_portrait(alt: str) -> None:
    assert beside(f"<img alt='{alt}'>", "Kim Doe") == []


def test_a_name_of_five_letters_is_known() -> None:
    assert beside("<img alt='Photo of J. Doe, Y'>", "Y", "J. Doey") == ["author"]


def test_a_short_name_stands_in_any_text() -> None:
    assert beside("<img alt='J. Doe'>", "J. Doe") == []


def test_an_author_without_letters_is_none() -> None:
    assert beside("<img alt=''>", "–") == []


# Teasers


def linked(inside: str = IMG, href: str = "/news/lee/") -> str:
    return f"<a href={href}>{inside}</a>"


def test_a_linked_picture_alone_is_no_teaser() -> None:
    assert beside(linked()) == []


def test_a_link_with_picture_and_text_is_a_teaser() -> None:
    assert beside(linked(f"{IMG}<b>{'x' * 12}</b>")) == ["teaser"]


def test_a_link_with_two_pictures_and_no_text_is_no_teaser() -> None:
    assert beside(linked(IMG * 2)) == []


def test_a_link_with_picture_and_label_is_no_teaser() -> None:
    assert beside(linked(f"{IMG}<b>{'x' * 11}</b>")) == []


def test_a_link_with_picture_and_the_least_headline_is_a_teaser() -> None:
    assert beside(linked(f"{IMG}<b>{'x' * 12}</b>")) == ["teaser"]


def test_a_teaser_in_the_text_is_one() -> None:
    html = linked(f"{IMG}<b>Lee visits a mine</b>")
    assert signs(f"<article>{STORY}{html}{STORY}</article>") == ["teaser"]


def test_the_text_of_a_link_to_a_picture_is_no_teaser() -> None:
    assert beside(linked(f"{IMG}<b>Kim visits a farm</b>", "/k.jpg")) == []


def test_another_link_to_the_same_page_tells_a_teaser() -> None:
    assert beside(f"<div>{linked()}<p>{linked('x' * 12)}</p></div>") == ["teaser"]


def test_another_link_to_the_same_page_may_be_a_label() -> None:
    assert beside(f"<div>{linked()}<p>{linked('x' * 11)}</p></div>") == []


def test_a_link_to_another_page_tells_no_teaser() -> None:
    other = linked("Roe visits us", "/news/roe/")
    assert beside(f"<div>{linked()}<p>{other} {'x' * 40}</p></div>") == []


def test_a_link_outside_the_card_tells_no_teaser() -> None:
    html = f"<div><div>{linked()}</div><div>{IMG}</div><p>{linked('x' * 12)}</p></div>"
    assert beside(html) == []


def test_a_link_beside_much_prose_tells_no_teaser() -> None:
    html = f"<section>{linked()}<p>{'x' * 601}</p><p>{linked('x' * 12)}</p></section>"
    assert below(html) == []


def test_a_link_beside_some_prose_tells_a_teaser() -> None:
    html = f"<section>{linked()}<p>{'x' * 600}</p><p>{linked('x' * 12)}</p></section>"
    assert below(html) == ["teaser"]


# Rows


def test_three_linked_pictures_are_a_row() -> None:
    assert beside(linked() * 3) == ["row"] * 3


def test_two_linked_pictures_are_no_row() -> None:
    assert beside(linked() * 2) == []


def test_one_picture_that_leads_nowhere_breaks_a_row() -> None:
    assert beside(linked() * 3 + IMG) == []


def test_a_picture_linked_to_itself_breaks_a_row() -> None:
    assert beside(linked() * 3 + linked(href="/k.jpg")) == []


def test_an_unseen_picture_does_not_break_a_row() -> None:
    assert beside(f"{linked() * 3}<noscript>{IMG}</noscript>") == ["row"] * 3


def test_the_innermost_group_of_three_is_the_row() -> None:
    assert beside(f"<ul>{f'<li>{linked()}</li>' * 3}</ul>{IMG}") == ["row"] * 3


def test_a_row_may_hold_some_prose() -> None:
    assert below(f"<section>{linked() * 3}<p>{'x' * 600}</p></section>") == ["row"] * 3


def test_a_row_with_more_prose_is_none() -> None:
    assert below(f"<section>{linked() * 3}<p>{'x' * 601}</p></section>") == []


def test_rows_are_judged_apart() -> None:
    rows = f"<div>{linked() * 3}{IMG}</div><div>{linked() * 3}</div>"
    assert beside(rows) == ["row"] * 3


# Banners


def banner(attributes: str, *, href: str = "https://b.example/", more: str = "") -> str:
    return f"<a href={href} {more}><img {attributes}></a>"


@pytest.mark.parametrize(
    "attributes",
    [
        "src=/banner.jpg",
        "src=/top-banner-1.jpg",
        "data-src=/werbung/1.jpg",
        "alt='Anzeige: Kim'",
        "src=/k.jpg alt=Publicidad",
        "alt=publicité",
        "alt=publicite",
        "class=reklama",
        "class=ad-advert",
        "src=/adverts/1.jpg",
        "class=SPONSOR",
        "src=/sponsored.jpg",
    ],
)
def test_a_linked_picture_called_as_an_ad_is_a_banner(attributes: str) -> None:
    assert beside(banner(attributes, href="/news/lee/")) == ["banner"]


@pytest.mark.parametrize("attributes", ["src=/mybanner.jpg", "alt=Publication", "title=banner"])
def test_other_names_are_no_banners(attributes: str) -> None:
    assert beside(banner(attributes, href="/news/lee/")) == []


def test_a_picture_called_as_an_ad_that_leads_nowhere_is_none() -> None:
    assert beside("<img src=/banner.jpg>") == []


def test_what_stands_around_the_link_tells_a_banner() -> None:
    assert beside(f"<div class=anzeige>{banner('class=photo', href='/news/lee/')}</div>") == ["banner"]


def test_what_stands_further_out_tells_no_banner() -> None:
    assert beside(f"<div class=top-banner><div>{linked()}</div></div>") == []


def test_the_path_of_the_link_tells_a_banner() -> None:
    assert beside(linked(href="/banner/7/")) == ["banner"]


def test_the_host_of_the_link_tells_no_banner() -> None:
    assert beside(linked(href="https://banner.example/7/")) == []


@pytest.mark.parametrize("rel", ["sponsored", "nofollow sponsored", "Sponsored"])
def test_a_paid_link_tells_a_banner(rel: str) -> None:
    assert beside(banner("src=/k.jpg", href="/news/lee/", more=f"rel='{rel}'")) == ["banner"]


@pytest.mark.parametrize("rel", ["nofollow", "unsponsored", ""])
def test_other_links_are_not_paid(rel: str) -> None:
    assert beside(banner("src=/k.jpg", more=f"rel='{rel}'")) == []


@pytest.mark.parametrize(
    "attributes",
    [
        "width=240 height=100",
        "width=240px height=100px",
        "width=970 height=250",
        "src=/k-728x90.jpg",
        "alt='728 x 90'",
        "class=k_728x90",
        "data-src=/728x90.gif",
        "src=/k-728x90.jpg width=100%",
        "src=/k-728x90.jpg width=300",
        "src=/k-728x90.jpg height=300",
    ],
)
def test_a_wide_picture_that_leads_to_another_site_is_a_banner(attributes: str) -> None:
    assert beside(banner(attributes)) == ["banner"]


@pytest.mark.parametrize(
    "attributes",
    [
        "width=239 height=100",
        "width=300",
        "height=100",
        "width=300 height=0",
        "src=/k-300x200.jpg",
        "src=/k-728x90.jpg width=300 height=200",
        "src=/k-17280x90.jpg",
        "src=/k-728x900.jpg",
        "src=/k-99x10.jpg",
        "src=/k-728x9.jpg",
        "title=728x90",
    ],
)
def test_other_pictures_that_lead_to_another_site_are_no_banners(attributes: str) -> None:
    assert beside(banner(attributes)) == []


def test_a_wide_picture_that_leads_to_the_own_site_is_no_banner() -> None:
    assert beside(banner("width=728 height=90", href="https://www.a.example/")) == []


def test_a_banner_in_the_text_is_one() -> None:
    html = banner("width=728 height=90")
    assert signs(f"<article>{STORY}{html}{STORY}</article>") == ["banner"]


# Cards


def test_a_card_whose_text_is_a_link_elsewhere_is_foreign() -> None:
    assert beside(f"<div>{IMG}{linked('x' * 12)}</div>") == ["card"]


def test_a_card_with_a_label_is_not() -> None:
    assert beside(f"<div>{IMG}{linked('x' * 11)}</div>") == []


def test_labels_do_not_add_up_to_a_card() -> None:
    assert beside(f"<div>{IMG}{linked('x' * 11)}{linked('x' * 11)}</div>") == []


def test_half_of_the_text_of_a_card_is_a_link() -> None:
    assert beside(f"<div>{IMG}{linked('x' * 30)}<p>{'y' * 30}</p></div>") == ["card"]


def test_less_than_half_of_the_text_makes_no_card() -> None:
    assert beside(f"<div>{IMG}{linked('x' * 30)}<p>{'y' * 31}</p></div>") == []


def test_links_of_a_card_add_up() -> None:
    html = f"<div>{IMG}{linked('x' * 15)}{linked('x' * 15, '/news/roe/')}<p>{'y' * 30}</p></div>"
    assert beside(html) == ["card"]


def test_a_link_to_a_picture_makes_no_card() -> None:
    assert beside(f"<div>{IMG}{linked('Kim visits a farm', '/k.jpg')}</div>") == []


def test_a_link_in_a_caption_makes_no_card() -> None:
    assert beside(f"<figure>{IMG}<figcaption>{linked('Lee visits a mine')}</figcaption></figure>") == []


@pytest.mark.parametrize("tag", ["h1", "h2", "h3", "h4", "h5", "h6"])
def test_a_card_with_a_linked_heading_is_foreign(tag: str) -> None:
    html = f"<{tag}>{linked('x' * 12)}</{tag}>"
    assert beside(f"<div>{IMG}{html}<p>{'y' * 40}</p></div>") == ["card"]


def test_a_heading_may_stand_in_its_link() -> None:
    html = linked(f"<h3>{'x' * 12}</h3>")
    assert beside(f"<div>{IMG}{html}<p>{'y' * 40}</p></div>") == ["card"]


def test_a_heading_may_stand_two_levels_further_out() -> None:
    html = f"<h3><span><span>{linked('x' * 12)}</span></span></h3>"
    assert beside(f"<div>{IMG}{html}<p>{'y' * 40}</p></div>") == ["card"]


def test_a_heading_further_out_is_not_the_links() -> None:
    html = f"<h3><span><span><span>{linked('x' * 12)}</span></span></span></h3>"
    assert beside(f"<div>{IMG}{html}<p>{'y' * 40}</p></div>") == []


def test_a_short_linked_heading_makes_no_card() -> None:
    assert beside(f"<div>{IMG}<h3>{linked('x' * 11)}</h3><p>{'y' * 40}</p></div>") == []


def test_a_heading_beside_a_link_makes_no_card() -> None:
    html = f"<h3>Lee visits a mine</h3><p>{linked('x' * 12)} {'y' * 40}</p>"
    assert beside(f"<div>{IMG}{html}</div>") == []


def test_a_link_over_a_card_with_a_heading_makes_it_foreign() -> None:
    assert beside(f"<div>{IMG}<h3>Lee visits a mine</h3>{linked('')}</div>") == ["card"]


def test_a_link_over_a_card_may_stand_before_the_heading() -> None:
    assert beside(f"<div>{linked('')}{IMG}<h3>Lee visits a mine</h3></div>") == ["card"]


def test_a_link_over_a_card_without_a_heading_tells_nothing() -> None:
    assert beside(f"<div>{IMG}<p>Lee visits a mine</p>{linked('')}</div>") == []


def test_a_linked_picture_does_not_lie_over_its_card() -> None:
    assert beside(f"<div>{linked()}<h3>Lee visits a mine</h3></div>") == []


def test_a_link_to_nowhere_does_not_lie_over_a_card() -> None:
    assert beside(f"<div>{IMG}<h3>Lee visits a mine</h3>{linked('', '/k.jpg')}</div>") == []


def test_a_picture_linked_to_itself_may_stand_in_a_foreign_card() -> None:
    assert beside(f"<div>{linked(href='/k.jpg')}<p>{linked('Lee visits a mine')}</p></div>") == ["card"]


def test_a_picture_linked_elsewhere_may_stand_in_a_foreign_card() -> None:
    other = linked("Roe visits a mill", "/news/roe/")
    assert beside(f"<div>{linked()}<p>{other}</p></div>") == ["card"]


def test_a_card_holds_one_picture() -> None:
    assert beside(f"<div><div>{IMG}</div><div>{IMG}</div>{linked('Lee visits a mine')}</div>") == []


def test_the_largest_card_is_judged() -> None:
    assert beside(f"<div><div>{IMG}</div><div>{linked('Lee visits a mine')}</div></div>") == ["card"]


def test_many_unseen_pictures_in_one_place_are_judged_in_short_time() -> None:
    assert beside(f"<noscript>{IMG * 2000}</noscript>") == []


def test_many_unseen_links_in_one_place_are_judged_in_short_time() -> None:
    assert beside(f"<noscript>{linked() * 1000}</noscript>") == []


# Players


def within(html: str) -> list[str]:
    """The signs of the foreign pictures in the midst of a text."""
    return signs(f"<article><h1>Kim</h1><div>{STORY}{html}{STORY}</div></article>")


PLAYERS = [
    f"<div class=c-video><span>{IMG}</span><p>2:34 Play: Lee opens a harbour</p></div>",
    f"<div class='podcast-player'>{IMG}<b>#8</b></div>",
    "<video poster=/k.jpg></video>",
]


@pytest.mark.parametrize("html", PLAYERS)
def test_what_a_player_in_the_text_shows_is_foreign(html: str) -> None:
    assert within(html) == [PLAYER]


@pytest.mark.parametrize("html", PLAYERS)
def test_a_player_above_the_text_shows_the_lead(html: str) -> None:
    assert signs(f"<article><h1>Kim</h1>{html}<div>{STORY}</div></article>") == []


@pytest.mark.parametrize("html", PLAYERS)
def test_what_a_player_shows_under_a_caption_is_the_storys(html: str) -> None:
    assert within(f"<figure>{html}<figcaption>Kim in the harbour</figcaption></figure>") == []


@pytest.mark.parametrize("box", ["no-video", "has-video", "videography", "articleplayers"])
def test_other_boxes_are_no_players(box: str) -> None:
    assert within(f"<div class='{box}'>{IMG}</div>") == []


# Pictures with a caption of their own

CAPTIONED = f"<figure>{IMG}<figcaption>Kim at the farm (Rosa Quint)</figcaption></figure>"


def test_a_link_to_another_story_below_a_captioned_picture_takes_nothing_away() -> None:
    assert below(f"<div>{CAPTIONED}<a href=/news/lee/>Lee goes to town again</a></div>") == []


def test_a_linked_heading_below_a_captioned_picture_makes_it_a_teaser() -> None:
    html = f"<div>{CAPTIONED}<h3><a href=/news/lee/>Lee goes to town again</a></h3></div>"
    assert below(html) == ["card"]


# Authors' portraits by their files


@pytest.mark.parametrize(
    ("file", "found"),
    [
        ("rosa-quint_circle-484x484.png", ["author"]),
        ("rosa-quint-opens-the-new-harbour-school.jpg", []),
        ("quint.jpg", []),
    ],
)
def test_a_file_called_after_the_author_shows_him(file: str, found: list[str]) -> None:
    html = f"<article><h1>Kim</h1><div><img src=/p/{file}></div><div>{STORY}</div></article>"
    assert signs(html, "Rosa Quint") == found


def test_an_author_may_be_known_by_the_link_to_his_page_alone() -> None:
    by = "<p><img src=/p/rosa-quint.png> <a href=/author/rq/>Rosa Quint</a></p>"
    assert signs(f"<article><h1>Kim</h1>{by}<div>{STORY}</div></article>") == ["author"]


# The work


def test_the_work_grows_with_the_teasers() -> None:
    def judge(size: int) -> int:
        teaser = f"<div class=card><a href=/news/lee/>{IMG}</a><h3><a href=/news/lee/>Lee goes to town</a></h3></div>"
        return len(below(f"<section class=list>{teaser * size}</section>"))

    assert assert_grows_evenly(judge, 2400) == 2400


def test_the_work_grows_with_pictures_deep_in_boxes() -> None:
    def judge(size: int) -> int:
        boxes = "<div class='c-list'>" * 200
        links = "<a href='#part'>Part of this page</a>" * size
        figure = f"<figure>{IMG}<figcaption>Kim</figcaption></figure>"
        return len(below(f"{boxes}{figure * size}{links}{'</div>' * 200}"))

    assert assert_grows_evenly(judge, 800) == 0
