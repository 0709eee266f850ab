"""The desk's API under requests made up from its own document: no 500, and every answer as the document says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from desks import desk, harvested
from trials.fuzzing import request_maker

pytest.importorskip("schemathesis", reason="schemathesis is not installed")

# A run takes some ten seconds on two cores; this is for a machine that hangs.
SECONDS = 300


def test_no_request_brings_the_desk_down_and_every_answer_is_as_documented(tmp_path: Path) -> None:
    with harvested(tmp_path) as (catalog, _sites), desk(catalog, "--workers", "1") as running:
        clusters = running.get("/api/v1/clusters").json["clusters"]
        known = {"sha256": clusters[0]["best"], "cluster": clusters[0]["id"]}
        for identifiers, examples in (({}, 6), (known, 3)):
            command = request_maker(running.address, identifiers, tmp_path)
            told = subprocess.run(
                [*command, "--max-examples", str(examples), "--generation-deterministic"],
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
            assert told.returncode == 0, told.stdout[-4000:] + told.stderr[-2000:]
            assert "Tested: 18" in told.stdout
        assert running.get("/api/v1/catalog").status == 200
