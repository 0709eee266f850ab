"""The commands that report: duplicates, evidence and changes. Beside `cli` they alone print."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from catalog.errors import CatalogLocked, CatalogUnwritable
from catalog.reports import json_line, printable
from catalog.terminal import EXIT_DONE, EXIT_SOME_FAILED, progress_shown, warn_of_damage

# How wide a table is in a file: a caption's beginning stands beside the rest.
FILE_COLUMNS = 200

# More sites than these are no help to who mistyped one.
MOST_SITES = 5

# Who has made more contradictions than these begins with them.
MOST_CONTRADICTIONS = 5

if TYPE_CHECKING:
    from assets import Failure
    from catalog.clusters import Cluster, ClusterBuilder, ClusterFilter, Group
    from catalog.reports.html import About
    from catalog.store import Store


def duplicates(arguments: argparse.Namespace) -> int:
    """Tell every cluster, as a table, CSV or JSON, or as a folder of pages."""
    from catalog.clusters import ClusterBuilder, ClusterFilter
    from catalog.reports import nothing_told
    from catalog.store import open_store

    failures = _compare_missing(arguments.catalog, arguments.workers)
    wanted = ClusterFilter(arguments.across_sites, arguments.since or "", arguments.site, arguments.relation)
    form = arguments.format or _form_of(arguments.output)
    with open_store(arguments.catalog, read_only=True) as store:
        warn_of_damage(store.damage)
        is_site_known = _knows_site(store, wanted.site)
        _warn_of_contradictions(store)
        work = ClusterBuilder(store, arguments.catalog)
        groups = work.groups()
        if arguments.html is not None:
            _write_pages(store, arguments, work, groups, wanted)
        if not arguments.html or arguments.format or arguments.output:
            with _output(arguments.output) as stream:
                is_any_told = _tell(work.clusters(groups, wanted), store, form, stream)
            if not is_any_told and is_site_known:
                told = nothing_told(wanted, len(store.sha256s()))
                print(f"photodesk: {told}", file=sys.stderr)
    return EXIT_SOME_FAILED if failures else EXIT_DONE


def _knows_site(store: Store, site: str) -> bool:
    """Whether a site that is asked for has pages; where it has none it is told, with those whose name holds it."""
    sites = {usage.site for usage in store.usages()} if site else {site}
    if site in sites:
        return True
    like = sorted(one for one in sites if site.casefold() in one.casefold())
    told = f"the catalog has no page of {site}"
    if like:
        told += f"; it has pages of {', '.join(like[:MOST_SITES])}"
        told += f" and {len(like) - MOST_SITES} more" if len(like) > MOST_SITES else ""
    print(f"photodesk: {printable(told)}", file=sys.stderr)
    return False


def _warn_of_contradictions(store: Store) -> None:
    """Tell which decisions cannot all be right."""
    from catalog.decisions import contradictions
    from catalog.lines import decision_line
    from catalog.reports import counted

    found = list(contradictions(store))
    for records in found[:MOST_CONTRADICTIONS]:
        told = "; ".join(map(decision_line, records))
        print(f"photodesk: decisions contradict each other: {told}", file=sys.stderr)
    if more := len(found[MOST_CONTRADICTIONS:]):
        print(f"photodesk: decisions contradict each other in {counted(more, 'more place')}", file=sys.stderr)


def _form_of(output: Path | None) -> str:
    """The form that a file's name asks for."""
    suffix = output.suffix.lower() if output is not None else ""
    return {".csv": "csv", ".json": "json"}.get(suffix, "table")


def _compare_missing(folder: Path, workers: int = 0) -> list[Failure]:
    """Compare pictures that came since the last time; what another process holds up is told and left out."""
    from catalog.clusters import VerifiedPairs, pair_missing
    from catalog.index import FeatureStore, study_missing
    from catalog.lines import failure_line
    from catalog.reports import counted
    from catalog.store import ORIGINALS, open_store

    with open_store(folder, read_only=True) as store, FeatureStore(folder) as studies:
        pairs = VerifiedPairs(folder)
        missing = [one.sha256 for one in store.assets() if one.sha256 not in pairs]
        if not missing:
            return []
        unstudied = sum(sha256 not in studies for sha256 in missing)
    failures: list[Failure] = []
    try:
        with progress_shown() as tell:
            if unstudied:
                with open_store(folder) as store:
                    studying = study_missing(
                        store, folder, folder / ORIGINALS, workers=workers, report=_telling(tell, "studied")
                    )
                    failures += asyncio.run(studying).failures
            with open_store(folder, read_only=True) as store:
                pairing = pair_missing(
                    store, folder, folder / ORIGINALS, workers=workers, report=_telling(tell, "compared")
                )
                failures += asyncio.run(pairing).failures
    except CatalogLocked:
        told = f"{counted(len(missing), 'picture')} not compared yet"
        print(f"photodesk: the catalog is in use; {told}", file=sys.stderr)
    for failure in failures:
        print(failure_line(failure), file=sys.stderr)
    return failures


