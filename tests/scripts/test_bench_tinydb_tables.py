"""The benchmark of TinyDB's tables measures both ways, on little."""

from __future__ import annotations

import json

import pytest
from benchmarks.tinydb_tables import main


def test_every_operation_is_measured_in_both_ways(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--records", "300", "--rounds", "1", "--json"])
    rows = json.loads(capsys.readouterr().out)["operations"]
    assert {row["through"] for row in rows} == {"tables", "storage"}
    assert all(row["storage_us"] > 0 and row["tables_us"] > 0 and row["ratio"] > 0 for row in rows)
