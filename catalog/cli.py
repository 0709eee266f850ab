"""The `photodesk` command: read arguments, call, print, return a code.

Data goes to standard output, progress and complaints to standard error.
Exit codes: 0 done, 1 some items failed, 2 usage, 3 outside fault, 130 interrupted.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.errors import CatalogError

if TYPE_CHECKING:
    from assets import Failure, Progress, Reading
    from catalog.collecting import Summary
    from catalog.harvest import Harvest, HarvestOptions

EXIT_DONE = 0
EXIT_SOME_FAILED = 1
EXIT_USAGE = 2
EXIT_OUTSIDE_FAULT = 3
EXIT_INTERRUPTED = 130

# On anything but a terminal a line of progress so often; log files are read later, by people.
PLAIN_PROGRESS_SECONDS = 30.0

DEFAULT_CATALOG = "photodesk-catalog"

HARVEST_EXAMPLES = """\
examples:
  photodesk harvest post.json
  photodesk harvest https://news.example/uk/ --since 2025-08-01
  photodesk harvest https://news.example/a-story.html feed.xml urls.txt pictures/
  photodesk harvest dump/ --dry-run --json
  curl -s https://news.example/wp-json/wp/v2/posts?_embed | photodesk harvest -

An input is a file, a folder, a web address, or - for standard input. What it is, is found by looking at it:
WordPress REST JSON (also .gz and JSON Lines), a web page, a feed or WXR export, a list of picture addresses,
a picture.
"""

EXPORT_EXAMPLES = """\
examples:
  photodesk export usages --format csv > usages.csv
  photodesk export assets --catalog desk | jq .sha256
"""


def build_parser() -> argparse.ArgumentParser:
    """The one parser, with every command and option."""
    parser = argparse.ArgumentParser(
        prog="photodesk",
        description="Follow a news photo: harvest the pictures of posts and pages, keep a ledger of every use.",
    )
    parser.add_argument("--version", action="version", version=f"photodesk {metadata.version('photodesk')}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_harvest(commands)
    _add_export(commands)
    return parser


def _add_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    function: Callable[[argparse.Namespace], int],
    summary: str,
    examples: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=summary[0].lower() + summary[1:].rstrip("."),
        description=summary,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(function=function)
    parser.add_argument(
        "--catalog",
        metavar="DIR",
        type=Path,
        default=Path(os.environ.get("PHOTODESK_CATALOG") or DEFAULT_CATALOG),
        help=f"the catalog's folder (default: $PHOTODESK_CATALOG, else {DEFAULT_CATALOG})",
    )
    return parser


def _add_harvest(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add_command(
        commands,
        "harvest",
        harvest,
        "Bring in the pictures that posts, pages, feeds, lists and folders use.",
        HARVEST_EXAMPLES,
    )
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="file, folder, web address, or -")
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="only say which pictures would be fetched; saved files ask nobody",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="one JSON object: the summary, or with --dry-run one line a reference",
    )
    what = parser.add_argument_group("what to read")
    what.add_argument(
        "--since",
        metavar="DATE",
        type=_moment,
        help="only posts modified since then (2025-08-01)",
    )
    what.add_argument("--limit", metavar="N", type=_count, help="at most N posts from one address")
    what.add_argument("--base-url", metavar="URL", type=_address, help="the address of saved pages")
    what.add_argument(
        "--originals", action="store_true", help="also try the upload behind a size variant, and keep both"
    )
    how = parser.add_argument_group("how to ask")
    how.add_argument(
        "--allow-address",
        metavar="HOST:PORT",
        type=_allowed,
        action="append",
        default=[],
        help="allow this private or loopback address (may be repeated)",
    )
    how.add_argument(
        "--ignore-robots", action="store_true", help="do not ask robots.txt nor heed X-Robots-Tag"
    )
    how.add_argument("--contact", metavar="URL", help="where a site can reach you, told in the User-Agent")
    how.add_argument(
        "--workers", metavar="N", type=_count, default=0, help="decode processes (default: one a core)"
    )


def _add_export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add_command(
        commands, "export", export, "Print the catalog's records, one a line.", EXPORT_EXAMPLES
    )
    parser.add_argument("records", choices=("assets", "usages", "fetches", "pages"), help="which records")
    parser.add_argument("--format", choices=("jsonl", "csv"), default="jsonl", help="default: jsonl")


# Commands


def harvest(arguments: argparse.Namespace) -> int:
    """Harvest the inputs into the catalog, or only say what would be fetched."""
    if arguments.dry_run:
        return asyncio.run(_dry_run(arguments))
    from catalog.store import open_store

    with open_store(arguments.catalog) as store, _progress_shown() as report:
        from catalog.harvest import Harvest
        from catalog.lines import summary_text

        _warn_of_damage(store.damage)
        summary = asyncio.run(
            _until_signalled(Harvest(store, arguments.catalog, _options(arguments), report), arguments.inputs)
        )
    print(json.dumps(summary.to_json()) if arguments.json else summary_text(summary))
    if summary.interrupted:
        return EXIT_INTERRUPTED
    return EXIT_SOME_FAILED if summary.failed else EXIT_DONE


async def _until_signalled(work: Harvest, inputs: Sequence[str]) -> Summary:
    """The harvest's summary; the first signal ends it with everything kept, a second one at once."""

    def stop() -> None:
        if work.stopping:
            os._exit(EXIT_INTERRUPTED)
        work.stop()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    return await work.run(inputs, sys.stdin.buffer)


