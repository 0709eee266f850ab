"""The desk's pages in a real browser while pictures are still being compared, and once they have been."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from browser import chromium
from desk_pages import Page
from desks import desk, harvested, made
from pictures import encoded

from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.store.layout import DERIVED

BEHIND = "6 of 6 pictures are not yet compared with the others: copies may be missing."

# The pages that depend on it: a picture that has copies, one that was looked up, the list.
PHOTO, LOOKED_UP, CLUSTERS = "/photo/{0}", "/?named={0}", "/clusters"


def digest(name: str) -> str:
    return hashlib.sha256(encoded(made()[name], "JPEG", quality=88)).hexdigest()


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[tuple[Page, ExitStack]]:
    """A desk over a catalog that nobody has compared, and what keeps it from being compared until that is closed."""
    with (
        harvested(tmp_path) as (catalog, sites),
        chromium(tmp_path / "profile") as browser,
        ExitStack() as holding,
    ):
        VerifiedPairs.remove(catalog / DERIVED)
        holding.enter_context(VerifiedPairs(catalog / DERIVED))
        with desk(catalog, "--workers", "1") as running:
            yield Page(browser, running, sites, tmp_path), holding
            assert browser.complaints() == []


@contextmanager
def shown(behind: tuple[Page, ExitStack], path: str) -> Iterator[Page]:
    """A page as it is while pictures are not compared; after the block all are."""
    page, holding = behind
    page.open(path.format(digest("b-gray")))
    page.wait("document.querySelector('.notice.incomplete:not([hidden])')")
    yield page
    holding.close()
    page.wait("document.querySelector('.notice.incomplete[hidden]')")


@pytest.mark.parametrize("path", [PHOTO, LOOKED_UP, CLUSTERS])
def test_a_page_says_that_copies_may_be_missing(behind: tuple[Page, ExitStack], path: str) -> None:
    with shown(behind, path) as page:
        assert page.text(".notice.incomplete") == BEHIND


def test_no_copy_is_called_the_only_one_while_pictures_are_compared(behind: tuple[Page, ExitStack]) -> None:
    with shown(behind, PHOTO) as page:
        assert "the only copy so far" in page.text("figcaption")


def test_an_open_page_of_a_photo_mends_itself(behind: tuple[Page, ExitStack]) -> None:
    with shown(behind, PHOTO) as page:
        assert page.texts("li.copy") == []
    page.wait("document.querySelectorAll('li.copy').length === 2")


def test_an_open_list_of_clusters_mends_itself(behind: tuple[Page, ExitStack]) -> None:
    with shown(behind, CLUSTERS) as page:
        assert page.texts(".clusters tbody tr") == []
    page.wait("document.querySelectorAll('.clusters tbody tr').length === 2")


def test_an_open_answer_mends_itself(behind: tuple[Page, ExitStack]) -> None:
    with shown(behind, LOOKED_UP) as page:
        assert "not compared with all others yet" in page.text(".verdict .covers")
    page.wait("!document.querySelector('.verdict .covers').innerText.includes('not compared')")


def test_that_it_is_complete_is_said_aloud(behind: tuple[Page, ExitStack]) -> None:
    with shown(behind, PHOTO) as page:
        pass
    page.wait("document.querySelector('#said').innerText.includes('All pictures have been compared')")


def test_below_every_page_stands_what_is_still_to_be_compared(behind: tuple[Page, ExitStack]) -> None:
    with shown(behind, PHOTO) as page:
        page.wait("document.querySelector('#covers').innerText.includes('not compared with all others yet')")
    page.wait("!document.querySelector('#covers').innerText.includes('not compared')")
