"""How a report words things: dates, spans, sizes, addresses, and texts of strangers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assets import make_absolute
from catalog.clusters import Extent
from catalog.lookup import Coverage

# A caption on a page of a report is read at a glance up to here; the rest opens on demand.
GLANCE_CHARACTERS = 400

# What is shown when it opens: `assets` keeps no longer texts, so that nothing it brought in is left out.
MOST_CHARACTERS = 10_000

HOURS_A_DAY = 24

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?")

# Marks that turn the direction of text (UAX #9): in an attribute or a drawing nothing isolates them.
_DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


_SIZES = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))


@dataclass(frozen=True, slots=True)
class Glance:
    """A text of any length: how it `begins`, the whole of it as far as it is shown, and how much is `left_out`."""

    begins: str
    whole: str
    left_out: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether there is more than how it begins."""
        return self.begins != self.whole


def glance(text: str, characters: int = GLANCE_CHARACTERS) -> Glance:
    """A text cut for a page.

    >>> glance("Kim Jong Un visits", 8)
    Glance(begins='Kim Jong', whole='Kim Jong Un visits', left_out=0)
    """
    begins = text if len(text) <= characters else text[:characters].rstrip()
    return Glance(begins, text[:MOST_CHARACTERS], max(0, len(text) - MOST_CHARACTERS))


def plain(text: str, characters: int = 0) -> str:
    """A text for an attribute, a title or a drawing: one line, without marks of direction, cut if need be.

    >>> plain("a\\u202eb\\n c"), plain("abcdef", 4)
    ('ab c', 'abc…')
    """
    line = _SPACE.sub(" ", _DIRECTIONS.sub("", text)).strip()
    return f"{line[: characters - 1].rstrip()}…" if characters and len(line) > characters else line


def link(address: str) -> str:
    """The address if a browser may be sent there: http and https alone, else `""`.

    >>> link("https://news.example/a b"), link("javascript:alert(1)"), link("dump/post-1.json")
    ('https://news.example/a%20b', '', '')
    """
    return make_absolute(address)


def moment(text: str) -> tuple[str, str]:
    """Day and time of an ISO 8601 text, to the minute, in the zone it came in; anything else stays as it is.

    >>> moment("2025-08-04T06:42:31Z"), moment("2025-08-04"), moment("last May")
    (('2025-08-04', '06:42 UTC'), ('2025-08-04', ''), ('last May', ''))
    """
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        return text, ""
    day, time, zone = found.groups(default="")
    return day, f"{time} {'UTC' if zone in ('Z', '+00:00') else zone}".strip()


def is_moment(text: str) -> bool:
    """Whether a text is a date that a machine may read."""
    return _MOMENT.fullmatch(text.strip()) is not None


def hours(value: float | None) -> str:
    """A span in hours.

    >>> hours(0.2), hours(122.5), hours(1344.0), hours(-3.0), hours(None)
    ('0.2 h', '123 h', '1,344 h', '−3.0 h', '')
    """
    if value is None:
        return ""
    if value < 0:
        return f"−{hours(-value)}"
    # Halves go up, as they do in the table's script.
    return f"{value:.1f} h" if 0 < value < 10 else f"{int(value + 0.5):,} h"


def days(value: float | None) -> str:
    """A span of two days or more in days, else `""`.

    >>> days(1344), days(31)
    ('56 days', '')
    """
    return "" if value is None or value < 2 * HOURS_A_DAY else f"{int(value / HOURS_A_DAY + 0.5):,} days"


def file_size(length: int) -> str:
    """A number of bytes.

    >>> file_size(812), file_size(245_760), file_size(3_460_300)
    ('812 B', '240 KiB', '3.3 MiB')
    """
    if length < 1024:
        return f"{length} B"
    return f"{length / 1024:,.0f} KiB" if length < 1024 * 1024 else f"{length / 1024**2:,.1f} MiB"


def spread(hours_after: Iterable[float | None]) -> float | None:
    """The hours from the earliest use to the latest, of those that have a date.

    >>> spread([0.0, None, 31.25]), spread([None])
    (31.25, None)
    """
    known = [value for value in hours_after if value is not None]
    return max(known) - min(known) if known else None


