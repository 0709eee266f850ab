"""Answers as JSON tells them: other programs read these names."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from assets import Failure, Reason, Stage
from catalog.lookup.answer import Answer, Found, LookupVerdict, PlacedUsage
from catalog.lookup.answer_json import answer_record, serialize_unanswered, usage_record
from catalog.lookup.coverage import Coverage
from catalog.matching.matcher import Match
from catalog.matching.relation import Relation
from catalog.model import AssetRecord, PageRecord, UsageRecord

COVERAGE = Coverage(pictures=6, pages=7, sites=2, since="2025-08-01T00:00:00Z", uncompared=1)

ASSET = AssetRecord(
    sha256="aa",
    format="JPEG",
    width=640,
    height=480,
    embedded={"credit": {"text": "AP", "field": "iptc 2:110"}},
)

USAGE = UsageRecord(
    key="u",
    page="https://a.example/story",
    site="a.example",
    url="https://a.example/kim.jpg",
    role="figure",
    alt="Kim’s visit",
    caption="Kim inspects a unit.",
    caption_field="image_meta.title",
    credit="KCNA",
    credit_field="figcaption",
    published="2025-08-02T00:00:00Z",
    first_seen="2025-08-03T00:00:00Z",
    last_seen="2025-08-04T00:00:00Z",
    withdrawn="2025-08-05T00:00:00Z",
)

PAGE = PageRecord(key="https://a.example/story", title="A visit")

MATCH = Match(
    asset="aa",
    relation=Relation.CROP,
    kept=0.72,
    beyond=0.01,
    larger="asset",
    crop_box=(1, 2, 3, 4),
    mirrored=True,
    rotation=90.0,
    scale=0.5,
    gain=1.1,
    lift=-3.0,
    overlays=((5, 6, 7, 8),),
    inliers=50,
    blocks_agreeing=20,
    blocks_compared=21,
    transform=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
)


def answer(*found: Found) -> Answer:
    return Answer("kim.jpg", LookupVerdict.USED, COVERAGE, found, set_aside=3)


def told_of(found: Found) -> dict[str, object]:
    """What is told of one picture that was found."""
    (record,) = json.loads(json.dumps(answer_record(answer(found))))["matches"]
    return dict(record)


def found(match: Match | None = MATCH, decision: str = "", *usages: PlacedUsage) -> Found:
    return Found(ASSET, "72 % of the original", usages, match, decision)


def test_an_answer_tells_question_verdict_and_coverage() -> None:
    assert answer_record(answer()) == {
        "query": "kim.jpg",
        "decoded": 1.0,
        "verdict": "used",
        "coverage": {
            "pictures": 6,
            "pages": 7,
            "sites": 2,
            "since": "2025-08-01T00:00:00Z",
            "unreadable": 0,
            "unstudied": 0,
            "uncompared": 1,
        },
        "matches": [],
        "set_aside": 3,
    }


def test_pictures_are_told_in_the_order_in_which_they_were_found() -> None:
    other = replace(found(None), asset=AssetRecord(sha256="bb"))
    told = json.loads(json.dumps(answer_record(answer(other, found(None)))))
    assert [one["asset"] for one in told["matches"]] == ["bb", "aa"]


def test_a_match_is_told_whole() -> None:
    assert told_of(found()) == {
        "asset": "aa",
        "relation": "crop",
        "kept": 0.72,
        "beyond": 0.01,
        "larger": "asset",
        "crop_box": [1, 2, 3, 4],
        "mirrored": True,
        "rotation": 90.0,
        "scale": 0.5,
        "gain": 1.1,
        "lift": -3.0,
        "overlays": [[5, 6, 7, 8]],
        "inliers": 50,
        "blocks_agreeing": 20,
        "blocks_compared": 21,
        "transform": [1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
        "edits": [],
        "why": "",
        "decision": None,
        "explanation": "72 % of the original",
        "substitute": None,
        "format": "JPEG",
        "reason": None,
        "decoded": 1.0,
        "width": 640,
        "height": 480,
        "embedded": {"credit": {"text": "AP", "field": "iptc 2:110"}},
        "usages": [],
    }


def test_where_no_pixels_were_compared_there_is_no_relation() -> None:
    assert told_of(found(None)) == {
        "asset": "aa",
        "relation": None,
        "decision": None,
        "explanation": "72 % of the original",
        "substitute": None,
        "format": "JPEG",
        "reason": None,
        "decoded": 1.0,
        "width": 640,
        "height": 480,
        "embedded": {"credit": {"text": "AP", "field": "iptc 2:110"}},
        "usages": [],
    }


def test_what_was_decided_is_told() -> None:
    assert told_of(found(None, "same"))["decision"] == "same"


def test_the_usages_of_a_picture_are_told_in_their_order() -> None:
    usages = (PlacedUsage(USAGE, PAGE), PlacedUsage(replace(USAGE, site="b.example"), None))
    told = told_of(found(None, "", *usages))["usages"]
    assert told == [usage_record(usages[0]), usage_record(usages[1])]


def test_a_usage_is_told_with_the_title_of_its_page() -> None:
    assert usage_record(PlacedUsage(USAGE, PAGE)) == {
        "site": "a.example",
        "page": "https://a.example/story",
        "title": "A visit",
        "published": "2025-08-02T00:00:00Z",
        "caption": "Kim inspects a unit.",
        "caption_field": "image_meta.title",
        "alt": "Kim’s visit",
        "credit": "KCNA",
        "credit_field": "figcaption",
        "role": "figure",
        "url": "https://a.example/kim.jpg",
        "first_seen": "2025-08-03T00:00:00Z",
        "last_seen": "2025-08-04T00:00:00Z",
        "withdrawn": "2025-08-05T00:00:00Z",
        "page_state": None,
    }


def test_a_usage_tells_what_keeps_people_from_its_page() -> None:
    gone = replace(PAGE, gone="2025-08-05T00:00:00Z", status="deleted")
    assert usage_record(PlacedUsage(USAGE, gone))["page_state"] == "deleted"


def test_a_usage_whose_page_is_not_known_has_no_title() -> None:
    assert usage_record(PlacedUsage(USAGE, None))["title"] == ""


@pytest.mark.parametrize("detail", ["", "no such file"])
def test_a_lookup_that_failed_says_why_and_has_no_verdict(detail: str) -> None:
    failure = Failure(Stage.READ, Reason.NOT_FOUND, "kim.jpg", detail)
    assert json.loads(json.dumps(serialize_unanswered("kim.jpg", failure))) == {
        "query": "kim.jpg",
        "verdict": None,
        "error": {"stage": "read", "reason": "not found", "address": "kim.jpg", "detail": detail},
    }
