from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import pytest

from catalog.desk.problems import Problem
from catalog.desk.services.catalog_view import View
from catalog.desk.services.lookups import Lookups
from catalog.desk.services.thumbnails import Thumbnails
from catalog.model import AssetRecord
from catalog.store.catalog import open_store
from catalog.store.layout import ORIGINALS, THUMBNAILS

SHA256 = "ab" * 32


class Painter:
    """Look-ups whose small pictures are made up."""

    async def make_small(self, _path: Path, _orientation: int, _side: int) -> bytes:
        return b"small"


def test_a_small_picture_that_cannot_be_kept_is_shown_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    open_store(tmp_path).close()
    original = tmp_path / ORIGINALS / SHA256[:2] / f"{SHA256}.jpg"
    original.parent.mkdir(parents=True)
    original.touch()
    (tmp_path / "derived").mkdir()
    (tmp_path / "derived" / THUMBNAILS).write_text("in the way")
    view = View(tmp_path)
    thumbnails = Thumbnails(view, cast("Lookups", Painter()))
    shown = asyncio.run(thumbnails.of(AssetRecord(sha256=SHA256), 160))
    view.close()
    assert shown == b"small"
    path = tmp_path / "derived" / THUMBNAILS / SHA256[:2] / f"{SHA256}-160.webp"
    assert caplog.messages == [f"{path}: not written: Not a directory"]


def test_what_cannot_be_compared_is_never_rendered(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    view = View(tmp_path)
    thumbnails = Thumbnails(view, cast("Lookups", Painter()))
    drawing = AssetRecord(sha256=SHA256, format="SVG", reason="unsupported picture")
    with pytest.raises(Problem, match=r"cannot be shown \(SVG, unsupported picture\)"):
        asyncio.run(thumbnails.of(drawing, 160))
    view.close()
