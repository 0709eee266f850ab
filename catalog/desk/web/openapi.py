"""What the API is, as an OpenAPI 3.1 document; a test compares it with the routes, and a fuzzer reads it."""

from __future__ import annotations

from importlib.metadata import version

from catalog.decisions import DECISIONS
from catalog.desk.services import SIDES, SORTS, JobState
from catalog.desk.web.request_parsing import DIGEST, MOMENT, MOST_QUERY_TEXT
from catalog.harvest import MOST_FAILURES
from catalog.model import Json

_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_SHA256: Json = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_PREFIX: Json = {"type": "string", "pattern": f"^{DIGEST}$"}
_MOMENT: Json = {"type": "string", "pattern": f"^({MOMENT})?$"}
_MAYBE_TEXT: Json = {"type": ["string", "null"]}


def document() -> Json:
    """The document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Photodesk",
            "version": version("photodesk"),
            "description": "Where has this photo been seen, who republished it, and with which caption and credit.",
        },
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _paths() -> Json:
    return {
        "/api/v1/openapi.json": {"get": _operation("This document", _json(_object({})))},
        "/api/v1/catalog": {"get": _operation("What the catalog covers", _ref("Catalog"))},
        "/api/v1/lookups": {
            "post": _operation(
                "Look a picture up", _ref("Answer"), body=_lookup_body(), codes=(408, 413, 422, 503)
            )
        },
        "/api/v1/lookups/{id}": {"get": _operation("An earlier look-up again", _ref("Answer"), ["id"])},
        "/api/v1/lookups/{id}/picture": {
            "get": _operation("The picture looked up, as WebP", _binary("image/webp"), ["id"])
        },
        "/api/v1/search": {
            "get": _operation(
                "Pictures by what is said of them",
                _ref("SearchResults"),
                query=[*_texts("words", "site", "credit", "role"), *_moments("since", "until"), *_paging()],
            )
        },
        "/api/v1/assets/{sha256}": {"get": _operation("One asset", _ref("Asset"), ["sha256"])},
        "/api/v1/assets/{sha256}/original": {
            "get": _operation("The original file", _binary("application/octet-stream"), ["sha256"])
        },
        "/api/v1/assets/{sha256}/thumbnail": {
            "get": _operation(
                "The asset made small, as WebP",
                _binary("image/webp"),
                ["sha256"],
                query=[_query("side", {"type": "integer", "enum": list(SIDES)})],
                codes=(422, 503),
            )
        },
        "/api/v1/clusters": {"get": _operation("Clusters", _ref("Clusters"), query=_cluster_query())},
        "/api/v1/clusters/{cluster}": {"get": _operation("One cluster", _ref("Cluster"), ["cluster"])},
        "/api/v1/clusters/{cluster}/evidence": {
            "get": _operation(
                "Its evidence bundle, or that of a picture in none",
                _binary("application/zip"),
                ["cluster"],
                codes=(503,),
            )
        },
        "/api/v1/decisions": {
            "get": _operation(
                "What people decided", _json(_object({"decisions": _list(_ref_only("Decision"))}))
            ),
            "post": _operation(
                "Decide whether two pictures are the same photo",
                _ref("Decided"),
                body=_json(_decision_body()),
                success=201,
                codes=(409, 413),
            ),
        },
        "/api/v1/harvests": {
            "get": _operation("Harvests", _json(_object({"harvests": _list(_ref_only("Harvest"))}))),
            "post": _operation(
                "Queue a harvest", _ref("Harvest"), body=_json(_harvest_body()), success=202, codes=(413, 503)
            ),
        },
        "/api/v1/harvests/{id}": {
            "get": _operation("One harvest", _ref("Harvest"), ["id"]),
            "delete": _operation("Cancel it", _ref("Harvest"), ["id"]),
        },
        "/api/v1/harvests/{id}/events": {
            "get": _operation("Its progress, as server-sent events", _events(), ["id"])
        },
    }


def _schemas() -> Json:
    """The shapes; usages, matches and clusters have more fields than are named."""
    coverage = _object(
        {
            "pictures": _COUNT,
            "pages": _COUNT,
            "sites": _COUNT,
            "since": _TEXT,
            "unreadable": _COUNT,
            "unstudied": _COUNT,
            "uncompared": _COUNT,
        }
    )
    decision: Json = {
        "first": _SHA256,
        "second": _SHA256,
        "decision": {"enum": list(DECISIONS)},
        "by": _TEXT,
        "at": _TEXT,
    }
    return {
        "Problem": _problem(),
        "Coverage": coverage,
        "Catalog": _object(
            {
                "version": _TEXT,
                "coverage": _ref_only("Coverage"),
                "incomplete": _MAYBE_TEXT,
                "sites": _list(_object({"site": _TEXT, "pages": _COUNT})),
                "harvest": {"anyOf": [_ref_only("Harvest"), {"type": "null"}]},
            }
        ),
        "Answer": _object(
            {
                "id": _MAYBE_TEXT,
                "query": _TEXT,
                "decoded": {"type": "number"},
                "verdict": {"enum": ["used", "possible", "not in this catalog"]},
                "coverage": _ref_only("Coverage"),
                "incomplete": _MAYBE_TEXT,
                "schema": _TEXT,
                "photos": _list(_ref_only("Photo")),
                "others": _list(_ref_only("Match")),
                "set_aside": _COUNT,
                "picture": {"type": ["object", "null"]},
            }
        ),
        "Photo": _object(
            {
                "id": _TEXT,
                "best": _SHA256,
                "summary": _TEXT,
                "totals": _object(dict.fromkeys(("uses", "sites", "copies"), _COUNT)),
                "earliest_observed": _TEXT,
                "copies": _list(_ref_only("FoundCopy")),
                "uses": _list(_object({})),
            }
        ),
        "FoundCopy": _object(
            {
                "sha256": _SHA256,
                "decoded": {"type": "number"},
                "query": _object({"explanation": _TEXT}),
            }
        ),
        "Match": _object(
            {
                "asset": _SHA256,
                "relation": _MAYBE_TEXT,
                "decoded": {"type": "number"},
                "explanation": _TEXT,
                "substitute": _MAYBE_TEXT,
                "decision": _MAYBE_TEXT,
                "usages": _list(_ref_only("Usage")),
            }
        ),
        "Usage": _object(dict.fromkeys(("site", "page", "title", "caption", "alt", "credit", "url"), _TEXT)),
        "SearchResults": _object(
            {
                "total": _COUNT,
                "offset": _COUNT,
                "results": _list(_object({"asset": _SHA256, "usages": _list(_ref_only("Usage"))})),
            }
        ),
        "Asset": _object(
            {
                "sha256": _SHA256,
                "usages": _list(_ref_only("Usage")),
                "cluster": _MAYBE_TEXT,
                "embedded": _object({}),
            }
        ),
        "Clusters": _object(
            {
                "total": _COUNT,
                "offset": _COUNT,
                "clusters": _list(_object({"id": _TEXT})),
                "uncompared": _COUNT,
            }
        ),
        "Cluster": _object(
            {"id": _TEXT, "best": _SHA256, "copies": _list(_object({})), "uses": _list(_object({}))}
        ),
        "Decision": _object(decision),
        "Decided": _object(decision | {"contradicts": _list(_ref_only("Decision"))}),
        "Harvest": _object(
            {
                "id": _TEXT,
                "inputs": _list(_TEXT),
                "state": {"enum": [state.value for state in JobState]},
                "detail": _TEXT,
                "failures": {**_list(_ref_only("Failure")), "maxItems": MOST_FAILURES},
            }
        ),
        "Failure": _object(dict.fromkeys(("address", "stage", "reason", "why", "detail"), _TEXT)),
    }


def _problem() -> Json:
    told = _object({"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT})
    told["properties"]["reason"] = _TEXT | {"description": "why a picture cannot be looked at"}
    told["properties"]["holder"] = _TEXT | {"description": "which process holds the catalog"}
    return told


# Bodies


def _lookup_body() -> Json:
    picture = {"type": "string", "format": "binary"}
    named = {
        "anyOf": [
            _object({"address": {"type": "string", "format": "uri"}}),
            _object({"asset": _PREFIX}),
            _object({"phash": {"type": "string", "pattern": "^([0-9a-f]{16}|[0-9a-f]{64})$"}}),
        ]
    }
    return {
        "application/json": {"schema": named},
        "application/octet-stream": {"schema": picture},
        "multipart/form-data": {"schema": _object({"picture": picture})},
    }


def _decision_body() -> Json:
    body = _object({"first": _SHA256, "second": _SHA256, "decision": {"enum": list(DECISIONS)}})
    body["properties"]["note"] = {"type": "string", "minLength": 1, "maxLength": 2000}
    return body


def _harvest_body() -> Json:
    body = _object({"inputs": {**_list({"type": "string", "format": "uri"}), "minItems": 1, "maxItems": 50}})
    body["properties"] |= {
        "since": _MOMENT | {"type": ["string", "null"]},
        "limit": {"type": ["integer", "null"], "minimum": 1},
    }
    return body


# Queries


def _paging() -> list[Json]:
    return [_query("offset", _COUNT), _query("limit", {"type": "integer", "minimum": 0, "maximum": 200})]


def _cluster_query() -> list[Json]:
    return [
        *_texts("words", "site"),
        *_moments("since"),
        _query("relation", {"enum": ["", "identical", "copy", "crop", "contained"]}),
        _query("conflict", {"enum": ["", "caption", "credit", "credit missing"]}),
        _query("across_sites", {"enum": ["0", "1"]}),
        _query("sort", {"enum": list(SORTS)}),
        _query("order", {"enum": ["asc", "desc"]}),
        *_paging(),
    ]


def _texts(*names: str) -> list[Json]:
    return [_query(name, {"type": "string", "maxLength": MOST_QUERY_TEXT}) for name in names]


def _moments(*names: str) -> list[Json]:
    return [_query(name, _MOMENT) for name in names]


def _query(name: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "schema": schema}


# Building blocks


def _operation(
    summary: str,
    content: Json,
    path: list[str] | None = None,
    *,
    query: list[Json] | None = None,
    body: Json | None = None,
    success: int = 200,
    codes: tuple[int, ...] = (),
) -> Json:
    schemas = {"sha256": _PREFIX, "cluster": _PREFIX}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": schemas.get(name, _TEXT)}
        for name in path or []
    ]
    failures = {400, 401, 403, 404, 421, *codes}
    problem = {"application/problem+json": {"schema": _ref_only("Problem")}}
    operation: Json = {
        "summary": summary,
        "parameters": [*parameters, *(query or [])],
        "responses": {
            str(success): {"description": summary, "content": content},
            **{str(code): {"description": "a problem", "content": problem} for code in sorted(failures)},
        },
    }
    return operation | ({"requestBody": {"required": True, "content": body}} if body else {})


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _ref_only(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _ref(name: str) -> Json:
    return _json(_ref_only(name))


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _events() -> Json:
    return {"text/event-stream": {"schema": _object({"event": _TEXT, "data": _TEXT})}}


def _binary(content_type: str) -> Json:
    return {content_type: {"schema": {"type": "string"}}}
