"""The report of duplicates as a folder of pages that opens from disk and can be mailed.

Clusters are written as they come. What stays in memory is which clusters each site has, and one page of rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from catalog.clusters import Cluster
from catalog.errors import ReportError
from catalog.reports import THUMBNAIL_SIDE, VIEW_SIDE, PreviewThumbnails, Thumbnailer
from catalog.reports.html.cluster_page import cluster_pages
from catalog.reports.html.folder import copy_static, replaced
from catalog.reports.html.pages import About, Pages, Totals
from catalog.reports.html.rows import LISTED_ROWS, ReportRow, RowsFile, script_json
from catalog.reports.html.sites_page import SiteCounts

__all__ = ["About", "PreviewThumbnails", "ReportError", "Thumbnailer", "Totals", "write_report"]

# Digests and how they begin are all that names a file.
_NAME = re.compile(r"[0-9a-f]{1,64}")

Done = Callable[[int], None]


def write_report(
    clusters: Iterable[Cluster],
    folder: Path,
    thumbnails: Thumbnailer,
    about: About | None = None,
    done: Done | None = None,
) -> Totals:
    """Write the report and say what it holds; `done` is told the number of clusters after each of them.

    The same clusters give the same bytes. The folder is new, empty or an earlier report, else it is a `ReportError`.
    """
    with replaced(folder) as part:
        writer = _Writer(part, thumbnails, Pages(about or About()))
        with RowsFile(part / "data" / "index.js") as rows:
            for number, (before, cluster, after) in enumerate(_with_neighbours(clusters), 1):
                rows.add(writer.cluster(cluster, before, after))
                if done is not None:
                    done(number)
        return writer.finish()


class _Writer:
    """Writes a report's pages into a folder, cluster by cluster."""

    def __init__(self, folder: Path, thumbnails: Thumbnailer, pages: Pages) -> None:
        self._folder = folder
        self._thumbnails = thumbnails
        self._pages = pages
        self._sites = SiteCounts()
        self._listed: list[ReportRow] = []
        self._lists = 0
        self._copies = self._uses = self._conflicts = self._clusters = 0

    def cluster(self, cluster: Cluster, before: str, after: str) -> ReportRow:
        """Write a cluster's pages and pictures."""
        _check_name(cluster.id)
        pictured = self._pictures(cluster)
        for page in cluster_pages(cluster, pictured, before, after):
            self._write(f"clusters/{page.name}", self._pages.cluster(page))
        row = ReportRow.of(cluster, has_thumb=cluster.best.sha256 in pictured)
        self._sites.add(cluster)
        self._count(row)
        if len(self._listed) == LISTED_ROWS:
            self._flush_list(is_last=False)
        self._listed.append(row)
        return row

    def finish(self) -> Totals:
        """Write the pages about all of it."""
        self._flush_list(is_last=True)
        sites = self._sites.rows()
        self._write("sites.html", self._pages.sites(sites, self._sites.matrix()))
        values = [
            [one.site, one.clusters, one.earliest, one.shared, one.partner, one.partner_shares]
            for one in sites
        ]
        self._write("data/sites.js", f'window.photodeskData = {{"rows": {script_json(values)}}};\n')
        totals = Totals(self._clusters, self._copies, self._uses, len(sites), self._conflicts)
        self._write("index.html", self._pages.index(totals, self._lists))
        copy_static(self._folder)
        return totals

    def _count(self, row: ReportRow) -> None:
        self._clusters += 1
        self._copies += row.copies
        self._uses += row.uses
        self._conflicts += bool(row.conflicts)

    def _pictures(self, cluster: Cluster) -> frozenset[str]:
        """Write the pictures of a cluster; which assets have one."""
        best = cluster.best
        view = self._thumbnails(best, VIEW_SIDE)
        if view is not None:
            (self._folder / "views" / f"{_check_name(best.sha256)}.webp").write_bytes(view)
        found = set()
        for copy in cluster.copies:
            asset = copy.asset
            thumbnail = self._thumbnails(asset, THUMBNAIL_SIDE)
            if thumbnail is not None:
                (self._folder / "thumbs" / f"{_check_name(asset.sha256)}.webp").write_bytes(thumbnail)
                found.add(asset.sha256)
        if view is None:
            found.discard(best.sha256)
        return frozenset(found)

    def _flush_list(self, *, is_last: bool) -> None:
        self._lists += 1
        text = self._pages.render_list(self._listed, self._lists, is_last=is_last)
        self._write(f"list-{self._lists}.html", text)
        self._listed = []

    def _write(self, name: str, text: str) -> None:
        # A lone surrogate, which no file can hold, becomes a question mark.
        (self._folder / name).write_text(text, encoding="utf-8", errors="replace", newline="\n")


def _with_neighbours(clusters: Iterable[Cluster]) -> Iterator[tuple[str, Cluster, str]]:
    """Each cluster between the ids of those beside it, one read ahead."""
    before, current = "", None
    for cluster in clusters:
        if current is not None:
            yield before, current, cluster.id
            before = current.id
        current = cluster
    if current is not None:
        yield before, current, ""


def _check_name(text: str) -> str:
    """A digest or how it begins, fit for a file's name."""
    if not _NAME.fullmatch(text):
        raise ValueError(f"no digest: {text!r}")
    return text
