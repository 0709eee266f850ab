"""`photodesk export`: print the records of one kind."""

from __future__ import annotations

import argparse
import sys

from catalog.cli.console.terminal import (
    EXIT_DONE,
    warn_of_damage,
)

EXAMPLES = """\
examples:
  photodesk export usages --format csv > usages.csv
  photodesk export assets --catalog desk | jq .sha256
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "records", choices=("assets", "usages", "fetches", "pages", "decisions"), help="which records"
    )
    parser.add_argument("--format", choices=("jsonl", "csv"), default="jsonl", help="default: jsonl")


def run(arguments: argparse.Namespace) -> int:
    """Print the records of one kind."""
    from catalog.reports import write_records_csv, write_records_json
    from catalog.store import open_catalog

    with open_catalog(arguments.catalog, read_only=True) as catalog:
        warn_of_damage(catalog.records.damage)
        write = write_records_json if arguments.format == "jsonl" else write_records_csv
        write(catalog.records, arguments.records, sys.stdout)
    return EXIT_DONE
