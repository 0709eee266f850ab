"""`photodesk duplicates`: tell every cluster, as a table, CSV or JSON, or as a folder of pages."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from catalog.cli.console import argument_types
from catalog.cli.console.arguments import add_workers
from catalog.cli.console.preparation import compare_missing
from catalog.cli.console.progress import progress_shown
from catalog.cli.console.terminal import (
    EXIT_DONE,
    EXIT_SOME_FAILED,
    warn_of_damage,
)
from catalog.errors import CatalogUnwritable
from catalog.reports import sanitize_text

if TYPE_CHECKING:
    from catalog.clusters import Cluster, ClusterBuilder, ClusterFilter, Group
    from catalog.lookup import Coverage
    from catalog.store import Catalog, Store

# How wide a table is in a file: a caption's beginning stands beside the rest.
FILE_COLUMNS = 200


# More sites than these are no help to who mistyped one.
MOST_SITES = 5


# What stands in for others is told so often on standard error; JSON has all of it.
MOST_SUBSTITUTES = 5


# Who has made more contradictions than these begins with them.
MOST_CONTRADICTIONS = 5


EXAMPLES = """\
examples:
  photodesk duplicates
  photodesk duplicates --across-sites --html report/
  photodesk duplicates -o reuse.csv --since 2025-08-01
  photodesk duplicates --site news.example --relation crop --format json | jq '.clusters[].id'

A cluster is one photograph: its copies, crops and pages or collages that hold it. Pictures that came since the last
time are compared first.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    which = parser.add_argument_group("which clusters")
    which.add_argument("--across-sites", action="store_true", help="only photos that two sites or more use")
    which.add_argument(
        "--since", metavar="DATE", type=argument_types.moment, help="only photos used since then"
    )
    which.add_argument(
        "--site", metavar="SITE", type=argument_types.site, default="", help="only photos that this site uses"
    )
    which.add_argument(
        "--relation",
        choices=("identical", "copy", "crop", "contained"),
        default="",
        help="only photos with a copy that is so related to the best one",
    )
    how = parser.add_argument_group("how to tell")
    how.add_argument(
        "--format", choices=("table", "csv", "json"), help="default: what FILE is named, else table"
    )
    how.add_argument("-o", "--output", metavar="FILE", type=Path, help="write there instead of printing")
    how.add_argument("--html", metavar="DIR", type=Path, help="write pages with pictures into a folder")
    add_workers(how, "comparing")


def run(arguments: argparse.Namespace) -> int:
    """Tell every cluster, as a table, CSV or JSON, or as a folder of pages."""
    from catalog.clusters import ClusterBuilder, ClusterFilter
    from catalog.reports import explain_nothing, incomplete_text, read_coverage
    from catalog.store import open_catalog

    failures = compare_missing(arguments.catalog, arguments.workers)
    wanted = ClusterFilter(arguments.across_sites, arguments.since or "", arguments.site, arguments.relation)
    form = arguments.format or _form_of(arguments.output)
    with open_catalog(arguments.catalog, read_only=True) as catalog:
        store = catalog.records
        warn_of_damage(store.damage)
        # Before the clusters: what is compared while they are worked out may be missing in them.
        coverage = read_coverage(catalog)
        is_site_known = _knows_site(store, wanted.site)
        _warn_of_contradictions(store)
        work = ClusterBuilder(catalog)
        groups = work.groups()
        substitutes = work.substitutes()
        _tell_substitutes(substitutes)
        if arguments.html is not None:
            _write_pages(catalog, arguments, work, groups, wanted, coverage)
        if not arguments.html or arguments.format or arguments.output:
            with _output(arguments.output) as stream:
                is_any_told = _tell(work.clusters(groups, wanted), substitutes, coverage, form, stream)
            if not is_any_told and is_site_known:
                told = explain_nothing(wanted, coverage.pictures)
                print(f"photodesk: {told}", file=sys.stderr)
        if incomplete := incomplete_text(coverage):
            print(f"photodesk: {incomplete}", file=sys.stderr)
    return EXIT_SOME_FAILED if failures else EXIT_DONE


def _knows_site(store: Store, site: str) -> bool:
    """Whether a site that is asked for has pages; where it has none it is told, with those whose name holds it."""
    sites = store.sites_using() if site else {site}
    if site in sites:
        return True
    like = sorted(one for one in sites if site.casefold() in one.casefold())
    told = f"the catalog has no page of {site}"
    if like:
        told += f"; it has pages of {', '.join(like[:MOST_SITES])}"
        told += f" and {len(like) - MOST_SITES} more" if len(like) > MOST_SITES else ""
    print(f"photodesk: {sanitize_text(told)}", file=sys.stderr)
    return False


