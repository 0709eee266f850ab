"""WordPress objects as real sites sent them, against what a person read in them."""

from __future__ import annotations

from typing import Any

import pytest
from corpus_data import check, expectations, read, shared_data

from assets.model import Failure, PageKind, Reading, Reason, Role


@pytest.mark.parametrize(("file", "expected"), expectations("wordpress"))
def test_a_real_object_is_read_as_a_person_reads_it(file: str, expected: dict[str, Any]) -> None:
    check(shared_data("wordpress") / file, expected)


def test_all_real_objects_are_read_without_an_internal_fault() -> None:
    parts = read(shared_data("wordpress"))
    assert sum(isinstance(part, Reading) for part in parts) > 270
    assert {part.reason for part in parts if isinstance(part, Failure)} == {
        Reason.NO_PICTURE,
        Reason.UNAUTHORIZED,
        Reason.CLIENT_ERROR,
        Reason.PASSED_OVER,
    }


def test_media_items_of_a_site_tell_the_featured_pictures_of_its_posts() -> None:
    parts = read(shared_data("wordpress") / "transitoargentina.com.ar")
    pages = {part.page.post_id: part for part in parts if isinstance(part, Reading)}
    featured = pages[660].references[0]
    assert (featured.role, featured.media_id, featured.resolved) == (Role.FEATURED, 661, True)
    assert (featured.width, featured.height) == (850, 1140)
    assert featured.url.endswith("rallydakar-dakar.jpg")
    assert featured.uploaded == "2018-01-09T06:56:03Z"
    assert [page.page.post_id for page in pages.values() if page.page.kind is PageKind.ATTACHMENT] == []
