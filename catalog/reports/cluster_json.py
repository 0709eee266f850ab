"""Clusters as JSON, for scripts and for the desk.

The document is described by `duplicates.schema.json` beside this module; a change that readers must know of raises the
number in its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from assets import credits_json
from catalog.clusters import Cluster, Copy, Extent, Statement, Use, Wording
from catalog.harvest import describe_page_state
from catalog.lookup import Coverage
from catalog.model import Json
from catalog.reports.safe_text import json_line
from catalog.reports.wording import extent_text, incomplete_text

SCHEMA = "photodesk-duplicates/2"


def json_parts(
    clusters: Iterable[Cluster],
    coverage: Coverage,
    generated: str,
    substitutes: Iterable[tuple[str, str]] = (),
) -> Iterator[str]:
    """The JSON document in parts, a cluster at a time; `substitutes` are digests and what is told of each."""
    told = [{"sha256": sha256, "explanation": explanation} for sha256, explanation in substitutes]
    head = {
        "schema": SCHEMA,
        "generated": generated,
        "coverage": asdict(coverage),
        "incomplete": incomplete_text(coverage) or None,
        "substitutes": told,
    }
    yield json_line(head)[:-1] + ', "clusters": ['
    for number, cluster in enumerate(clusters):
        yield (",\n" if number else "\n") + json_line(cluster_record(cluster))
    yield "\n]}\n"


def cluster_record(cluster: Cluster) -> Json:
    """One cluster as its JSON object."""
    conflicts = cluster.conflicts
    return {
        "id": cluster.id,
        "best": cluster.best.sha256,
        "why_best": cluster.why_best,
        **extent_record(cluster.extent),
        "copies": [copy_record(copy) for copy in cluster.copies],
        "uses": [use_record(use) for use in cluster.uses],
        "sites": [asdict(site) for site in cluster.sites],
        "conflicts": {
            "kinds": list(conflicts.kinds),
            "captions": [_wording_record(wording) for wording in conflicts.captions],
            "credits": [_wording_record(wording) for wording in conflicts.credits],
            "credit_missing": list(conflicts.credit_missing),
            "recovered_credit": _statement_record(conflicts.recovered) if conflicts.recovered else None,
        },
    }


def extent_record(extent: Extent) -> Json:
    """How far a photograph has spread, as a line and its figures."""
    return {
        "summary": extent_text(extent),
        "totals": {"uses": extent.uses, "sites": extent.sites, "copies": extent.copies},
        "earliest_observed": extent.earliest,
        "earliest_site": extent.earliest_site,
    }


def copy_record(copy: Copy) -> Json:
    """One copy of a cluster as its JSON object."""
    asset, match = copy.asset, copy.match
    record: Json = {
        "sha256": asset.sha256,
        "format": asset.format,
        "reason": asset.reason or None,
        "decoded": asset.decoded,
        "width": asset.width,
        "height": asset.height,
        "length": asset.length,
        "embedded": asset.embedded,
        "relation": None,
        "explanation": copy.explanation,
        "decision": copy.decision or None,
        "upload": copy.upload or None,
        "variant_evidence": copy.variant_evidence or None,
        "substitute": copy.substitute or None,
    }
    if match is not None:
        told = match.to_json()
        del told["asset"]
        record |= told
    return record


def use_record(use: Use) -> Json:
    """One use of a copy as its JSON object."""
    usage, page = use.usage, use.page
    return {
        "usage": usage.key,
        "asset": usage.asset,
        "site": usage.site,
        "page": usage.page,
        "title": page.title if page is not None else "",
        "url": usage.url,
        "role": usage.role,
        "published": usage.published,
        "uploaded": usage.uploaded,
        "first_seen": usage.first_seen,
        "last_seen": usage.last_seen,
        "withdrawn": usage.withdrawn,
        "page_state": describe_page_state(page) or None,
        "hours_after_earliest": use.hours_after,
        "reuse": use.is_reuse,
        "substitute": use.substitute or None,
        "caption": usage.caption,
        "caption_field": usage.caption_field,
        "alt": usage.alt,
        "credit": usage.credit,
        "credit_field": usage.credit_field,
        "credits": credits_json(usage.credit),
    }


def _wording_record(wording: Wording) -> Json:
    return {
        "text": wording.text,
        "statements": [_statement_record(statement) for statement in wording.statements],
        "diff": [asdict(word) for word in wording.diff],
    }


def _statement_record(statement: Statement) -> Json:
    return asdict(statement)
