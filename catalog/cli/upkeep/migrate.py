"""`photodesk migrate`: make a team's catalog in a database, or bring it up to date."""

from __future__ import annotations

import argparse

from catalog.cli.console.terminal import EXIT_DONE
from catalog.reports import sanitize_text

EXAMPLES = """\
examples:
  photodesk migrate postgresql:///photos --originals s3://originals/photos    # after `createdb photos`
  photodesk migrate postgresql://db.example/photos                            # after an upgrade

Passwords come from PGPASSWORD, a password file (PGPASSFILE) or a service file, as with psql.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "location",
        metavar="LOCATION",
        nargs="?",
        help="the postgresql:// address of the database (default: that of --catalog)",
    )
    parser.add_argument(
        "--originals",
        metavar="PLACE",
        default="",
        help="where the originals of a new catalog lie: s3://BUCKET/PREFIX, or a folder from the root that all"
        " machines share (default: a folder of this machine)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Make a team's catalog in a database, or bring it up to date."""
    from catalog.store import has_password, is_address, migrate, without_password

    location = arguments.location or arguments.catalog
    if arguments.location and has_password(location):
        arguments.parser.error("a password on a command line is shown to everybody on this machine")
    if not is_address(location):
        arguments.parser.error(
            f"{location}: only a catalog at postgresql://… is migrated; a folder needs none"
        )
    settings = migrate(location, arguments.originals, print)
    print(f"{sanitize_text(without_password(location))}: up to date, originals at {settings.originals}")
    return EXIT_DONE
