"""A usage as several kinds of sources tell it."""

from __future__ import annotations

from catalog.harvest.observations import update_usage
from catalog.model import UsageRecord


def test_a_caption_that_stands_elsewhere_is_no_change() -> None:
    before = UsageRecord(key="u", page="p", caption="Kim", caption_field="media caption")
    now = UsageRecord(key="u", page="p", caption="Kim", caption_field="figcaption")
    assert update_usage(before, now) == now
