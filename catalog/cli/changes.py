"""`photodesk changes`: tell what changed since a time, or since the last harvest began."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from catalog.cli.console import argument_types
from catalog.cli.console.preparation import compare_missing
from catalog.cli.console.terminal import (
    EXIT_DONE,
    EXIT_SOME_FAILED,
    warn_of_damage,
)
from catalog.reports import json_line, sanitize_text

if TYPE_CHECKING:
    from catalog.reports import Change

EXAMPLES = """\
examples:
  photodesk changes                      # since the last harvest began
  photodesk changes --since 2025-08-01 --json

Pictures that came since the last time are compared first.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "--since", metavar="DATE", type=argument_types.moment, help="default: since the last harvest began"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each change")


def run(arguments: argparse.Namespace) -> int:
    """Tell what changed since a time, or since the last harvest began."""
    from catalog.clusters import ClusterBuilder
    from catalog.reports import find_last_harvest, format_count, list_changes
    from catalog.store import open_catalog

    failures = compare_missing(arguments.catalog)
    with open_catalog(arguments.catalog, read_only=True) as catalog:
        store = catalog.records
        warn_of_damage(store.damage)
        together: dict[str, set[str]] = {}
        for group in ClusterBuilder(catalog).groups():
            members = {member.sha256 for member in group.members}
            for one in members:
                together.setdefault(one, set()).update(members)
        since = arguments.since or find_last_harvest(store)
        number = 0
        for change in list_changes(store, since, lambda sha256: together.get(sha256, ())):
            number += 1
            if arguments.json:
                print(json_line(change_record(change)))
            else:
                print(change_line(change))
    if not arguments.json:
        told = f" since {since}" if since else ""
        print(f"{format_count(number, 'change')}{told}", file=sys.stderr)
    return EXIT_SOME_FAILED if failures else EXIT_DONE


def change_record(change: Change) -> dict[str, object]:
    """A change as its JSON line tells it."""
    return {
        "kind": change.kind.value,
        "at": change.at,
        "between": list(change.between),
        "site": change.site,
        "page": change.page,
        "usage": change.usage,
        "asset": change.asset,
        "before": change.before,
        "after": change.after,
        "addresses": list(change.addresses),
        "detail": change.detail,
    }


def change_line(change: Change) -> str:
    """A change as a person reads it, on one line.

    >>> from catalog.reports.changes import Change, ChangeKind
    >>> earlier, later = "2025-08-01T06:00:00Z", "2025-09-01T06:00:00Z"
    >>> told = Change(kind=ChangeKind.CREDIT, between=(earlier, later), usage="u", page="/7/", site="a.example",
    ...     asset="5f0c", before="KCNA")
    >>> change_line(told)
    '2025-09-01T06:00:00Z  credit edited  a.example /7/  "KCNA" -> none (unchanged until 2025-08-01T06:00:00Z)'
    >>> told = Change(kind=ChangeKind.MOVED, between=("", later), usage="", page="/8/", site="a.example", asset="",
    ...     before="/7/", after="/8/")
    >>> change_line(told)
    '2025-09-01T06:00:00Z  page moved  a.example /8/  its address was /7/'
    """
    place = " ".join(part for part in (change.site, change.page) if part)
    parts = [change.at, change.kind.value, place, _what(change)]
    return sanitize_text("  ".join(" ".join(part.split()) for part in parts if part))


def _what(change: Change) -> str:
    """What was before and is now, what else is known, and until when it was as before."""
    from catalog.reports import TEXT_KINDS, ChangeKind

    said = change.detail
    if change.kind is ChangeKind.MOVED:
        said = f"its address was {change.before}"
    elif change.kind in TEXT_KINDS.values():
        said = f"{_quote(change.before)} -> {_quote(change.after)}"
        said += f", {change.detail}" if change.detail else ""
    elif change.before or change.after:
        # At the same address nothing needs to be found anew.
        moved = change.addresses[1:] if len(set(change.addresses)) > 1 else ()
        where = "".join(f", at {address}" for address in moved)
        said = f"{change.before[:12]} -> {change.after[:12]}{where}, {change.detail}"
    elif change.asset:
        said = ", ".join(part for part in (change.asset[:12], change.detail) if part)
    until = f"(unchanged until {change.between[0]})" if change.between[0] else ""
    return f"{said} {until}"


def _quote(text: str) -> str:
    return f'"{text}"' if text.strip() else "none"
