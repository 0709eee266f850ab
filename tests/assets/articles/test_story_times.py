"""When a story was published and changed, by its own markup."""

from __future__ import annotations

import pytest

from assets.articles.main_content import find_story
from assets.articles.story_times import StoryTimes, read_times, read_written_day
from assets.articles.text_density import measure_text_density
from assets.parsing.htmltree import parse_html

TEXT = f"<div><p>{'x' * 200}</p><p>{'x' * 200}</p></div>"


def times(html: str) -> StoryTimes:
    density = measure_text_density(parse_html(html))
    return read_times(density, find_story(density, ()))


def published(inside: str = "", beside: str = "") -> tuple[str, ...]:
    return times(f"<body>{beside}<article><h1>Kim</h1>{inside}{TEXT}</article>").published


def test_a_story_tells_its_times_in_order() -> None:
    assert published("<time datetime=2005></time><p><time datetime=2006></time></p>") == ("2005", "2006")


@pytest.mark.parametrize(
    "html",
    [
        "<time class='entry-date published' datetime=2006></time>",
        "<time itemprop=datePublished datetime=2006></time>",
        "<div class=wp-block-post-date><time datetime=2006></time></div>",
        "<span class=posted-on><a href=/x/><time datetime=2006></time></a></span>",
        "<abbr class=published title=2006>March</abbr>",
    ],
)
def test_a_time_that_is_called_the_publication_goes_first(html: str) -> None:
    assert published(f"<time datetime=2005></time>{html}") == ("2006", "2005")


def test_the_time_of_a_change_is_none_of_the_publication_where_both_are_told() -> None:
    found = times(
        "<article><h1>Kim</h1><time class=updated datetime=2007></time>"
        f"<time class='entry-date published' datetime=2006></time>{TEXT}</article>"
    )
    assert (found.published[0], found.modified) == ("2006", ("2007",))


def test_a_story_that_was_not_changed_has_one_time() -> None:
    assert times(
        f"<article><h1>Kim</h1><time class='published updated' datetime=2006></time>{TEXT}</article>"
    ) == StoryTimes(("2006",), ())


@pytest.mark.parametrize(
    "html",
    [
        "<article><h2>Lee</h2><time datetime=2001></time></article>",
        "<aside><time datetime=2001></time></aside>",
        "<nav><time datetime=2001></time></nav>",
        "<ul><li><a href=/lee/>Lee goes to town</a> <time datetime=2001></time></li></ul>",
        "<ul><li><img src=/l.jpg><time datetime=2001></time></li></ul>",
        "<div class=related-posts><time class=published datetime=2001></time></div>",
        "<ol class=commentlist><div><time datetime=2001></time></div></ol>",
    ],
)
def test_times_of_teasers_and_comments_are_not_the_storys(html: str) -> None:
    assert published(html) == ()


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>By Rosa</li><li><time datetime=2006></time></li></ul>",
        "<footer class=entry-footer><time datetime=2006></time></footer>",
        "<header><time datetime=2006></time></header>",
    ],
)
def test_facts_about_the_story_tell_its_time(html: str) -> None:
    assert published(html) == ("2006",)


def test_a_time_beside_the_story_counts_where_it_is_called_the_publication() -> None:
    beside = "<div><time datetime=2005></time><time class=entry-date datetime=2006></time></div>"
    assert published(beside=beside) == ("2006",)


def test_the_storys_own_time_goes_before_one_beside_it() -> None:
    beside = "<div><time class=entry-date datetime=2006></time></div>"
    assert published("<time datetime=2005></time>", beside)[0] == "2005"


def test_a_page_without_a_story_has_no_times() -> None:
    assert times("<time class=published datetime=2006></time>") == StoryTimes()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("February 13, 2025", "2025-02-13"),
        ("Posted on Feb. 3rd, 2025", "2025-02-03"),
        ("13 February 2025", "2025-02-13"),
        ("13th May, 2025", "2025-05-13"),
        ("13.02.2025", "2025-02-13"),
        ("3. 2. 2025", "2025-02-03"),
        ("February 30, 2025", ""),
        ("02/13/2025", ""),
        ("Marching 13, 2025", ""),
        ("1.2.20256", ""),
        ("yesterday", ""),
    ],
)
def test_a_day_may_be_written_out(text: str, day: str) -> None:
    assert read_written_day(text) == day


def test_a_day_written_for_readers_alone_counts_where_no_machine_is_told() -> None:
    written = "<p>Posted on <a href=/x/><span class=entry-date>February 13, 2025</span></a></p>"
    assert published(written) == ("2025-02-13",)
    assert published(f"{written}<time datetime=2006></time>") == ("2006",)
    assert published("<aside><span class=entry-date>February 13, 2025</span></aside>") == ()
    assert published("<p>On February 13, 2025 the ferry came back.</p>") == ()
