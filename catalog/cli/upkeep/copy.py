"""`photodesk copy`: copy a whole catalog into another place, a folder or a database, and compare both."""

from __future__ import annotations

import argparse
import sys

from catalog.cli.console.progress import progress_shown
from catalog.cli.console.terminal import EXIT_DONE, EXIT_SOME_FAILED, warn_of_damage
from catalog.reports import json_line, sanitize_text

EXAMPLES = """\
examples:
  photodesk copy photodesk-catalog postgresql://db.example/photos
  photodesk copy postgresql://db.example/photos ./photos-2026

The second one must be empty, or an earlier copy of the first: run it again and it goes on.
What is derived is not copied: `photodesk index` makes it of the copy.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("source", metavar="FROM", help="the catalog that is copied, which is only read")
    parser.add_argument("target", metavar="TO", help="where to: a folder, or a database that was migrated")
    parser.add_argument("--json", action="store_true", help="one JSON object: what was copied, what differs")


def run(arguments: argparse.Namespace) -> int:
    """Copy a catalog into another place, and compare both."""
    from catalog.store import copy_catalog, has_password, open_catalog

    if any(map(has_password, (arguments.source, arguments.target))):
        arguments.parser.error("a password on a command line is shown to everybody on this machine")
    with (
        open_catalog(arguments.source, read_only=True) as source,
        open_catalog(arguments.target) as target,
        progress_shown() as tell,
    ):
        warn_of_damage(source.records.damage)

        def report(what: str, done: int, wanted: int) -> None:
            told = f"{done:,} of {wanted:,} {what}" if wanted else f"{done:,} {what}"
            tell(told, done, wanted or None, step=what)

        copied = copy_catalog(source, target, report)
    for line in copied.differing:
        print(f"photodesk: {sanitize_text(line)}", file=sys.stderr)
    if copied.differing_count > len(copied.differing):
        print(f"photodesk: and {copied.differing_count - len(copied.differing):,} more", file=sys.stderr)
    if arguments.json:
        print(json_line(copied.to_json()))
    else:
        print(_tell(copied.copied.total(), copied.compared.total(), copied.differing_count))
    return EXIT_SOME_FAILED if copied.differing_count else EXIT_DONE


def _tell(copied: int, compared: int, differing: int) -> str:
    end = f"{differing:,} not equal" if differing else "all equal; `photodesk index` makes what is derived"
    return f"{copied:,} records and originals copied, {compared:,} compared: {end}"
