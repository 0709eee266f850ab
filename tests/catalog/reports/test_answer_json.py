"""Answers as JSON tells them: other programs read these names."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import catalog as catalog_package
from assets import Failure, Reason, Stage
from catalog.clusters.cluster import Cluster, Conflicts, Copy, SiteSpread, Use
from catalog.lookup.answer import Answer, Found, FoundCopy, LookupVerdict, Photo, PlacedUsage
from catalog.lookup.coverage import Coverage
from catalog.matching.matcher import Match
from catalog.matching.relation import Relation
from catalog.model import AssetRecord, PageRecord, UsageRecord
from catalog.reports.answer_json import answer_record, serialize_unanswered, usage_record
from catalog.reports.cluster_json import cluster_record, copy_record, use_record

COVERAGE = Coverage(pictures=6, pages=7, sites=2, since="2025-08-01T00:00:00Z")

FIRST, SECOND = "aa" * 32, "bb" * 32

ASSET = AssetRecord(
    sha256=FIRST,
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
    asset=FIRST,
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
    asset=FIRST,
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

USE = Use(USAGE, PAGE, USAGE.published, hours_after=0.0)

CLUSTER = Cluster(
    id=FIRST[:12],
    why_best="the largest uncropped copy (640 × 480)",
    copies=(Copy(ASSET, "the best copy"), Copy(AssetRecord(sha256=SECOND), "the whole picture", MATCH)),
    uses=(USE,),
    sites=(SiteSpread("a.example", USAGE.published, 0.0, 1),),
    conflicts=Conflicts(),
)

DIRECT = FoundCopy(CLUSTER.copies[0], "72 % of the original", MATCH, transform=MATCH.transform)
THROUGH = FoundCopy(
    CLUSTER.copies[1], "as a copy of aa", through=FIRST, transform=(2.0, 0.0, 0.0, 0.0, 2.0, 0.0)
)
PHOTO = Photo(CLUSTER, (DIRECT, THROUGH))


def schema(name: str) -> dict[str, Any]:
    folder = Path(catalog_package.__file__).parent / "reports"
    return dict(json.loads((folder / f"{name}.schema.json").read_text("utf-8")))


def told(answer: Answer) -> dict[str, Any]:
    """An answer as another program reads it, which the schema describes."""
    document = json.loads(json.dumps(answer_record(answer)))
    jsonschema.Draft202012Validator(schema("lookup")).validate(document)
    return dict(document)


def answer(*found: Found, photos: tuple[Photo, ...] = (), coverage: Coverage = COVERAGE) -> Answer:
    return Answer("kim.jpg", LookupVerdict.USED, coverage, photos, found, set_aside=3)


def photo_told() -> dict[str, Any]:
    (record,) = told(answer(photos=(PHOTO,)))["photos"]
    return dict(record)


def other_told(found: Found) -> dict[str, Any]:
    (record,) = told(answer(found))["others"]
    return dict(record)


def found(match: Match | None = None, decision: str = "", *usages: PlacedUsage) -> Found:
    return Found(ASSET, "another frame", usages, match, decision)


def test_the_schema_is_sound() -> None:
    jsonschema.Draft202012Validator.check_schema(schema("lookup"))


@pytest.mark.parametrize("name", ["moment", "digest", "box", "copy", "use", "site"])
def test_what_clusters_have_too_is_described_in_the_same_words(name: str) -> None:
    assert schema("lookup")["$defs"][name] == schema("duplicates")["$defs"][name]


def test_coverage_is_described_in_the_same_words() -> None:
    assert schema("lookup")["properties"]["coverage"] == schema("duplicates")["properties"]["coverage"]


def test_an_answer_tells_its_shape_question_verdict_and_coverage() -> None:
    assert told(answer()) == {
        "schema": "photodesk-lookup/2",
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
            "uncompared": 0,
        },
        "incomplete": None,
        "photos": [],
        "others": [],
        "set_aside": 3,
    }


def test_an_answer_says_that_copies_may_be_missing() -> None:
    incomplete = told(answer(coverage=replace(COVERAGE, uncompared=2)))["incomplete"]
    assert incomplete == "2 of 6 pictures are not yet compared with the others: copies may be missing"


def test_a_photo_is_summed_up_in_one_line() -> None:
    assert photo_told()["summary"] == (
        "1 use on 1 site in 2 copies, earliest observed 2025-08-02 00:00 UTC at a.example"
    )


def test_the_figures_of_the_line_are_told() -> None:
    record = photo_told()
    assert record["totals"] == {"uses": 1, "sites": 1, "copies": 2}
    assert (record["earliest_observed"], record["earliest_site"]) == ("2025-08-02T00:00:00Z", "a.example")


def test_a_photo_tells_what_its_cluster_tells_in_the_same_words() -> None:
    record, cluster = photo_told(), json.loads(json.dumps(cluster_record(CLUSTER)))
    names = record.keys() - {"copies"}
    assert {name: record[name] for name in names} == {name: cluster[name] for name in names}


def test_a_copy_tells_how_it_shows_the_best_one() -> None:
    copy = photo_told()["copies"][1]
    del copy["query"]
    assert copy == json.loads(json.dumps(copy_record(CLUSTER.copies[1])))


def test_a_copy_tells_how_the_query_shows_it() -> None:
    assert photo_told()["copies"][0]["query"] == {
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
        "through": None,
        "explanation": "72 % of the original",
        "decision": None,
    }


def test_a_copy_that_the_query_does_not_show_itself_tells_through_which_it_does() -> None:
    assert photo_told()["copies"][1]["query"] == {
        "relation": None,
        "through": FIRST,
        "transform": [2.0, 0.0, 0.0, 0.0, 2.0, 0.0],
        "explanation": "as a copy of aa",
        "decision": None,
    }


def test_uses_are_told_as_clusters_tell_them() -> None:
    assert photo_told()["uses"] == [json.loads(json.dumps(use_record(USE)))]


def test_other_pictures_are_told_in_the_order_in_which_they_were_found() -> None:
    second = replace(found(), asset=AssetRecord(sha256=SECOND))
    assert [one["asset"] for one in told(answer(second, found()))["others"]] == [SECOND, FIRST]


def test_another_picture_is_told_with_its_match() -> None:
    record = other_told(found(replace(MATCH, relation=Relation.SIBLING)))
    assert record == MATCH.to_json() | {
        "relation": "sibling",
        "decision": None,
        "explanation": "another frame",
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
    assert other_told(found())["relation"] is None


def test_what_was_decided_is_told() -> None:
    assert other_told(found(None, "undecided"))["decision"] == "undecided"


def test_the_usages_of_another_picture_are_told_in_their_order() -> None:
    usages = (PlacedUsage(USAGE, PAGE), PlacedUsage(replace(USAGE, site="b.example"), None))
    assert other_told(found(None, "", *usages))["usages"] == [usage_record(one) for one in usages]


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
        "credits": [{"name": "KCNA", "role": "agency"}],
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
    document = json.loads(json.dumps(serialize_unanswered("kim.jpg", failure)))
    jsonschema.Draft202012Validator(schema("lookup")).validate(document)
    assert document == {
        "schema": "photodesk-lookup/2",
        "query": "kim.jpg",
        "verdict": None,
        "error": {"stage": "read", "reason": "not found", "address": "kim.jpg", "detail": detail},
    }