def format_count(number: int, one: str, many: str = "", separator: str = "") -> str:
    """A number of things, its thousands apart where a separator is given.

    >>> format_count(1, "copy", "copies"), format_count(1200, "use"), format_count(1200, "use", separator=",")
    ('1 copy', '1200 uses', '1,200 uses')
    """
    return f"{number:{separator}} {one if number == 1 else many or one + 's'}"


def extent_text(extent: Extent) -> str:
    """The one line that sums a photograph up.

    >>> extent_text(Extent(15, 6, 6, "2025-08-04T06:42:31Z", "news.example"))
    '15 uses on 6 sites in 6 copies, earliest observed 2025-08-04 06:42 UTC at news.example'
    >>> extent_text(Extent(0, 0, 2))
    'in this catalog in 2 copies, no page is known to use it'
    """
    copies = format_count(extent.copies, "copy", "copies", separator=",")
    if not extent.uses:
        return f"in this catalog in {copies}, no page is known to use it"
    uses, sites = (
        format_count(extent.uses, "use", separator=","),
        format_count(extent.sites, "site", separator=","),
    )
    time = " ".join(part for part in moment(extent.earliest) if part)
    where = f" at {extent.earliest_site}" if extent.earliest_site else ""
    return f"{uses} on {sites} in {copies}, earliest observed {time}{where}"


def size_text(length: int) -> str:
    """A number of bytes as a person says it.

    >>> size_text(900), size_text(13_000_000)
    ('900 bytes', '12.4 MiB')
    """
    for size, unit in _SIZES:
        if length >= size:
            return f"{length / size:.1f} {unit}"
    return f"{length} bytes"


def coverage_text(coverage: Coverage) -> str:
    """What a verdict rests on, and of what it does not speak.

    >>> coverage_text(Coverage(804, 2, 1, since="2026-11-20T10:00:00Z", unreadable=14))
    'of 804 pictures, 2 pages, 1 site, since 2026-11-20; 14 of its 804 pictures could not be read'
    """
    return "; ".join(part for part in (covered_text(coverage), gaps_text(coverage)) if part)


def gaps_text(coverage: Coverage) -> str:
    """Which pictures of a catalog a verdict does not speak of, or `""`.

    >>> gaps_text(Coverage(2231, 9, 6, since="", unreadable=14, unstudied=1, uncompared=20))
    '14 of its 2,231 pictures could not be read, 1 not studied yet (see `photodesk index`), 20 not compared with all \
others yet'
    """
    told = [
        (coverage.unreadable, "could not be read"),
        (coverage.unstudied, "not studied yet (see `photodesk index`)"),
        (coverage.uncompared, "not compared with all others yet"),
    ]
    parts = [(f"{number:,}", why) for number, why in told if number]
    if not parts:
        return ""
    (number, why), *rest = parts
    first = f"{number} of its {format_count(coverage.pictures, 'picture', separator=',')} {why}"
    return ", ".join([first, *(" ".join(part) for part in rest)])


def incomplete_text(coverage: Coverage) -> str:
    """That a photograph may have more copies than are told, or `""` where every picture has been compared.

    >>> incomplete_text(Coverage(2231, 9, 6, since="", uncompared=312))
    '312 of 2,231 pictures are not yet compared with the others: copies may be missing'
    """
    if not coverage.uncompared:
        return ""
    is_one = coverage.uncompared == 1
    told = f"{coverage.uncompared:,} of {format_count(coverage.pictures, 'picture', separator=',')}"
    return f"{told} {'is' if is_one else 'are'} not yet compared with the others: copies may be missing"


def covered_text(coverage: Coverage) -> str:
    """What a catalog covers.

    >>> covered_text(Coverage(pictures=804, pages=1, sites=1, since="2026-11-20T10:00:00Z"))
    'of 804 pictures, 1 page, 1 site, since 2026-11-20'
    """
    parts = [
        format_count(coverage.pictures, "picture"),
        format_count(coverage.pages, "page"),
        format_count(coverage.sites, "site"),
    ]
    if coverage.since:
        parts.append(f"since {coverage.since[:10]}")
    return f"of {', '.join(parts)}"


def ranges(numbers: list[int]) -> str:
    """Numbers in order, runs of three and more drawn together.

    >>> ranges([2, 3, 4, 7, 9, 10])
    '2–4, 7, 9, 10'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = [f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ", ".join(told)
