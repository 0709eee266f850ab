"""What most pages of a site show, left out of each: that is the site's, and no picture of a story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from assets.documents.contents import Part
from assets.markup import upload_address
from assets.model import Failure, ImageReference, Page, PageKind, Reading, Reason, SourceKind, Stage
from assets.parsing import urls

# Of fewer pages nobody can say what all of a site have.
MIN_PAGES = 6

# What so many pages of a site show is the site's; a picture that a run of stories shares is on fewer.
MOST_PAGES = 0.7

# What all pages have is known by then; a site's hundred thousand others need not be remembered.
MAX_LEARNING_PAGES = 100


@dataclass(slots=True)
class _Shown:
    """How many pages of a site were read, and on how many of them each picture stands."""

    pages: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, reading: Reading) -> None:
        """Count a page and its pictures, the latter as long as new ones are learned."""
        self.pages += 1
        names = {name for one in reading.references if _is_bare(one) for name in name_files(one)}
        if self.pages > MAX_LEARNING_PAGES:
            names &= self.counts.keys()
        self.counts.update(names)
        if self.pages == MAX_LEARNING_PAGES:
            most = MOST_PAGES * self.pages / 2
            self.counts = Counter({name: count for name, count in self.counts.items() if count >= most})


class RepeatedPictures:
    """Leaves out of a site's pages what most of them show: prompts, banners, its card for sharing.

    Only what neither caption nor credit calls a picture of the story can be such. The first pages of a site are
    kept back until there are enough to tell; the order stays.
    """

    def __init__(self) -> None:
        self._sites: dict[str, _Shown] = {}
        self._held: list[Part] = []
        self._held_site = ""

    def take(self, part: Part) -> Iterator[Part]:
        """The parts that are ready when another one comes."""
        is_page = isinstance(part, Reading) and _is_web_page(part.page)
        if not isinstance(part, Reading) or not is_page:
            if isinstance(part, Reading):
                yield from self.flush()
            if self._held:
                self._held.append(part)
            else:
                yield part
            return
        site = part.page.site
        shown = self._sites.setdefault(site, _Shown())
        shown.note(part)
        if site != self._held_site:
            yield from self.flush()
        if shown.pages < MIN_PAGES:
            self._held_site = site
            self._held.append(part)
            return
        yield from self.flush()
        yield self._strip(part)

    def flush(self) -> Iterator[Part]:
        """All that was kept back."""
        held, self._held, self._held_site = self._held, [], ""
        for part in held:
            yield self._strip(part) if isinstance(part, Reading) else part

    def _strip(self, reading: Reading) -> Reading:
        shown = self._sites[reading.page.site]
        if shown.pages < MIN_PAGES:
            return reading
        kept = [
            one
            for one in reading.references
            if not _is_bare(one)
            or max(shown.counts[name] for name in name_files(one)) < MOST_PAGES * shown.pages
        ]
        if len(kept) == len(reading.references):
            return reading
        found = tuple(replace(one, position=position) for position, one in enumerate(kept))
        failures = reading.failures
        if not found and not failures:
            address = reading.page.url or reading.page.source
            failures = (Failure(Stage.READ, Reason.NO_PICTURE, address, "an article without a picture"),)
        return replace(
            reading, references=found, failures=failures, has_bare_story=reading.has_bare_story or not found
        )


def _is_web_page(page: Page) -> bool:
    return page.kind is PageKind.ARTICLE and page.source_kind is SourceKind.PAGE and bool(page.site)


def _is_bare(reference: ImageReference) -> bool:
    return not reference.caption and not reference.credit


def name_files(reference: ImageReference) -> set[str]:
    """What a picture's file is called, however large the copy of it."""
    addresses = (reference.url, *reference.variants)
    return {urls.identity(upload_address(address) or address) for address in addresses}