def _warn_of_contradictions(store: Store) -> None:
    """Tell which decisions cannot all be right."""
    from catalog.cli.console.text import decision_line
    from catalog.decisions import contradictions
    from catalog.reports import format_count

    found = list(contradictions(store))
    for records in found[:MOST_CONTRADICTIONS]:
        told = "; ".join(map(decision_line, records))
        print(f"photodesk: decisions contradict each other: {told}", file=sys.stderr)
    if more := len(found[MOST_CONTRADICTIONS:]):
        print(
            f"photodesk: decisions contradict each other in {format_count(more, 'more place')}",
            file=sys.stderr,
        )


def _tell_substitutes(substitutes: list[tuple[str, str]]) -> None:
    """Tell what is probably no photo, though it was found at many addresses."""
    from catalog.clusters import ID_DIGITS
    from catalog.reports import format_count

    for sha256, told in substitutes[:MOST_SUBSTITUTES]:
        print(
            f"photodesk: {sha256[:ID_DIGITS]}: {sanitize_text(told)}; not counted as reuse", file=sys.stderr
        )
    if more := len(substitutes[MOST_SUBSTITUTES:]):
        print(f"photodesk: {format_count(more, 'more probable substitute')}", file=sys.stderr)


def _form_of(output: Path | None) -> str:
    """The form that a file's name asks for."""
    suffix = output.suffix.lower() if output is not None else ""
    return {".csv": "csv", ".json": "json"}.get(suffix, "table")


def _write_pages(
    catalog: Catalog,
    arguments: argparse.Namespace,
    work: ClusterBuilder,
    groups: list[Group],
    wanted: ClusterFilter,
    coverage: Coverage,
) -> None:
    from catalog.reports import format_count
    from catalog.reports.html import About, PreviewThumbnails, write_report

    with progress_shown() as tell:
        totals = write_report(
            work.clusters(groups, wanted),
            arguments.html,
            PreviewThumbnails(catalog.originals),
            About.covering(coverage),
            lambda done: tell(f"{done} of at most {len(groups)} clusters written", done, len(groups)),
        )
    parts = [
        format_count(totals.clusters, "cluster"),
        format_count(totals.copies, "copy", "copies"),
        format_count(totals.uses, "use"),
        format_count(totals.sites, "site"),
    ]
    told = ", ".join(parts)
    print(f"{arguments.html / 'index.html'}: {told}", file=sys.stderr)


def _tell(
    clusters: Iterator[Cluster],
    substitutes: list[tuple[str, str]],
    coverage: Coverage,
    form: str,
    stream: TextIO,
) -> bool:
    """Write the clusters; False where a table would hold none, which is no answer and not written."""
    from catalog.harvest import now_text
    from catalog.reports import cluster_table, incomplete_text, json_parts, write_cluster_csv

    if form == "json":
        stream.writelines(json_parts(clusters, coverage, now_text(), substitutes))
        return True
    if form == "csv":
        write_cluster_csv(clusters, stream, coverage.uncompared)
        return True
    first = next(clusters, None)
    if first is None:
        return False
    from rich.console import Console

    # What is no terminal is not as narrow as one.
    console = Console(file=stream, width=None if stream.isatty() else FILE_COLUMNS)
    # Written by the console itself, a reader that goes away would end the process as a failure.
    with console.capture() as captured:
        console.print(cluster_table(chain([first], clusters), console.width))
    stream.write(captured.get())
    # A table in a file says it to whoever reads it; on a terminal it is told once.
    if (incomplete := incomplete_text(coverage)) and stream is not sys.stdout:
        stream.write(f"{incomplete}\n")
    return True


@contextmanager
def _output(path: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that is replaced when all is written. A device, a pipe or a link is written into."""
    if path is None:
        yield sys.stdout
        return
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            with path.open("w", encoding="utf-8", newline="") as stream:
                yield stream
        else:
            with _replaced(path) as stream:
                yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CatalogUnwritable(f"{path}: {error.strerror or error}") from error


@contextmanager
def _replaced(path: Path) -> Iterator[TextIO]:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    stream = beside.open("x", encoding="utf-8", newline="")
    try:
        with stream:
            yield stream
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
