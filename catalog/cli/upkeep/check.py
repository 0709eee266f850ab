"""`photodesk check`: say whether a catalog is whole, and mend it when told to."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict

from catalog.cli.console.arguments import add_workers
from catalog.cli.console.progress import progress_shown
from catalog.cli.console.terminal import (
    EXIT_DONE,
    EXIT_SOME_FAILED,
)
from catalog.errors import CatalogUnwritable
from catalog.reports import json_line, sanitize_text

EXAMPLES = """\
examples:
  photodesk check             # is everything there, and as it was brought in?
  photodesk check --repair    # mend it; nothing that came in is deleted
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--repair", action="store_true", help="mend what can be; what is bad is set aside")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_workers(parser)


def run(arguments: argparse.Namespace) -> int:
    """Say whether a catalog is whole, and mend it when told to."""
    from catalog.check import check as look_at
    from catalog.repair import check_and_mend
    from catalog.reports import format_count

    with progress_shown() as tell:
        if arguments.repair:
            checked = asyncio.run(check_and_mend(arguments.catalog, tell, arguments.workers))
        else:
            with _left_alone(arguments.catalog):
                checked = look_at(arguments.catalog, tell)
    left = [one for one in checked.findings if not one.mended]
    if arguments.json:
        told = {
            "originals": checked.originals,
            "records": checked.records,
            "uses_without_picture": checked.lacking,
            "findings": [asdict(one) for one in checked.findings],
        }
        print(json_line(told))
        return EXIT_SOME_FAILED if left else EXIT_DONE
    for one in checked.findings:
        print(sanitize_text(str(one)))
    seen = f"{checked.originals} originals, {checked.records} records"
    if not checked.findings:
        print(f"{seen}: whole")
    elif arguments.repair:
        print(f"{seen}: {len(checked.findings) - len(left)} mended, {len(left)} left")
    else:
        print(f"{seen}: {format_count(len(left), 'finding')}; `photodesk check --repair` mends what can be")
    if checked.lacking:
        lacking = format_count(checked.lacking, "use has", "uses have")
        print(f"{lacking} no picture yet: `photodesk failures` tells why")
    return EXIT_SOME_FAILED if left else EXIT_DONE


@contextmanager
def _left_alone(location: str) -> Iterator[None]:
    """Keep other processes from writing meanwhile, where there is a catalog and it can be written."""
    from catalog.store import others_kept_out

    with ExitStack() as held:
        try:
            held.enter_context(others_kept_out(location))
        except CatalogUnwritable as error:
            # A copy on a read-only disk can be checked all the same.
            told = f"{error}; what another process writes meanwhile may be told as a finding"
            print(f"photodesk: {sanitize_text(told)}", file=sys.stderr)
        yield
