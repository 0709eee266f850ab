"""`photodesk harvest`: bring pictures in, or only say which would come."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from catalog.cli.console import argument_types
from catalog.cli.console.arguments import add_credentials, add_how_to_ask, politeness
from catalog.cli.console.progress import progress_shown
from catalog.cli.console.terminal import (
    EXIT_DONE,
    EXIT_INTERRUPTED,
    EXIT_SOME_FAILED,
    warn_of_damage,
)
from catalog.reports import json_line

if TYPE_CHECKING:
    from assets import Failure, Progress, Reading
    from catalog.harvest import Harvest, HarvestOptions, HarvestSummary

EXAMPLES = """\
examples:
  photodesk harvest post.json
  photodesk harvest https://news.example/uk/ --since 2025-08-01
  photodesk harvest https://news.example/ --reconcile 1 --check-files 7
  photodesk harvest https://news.example/a-story.html feed.xml urls.txt pictures/
  photodesk harvest dump/ --dry-run --json
  curl -s 'https://news.example/wp-json/wp/v2/posts?_embed' | photodesk harvest -

An input is a file, a folder, a web address, or - for standard input. What it is, is found by looking at it:
WordPress REST JSON (also .gz and JSON Lines), a web page, a feed or WXR export, a list of picture addresses,
a picture.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        type=argument_types.harvest_input,
        help="file, folder, web address, or -",
    )
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
        type=argument_types.moment,
        help="only posts modified since then (2025-08-01), also those that are known and unchanged",
    )
    what.add_argument(
        "--limit",
        metavar="N",
        type=argument_types.count,
        help="at most N posts from one address: the newest of those that are new or changed",
    )
    what.add_argument(
        "--types",
        metavar="TYPE,...",
        type=argument_types.post_types,
        default=(),
        help="only these types of posts, by their names in the API: posts,pages (default: all that are public)",
    )
    what.add_argument(
        "--base-url", metavar="URL", type=argument_types.address, help="the address of saved pages"
    )
    what.add_argument(
        "--originals", action="store_true", help="also try the upload behind a size variant, and keep both"
    )
    keeping_up = parser.add_argument_group("keeping up with a site")
    keeping_up.add_argument(
        "--reconcile",
        metavar="DAYS",
        type=argument_types.days,
        help="list a whole site only when that was last done DAYS ago, and in between what is new or changed"
        " (default: at every run)",
    )
    keeping_up.add_argument(
        "--check-files",
        metavar="DAYS",
        nargs="?",
        const=timedelta(0),
        type=argument_types.days_or_input,
        help="ask for every picture of a site again, to see whether a file was exchanged under its name;"
        " with DAYS only when that was last done DAYS ago",
    )
    add_how_to_ask(parser)
    add_credentials(parser)


def run(arguments: argparse.Namespace) -> int:
    """Harvest the inputs into the catalog, or only say what would be fetched."""
    if arguments.dry_run:
        return asyncio.run(_dry_run(arguments))
    from assets import HarvestWorkers
    from catalog.store import open_catalog

    with open_catalog(arguments.catalog) as catalog, progress_shown() as tell:
        # While its processes load parsers and image codecs, this one loads the rest.
        workers = HarvestWorkers.prepare(arguments.workers, arguments.inputs)
        from catalog.cli.console.text import progress_line, summary_text
        from catalog.harvest import Harvest

        warn_of_damage(catalog.records.damage)
        options = harvest_options(arguments)

        def report(progress: Progress) -> None:
            # How many there are is known when all pages have been read.
            total = None if progress.is_reading else progress.references
            tell(progress_line(progress), progress.settled, total, step=progress.stage)

        work = Harvest(catalog, options, report, workers)
        summary = asyncio.run(_run_until_signalled(work, arguments.inputs))
    print(json_line(summary.to_json()) if arguments.json else summary_text(summary))
    if summary.interrupted:
        return EXIT_INTERRUPTED
    return EXIT_SOME_FAILED if summary.failed else EXIT_DONE


async def _run_until_signalled(work: Harvest, inputs: Sequence[str]) -> HarvestSummary:
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
    from assets import Failure, Notice
    from catalog.cli.console.text import notice_lines
    from catalog.harvest import plan
    from catalog.reports import format_count

    pages = references = failed = 0
    notices: list[Notice] = []
    async for part in plan(arguments.inputs, sys.stdin.buffer, harvest_options(arguments)):
        if isinstance(part, Failure):
            failed += _tell_failure(part)
            continue
        if isinstance(part, Notice):
            notices.append(part)
            continue
        pages += 1
        references += len(part.references)
        failed += sum(_tell_failure(failure) for failure in part.failures)
        for line in _reference_lines(part, as_json=arguments.json):
            print(line)
    for line in notice_lines(notices):
        print(line, file=sys.stderr)
    if not arguments.json:
        told = f"{format_count(pages, 'page')}, {format_count(references, 'reference')}, {failed} failed"
        print(told, file=sys.stderr)
    return EXIT_SOME_FAILED if failed else EXIT_DONE


def _reference_lines(reading: Reading, *, as_json: bool) -> Iterator[str]:
    from catalog.cli.console.text import reading_lines, reference_record

    if not as_json:
        yield from reading_lines(reading)
        return
    for reference in reading.references:
        yield json_line(reference_record(reading, reference))


def harvest_options(arguments: argparse.Namespace) -> HarvestOptions:
    """What a harvest was asked to read, and how."""
    from catalog.harvest import HarvestOptions

    return HarvestOptions(
        since=arguments.since or "",
        limit=arguments.limit,
        types=arguments.types,
        reconcile=arguments.reconcile,
        check_files=arguments.check_files,
        base_url=arguments.base_url or "",
        originals=arguments.originals,
        workers=arguments.workers,
        politeness=politeness(arguments),
    )


def _tell_failure(failure: Failure) -> int:
    """Tell of a failure; 1 when it counts, 0 for a file that a folder happens to hold."""
    from assets import Reason
    from catalog.cli.console.text import failure_line

    print(failure_line(failure), file=sys.stderr)
    return 0 if failure.reason is Reason.PASSED_OVER else 1


def let_others_first() -> None:
    """Have the system take this process and those it starts for work that nobody sits and waits for.

    Linux then goes on with a decode worker when a piece of a download has come, instead of stopping it for every
    piece; and look-ups meanwhile come first.
    """
    # Not every system has this, and not every sandbox allows it.
    with suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
