"""From values to HTML, by templates that escape every text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Self

from jinja2 import Environment, PackageLoader, StrictUndefined

from catalog.harvest import explain_cut, now_text
from catalog.lookup import Coverage
from catalog.reports import (
    coverage_text,
    days,
    file_size,
    format_count,
    glance,
    hours,
    incomplete_text,
    is_moment,
    link,
    moment,
    plain,
    read_coverage,
)
from catalog.reports.html.cluster_page import ClusterPage
from catalog.reports.html.rows import CONFLICT_BITS, ReportRow
from catalog.reports.html.sites_page import Matrix, SiteRow
from catalog.store import Catalog

# Sites that the page without scripts lists.
LISTED_SITES = 1000


@dataclass(frozen=True, slots=True)
class About:
    """What the caller knows of the report: its title, what the catalog covers, and when and by what it was made."""

    title: str = "Duplicates"
    covers: str = ""
    generated: str = ""
    coverage: Coverage | None = None

    @property
    def incomplete(self) -> str:
        """That copies may be missing, and why; `""` where none can be for that."""
        return incomplete_text(self.coverage) if self.coverage is not None else ""

    @classmethod
    def of(cls, catalog: Catalog) -> Self:
        """What a catalog covers now."""
        return cls.covering(read_coverage(catalog))

    @classmethod
    def covering(cls, coverage: Coverage) -> Self:
        """A report made now of a catalog that covers so much."""
        return cls(covers=f"A catalog {coverage_text(coverage)}.", generated=now_text(), coverage=coverage)


@dataclass(frozen=True, slots=True)
class Totals:
    """What the report holds. `conflicts` are clusters whose uses disagree."""

    clusters: int = 0
    copies: int = 0
    uses: int = 0
    sites: int = 0
    conflicts: int = 0


class Pages:
    """Renders the pages of one report."""

    def __init__(self, about: About) -> None:
        self._about = about

    def index(self, totals: Totals, lists: int) -> str:
        """The page with the table."""
        return self._render("index.html", totals=totals, lists=lists, kinds=tuple(CONFLICT_BITS))

    def render_list(self, rows: Sequence[ReportRow], number: int, *, is_last: bool) -> str:
        """One page of the list for browsers without scripts."""
        return self._render("list.html", rows=rows, number=number, is_last=is_last)

    def cluster(self, page: ClusterPage) -> str:
        """One page of a cluster."""
        return self._render("cluster.html", root="../", page=page, cluster=page.cluster)

    def sites(self, rows: Sequence[SiteRow], matrix: Matrix) -> str:
        """The page of who shares photographs with whom."""
        left_out = max(0, len(rows) - LISTED_SITES)
        return self._render(
            "sites.html", rows=rows[:LISTED_SITES], left_out=left_out, total=len(rows), matrix=matrix
        )

    def _render(self, template: str, **values: object) -> str:
        values = {"root": "", "about": self._about, **values}
        return self._environment.get_template(template).render(values)

    @cached_property
    def _environment(self) -> Environment:
        environment = Environment(
            loader=PackageLoader("catalog.reports.html", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        filters = (explain_cut, glance, plain, link, moment, is_moment, hours, days, file_size)
        environment.filters.update({function.__name__: function for function in filters})
        environment.filters["counted"] = partial(format_count, separator=",")
        return environment
