"""The arguments of the `photodesk` command: every option, what it accepts, and what it stands for."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from catalog import accepting

if TYPE_CHECKING:
    from assets import Politeness, QueryOptions
    from catalog.harvest import HarvestOptions

# argparse has no public name for it.
_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001

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


LOOKUP_EXAMPLES = """\
examples:
  photodesk lookup photo.jpg
  photodesk lookup https://news.example/photo.jpg *.jpg --json
  photodesk lookup 5f0c3a                     # an asset's SHA-256, or how it begins
  photodesk lookup --phash 8f3c1e0ba5d49c27   # a hash from elsewhere
  photodesk lookup --text "Pyongyang ceremony"

The verdict is used, possible (the same scene in another frame, or only a hash that agrees) or not in this catalog.
"""

DECIDE_EXAMPLES = """\
examples:
  photodesk decide 5f0c3a 91be07 same
  photodesk decide photo.jpg 91be07 different --note "another frame, the flag hangs lower"

A picture is named by its SHA-256, how that begins, or a file. What was decided wins over what the program sees.
"""

DUPLICATES_EXAMPLES = """\
examples:
  photodesk duplicates
  photodesk duplicates --across-sites --html report/
  photodesk duplicates -o reuse.csv --since 2025-08-01
  photodesk duplicates --site news.example --relation crop --format json | jq .clusters[].id

A cluster is one photograph: its copies, crops and pages or collages that hold it. Pictures that came since the last
time are compared first.
"""

EVIDENCE_EXAMPLES = """\
examples:
  photodesk evidence 3d2f88e5c194 -o bundle.zip
"""

SERVE_EXAMPLES = """\
examples:
  photodesk serve                                        # http://127.0.0.1:8642, this machine only
  photodesk serve --host 0.0.0.0 --token-file desk.token

Beyond this machine only with a token: a secret of 16 characters or more, alone in its file.
"""

CHANGES_EXAMPLES = """\
examples:
  photodesk changes                      # since the last harvest began
  photodesk changes --since 2025-08-01 --json

Pictures that came since the last time are compared first.
"""

INDEX_EXAMPLES = """\
examples:
  photodesk index             # what a crash or an older version left undone
  photodesk index --rebuild   # everything, from the originals
"""


CHECK_EXAMPLES = """\
examples:
  photodesk check             # is everything there, and as it was brought in?
  photodesk check --repair    # mend it; nothing that came in is deleted
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
    _add_lookup(commands)
    _add_decide(commands)
    _add_export(commands)
    _add_index(commands)
    _add_check(commands)
    _add_duplicates(commands)
    _add_evidence(commands)
    _add_changes(commands)
    _add_serve(commands)
    return parser


def parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    """The arguments; what is wrong with them is told with the usage of the command that they are for."""
    arguments, unknown = build_parser().parse_known_args(argv)
    if unknown:
        # argparse itself would show which commands there are.
        arguments.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    return arguments


