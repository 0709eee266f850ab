"""Feeds and exports as real sites published them, against what a person read in them."""

from __future__ import annotations

from typing import Any

import pytest
from corpus_data import check, expectations, read, shared_data

from assets.model import Failure, Reading, Reason


@pytest.mark.parametrize(("file", "expected"), expectations("feeds"))
def test_a_real_feed_is_read_as_a_person_reads_it(file: str, expected: dict[str, Any]) -> None:
    check(shared_data("feeds") / file, expected)


def test_all_real_feeds_are_read() -> None:
    parts = read(shared_data("feeds"))
    assert sum(isinstance(part, Reading) for part in parts) > 440
    assert {part.reason for part in parts if isinstance(part, Failure)} <= {Reason.PASSED_OVER}


def test_all_real_pages_are_read_without_an_internal_fault() -> None:
    parts = read(shared_data("html"))
    assert sum(isinstance(part, Reading) for part in parts) > 90
