"""`photodesk status`: tell how the catalog is, for people and for what watches over it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from catalog.cli.console.terminal import EXIT_DONE, warn_of_damage
from catalog.reports import json_line

if TYPE_CHECKING:
    from catalog.reports import Status

EXAMPLES = """\
examples:
  photodesk status
  photodesk status --json | jq .coverage.uncompared

A running desk tells the same at /metrics, for Prometheus.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Tell how the catalog is."""
    from catalog.reports import read_status
    from catalog.store import open_catalog

    with open_catalog(arguments.catalog, read_only=True) as catalog:
        warn_of_damage(catalog.records.damage)
        status = read_status(catalog)
    if arguments.json:
        print(json_line(status.to_json()))
        return EXIT_DONE
    for line in status_lines(status):
        print(line)
    return EXIT_DONE


def status_lines(status: Status) -> Iterator[str]:
    """A status as a person reads it."""
    from catalog.reports import covered_text, format_count, gaps_text, moment, size_text

    yield f"covers    {covered_text(status.coverage)}"
    yield f"lacks     {gaps_text(status.coverage) or 'nothing: every picture is compared with all others'}"
    yield "records   " + ", ".join(f"{count:,} {kind}" for kind, count in status.records.items())
    yield f"failures  {format_count(status.failures, 'address', 'addresses')} failed and still needed"
    run = status.last_harvest
    if run is None:
        yield "harvest   none yet"
    else:
        ended = f"ended {' '.join(moment(run.finished))}" if run.finished else "under way, or it was killed"
        yield f"harvest   begun {' '.join(moment(run.started))}, {ended}"
    yield f"disk      {size_text(status.free_bytes)} free"
