"""`photodesk index`: make what comparing needs from the originals."""

from __future__ import annotations

import argparse
import asyncio
import sys

from catalog.cli.console.arguments import add_workers
from catalog.cli.console.progress import progress_shown
from catalog.cli.console.terminal import (
    EXIT_DONE,
    EXIT_SOME_FAILED,
    warn_of_damage,
)

EXAMPLES = """\
examples:
  photodesk index             # what a crash or an older version left undone
  photodesk index --rebuild   # everything, from the originals
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--rebuild", action="store_true", help="make all of it anew")
    add_workers(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make what comparing needs from the originals."""
    from catalog.cli.console.text import failure_line
    from catalog.clusters import VerifiedPairs
    from catalog.index import TextIndex, study_missing
    from catalog.store import open_catalog

    with open_catalog(arguments.catalog) as catalog, progress_shown() as tell:
        warn_of_damage(catalog.records.damage)
        if arguments.rebuild:
            VerifiedPairs.remove(catalog.derived)
            TextIndex.remove(catalog.derived)
        TextIndex(catalog.derived).update(
            catalog.records,
            lambda done, wanted: tell(f"{done} of {wanted} texts read", done, wanted, step="texts"),
        )
        studied = asyncio.run(
            study_missing(
                catalog,
                anew=arguments.rebuild,
                workers=arguments.workers,
                report=lambda done, wanted: tell(
                    f"{done} of {wanted} pictures studied", done, wanted, step="pictures"
                ),
            )
        )
    for failure in studied.failures:
        print(failure_line(failure), file=sys.stderr)
    print(f"{studied.made} pictures studied, {studied.total} can be compared, {len(studied.failures)} failed")
    return EXIT_SOME_FAILED if studied.failures else EXIT_DONE
