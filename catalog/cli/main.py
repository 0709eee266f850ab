"""The `photodesk` command: read arguments, call, print, return a code.

Data goes to standard output, progress and complaints to standard error.
Exit codes: 0 done, 1 some items failed, 2 usage, 3 outside fault, 130 interrupted.
"""

from __future__ import annotations

import argparse
import errno
import gc
import os
import signal
import sys
from collections.abc import Collection, Sequence
from importlib import import_module

from catalog.cli.console.terminal import (
    EXIT_DONE,
    EXIT_INTERRUPTED,
    EXIT_OUTSIDE_FAULT,
    EXIT_USAGE,
    keep_streams,
)
from catalog.errors import CatalogError, UnknownPicture
from catalog.reports import sanitize_text

DEFAULT_CATALOG = "photodesk-catalog"


# What each command does. The module of its name is loaded when it is asked for, and has its `EXAMPLES`,
# `add_arguments` and `run`.
COMMANDS = {
    "harvest": "Bring in the pictures that posts, pages, feeds, lists and folders use.",
    "lookup": "Say where a photo has been seen: all its copies, how each matches, and every use of them.",
    "decide": "Keep on record whether two pictures are the same photo.",
    "export": "Print the catalog's records, one a line.",
    "index": "Make what comparing needs from the originals: what is missing, or all of it.",
    "check": "Say whether the catalog is whole: digests of originals, records, derived files.",
    "duplicates": "Say who republished which photo: clusters of copies, every use of them, and where they disagree.",
    "evidence": "Pack all that is known of one photo: originals, hashes, addresses, dates, the report's page.",
    "changes": "Say what changed: captions, credits, pictures swapped, uses withdrawn, new uses of known photos.",
    "failures": "Say what failed and is still needed: address, page, reason, and what will happen next.",
    "status": "Say how the catalog is: what it holds, what is lacking, the last harvest, room on the disk.",
    "copy": "Copy a whole catalog into another place, a folder or a database, and compare both.",
    "migrate": "Make a team's catalog in a PostgreSQL database, or bring it up to date.",
    "serve": "Open the photo desk: a page to drop a picture on, and a JSON API, over the same catalog.",
}

# Those for who keeps the catalog have a room of their own.
UPKEEP = frozenset({"check", "copy", "index", "migrate", "status"})

# Why standard output takes no more: a disk that is full, by its size, a quota or a limit of files, or that fails.
OUTPUT_FAULTS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


# Python's own 700 has it look for garbage all the time while modules are loaded and pictures come in, of which hardly
# anything is garbage.
OBJECTS_BETWEEN_COLLECTIONS = 20_000


class _TellVersion(argparse.Action):
    """Tells the version, which takes longer to look up than all else that commands have in common to load."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"photodesk {version('photodesk')}")
        parser.exit()


def build_parser(chosen: Collection[str] = tuple(COMMANDS)) -> argparse.ArgumentParser:
    """The one parser, with every command, and of the chosen ones every option."""
    parser = argparse.ArgumentParser(
        prog="photodesk",
        description="Follow a news photo: harvest the pictures of posts and pages, keep a ledger of every use.",
    )
    parser.add_argument(
        "--version", action=_TellVersion, nargs=0, help="show program's version number and exit"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=summary[0].lower() + summary[1:].rstrip("."),
            description=summary,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name in chosen:
            _fill(command, name)
    return parser


def _fill(command: argparse.ArgumentParser, name: str) -> None:
    module = import_module(f"{__package__}.upkeep.{name}" if name in UPKEEP else f"{__package__}.{name}")
    command.epilog = module.EXAMPLES
    command.set_defaults(parser=command, run=module.run)
    command.add_argument(
        "--catalog",
        metavar="LOCATION",
        help="the catalog's folder, or the postgresql:// address of a team's"
        f" (default: $PHOTODESK_CATALOG, else {DEFAULT_CATALOG})",
    )
    module.add_arguments(command)


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments; what is wrong with them is told with the usage of the command that they are for."""
    argv = sys.argv[1:] if argv is None else argv
    # The first word is the command's name: of the others only that they are there need be known.
    chosen = [text for text in argv if not text.startswith("-")][:1]
    arguments, unknown = build_parser(chosen).parse_known_args(argv)
    if unknown:
        # argparse itself would show which commands there are.
        arguments.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    _find_catalog(arguments)
    return arguments


def _find_catalog(arguments: argparse.Namespace) -> None:
    """Take the catalog's location from where it is given; a password is not taken from a command line."""
    given = arguments.catalog
    if given is not None and "://" in given:
        from catalog.store import has_password

        if has_password(given):
            arguments.parser.error(
                "a password on a command line is shown to everybody on this machine; it belongs in a password"
                " file (PGPASSFILE), in PGPASSWORD, or in the address that $PHOTODESK_CATALOG holds"
            )
    arguments.catalog = given or os.environ.get("PHOTODESK_CATALOG") or DEFAULT_CATALOG


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    return _run_interruptibly(parse(argv))


def _run_interruptibly(arguments: argparse.Namespace) -> int:
    try:
        return _run_command(arguments)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _run_command(arguments: argparse.Namespace) -> int:
    """A command's exit code; what it raises on purpose is told."""
    from assets import AssetsError

    try:
        return int(arguments.run(arguments))
    except UnknownPicture as error:
        print(f"photodesk: {sanitize_text(str(error))}", file=sys.stderr)
        return EXIT_USAGE
    except (AssetsError, CatalogError) as error:
        print(f"photodesk: {sanitize_text(str(error))}", file=sys.stderr)
        return EXIT_OUTSIDE_FAULT


def run() -> None:
    """The console command: `main` with the process's own arguments, quiet when the reader goes away."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    # Nothing here multiplies matrices that are worth sharing, and OpenBLAS's threads wait by spinning.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    keep_streams()
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        # Ended as by Ctrl-C: what was begun beside a file is taken away, and the exit code is the same.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        arguments = parse()
        _print_only_mistakes()
        if arguments.command == "harvest":
            from catalog.cli.harvest import let_others_first

            let_others_first()
        code = _run_interruptibly(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # As in `photodesk export usages | head`: nobody reads on, and nobody is to be told.
        _let_go_of_output()
        code = EXIT_DONE
    except OSError as error:
        # What fails at a file of the catalog is told by who writes it; of standard output there is no name.
        if error.filename is None and error.errno not in OUTPUT_FAULTS:
            raise
        place = sanitize_text(str(error.filename or "standard output"))
        print(f"photodesk: {place}: {error.strerror or error}", file=sys.stderr)
        if error.filename is None:
            _let_go_of_output()
        code = EXIT_OUTSIDE_FAULT
    # The interpreter would look through all there is for garbage once more, for a tenth of a second.
    gc.freeze()
    sys.exit(code)


def _print_only_mistakes() -> None:
    """Print of what is logged our own mistakes alone; where nobody listens, Python would print warnings too."""
    # After the arguments: `--help` does without.
    import logging

    printing = logging.StreamHandler()
    printing.setLevel(logging.ERROR)
    for package in ("assets", "catalog"):
        logging.getLogger(package).addHandler(printing)


def _let_go_of_output() -> None:
    """Keep the interpreter from writing, as it ends, what could not be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
