"""The command that serves the desk. Beside `cli` and `reporting` it alone prints."""

from __future__ import annotations

import argparse
import asyncio
import sys

from catalog.arguments import query_options
from catalog.terminal import EXIT_DONE, EXIT_USAGE

# A shorter token can be guessed.
LEAST_TOKEN_CHARACTERS = 16


def serve(arguments: argparse.Namespace) -> int:
    """Serve the desk until a signal ends it."""
    from catalog.desk.settings import DeskSettings
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
        folder=arguments.catalog,
        host=arguments.host,
        port=arguments.port,
        token=token,
        workers=arguments.workers,
        politeness=options.politeness,
    )
    asyncio.run(serve_desk(settings, lambda address: print(address, flush=True)))
    return EXIT_DONE
