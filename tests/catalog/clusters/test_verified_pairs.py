from __future__ import annotations

from pathlib import Path

import pytest
from matching import DrawnCatalog
from pictures import flat, photo

from catalog.clusters import verified_pairs
from catalog.clusters.verified_pairs import sort_copies_first


def test_what_seems_to_be_a_copy_is_looked_up_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verified_pairs, "WORTH_SORTING", 2)
    pictures = {str(seed): photo(seed, 300, 200) for seed in range(8)}
    pictures |= {
        "smaller 5": photo(5, 300, 200).resize((240, 160)),
        "flat": flat(),
        "flat too": flat("#5a5a5a"),
    }
    with DrawnCatalog(tmp_path, pictures) as catalog:
        every = [catalog.studies.sha256_of(row) for row in range(len(catalog.studies))]
        unknown = "0" * 64
        first = sort_copies_first([unknown, *every], catalog.studies)
    assert first[:2] == [every[5], every[8]]
    assert first[2:] == [unknown, *(one for row, one in enumerate(every) if row not in (5, 8))]
