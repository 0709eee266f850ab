"""The catalog's records as lines: JSON Lines or CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from assets import credits_json
from catalog.model import AssetRecord, DecisionRecord, FetchRecord, Json, PageRecord, Record, UsageRecord
from catalog.reports.safe_csv import SafeWriter, TextStream
from catalog.reports.safe_text import json_line
from catalog.store import Store

KINDS: dict[str, type[Record]] = {
    "assets": AssetRecord,
    "usages": UsageRecord,
    "fetches": FetchRecord,
    "pages": PageRecord,
    "decisions": DecisionRecord,
}


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


def write_records_json(store: Store, kind: str, stream: TextStream) -> None:
    """One JSON object a record."""
    for record in records(store, kind):
        stream.write(json_line(_tell(record)) + "\n")


def write_records_csv(store: Store, kind: str, stream: TextStream) -> None:
    """A row of column names, then one row a record; a nested value is JSON in its cell."""
    names = [field.name for field in fields(KINDS[kind])]
    if kind == "usages":
        names.insert(names.index("credit_field") + 1, "credits")
    writer = SafeWriter(stream, names)
    for record in records(store, kind):
        document = _tell(record)
        writer.write_row(document[name] for name in names)


def _tell(record: Record) -> Json:
    """A record with what follows from it: the names in a usage's credit."""
    told = record.to_json()
    return told | {"credits": credits_json(record.credit)} if isinstance(record, UsageRecord) else told
