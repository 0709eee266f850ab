"""The benchmarks of speed measure what they say they do, on little."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.harvesting import BOUND, OURS, OURS_ON_DISK
from benchmarks.hashes import made

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def bench(name: str, *arguments: str) -> tuple[int, dict[str, object], str]:
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / "bench"), name, *arguments, "--json"],
        env={**os.environ, "PHOTODESK_BENCH_PYTHON": "this"},
        capture_output=True,
        text=True,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr


@pytest.mark.parametrize(("bits", "most"), [(64, 10), (256, 31)])
def test_planted_pairs_are_near_and_all_there_are(bits: int, most: int) -> None:
    words, planted = made(3000, bits, most)
    distances = np.bitwise_count(words[planted[:, 0]] ^ words[planted[:, 1]]).sum(axis=1, dtype=np.int64)
    assert len(planted) > 300
    assert 1 <= distances.min() <= distances.max() <= most
    assert (planted[:, 0] < planted[:, 1]).all()
    if bits == 256:
        # None is near by chance.
        near = sum(
            int((np.bitwise_count(words[row] ^ words[row + 1 :]).sum(axis=1, dtype=np.int64) <= most).sum())
            for row in range(len(words))
        )
        assert near == len(planted)


def test_searching_is_measured_beside_peers() -> None:
    code, result, _ = bench("searching", "--sizes", "2000", "--pictures", "0")
    rows = result["hashes"]
    assert isinstance(rows, list)
    assert code == 0
    for row in rows:
        recalls = {one["name"]: one["recall"] for one in row["all_pairs"]}
        assert recalls.keys() >= {"photodesk", "faiss flat", "faiss HNSW"}
        assert recalls["photodesk"] >= 0.99
        assert {one["name"]: one["recall"] for one in row["queries"]}["photodesk"] == 1


def test_a_harvest_is_measured_whole_and_by_stage() -> None:
    code, result, told = bench("harvesting", "--pictures", "12", "--rounds", "1")
    assert code == 0, told
    assert result["lost"] == 0
    contenders, stages = result["contenders"], result["stages"]
    assert isinstance(contenders, dict)
    assert isinstance(stages, dict)
    assert contenders.keys() >= {OURS, OURS_ON_DISK, BOUND}
    assert all(one["pictures_a_second"] > 0 and one["peak_mb"] > 10 for one in contenders.values())
    assert stages.keys() >= {"download, digest and file", "features", "catalog", "index"}
    assert min(stages.values()) > 0
