"""What a use keeps of its picture, what changes it, and when it counts."""

from __future__ import annotations

import pytest

from assets.model import ImageReference, Page
from catalog.model import AssetRecord, UsageRecord, in_time, use_time_of


def test_a_use_says_where_its_caption_stood() -> None:
    reference = ImageReference("https://a.example/k.jpg", caption="Kim", caption_field="media caption")
    usage = UsageRecord.of(Page(""), reference, keys=("u", "p"), asset="", at="2025-08-09T06:00:00Z")
    assert usage.caption_field == "media caption"


def test_a_use_says_what_stands_under_its_gallery() -> None:
    reference = ImageReference("https://a.example/k.jpg", gallery_caption="The harbour in winter")
    usage = UsageRecord.of(Page(""), reference, keys=("u", "p"), asset="", at="2025-08-09T06:00:00Z")
    assert usage.gallery_caption == "The harbour in winter"


def test_a_use_of_an_earlier_version_tells_of_no_gallery() -> None:
    record = UsageRecord(key="u", page="p").to_json()
    del record["gallery_caption"]
    assert UsageRecord.from_json(record) == UsageRecord(key="u", page="p")


@pytest.mark.parametrize(
    ("published", "time"),
    [("2025-08-01T06:00:00Z", "2025-08-01T06:00:00Z"), ("", "2025-08-09T06:00:00Z")],
)
def test_a_use_counts_from_when_it_was_published_or_else_seen(published: str, time: str) -> None:
    usage = UsageRecord(key="u", page="p", published=published, first_seen="2025-08-09T06:00:00Z")
    assert use_time_of(usage) == time


def test_uses_are_in_order_by_the_clock_and_what_no_calendar_knows_is_last() -> None:
    times = ["2025-08-01T02:00:00+03:00", "2025-07-31T23:30:00Z", "2025-08-01", "some day"]
    usages = [UsageRecord(key=time, page="p", published=time) for time in times[::-1]]
    assert [usage.key for usage in sorted(usages, key=in_time)] == times


@pytest.mark.parametrize("field", ["reason", "decoded"])
def test_an_asset_of_an_earlier_version_is_whole_and_can_be_compared(field: str) -> None:
    record = AssetRecord(sha256="5f", format="JPEG").to_json()
    del record[field]
    assert AssetRecord.from_json(record) == AssetRecord(sha256="5f", format="JPEG")
