"""Real documents that are no part of the repository, and what is expected of them.

The documents lie in a folder of their own, named by `PHOTODESK_SHARED_DATA` or beside the repository;
without it these tests are skipped. `tests/data/corpus/*.json` keeps what a person found in them: facts, no text.
"""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from assets.documents.readings import read_documents
from assets.model import Failure, ImageReference, Reading
from assets.parsing import urls
from assets.sources.local import read_sources

CORPUS = Path(__file__).resolve().parent.parent / "data" / "corpus"


def shared_data(kind: str) -> Path:
    """The folder of real documents of a kind; skips the test where there is none."""
    beside = CORPUS.parents[2].parent / "shared" / "data"
    folder = Path(os.environ.get("PHOTODESK_SHARED_DATA") or beside) / kind
    if not folder.is_dir():
        pytest.skip(f"no real documents here: PHOTODESK_SHARED_DATA names no folder with {kind}/")
    return folder


def expectations(kind: str) -> list[Any]:
    """The files of a kind with what is expected of each, as parameters of a test."""
    table: dict[str, dict[str, Any]] = json.loads((CORPUS / f"{kind}.json").read_text(encoding="utf-8"))
    return [pytest.param(file, table[file], id=file) for file in sorted(table)]


def read(path: Path) -> list[Reading | Failure]:
    """What a file or a folder yields."""
    return list(read_documents(read_sources([str(path)], io.BytesIO())))


def check(path: Path, expected: dict[str, Any]) -> None:
    """Compare what a file yields with what is expected of it.

    `pages` and `total` count pages and references; `references` are those of the pages they name, or of all.
    A key that an expected reference does not have is not compared.
    """
    pages = [part for part in read(path) if isinstance(part, Reading)]
    assert len(pages) == expected["pages"]
    found = [(page.page.url, reference) for page in pages for reference in page.references]
    wanted = expected["references"]
    assert len(found) == expected.get("total", len(wanted)), [reference.url for _, reference in found]
    named = {one["page_url"] for one in wanted if "page_url" in one}
    compared = [reference for url, reference in found if not named or url in named]
    assert [urls.identity(one.url) for one in compared] == [urls.identity(one["url"]) for one in wanted]
    for reference, one in zip(compared, wanted, strict=True):
        assert facts(reference, one) == one


def facts(reference: ImageReference, wanted: dict[str, Any]) -> dict[str, Any]:
    """What a reference says under the keys that are asked for."""
    told: dict[str, Any] = {
        "url": wanted["url"],
        "page_url": wanted.get("page_url"),
        "role": reference.role.value,
        "width": reference.width,
        "height": reference.height,
        "media_id": reference.media_id,
        "alt": bool(reference.alt),
        "caption": bool(reference.caption),
        "credit": reference.credit,
        "resolved": reference.resolved,
        "diagnosis": reference.diagnosis.reason.value if reference.diagnosis else "",
        "uploads": list(reference.uploads),
    }
    return {key: told[key] for key in wanted}
