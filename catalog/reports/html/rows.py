"""The table of a report: one small row a cluster, written as it comes, so that memory does not grow with them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from catalog.clusters import Cluster, format_size
from catalog.reports import THUMBNAIL_SIDE, fit_size, plain, spread

# Rows on one page of the lists for browsers without scripts.
LISTED_ROWS = 200

HEADLINE_CHARACTERS = 110
CREDIT_CHARACTERS = 80

# What a row is searched by: enough for how the captions and credits of a cluster begin.
SEARCHED_CHARACTERS = 1000

# What a row says of conflicts, as a sum.
CONFLICT_BITS = {"caption": 1, "credit": 2, "credit missing": 4}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A cluster in the table. `hours` is from the earliest use to the latest; `thumb` the thumbnail's name or `""`."""

    id: str
    headline: str
    thumb: str
    thumb_size: tuple[int, int]
    size: str
    copies: int
    uses: int
    sites: tuple[str, ...]
    earliest: str
    earliest_site: str
    hours: float | None
    conflicts: tuple[str, ...]
    credit: str
    more_credits: int
    searched: str

    @classmethod
    def of(cls, cluster: Cluster, *, has_thumb: bool) -> ReportRow:
        """The row of a cluster."""
        best, earliest = cluster.best, cluster.earliest
        said = credits_of(cluster)
        hours = spread(use.hours_after for use in cluster.uses)
        return cls(
            id=cluster.id,
            headline=headline(cluster),
            thumb=best.sha256 if has_thumb else "",
            thumb_size=fit_size(best.width, best.height, THUMBNAIL_SIDE),
            size=" ".join(dict.fromkeys((format_size(best), best.format))),
            copies=len(cluster.copies),
            uses=len(cluster.uses),
            sites=sites_of(cluster),
            earliest=earliest.time if earliest else "",
            earliest_site=plain(earliest.site, 120) if earliest else "",
            hours=None if hours is None else round(hours, 2),
            conflicts=cluster.conflicts.kinds,
            credit=plain(said[0], CREDIT_CHARACTERS) if said else "",
            more_credits=max(0, len(said) - 1),
            searched=_format_searched(cluster, said),
        )


def headline(cluster: Cluster) -> str:
    """What a person knows the photograph by: the title of the earliest page, else a caption, else its number."""
    titles = (use.page.title for use in cluster.uses if use.page is not None)
    captions = (use.usage.caption for use in cluster.uses)
    for texts in (titles, captions):
        for text in texts:
            if line := plain(text, HEADLINE_CHARACTERS):
                return line
    return f"Photograph {cluster.id}"


def sites_of(cluster: Cluster) -> tuple[str, ...]:
    """The cluster's sites in order of time, each once."""
    return tuple(dict.fromkeys(plain(one.site, 120) for one in cluster.sites))


def credits_of(cluster: Cluster) -> list[str]:
    """What credits a cluster has, the earliest first: of its uses, else what the best copy itself says."""
    said = [wording.text for wording in cluster.conflicts.credits]
    said = said or list(dict.fromkeys(use.usage.credit for use in cluster.uses if use.usage.credit))
    embedded = cluster.best.embedded.get("credit", {}).get("text", "")
    return said or ([embedded] if embedded else [])


def _format_searched(cluster: Cluster, said: Iterable[str]) -> str:
    """How captions and credits begin, each once, together no longer than it is worth."""
    found: dict[str, None] = {}
    room = SEARCHED_CHARACTERS
    for text in (*said, *(use.usage.caption for use in cluster.uses)):
        line = plain(text, 400)
        if not line or line in found:
            continue
        if len(line) > room:
            break
        found[line] = None
        room -= len(line)
    return "\n".join(found)


class RowsFile:
    """`data/index.js`: all rows for the table's script, since a page opened from disk may not fetch.

    One assignment. A row names sites by number, which are told at the end.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", errors="replace", newline="\n")
        self._file.write('window.photodeskData = {"rows": [\n')
        self._sites: dict[str, int] = {}
        self._is_empty = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sites = script_json(list(self._sites))
        self._file.write(f'\n], "sites": {sites}}};\n')
        self._file.close()

    def add(self, row: ReportRow) -> None:
        """Write one row."""
        values = [
            row.id,
            row.headline,
            row.thumb,
            *row.thumb_size,
            row.size,
            row.copies,
            row.uses,
            [self._sites.setdefault(site, len(self._sites)) for site in row.sites],
            row.earliest,
            row.earliest_site,
            row.hours,
            sum(CONFLICT_BITS[kind] for kind in row.conflicts),
            row.credit,
            row.more_credits,
            row.searched,
        ]
        self._file.write(("" if self._is_empty else ",\n") + script_json(values))
        self._is_empty = False


def script_json(value: object) -> str:
    """JSON that may stand in a script: nothing in it ends the script or a line of it.

    >>> script_json("</script>\\u2028")
    '"\\\\u003c/script\\\\u003e\\\\u2028"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
