"""Arguments that several commands take."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from catalog.cli.console import argument_types

if TYPE_CHECKING:
    from assets import Politeness, QueryOptions


def add_workers(options: argparse._ActionsContainer, what: str = "decode") -> None:
    """Add how many processes may work at once."""
    help_text = f"{what} processes (default: one a core)"
    options.add_argument("--workers", metavar="N", type=argument_types.count, default=0, help=help_text)


def add_how_to_ask(parser: argparse.ArgumentParser) -> None:
    """Add how sites are asked for what lies there."""
    how = parser.add_argument_group("how to ask")
    how.add_argument(
        "--allow-address",
        metavar="HOST:PORT",
        type=argument_types.allowed,
        action="append",
        default=[],
        help="allow this private or loopback address (may be repeated)",
    )
    how.add_argument(
        "--ignore-robots", action="store_true", help="do not ask robots.txt nor heed X-Robots-Tag"
    )
    how.add_argument("--contact", metavar="URL", help="where a site can reach you, told in the User-Agent")
    add_workers(how)


def add_credentials(parser: argparse.ArgumentParser) -> None:
    """Add where the user names and passwords of one's own sites stand."""
    own = parser.add_argument_group("own sites")
    own.add_argument(
        "--credentials",
        metavar="FILE",
        type=argument_types.credentials,
        help="user names and passwords: a line `https://news.example USER:PASSWORD` a site",
    )
    own.add_argument(
        "--netrc",
        metavar="FILE",
        nargs="?",
        const="",
        type=argument_types.netrc,
        help="user names and passwords from a netrc file (default: ~/.netrc)",
    )


def query_options(arguments: argparse.Namespace) -> QueryOptions:
    """How a lookup was asked to get its pictures."""
    from assets import QueryOptions

    return QueryOptions(politeness(arguments), workers=arguments.workers)


def politeness(arguments: argparse.Namespace) -> Politeness:
    """How sites are to be asked."""
    from assets import Credentials, Politeness

    heed = not arguments.ignore_robots
    # Commands that ask strangers' sites alone take none.
    credentials = Credentials()
    for given in (getattr(arguments, "netrc", None), getattr(arguments, "credentials", None)):
        credentials |= given or Credentials()
    asked = Politeness(
        respect_robots=heed,
        respect_robots_tag=heed,
        allow_addresses=frozenset(arguments.allow_address),
        credentials=credentials,
    )
    return replace(asked, contact=arguments.contact) if arguments.contact else asked
