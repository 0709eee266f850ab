"""The catalog's records as lines for other programs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from catalog.model import UsageRecord
from catalog.reports import write_records_csv, write_records_json
from catalog.store import open_catalog

CREDITS = [{"name": "Jane Doe", "role": "photographer"}, {"name": "AP", "role": "agency"}]


def exported(folder: Path, kind: str, *, as_csv: bool = False) -> str:
    stream = io.StringIO()
    with open_catalog(folder) as catalog:
        catalog.records.put_usage(UsageRecord(key="u", page="p", credit="Jane Doe/AP Photo"))
        (write_records_csv if as_csv else write_records_json)(catalog.records, kind, stream)
    return stream.getvalue()


def test_a_usage_is_told_with_the_names_in_its_credit(tmp_path: Path) -> None:
    told = json.loads(exported(tmp_path, "usages"))
    assert told["credit"] == "Jane Doe/AP Photo"
    assert told["credits"] == CREDITS


def test_the_names_in_a_credit_stand_beside_it_in_csv(tmp_path: Path) -> None:
    text = exported(tmp_path, "usages", as_csv=True)
    header = text.splitlines()[0].split(",")
    assert header[header.index("credit_field") + 1] == "credits"
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert json.loads(row["credits"]) == CREDITS


def test_what_is_told_is_not_stored(tmp_path: Path) -> None:
    exported(tmp_path, "usages")
    assert '"credits"' not in (tmp_path / "catalog.jsonl").read_text(encoding="utf-8")
