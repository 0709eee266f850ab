"""Answers of a lookup as JSON, for scripts and for the desk.

A line of it is described by `lookup.schema.json` beside this module; a change that readers must know of raises the
number in its name.
"""

from __future__ import annotations

from dataclasses import asdict

from assets import Failure, credits_json
from catalog.harvest import describe_page_state
from catalog.lookup import Answer, Found, FoundCopy, Photo, PlacedUsage
from catalog.model import Json
from catalog.reports.cluster_json import copy_record, extent_record, use_record
from catalog.reports.wording import incomplete_text

SCHEMA = "photodesk-lookup/2"


def answer_record(answer: Answer) -> Json:
    """What a lookup came to, as its JSON line tells it."""
    return {
        "schema": SCHEMA,
        "query": answer.query,
        "decoded": answer.decoded,
        "verdict": answer.finding.value,
        "coverage": asdict(answer.coverage),
        "incomplete": incomplete_text(answer.coverage) or None,
        "photos": [_photo_record(photo) for photo in answer.photos],
        "others": [_found_record(found) for found in answer.found],
        "set_aside": answer.set_aside,
    }


def serialize_unanswered(query: str, failure: Failure) -> Json:
    """A lookup that failed, as its JSON line tells it: no verdict, but why."""
    return {"schema": SCHEMA, "query": query, "verdict": None, "error": asdict(failure)}


def _photo_record(photo: Photo) -> Json:
    cluster = photo.cluster
    return {
        "id": cluster.id,
        "best": cluster.best.sha256,
        "why_best": cluster.why_best,
        **extent_record(cluster.extent),
        "copies": [copy_record(found.copy) | {"query": _query_record(found)} for found in photo.copies],
        "uses": [use_record(use) for use in cluster.uses],
        "sites": [asdict(site) for site in cluster.sites],
    }


def _query_record(found: FoundCopy) -> Json:
    """How the query shows a copy."""
    record: Json = {"relation": None}
    if found.match is not None:
        record = found.match.to_json()
        del record["asset"]
    return record | {
        "transform": list(found.transform) or None,
        "through": found.through or None,
        "explanation": found.explanation,
        "decision": found.decision or None,
    }


def _found_record(found: Found) -> Json:
    match = found.match
    record: Json = {"asset": found.asset.sha256, "relation": None}
    if match is not None:
        record = match.to_json()
    return record | {
        "decision": found.decision or None,
        "explanation": found.explanation,
        "substitute": found.substitute or None,
        "format": found.asset.format,
        "reason": found.asset.reason or None,
        "decoded": found.asset.decoded,
        "width": found.asset.width,
        "height": found.asset.height,
        "embedded": found.asset.embedded,
        "usages": [usage_record(placed) for placed in found.usages],
    }


def usage_record(placed: PlacedUsage) -> Json:
    """A usage and its page, as JSON tells them."""
    usage, page = placed.usage, placed.page
    return {
        "site": usage.site,
        "page": usage.page,
        "title": page.title if page is not None else "",
        "published": usage.published,
        "caption": usage.caption,
        "caption_field": usage.caption_field,
        "alt": usage.alt,
        "credit": usage.credit,
        "credit_field": usage.credit_field,
        "credits": credits_json(usage.credit),
        "role": usage.role,
        "url": usage.url,
        "first_seen": usage.first_seen,
        "last_seen": usage.last_seen,
        "withdrawn": usage.withdrawn,
        "page_state": describe_page_state(page) or None,
    }