async def _dry_run(arguments: argparse.Namespace) -> int:
    from assets import Failure
    from catalog.harvest import plan
    from catalog.lines import counted

    pages = references = failed = 0
    async for part in plan(arguments.inputs, sys.stdin.buffer, _options(arguments)):
        if isinstance(part, Failure):
            failed += _told_failure(part)
            continue
        pages += 1
        references += len(part.references)
        failed += sum(_told_failure(failure) for failure in part.failures)
        for line in _reference_lines(part, as_json=arguments.json):
            print(line)
    if not arguments.json:
        told = f"{counted(pages, 'page')}, {counted(references, 'reference')}, {failed} failed"
        print(told, file=sys.stderr)
    return EXIT_SOME_FAILED if failed else EXIT_DONE


def export(arguments: argparse.Namespace) -> int:
    """Print the records of one kind."""
    from catalog.export import csv_lines, json_lines
    from catalog.store import open_store

    with open_store(arguments.catalog, read_only=True) as store:
        _warn_of_damage(store.damage)
        lines = json_lines if arguments.format == "jsonl" else csv_lines
        for line in lines(store, arguments.records):
            print(line)
    return EXIT_DONE


# Arguments


def _moment(text: str) -> str:
    """A day or a time as UTC in ISO 8601."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2025-08-01 or 2025-08-01T06:30") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return int(text)


def _address(text: str) -> str:
    from assets import absolute

    address = absolute(text)
    if not address:
        raise argparse.ArgumentTypeError(f"{text!r} is not a web address")
    return address


def _allowed(text: str) -> tuple[str, int]:
    from assets import parse_allowed

    try:
        return parse_allowed(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _options(arguments: argparse.Namespace) -> HarvestOptions:
    from assets import Politeness
    from catalog.harvest import HarvestOptions

    heed = not arguments.ignore_robots
    politeness = Politeness(
        respect_robots=heed, respect_robots_tag=heed, allow_addresses=frozenset(arguments.allow_address)
    )
    if arguments.contact:
        politeness = replace(politeness, contact=arguments.contact)
    return HarvestOptions(
        since=arguments.since or "",
        limit=arguments.limit,
        base_url=arguments.base_url or "",
        originals=arguments.originals,
        workers=arguments.workers,
        politeness=politeness,
    )


# Printing


def _reference_lines(reading: Reading, *, as_json: bool) -> Iterator[str]:
    from catalog.lines import reading_lines, reference_record

    if not as_json:
        yield from reading_lines(reading)
        return
    for reference in reading.references:
        yield json.dumps(reference_record(reading, reference), ensure_ascii=False)


def _told_failure(failure: Failure) -> int:
    """Tell of a failure; 1 when it counts, 0 for a file that a folder happens to hold."""
    from assets import Reason
    from catalog.lines import failure_line

    print(failure_line(failure), file=sys.stderr)
    return 0 if failure.reason is Reason.PASSED_OVER else 1


def _warn_of_damage(damage: Sequence[object]) -> None:
    for part in damage:
        print(f"photodesk: the catalog is damaged: {part}", file=sys.stderr)


@contextlib.contextmanager
def _progress_shown() -> Iterator[Callable[[Progress], None]]:
    """A callback that shows progress: a live line on a terminal, else a line now and then."""
    from catalog.lines import progress_line

    if sys.stderr.isatty():
        from rich.console import Console
        from rich.text import Text

        with Console(stderr=True).status("starting") as status:
            yield lambda progress: status.update(Text(progress_line(progress)))
        return
    told = 0.0

    def tell(progress: Progress) -> None:
        nonlocal told
        if progress.elapsed_seconds - told >= PLAIN_PROGRESS_SECONDS:
            told = progress.elapsed_seconds
            print(progress_line(progress), file=sys.stderr, flush=True)

    yield tell


# Entry


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    from assets import AssetsError

    arguments = build_parser().parse_args(argv)
    try:
        function: Callable[[argparse.Namespace], int] = arguments.function
        return function(arguments)
    except (AssetsError, CatalogError) as error:
        print(f"photodesk: {error}", file=sys.stderr)
        return EXIT_OUTSIDE_FAULT
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def run() -> None:
    """The console command: `main` with the process's own arguments, quiet when the reader goes away."""
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # As in `photodesk export usages | head`: nobody reads on, and nobody is to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = EXIT_DONE
    sys.exit(code)


if __name__ == "__main__":
    run()
