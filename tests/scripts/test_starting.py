"""`scripts/bench` and `scripts/trial` start what they are told to, and tell what there is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from starting import modules_with_main

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
PACKAGES = {"bench": "benchmarks", "trial": "trials"}


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPTS / program, *arguments],
        env={**os.environ, "PHOTODESK_BENCH_PYTHON": "this"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("program", PACKAGES)
def test_without_a_name_each_that_can_be_started_has_a_line(program: str) -> None:
    listed = dict(line.split(maxsplit=1) for line in run(program).stdout.splitlines()[2:])
    known = {name.replace("_", "-"): line for name, line in modules_with_main(PACKAGES[program]).items()}
    assert listed == known


@pytest.mark.parametrize("package", PACKAGES.values())
def test_what_can_be_started_says_what_it_does(package: str) -> None:
    assert [name for name, line in modules_with_main(package).items() if not line] == []


def test_what_others_rest_on_cannot_be_started() -> None:
    assert not modules_with_main("trials").keys() & {"faulty", "breaking"}


def test_a_name_that_there_is_not_is_a_mistake_of_use() -> None:
    done = run("bench", "nonsense")
    assert done.returncode == 2
    assert done.stderr.startswith("scripts/bench: there is no nonsense\n")


@pytest.mark.parametrize("name", ["worker-kills", "worker_kills"])
def test_a_name_has_hyphens_or_underscores(name: str) -> None:
    done = run("trial", name, "--help")
    assert done.stdout.startswith("usage: scripts/trial worker-kills ")


def test_arguments_go_to_what_is_started() -> None:
    done = run("trial", "defences", "no such defence")
    assert done.stdout == "0 of 0 tests fail without their defence\n"


def test_the_programs_can_be_executed() -> None:
    assert all(os.access(SCRIPTS / program, os.X_OK) for program in PACKAGES)
