"""A ledger whose days a test names, and what the kinds of sources show of one site's pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from memory_store import MemoryStore

from assets import Failure, ImageReference, Page, PageKind, Reading, SourceKind
from catalog.harvest.ledger import Ledger
from catalog.model import PageRecord, UsageRecord
from catalog.store import Store
from catalog.store.embedded import EmbeddedStore

HOME = "https://news.example/"
ROOT = f"{HOME}wp-json/"
STORY = f"{HOME}7/"
SITE = "news.example"
STORES = ("embedded", "memory")


@contextmanager
def opened(name: str) -> Iterator[Store]:
    """A store in memory of one of the two makes."""
    if name == "memory":
        yield MemoryStore()
        return
    with EmbeddedStore() as store:
        yield store


def day(number: int) -> str:
    """The moment at which things happen on a day."""
    return f"2025-08-{number:02}T06:00:00Z"


def rest(post_id: int = 7, url: str = STORY, **fields: Any) -> Page:  # noqa: ANN401 - a page's fields
    """A post as REST shows it."""
    told = {"kind": PageKind.POST, "api_root": ROOT, "source_kind": SourceKind.REST, "modified": day(1)}
    return Page(HOME, url=url, site=SITE, post_id=post_id, **(told | fields))


def wxr(post_id: int = 7, url: str = STORY) -> Page:
    """A post as an export tells it, which names no API."""
    return Page(
        "export.xml", url=url, site=SITE, kind=PageKind.POST, post_id=post_id, source_kind=SourceKind.WXR
    )


def html(url: str = STORY) -> Page:
    """A page read at its own address."""
    return Page(url, url=url, site=SITE, source_kind=SourceKind.PAGE)


def feed(url: str = STORY) -> Page:
    """An entry of a feed."""
    return Page(f"{HOME}feed/", url=url, site=SITE, kind=PageKind.FEED_ENTRY, source_kind=SourceKind.FEED)


def picture(name: str = "kim.jpg", **fields: Any) -> ImageReference:  # noqa: ANN401 - a reference's fields
    """A picture of the site."""
    return ImageReference(f"{HOME}up/{name}", **fields)


class Days:
    """Harvests of single pages into one store, on days that a test names."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def on(self, number: int) -> Ledger:
        """The ledger on a day."""
        return Ledger(self.store, f"day {number}", (), lambda: day(number))

    def see(
        self,
        number: int,
        page: Page,
        *references: ImageReference,
        asset: str = "aa",
        failures: tuple[Failure, ...] = (),
    ) -> None:
        """Have a page seen with its pictures, all of which are this asset."""
        ledger = self.on(number)
        ledger.note_page(Reading(page, references, failures))
        for reference in references:
            ledger.note_usage(page, reference, asset)

    def page(self, post_id: int = 7) -> PageRecord:
        """What is known of a post."""
        page = self.store.page_of_post(ROOT, post_id)
        assert page is not None
        return page

    def usages(self, post_id: int = 7) -> list[UsageRecord]:
        """The uses of a post, in their order."""
        return sorted(self.store.usages_of_page(self.page(post_id).key), key=lambda usage: usage.position)

    def usage(self) -> UsageRecord:
        """The one use that is on record."""
        (usage,) = self.store.usages()
        return usage