def _telling(tell: Callable[[str], None], what: str) -> Callable[[int, int], None]:
    return lambda done, wanted: tell(f"{done} of {wanted} pictures {what}")


def _write_pages(
    store: Store,
    arguments: argparse.Namespace,
    work: ClusterBuilder,
    groups: list[Group],
    wanted: ClusterFilter,
) -> None:
    from catalog.reports import counted
    from catalog.reports.html import PreviewThumbnails, write_report
    from catalog.store import ORIGINALS

    with progress_shown() as tell:
        totals = write_report(
            work.clusters(groups, wanted),
            arguments.html,
            PreviewThumbnails(arguments.catalog / ORIGINALS),
            _about(store),
            lambda done: tell(f"{done} of at most {len(groups)} clusters written"),
        )
    parts = [
        counted(totals.clusters, "cluster"),
        counted(totals.copies, "copy", "copies"),
        counted(totals.uses, "use"),
        counted(totals.sites, "site"),
    ]
    told = ", ".join(parts)
    print(f"{arguments.html / 'index.html'}: {told}", file=sys.stderr)


def _about(store: Store) -> About:
    from catalog.harvest import now_text
    from catalog.lookup import coverage_of
    from catalog.reports import coverage_text
    from catalog.reports.html import About

    coverage = coverage_text(coverage_of(store))
    return About(covers=f"A catalog {coverage}.", generated=now_text())


def _tell(clusters: Iterator[Cluster], store: Store, form: str, stream: TextIO) -> bool:
    """Write the clusters; False where a table would hold none, which is no answer and not written."""
    from catalog.harvest import now_text
    from catalog.lookup import coverage_of
    from catalog.reports import cluster_table, json_parts, write_cluster_csv

    if form == "json":
        stream.writelines(json_parts(clusters, coverage_of(store), now_text()))
        return True
    if form == "csv":
        write_cluster_csv(clusters, stream)
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


def evidence(arguments: argparse.Namespace) -> int:
    """Pack what is known of one cluster, or of a picture that is in none."""
    from importlib.metadata import version

    from catalog.clusters import ClusterBuilder, photograph
    from catalog.reports.evidence import write_bundle
    from catalog.store import ORIGINALS, open_store

    failures = _compare_missing(arguments.catalog)
    with open_store(arguments.catalog, read_only=True) as store:
        warn_of_damage(store.damage)
        work = ClusterBuilder(store, arguments.catalog)
        group = photograph(store, work.groups(), arguments.cluster)
        summary = write_bundle(
            work.cluster(group),
            store,
            arguments.catalog / ORIGINALS,
            arguments.output,
            _about(store),
            version=version("photodesk"),
        )
    for state, digests in (("missing", summary.missing), ("damaged", summary.damaged)):
        for sha256 in digests:
            print(f"photodesk: {sha256}: the original is {state}", file=sys.stderr)
    told = f"{summary.files} files, {summary.bytes} bytes, SHA-256 {summary.sha256}"
    print(f"{arguments.output}: {told}")
    return EXIT_SOME_FAILED if failures or summary.missing or summary.damaged else EXIT_DONE


def changes(arguments: argparse.Namespace) -> int:
    """Tell what changed since a time, or since the last harvest began."""
    from catalog.clusters import ClusterBuilder
    from catalog.reports import change_line, change_record, counted, last_harvest, list_changes
    from catalog.store import open_store

    failures = _compare_missing(arguments.catalog)
    with open_store(arguments.catalog, read_only=True) as store:
        warn_of_damage(store.damage)
        together: dict[str, set[str]] = {}
        for group in ClusterBuilder(store, arguments.catalog).groups():
            members = {member.sha256 for member in group.members}
            for one in members:
                together.setdefault(one, set()).update(members)
        since = arguments.since or last_harvest(store)
        number = 0
        for change in list_changes(store, since, lambda sha256: together.get(sha256, ())):
            number += 1
            if arguments.json:
                print(json_line(change_record(change)))
            else:
                print(change_line(change))
    if not arguments.json:
        told = f" since {since}" if since else ""
        print(f"{counted(number, 'change')}{told}", file=sys.stderr)
    return EXIT_SOME_FAILED if failures else EXIT_DONE
