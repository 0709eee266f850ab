"""`photodesk decide`: keep on record whether two pictures are the same photo."""

from __future__ import annotations

import argparse
import getpass
import sys

from catalog.cli.console.terminal import (
    EXIT_DONE,
    warn_of_damage,
)

EXAMPLES = """\
examples:
  photodesk decide 5f0c3a 91be07 same
  photodesk decide photo.jpg 91be07 different --note "another frame, the flag hangs lower"

A picture is named by its SHA-256, how that begins, or a file. What was decided wins over what the program sees.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("pictures", nargs=2, metavar="PICTURE", help="SHA-256, how one begins, or a file")
    parser.add_argument("decision", choices=("same", "different", "undecided"), help="what they are")
    parser.add_argument("--note", metavar="TEXT", default="", help="why, for those who come after")
    parser.add_argument("--by", metavar="NAME", default="", help="who decided (default: the user's name)")


def run(arguments: argparse.Namespace) -> int:
    """Keep on record whether two pictures are the same photo."""
    from catalog.cli.console.text import decision_line
    from catalog.decisions import decide as write_decision
    from catalog.decisions import find_contradicted, resolve_digest
    from catalog.harvest import now_text
    from catalog.store import open_catalog

    with open_catalog(arguments.catalog, decides=True) as catalog:
        store = catalog.records
        warn_of_damage(store.damage)
        first, second = (resolve_digest(store, text) for text in arguments.pictures)
        by = arguments.by or getpass.getuser()
        record = write_decision(
            store, (first, second), arguments.decision, note=arguments.note, by=by, at=now_text()
        )
        against = find_contradicted(store, record)
    print(f"{first[:12]} and {second[:12]}: {record.decision}")
    if against:
        told = "; ".join(map(decision_line, against))
        print(f"photodesk: this contradicts what was decided: {told}", file=sys.stderr)
    return EXIT_DONE
