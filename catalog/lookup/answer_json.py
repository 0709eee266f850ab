"""Answers as plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict

from assets import Failure
from catalog.harvest import describe_page_state
from catalog.lookup.answer import Answer, Found, PlacedUsage


def answer_record(answer: Answer) -> dict[str, object]:
    """What a lookup came to, as its JSON line tells it."""
    return {
        "query": answer.query,
        "decoded": answer.decoded,
        "verdict": answer.finding.value,
        "coverage": asdict(answer.coverage),
        "matches": [_serialize_found(found) for found in answer.found],
        "set_aside": answer.set_aside,
    }


def serialize_unanswered(query: str, failure: Failure) -> dict[str, object]:
    """A lookup that failed, as its JSON line tells it: no verdict, but why."""
    return {"query": query, "verdict": None, "error": asdict(failure)}


def _serialize_found(found: Found) -> dict[str, object]:
    match = found.match
    record: dict[str, object] = {"asset": found.asset.sha256, "relation": None}
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


def usage_record(placed: PlacedUsage) -> dict[str, object]:
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
        "role": usage.role,
        "url": usage.url,
        "first_seen": usage.first_seen,
        "last_seen": usage.last_seen,
        "withdrawn": usage.withdrawn,
        "page_state": describe_page_state(page) or None,
    }