def _add_command(
    commands: _Commands,
    name: str,
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
    parser.set_defaults(parser=parser)
    parser.add_argument(
        "--catalog",
        metavar="DIR",
        type=Path,
        default=Path(os.environ.get("PHOTODESK_CATALOG") or DEFAULT_CATALOG),
        help=f"the catalog's folder (default: $PHOTODESK_CATALOG, else {DEFAULT_CATALOG})",
    )
    return parser


def _add_workers(options: argparse._ActionsContainer, what: str = "decode") -> None:
    help_text = f"{what} processes (default: one a core)"
    options.add_argument("--workers", metavar="N", type=accepting.count, default=0, help=help_text)


def _add_harvest(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "harvest",
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
        type=accepting.moment,
        help="only posts modified since then (2025-08-01)",
    )
    what.add_argument("--limit", metavar="N", type=accepting.count, help="at most N posts from one address")
    what.add_argument("--base-url", metavar="URL", type=accepting.address, help="the address of saved pages")
    what.add_argument(
        "--originals", action="store_true", help="also try the upload behind a size variant, and keep both"
    )
    _add_how_to_ask(parser)


def _add_how_to_ask(parser: argparse.ArgumentParser) -> None:
    how = parser.add_argument_group("how to ask")
    how.add_argument(
        "--allow-address",
        metavar="HOST:PORT",
        type=accepting.allowed,
        action="append",
        default=[],
        help="allow this private or loopback address (may be repeated)",
    )
    how.add_argument(
        "--ignore-robots", action="store_true", help="do not ask robots.txt nor heed X-Robots-Tag"
    )
    how.add_argument("--contact", metavar="URL", help="where a site can reach you, told in the User-Agent")
    _add_workers(how)


def _add_lookup(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "lookup",
        "Say where a picture has been seen: every match, how it matches, and every use of it.",
        LOOKUP_EXAMPLES,
    )
    parser.add_argument(
        "queries",
        nargs="*",
        metavar="QUERY",
        type=accepting.question,
        help="picture file, web address, or an asset's SHA-256",
    )
    parser.add_argument(
        "--phash",
        metavar="HEX",
        type=accepting.fingerprint,
        action="append",
        default=[],
        help="a phash from elsewhere",
    )
    parser.add_argument(
        "--text",
        metavar="WORDS",
        type=accepting.words,
        action="append",
        default=[],
        help="words in captions, alt texts, credits, titles",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each query")
    _add_how_to_ask(parser)


def _add_decide(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "decide",
        "Keep on record whether two pictures are the same photo.",
        DECIDE_EXAMPLES,
    )
    parser.add_argument("pictures", nargs=2, metavar="PICTURE", help="SHA-256, how one begins, or a file")
    parser.add_argument("decision", choices=("same", "different", "undecided"), help="what they are")
    parser.add_argument("--note", metavar="TEXT", default="", help="why, for those who come after")
    parser.add_argument("--by", metavar="NAME", default="", help="who decided (default: the user's name)")


def _add_index(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "index",
        "Make what comparing needs from the originals: what is missing, or all of it.",
        INDEX_EXAMPLES,
    )
    parser.add_argument("--rebuild", action="store_true", help="make all of it anew")
    _add_workers(parser)


def _add_check(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "check",
        "Say whether the catalog is whole: digests of originals, records, derived files.",
        CHECK_EXAMPLES,
    )
    parser.add_argument("--repair", action="store_true", help="mend what can be; what is bad is set aside")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    _add_workers(parser)


def _add_export(commands: _Commands) -> None:
    parser = _add_command(commands, "export", "Print the catalog's records, one a line.", EXPORT_EXAMPLES)
    parser.add_argument(
        "records", choices=("assets", "usages", "fetches", "pages", "decisions"), help="which records"
    )
    parser.add_argument("--format", choices=("jsonl", "csv"), default="jsonl", help="default: jsonl")


def _add_duplicates(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "duplicates",
        "Say who republished which photo: clusters of copies, every use of them, and where they disagree.",
        DUPLICATES_EXAMPLES,
    )
    which = parser.add_argument_group("which clusters")
    which.add_argument("--across-sites", action="store_true", help="only photos that two sites or more use")
    which.add_argument("--since", metavar="DATE", type=accepting.moment, help="only photos used since then")
    which.add_argument(
        "--site", metavar="SITE", type=accepting.site, default="", help="only photos that this site uses"
    )
    which.add_argument(
        "--relation",
        choices=("identical", "copy", "crop", "contained"),
        default="",
        help="only photos with a copy that is so related to the best one",
    )
    how = parser.add_argument_group("how to tell")
    how.add_argument(
        "--format", choices=("table", "csv", "json"), help="default: what FILE is named, else table"
    )
    how.add_argument("-o", "--output", metavar="FILE", type=Path, help="write there instead of printing")
    how.add_argument("--html", metavar="DIR", type=Path, help="write pages with pictures into a folder")
    _add_workers(how, "comparing")


def _add_evidence(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "evidence",
        "Pack all that is known of one photo: originals, hashes, addresses, dates, the report's page.",
        EVIDENCE_EXAMPLES,
    )
    parser.add_argument(
        "cluster", metavar="CLUSTER", help="a cluster's id, or how a picture's SHA-256 begins"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, required=True, help="the zip file to write"
    )


def _add_changes(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "changes",
        "Say what changed: captions, credits, pictures swapped, uses withdrawn, new uses of known photos.",
        CHANGES_EXAMPLES,
    )
    parser.add_argument(
        "--since", metavar="DATE", type=accepting.moment, help="default: since the last harvest began"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each change")


def _add_serve(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "serve",
        "Open the photo desk: a page to drop a picture on, and a JSON API, over the same catalog.",
        SERVE_EXAMPLES,
    )
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default: this machine only)")
    parser.add_argument(
        "--port", type=accepting.port, default=8642, metavar="N", help="default: 8642, 0 for a free one"
    )
    parser.add_argument(
        "--token-file", metavar="FILE", type=Path, help="a file with the token that visitors must give"
    )
    _add_how_to_ask(parser)


def harvest_options(arguments: argparse.Namespace) -> HarvestOptions:
    """What a harvest was asked to read, and how."""
    from catalog.harvest import HarvestOptions

    return HarvestOptions(
        since=arguments.since or "",
        limit=arguments.limit,
        base_url=arguments.base_url or "",
        originals=arguments.originals,
        workers=arguments.workers,
        politeness=_politeness(arguments),
    )


def query_options(arguments: argparse.Namespace) -> QueryOptions:
    """How a lookup was asked to get its pictures."""
    from assets import QueryOptions

    return QueryOptions(_politeness(arguments), workers=arguments.workers)


def _politeness(arguments: argparse.Namespace) -> Politeness:
    from assets import Politeness

    heed = not arguments.ignore_robots
    politeness = Politeness(
        respect_robots=heed, respect_robots_tag=heed, allow_addresses=frozenset(arguments.allow_address)
    )
    return replace(politeness, contact=arguments.contact) if arguments.contact else politeness
