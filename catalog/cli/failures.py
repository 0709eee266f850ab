"""`photodesk failures`: tell what failed and is still needed, and what will happen next."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import UTC, datetime

from catalog.cli.console import argument_types
from catalog.cli.console.terminal import EXIT_DONE, warn_of_damage
from catalog.reports import json_line

EXAMPLES = """\
examples:
  photodesk failures                     # what is lacking, why, and when it is asked again
  photodesk failures --site news.example --reason 'server error'
  photodesk failures --json

Listed is what uses and pages that are live need: of withdrawn ones nothing more is asked.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--site", metavar="SITE", type=argument_types.site, help="only on this site")
    parser.add_argument(
        "--reason",
        metavar="REASON",
        type=argument_types.reason,
        action="append",
        default=[],
        help="only for this reason, as it is told here: 'gone', 'server error' (may be repeated)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each address")


def run(arguments: argparse.Namespace) -> int:
    """Tell what failed and is still needed."""
    from catalog.cli.console.failure_text import failure_lines
    from catalog.cli.console.text import reasons_text
    from catalog.reports import format_count, list_failures
    from catalog.store import open_catalog

    with open_catalog(arguments.catalog, read_only=True) as catalog:
        warn_of_damage(catalog.records.damage)
        found = list_failures(catalog.records, datetime.now(UTC), arguments.site or "", arguments.reason)
    if arguments.json:
        for one in found:
            print(json_line(one.to_json()))
        return EXIT_DONE
    for line in failure_lines(found):
        print(line)
    reasons = reasons_text(Counter(one.reason for one in found))
    told = f"{format_count(len(found), 'address', 'addresses')} failed" + (f": {reasons}" if reasons else "")
    lacking = {usage for one in found if not one.has_picture for usage in one.usages}
    told += f"; {format_count(len(lacking), 'use')} without a picture" if lacking else ""
    print(told, file=sys.stderr)
    return EXIT_DONE
