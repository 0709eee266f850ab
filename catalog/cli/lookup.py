"""`photodesk lookup`: say what the catalog knows of a picture, a hash or words."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

from catalog.cli.console import argument_types
from catalog.cli.console.arguments import add_how_to_ask, query_options
from catalog.cli.console.terminal import (
    EXIT_DONE,
    EXIT_SOME_FAILED,
    EXIT_USAGE,
    warn_of_damage,
)
from catalog.reports import json_line

if TYPE_CHECKING:
    from assets import Failure, QueryReader
    from catalog.lookup import Answer, Lookup

EXAMPLES = """\
examples:
  photodesk lookup photo.jpg
  photodesk lookup https://news.example/photo.jpg *.jpg --json
  photodesk lookup 5f0c3a                     # an asset's SHA-256, or how it begins
  photodesk lookup --phash 8f3c1e0ba5d49c27   # a hash from elsewhere
  photodesk lookup --text "Pyongyang ceremony"

The verdict is used, possible (the same scene in another frame, or only a hash that agrees) or not in this catalog.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "queries",
        nargs="*",
        metavar="QUERY",
        type=argument_types.question,
        help="picture file, web address, or an asset's SHA-256",
    )
    parser.add_argument(
        "--phash",
        metavar="HEX",
        type=argument_types.fingerprint,
        action="append",
        default=[],
        help="a phash from elsewhere",
    )
    parser.add_argument(
        "--text",
        metavar="WORDS",
        type=argument_types.words,
        action="append",
        default=[],
        help="words in captions, alt texts, credits, titles",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each query")
    add_how_to_ask(parser)


def run(arguments: argparse.Namespace) -> int:
    """Say what the catalog knows of each query."""
    if not (arguments.queries or arguments.phash or arguments.text):
        print("photodesk lookup: give a picture, --phash or --text", file=sys.stderr)
        return EXIT_USAGE
    return asyncio.run(_look_up(arguments))


async def _look_up(arguments: argparse.Namespace) -> int:
    from assets import QueryReader

    async with QueryReader(query_options(arguments)) as reader:
        if arguments.queries:
            # Before anything else: its process loads image codecs while this one loads the rest.
            reader.prepare()
        from catalog.index import read_ahead
        from catalog.store import INDEX, derived_at, open_catalog

        if arguments.queries:
            # A large index takes longer to come from the disk than all that is imported after this.
            read_ahead(derived_at(arguments.catalog) / INDEX)
        with open_catalog(arguments.catalog, read_only=True) as catalog:
            from catalog.clusters import ComparedPictures
            from catalog.lookup import Lookup

            warn_of_damage(catalog.records.damage)
            with Lookup(catalog, ComparedPictures(catalog.derived)) as lookup:
                return await _answer_queries(lookup, reader, arguments)


async def _answer_queries(lookup: Lookup, reader: QueryReader, arguments: argparse.Namespace) -> int:
    failed = 0
    for text in arguments.queries:
        failed += _print_answer(text, await lookup.picture(text, reader), as_json=arguments.json)
    for text, fingerprint in arguments.phash:
        _print_answer(text, lookup.fingerprint(text, fingerprint), as_json=arguments.json)
    for text in arguments.text:
        _print_answer(text, lookup.words(text), as_json=arguments.json)
    return EXIT_SOME_FAILED if failed else EXIT_DONE


def _print_answer(query: str, answer: Answer | Failure, *, as_json: bool) -> int:
    """Print what a query came to; 1 when it failed."""
    from assets import Failure
    from catalog.cli.console.answer_text import answer_lines
    from catalog.cli.console.text import failure_line
    from catalog.reports import answer_record, serialize_unanswered

    failed = isinstance(answer, Failure)
    if isinstance(answer, Failure):
        print(failure_line(answer), file=sys.stderr)
        if as_json:
            print(json_line(serialize_unanswered(query, answer)))
    elif as_json:
        print(json_line(answer_record(answer)))
    else:
        for line in answer_lines(answer):
            print(line)
    return int(failed)
