"""`photodesk evidence`: pack what is known of one photo."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from catalog.cli.console.preparation import compare_missing
from catalog.cli.console.terminal import (
    EXIT_DONE,
    EXIT_SOME_FAILED,
    warn_of_damage,
)

EXAMPLES = """\
examples:
  photodesk evidence 3d2f88e5c194 -o bundle.zip
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "cluster", metavar="CLUSTER", help="a cluster's id, or how a picture's SHA-256 begins"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, required=True, help="the zip file to write"
    )


def run(arguments: argparse.Namespace) -> int:
    """Pack what is known of one cluster, or of a picture that is in none."""
    from catalog.reports.evidence import pack_evidence
    from catalog.store import open_catalog

    failures = compare_missing(arguments.catalog)
    with open_catalog(arguments.catalog, read_only=True) as catalog:
        warn_of_damage(catalog.records.damage)
        summary = pack_evidence(catalog, arguments.cluster, arguments.output)
    for line in summary.complaints():
        print(line, file=sys.stderr)
    told = f"{summary.files} files, {summary.bytes} bytes, SHA-256 {summary.sha256}"
    print(f"{arguments.output}: {told}")
    return EXIT_SOME_FAILED if failures or summary.missing or summary.damaged else EXIT_DONE
