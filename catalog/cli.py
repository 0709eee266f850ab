"""The `photodesk` command: read arguments, call, print, return a code.

Data goes to standard output, progress and complaints to standard error.
Exit codes: 0 done, 1 some items failed, 2 usage, 3 outside fault, 130 interrupted.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import gc
import getpass
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from catalog.arguments import harvest_options, parsed, query_options
from catalog.errors import CatalogError, UnknownPicture
from catalog.reporting import changes, duplicates, evidence
from catalog.reports import json_line, printable
from catalog.serving import serve
from catalog.terminal import (
    EXIT_DONE,
    EXIT_INTERRUPTED,
    EXIT_OUTSIDE_FAULT,
    EXIT_SOME_FAILED,
    EXIT_USAGE,
    keep_streams,
    progress_shown,
    warn_of_damage,
)
from catalog.upkeep import check

if TYPE_CHECKING:
    from assets import Failure, QueryReader, Reading
    from catalog.harvest import Harvest, HarvestSummary
    from catalog.lookup import Answer, Lookup

# Why standard output takes no more: a disk that is full, by its size, a quota or a limit of files, or that fails.
OUTPUT_FAULTS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

# Python's own 700 has it look for garbage all the time while modules are loaded and pictures come in, of which hardly
# anything is garbage.
OBJECTS_BETWEEN_COLLECTIONS = 20_000

# Commands


def harvest(arguments: argparse.Namespace) -> int:
    """Harvest the inputs into the catalog, or only say what would be fetched."""
    if arguments.dry_run:
        return asyncio.run(_dry_run(arguments))
    from assets import Inspector
    from catalog.store import open_store

    with open_store(arguments.catalog) as store, progress_shown() as tell:
        # While its processes load image codecs, this one loads the rest.
        inspector = Inspector(arguments.workers)
        inspector.prepare_pictures()
        from catalog.harvest import Harvest
        from catalog.lines import progress_line, summary_text

        warn_of_damage(store.damage)
        options = harvest_options(arguments)
        work = Harvest(
            store, arguments.catalog, options, lambda progress: tell(progress_line(progress)), inspector
        )
        summary = asyncio.run(_until_signalled(work, arguments.inputs))
    print(json_line(summary.to_json()) if arguments.json else summary_text(summary))
    if summary.interrupted:
        return EXIT_INTERRUPTED
    return EXIT_SOME_FAILED if summary.failed else EXIT_DONE


async def _until_signalled(work: Harvest, inputs: Sequence[str]) -> HarvestSummary:
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
    from catalog.reports import counted

    pages = references = failed = 0
    async for part in plan(arguments.inputs, sys.stdin.buffer, harvest_options(arguments)):
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


def lookup(arguments: argparse.Namespace) -> int:
    """Say what the catalog knows of each query."""
    if not (arguments.queries or arguments.phash or arguments.text):
        print("photodesk lookup: give a picture, --phash or --text", file=sys.stderr)
        return EXIT_USAGE
    return asyncio.run(_look_up(arguments))


async def _look_up(arguments: argparse.Namespace) -> int:
    from catalog.index import read_ahead
    from catalog.store import DERIVED, INDEX

    if arguments.queries:
        # Before anything else: a large index takes longer to come from the disk than all that is imported here.
        read_ahead(arguments.catalog / DERIVED / INDEX)

    from assets import QueryReader
    from catalog.store import JOURNAL, ORIGINALS, open_store

    async with QueryReader(query_options(arguments)) as reader:
        if arguments.queries and (arguments.catalog / JOURNAL).is_file():
            # Its process starts while the catalog is opened.
            reader.prepare()
        with open_store(arguments.catalog, read_only=True) as store:
            from catalog.lookup import Lookup

            warn_of_damage(store.damage)
            with Lookup(store, arguments.catalog, arguments.catalog / ORIGINALS) as desk:
                return await _answered(desk, reader, arguments)


async def _answered(desk: Lookup, reader: QueryReader, arguments: argparse.Namespace) -> int:
    failed = 0
    for text in arguments.queries:
        failed += _told_answer(text, await desk.picture(text, reader), as_json=arguments.json)
    for text, fingerprint in arguments.phash:
        _told_answer(text, desk.fingerprint(text, fingerprint), as_json=arguments.json)
    for text in arguments.text:
        _told_answer(text, desk.words(text), as_json=arguments.json)
    return EXIT_SOME_FAILED if failed else EXIT_DONE


def decide(arguments: argparse.Namespace) -> int:
    """Keep on record whether two pictures are the same photo."""
    from catalog.decisions import contradicted, named
    from catalog.decisions import decide as write_decision
    from catalog.harvest import now_text
    from catalog.lines import decision_line
    from catalog.store import open_store

    with open_store(arguments.catalog) as store:
        warn_of_damage(store.damage)
        first, second = (named(store, text) for text in arguments.pictures)
        by = arguments.by or getpass.getuser()
        record = write_decision(
            store, (first, second), arguments.decision, note=arguments.note, by=by, at=now_text()
        )
        against = contradicted(store, record)
    print(f"{first[:12]} and {second[:12]}: {record.decision}")
    if against:
        told = "; ".join(map(decision_line, against))
        print(f"photodesk: this contradicts what was decided: {told}", file=sys.stderr)
    return EXIT_DONE


def index(arguments: argparse.Namespace) -> int:
    """Make what comparing needs from the originals."""
    from catalog.clusters import VerifiedPairs
    from catalog.index import TextIndex, study_missing
    from catalog.lines import failure_line
    from catalog.store import ORIGINALS, open_store

    with open_store(arguments.catalog) as store, progress_shown() as tell:
        warn_of_damage(store.damage)
        if arguments.rebuild:
            VerifiedPairs.remove(arguments.catalog)
            TextIndex.remove(arguments.catalog)
        TextIndex(arguments.catalog).update(store)
        studied = asyncio.run(
            study_missing(
                store,
                arguments.catalog,
                arguments.catalog / ORIGINALS,
                anew=arguments.rebuild,
                workers=arguments.workers,
                report=lambda done, wanted: tell(f"{done} of {wanted} pictures"),
            )
        )
    for failure in studied.failures:
        print(failure_line(failure), file=sys.stderr)
    print(f"{studied.made} pictures studied, {studied.total} can be compared, {len(studied.failures)} failed")
    return EXIT_SOME_FAILED if studied.failures else EXIT_DONE


def export(arguments: argparse.Namespace) -> int:
    """Print the records of one kind."""
    from catalog.reports import write_records_csv, write_records_json
    from catalog.store import open_store

    with open_store(arguments.catalog, read_only=True) as store:
        warn_of_damage(store.damage)
        write = write_records_json if arguments.format == "jsonl" else write_records_csv
        write(store, arguments.records, sys.stdout)
    return EXIT_DONE


# Printing


def _reference_lines(reading: Reading, *, as_json: bool) -> Iterator[str]:
    from catalog.lines import reading_lines, reference_record

    if not as_json:
        yield from reading_lines(reading)
        return
    for reference in reading.references:
        yield json_line(reference_record(reading, reference))


def _told_answer(query: str, answer: Answer | Failure, *, as_json: bool) -> int:
    """Print what a query came to; 1 when it failed."""
    from assets import Failure
    from catalog.answers import answer_lines
    from catalog.lines import failure_line
    from catalog.lookup import answer_record, unanswered_record

    failed = isinstance(answer, Failure)
    if isinstance(answer, Failure):
        print(failure_line(answer), file=sys.stderr)
        if as_json:
            print(json_line(unanswered_record(query, answer)))
    elif as_json:
        print(json_line(answer_record(answer)))
    else:
        for line in answer_lines(answer):
            print(line)
    return int(failed)


def _told_failure(failure: Failure) -> int:
    """Tell of a failure; 1 when it counts, 0 for a file that a folder happens to hold."""
    from assets import Reason
    from catalog.lines import failure_line

    print(failure_line(failure), file=sys.stderr)
    return 0 if failure.reason is Reason.PASSED_OVER else 1


# Entry

COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "harvest": harvest,
    "lookup": lookup,
    "decide": decide,
    "export": export,
    "index": index,
    "check": check,
    "duplicates": duplicates,
    "evidence": evidence,
    "changes": changes,
    "serve": serve,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    return _obeyed(parsed(argv))


def _obeyed(arguments: argparse.Namespace) -> int:
    try:
        return _told(arguments)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _told(arguments: argparse.Namespace) -> int:
    """A command's exit code; what it raises on purpose is told."""
    from assets import AssetsError

    try:
        return COMMANDS[arguments.command](arguments)
    except UnknownPicture as error:
        print(f"photodesk: {printable(str(error))}", file=sys.stderr)
        return EXIT_USAGE
    except (AssetsError, CatalogError) as error:
        print(f"photodesk: {printable(str(error))}", file=sys.stderr)
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
        arguments = parsed(None)
        if arguments.command == "harvest":
            _let_others_first()
        code = _obeyed(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # As in `photodesk export usages | head`: nobody reads on, and nobody is to be told.
        _let_go_of_output()
        code = EXIT_DONE
    except OSError as error:
        # What fails at a file of the catalog is told by who writes it; of standard output there is no name.
        if error.filename is None and error.errno not in OUTPUT_FAULTS:
            raise
        place = printable(str(error.filename or "standard output"))
        print(f"photodesk: {place}: {error.strerror or error}", file=sys.stderr)
        if error.filename is None:
            _let_go_of_output()
        code = EXIT_OUTSIDE_FAULT
    # The interpreter would look through all there is for garbage once more, for a tenth of a second.
    gc.freeze()
    sys.exit(code)


def _let_others_first() -> None:
    """Have the system take this process and those it starts for work that nobody sits and waits for.

    Linux then goes on with a decode worker when a piece of a download has come, instead of stopping it for every
    piece; and look-ups meanwhile come first.
    """
    # Not every system has this, and not every sandbox allows it.
    with suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _let_go_of_output() -> None:
    """Keep the interpreter from writing, as it ends, what could not be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    run()
