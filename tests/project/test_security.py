"""The tests that docs/threats.md names are there, and the scripts that documents name."""

from __future__ import annotations

import re
from pathlib import Path

from starting import modules_with_main
from trials.defences import DEFENCES

ROOT = Path(__file__).resolve().parents[2]
THREATS = ROOT / "docs" / "threats.md"
MEASUREMENTS = ROOT / "docs" / "measurements.md"


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`([\w/]+\.py)::(test_\w+)`", THREATS.read_text(encoding="utf-8")))
    missing = [
        f"{file}::{name}"
        for file, name in sorted(named)
        if not re.search(
            rf"^(async )?def {name}\(", (ROOT / "tests" / file).read_text(encoding="utf-8"), re.M
        )
    ]
    assert missing == []
    assert len(named) > 50


def test_every_script_that_is_named_exists() -> None:
    for document in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        text = document.read_text(encoding="utf-8")
        assert all((ROOT / path).exists() for path in re.findall(r"scripts/[a-z_.]+[a-z]", text)), document
        assert set(re.findall(r"scripts/bench ([a-z-]+)", text)) <= started_by_name("benchmarks"), document
        assert set(re.findall(r"scripts/trial ([a-z-]+)", text)) <= started_by_name("trials"), document


def started_by_name(package: str) -> set[str]:
    return {name.replace("_", "-") for name in modules_with_main(package)}


def test_every_defence_can_be_switched_off_and_has_a_test() -> None:
    """Otherwise `scripts/trial defences` proves less than the measurements say."""
    texts = {one.file: (ROOT / one.file).read_text(encoding="utf-8") for one in DEFENCES}
    assert [one.name for one in DEFENCES if texts[one.file].count(one.text) != 1] == []
    for one in DEFENCES:
        file, name = one.test.split("::")
        assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), one.name
    assert f"| {len(DEFENCES)}: the test of each fails without it |" in MEASUREMENTS.read_text("utf-8")
