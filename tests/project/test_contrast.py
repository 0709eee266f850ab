"""What is written can be read: every ink on its paper, in the desk and in the report, light and dark."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
REPORT = CATALOG / "reports" / "html" / "static"

# Each page has the colours of the first, unless its own sheet names others.
BASE = REPORT / "base.css"
SHEETS = (CATALOG / "desk" / "static" / "desk.css", REPORT / "report.css")

# WCAG 2.2, success criterion 1.4.3.
LEAST_CONTRAST = 4.5

PAIRS = (
    ("ink", "paper"),
    ("ink", "sheet"),
    ("soft", "paper"),
    ("soft", "sheet"),
    ("accent", "paper"),
    ("flag-ink", "flag"),
    ("added-ink", "added"),
    ("removed-ink", "removed"),
)


def colours(style: str, *, dark: bool) -> dict[str, str]:
    """The colours that a style sheet names in a scheme."""
    light, _, rest = style.partition("@media (prefers-color-scheme: dark)")
    parts = [light, rest.partition("}")[0]] if dark else [light]
    found = chain.from_iterable(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{3,6});", part) for part in parts)
    return dict(found)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_ink_can_be_read_on_its_paper(sheet: Path, dark: bool) -> None:
    base, own = (colours(one.read_text(encoding="utf-8"), dark=dark) for one in (BASE, sheet))
    known = base | own
    weak = {
        pair: round(contrast(known[pair[0]], known[pair[1]]), 2)
        for pair in PAIRS
        if contrast(known[pair[0]], known[pair[1]]) < LEAST_CONTRAST
    }
    assert weak == {}


def test_contrast_is_measured_as_the_guidelines_say() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
