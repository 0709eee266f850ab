"""When a story was published and changed, as its own markup tells: not when its comments and teasers were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from assets.articles.main_content import MAX_LEVELS, MainContent
from assets.articles.text_density import Element, TextDensity

# What themes and the standards call the day of publication (hAtom, schema.org, WordPress' block themes).
_PUBLISHED = re.compile(
    r"(?:^|[\s_-])(?:published(?:-at|-date)?|date-published|pub-?date|post-date|entry-date|publish-date|posted-on)"
    r"(?=$|[\s_-])"
)
_UPDATED = re.compile(r"(?:^|[\s_-])(?:updated?(?:-at|-on)?|modified|date-modified)(?=$|[\s_-])")

# A longer text tells more than a day.
_MAX_DAY_BYTES = 60

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
# WordPress' own way of writing a day, the British one, and numbers between full stops. With slashes nobody knows
# which number is the month.
_DAY_LAST = re.compile(rf"(?i)\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)\b")
_DAY_FIRST = re.compile(
    rf"(?i)\b(?P<day>\d{{1,2}})(?:(?:st|nd|rd|th)?\s+{_MONTH},?\s+|\.\s?(?P<number>\d{{1,2}})\.\s?)(?P<year>(?:19|20)\d\d)\b"
)

# In these stand other stories and boxes.
_FOREIGN_TAGS = frozenset({"aside", "nav", "article", "dialog"})
# An entry of a list with so much of a link, or with a picture, is a teaser; others hold facts about the story.
_MIN_LINKED_BYTES = 12
_FOREIGN_WORDS = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|related(?:-?\w+)?|recommend\w*|teasers?|latest|recent(?:-?posts)?|popular"
    r"|most-?read|sidebar|widget|more-?(?:stories|news|from)|read-?(?:more|also|next)|hentry)(?=$|[\s_-])"
)


@dataclass(frozen=True, slots=True)
class StoryTimes:
    """The times as they stand in the markup, the surest first."""

    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()


def read_times(density: TextDensity, main_content: MainContent) -> StoryTimes:
    """The times of the story; where it tells none, those beside it that are called its day of publication."""
    if not main_content.prose:
        return StoryTimes()
    found = [one for one in _list_times(density) if not _is_foreign(density, main_content, one)]
    inside = [one for one in found if density.contains(main_content.root, one.number)]
    updated = [one for one in inside if _is_updated(one)]
    named = [one for one in inside if not _is_updated(one) and _is_published(density, one)]
    plain = [one for one in inside if not _is_updated(one) and not _is_published(density, one)]
    beside = [one for one in found if _is_published(density, one)]
    # A theme may tell the day of a change alone, another writes the day for readers alone.
    told = _read_values([*named, *plain, *beside, *updated])
    return StoryTimes(told or _read_written(density, main_content), _read_values(updated))


def _list_times(density: TextDensity) -> Iterator[Element]:
    for element in density.elements:
        if element.tag == "time" or (element.tag == "abbr" and _PUBLISHED.search(element.words)):
            yield element


def _read_written(density: TextDensity, main_content: MainContent) -> tuple[str, ...]:
    """The day that a theme writes out in words, in an element that is called the publication."""
    for element in density.elements:
        if 0 < element.text <= _MAX_DAY_BYTES and _PUBLISHED.search(element.words):
            day = read_written_day(element.node.text())
            if day and not _is_foreign(density, main_content, element):
                return (day,)
    return ()


def read_written_day(text: str) -> str:
    """The day that a text names, as ISO 8601 has it, `""` for none.

    >>> read_written_day("Posted on February 3, 2025"), read_written_day("3. 2. 2025"), read_written_day("2/3/2025")
    ('2025-02-03', '2025-02-03', '')
    """
    if found := _DAY_LAST.search(text):
        day, month, year = found["day"], found["month"], found["year"]
    elif found := _DAY_FIRST.search(text):
        day, month, year = found["day"], found["month"] or found["number"], found["year"]
    else:
        return ""
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return ""


def _is_published(density: TextDensity, time: Element) -> bool:
    """Whether a time, or what stands right around it, is called the day of publication."""
    return any(_PUBLISHED.search(one.words) for one in (time, *islice(density.ancestors(time.number), 2)))


def _is_updated(time: Element) -> bool:
    return _UPDATED.search(time.words) is not None and _PUBLISHED.search(time.words) is None


def _is_foreign(density: TextDensity, main_content: MainContent, time: Element) -> bool:
    """Whether a time stands in a part of the page that speaks of something else."""
    for around in islice(density.ancestors(time.number), MAX_LEVELS):
        if density.contains(around.number, main_content.body):
            return False
        if around.tag in _FOREIGN_TAGS or _FOREIGN_WORDS.search(around.words):
            return True
        if around.tag == "li" and (around.pictures or around.linked >= _MIN_LINKED_BYTES):
            return True
    return False


def _read_values(times: list[Element]) -> tuple[str, ...]:
    given = (one.node.attributes.get("datetime") or one.node.attributes.get("title") or "" for one in times)
    return tuple(dict.fromkeys(value for value in given if value))
