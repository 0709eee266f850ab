"""`photodesk serve`: open the photo desk."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from catalog.cli.console import argument_types
from catalog.cli.console.arguments import add_how_to_ask, query_options
from catalog.cli.console.terminal import (
    EXIT_DONE,
    EXIT_USAGE,
)

# A shorter token can be guessed.
LEAST_TOKEN_CHARACTERS = 16


EXAMPLES = """\
examples:
  photodesk serve                                        # http://127.0.0.1:8642, this machine only
  photodesk serve --host 0.0.0.0 --token-file desk.token

Beyond this machine only with a token: a secret of 16 characters or more, alone in its file.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default: this machine only)")
    parser.add_argument(
        "--port", type=argument_types.port, default=8642, metavar="N", help="default: 8642, 0 for a free one"
    )
    parser.add_argument(
        "--token-file", metavar="FILE", type=Path, help="a file with the token that visitors must give"
    )
    add_how_to_ask(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve the desk until a signal ends it."""
    from catalog.desk import DeskSettings
    from catalog.desk.web import is_loopback
    from catalog.desk.web import serve as serve_desk

    token = ""
    if arguments.token_file is not None:
        try:
            token = arguments.token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not a text file"
            print(f"photodesk serve: {arguments.token_file}: {reason or error}", file=sys.stderr)
            return EXIT_USAGE
        if len(token) < LEAST_TOKEN_CHARACTERS or not token.isascii() or not token.isprintable():
            needed = f"a token of {LEAST_TOKEN_CHARACTERS} or more plain characters is needed"
            print(f"photodesk serve: {arguments.token_file}: {needed}", file=sys.stderr)
            return EXIT_USAGE
    if not token and not is_loopback(arguments.host):
        print(f"photodesk serve: --host {arguments.host} needs --token-file", file=sys.stderr)
        return EXIT_USAGE
    options = query_options(arguments)
    settings = DeskSettings(
        catalog=arguments.catalog,
        host=arguments.host,
        port=arguments.port,
        token=token,
        workers=arguments.workers,
        politeness=options.politeness,
    )
    asyncio.run(serve_desk(settings, lambda address: print(address, flush=True)))
    return EXIT_DONE
