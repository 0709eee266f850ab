"""The catalog's records as lines: JSON Lines or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from catalog.contract import Store
from catalog.model import AssetRecord, DecisionRecord, FetchRecord, PageRecord, Record, UsageRecord

KINDS: dict[str, type[Record]] = {
    "assets": AssetRecord,
    "usages": UsageRecord,
    "fetches": FetchRecord,
    "pages": PageRecord,
    "decisions": DecisionRecord,
}

# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """A value as a CSV cell that no spreadsheet runs as a formula.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell(-3), safe_cell(None), safe_cell(["a", "b"])
    ("'=HYPERLINK(1)", '-3', '', 'a b')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        text = " ".join(value)
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def records(store: Store, kind: str) -> Iterator[Record]:
    """Every record of a kind, by its name in the plural."""
    found: dict[str, Any] = {
        "assets": store.assets,
        "usages": store.usages,
        "fetches": store.fetches,
        "pages": store.pages,
        "decisions": store.decisions,
    }
    yield from found[kind]()


def json_lines(store: Store, kind: str) -> Iterator[str]:
    """One JSON object a record."""
    for record in records(store, kind):
        yield json.dumps(record.to_json(), ensure_ascii=False)


def csv_lines(store: Store, kind: str) -> Iterator[str]:
    """A line of column names, then one line a record; a nested value is JSON in its cell."""
    names = [field.name for field in fields(KINDS[kind])]
    yield _csv_line(names)
    for record in records(store, kind):
        document = record.to_json()
        yield _csv_line([safe_cell(document[name]) for name in names])


def _csv_line(cells: list[str]) -> str:
    buffer = io.StringIO()
    # A cell is quoted for a line end only where that is in the terminator.
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().removesuffix("\r\n")
