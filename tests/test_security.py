"""The tests that SECURITY.md names are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_test_that_is_named_exists() -> None:
    named = set(
        re.findall(r"`(test_\w+\.py)::(test_\w+)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    )
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
    for document in ("SECURITY.md", "README.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        assert all((ROOT / path).is_file() for path in re.findall(r"scripts/[a-z_.]+[a-z]", text)), document
