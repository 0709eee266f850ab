"""Documents turned into readings: each by its kind, featured media resolved within the input."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from assets.markup import deduplicate, merge_references, upload_address
from assets.model import (
    Document,
    DocumentKind,
    Failure,
    ImageReference,
    Notice,
    Page,
    PageKind,
    Reading,
    Reason,
    SourceKind,
    Stage,
)
from assets.parsing import text, urls
from assets.parsing.values import as_map
from assets.posts import (
    Fetched,
    ItemKind,
    MediaItem,
    attachment_page,
    kind_of,
    read_media,
    read_post,
    with_featured,
)
from assets.sources import detection

# Of fewer pages nobody can say what all of a site have.
MIN_PAGES = 6

# What so many pages of a site show is the site's; a picture that a run of stories shares is on fewer.
MOST_PAGES = 0.7

# What all pages have is known by then; a site's hundred thousand others need not be remembered.
MAX_LEARNING_PAGES = 100

# A site as ids are counted in it, and an id: (API root or host, id).
_Key = tuple[str, int]

_Part = TypeVar("_Part")


def read_documents(documents: Iterable[Document | Failure | Notice]) -> Iterator[Reading | Failure | Notice]:
    """What each document yields, in one pass; what most pages of a site show is left out of them.

    Posts whose featured media has not been seen yet wait for the end of the input; media items that no post
    uses then become pages of their own.
    """
    repeated = RepeatedPictures()
    for part in _read_each(documents):
        yield from repeated.take(part)
    yield from repeated.flush()


def _read_each(documents: Iterable[Document | Failure | Notice]) -> Iterator[Reading | Failure | Notice]:
    library = _Library()
    barren = _Barren()
    waiting: list[Reading] = []
    for document in documents:
        if isinstance(document, Failure | Notice):
            yield document
            continue
        yield from barren.turn_to(document.source)
        if document.kind is not DocumentKind.WORDPRESS:
            barren.bear()
            yield from _guard(_READERS[document.kind](document), document.source)
            continue
        for part in _guard(_read_items(document, library, barren), document.source):
            if isinstance(part, Failure):
                yield part
            elif library.resolves(part):
                yield library.resolve(part)
            else:
                waiting.append(part)
    yield from barren.turn_to("")
    yield from (library.resolve(reading) for reading in waiting)
    yield from library.list_unused()


def read_answer(source: str, answer: Fetched) -> Iterator[Reading | Failure | Notice]:
    """What the document that an address gave yields."""
    final = answer.fetch.final_url
    found = detection.documents(
        answer.data, source, url=final, name=urls.path_of(final), content_type=answer.fetch.content_type
    )
    return read_documents(found)


def _guard(parts: Iterator[_Part], source: str) -> Iterator[_Part | Failure]:
    """The parts of one document; a fault of ours costs that document and is told."""
    try:
        yield from parts
    except Exception as error:
        yield Failure(Stage.READ, Reason.INTERNAL, source, f"{type(error).__name__}: {error}")


# Readers of what an input may not hold load the parsers they bring when there is such a document.


def _read_page(document: Document) -> Iterator[Reading | Failure]:
    from assets.articles import read_article

    yield read_article(document)


def _read_feed(document: Document) -> Iterator[Reading | Failure]:
    from assets.posts import read_feed

    yield from read_feed(document)


def _read_sitemap(document: Document) -> Iterator[Reading | Failure]:
    from assets.posts import read_sitemap

    yield from read_sitemap(document)


def _read_picture(document: Document) -> Iterator[Reading | Failure]:
    title = os.path.basename(document.path)
    page = Page(document.source, kind=PageKind.FILE, title=text.clean(title), source_kind=SourceKind.FILE)
    yield Reading(page, (ImageReference(document.path),))


def _read_list(document: Document) -> Iterator[Reading | Failure]:
    """A list of addresses as one page; a bad line costs that line."""
    addresses: list[str] = []
    failures: list[Failure] = []
    for number, line in enumerate(document.body.decode("utf-8", "replace").splitlines(), start=1):
        # Further columns of a table are no part of the address.
        given = line.lstrip("\ufeff").split("\t")[0].strip()
        if not given or given.startswith("#"):
            continue
        place = f"line {number} of {document.source}"
        address = urls.make_absolute(given)
        if urls.has_password(given):
            # Not told: all that fails is on record and printed.
            detail = f"it has a user name or a password in it, on {place}"
            failures.append(Failure(Stage.READ, Reason.BAD_ADDRESS, urls.strip_query(given), detail))
        elif address:
            addresses.append(address)
        else:
            failures.append(Failure(Stage.READ, Reason.BAD_ADDRESS, text.clean(given), place))
    title = text.clean(os.path.basename(document.source))
    page = Page(
        document.source,
        url=document.url,
        site=urls.site_of(document.url),
        kind=PageKind.LIST,
        title=title,
        source_kind=SourceKind.LIST,
    )
    found = (
        ImageReference(address, position=position) for position, address in enumerate(deduplicate(addresses))
    )
    yield Reading(page, tuple(found), tuple(failures))


# By what an input was found to be; WordPress documents are read together.
_READERS: dict[DocumentKind, Callable[[Document], Iterator[Reading | Failure]]] = {
    DocumentKind.HTML: _read_page,
    DocumentKind.ADDRESSES: _read_list,
    DocumentKind.PICTURE: _read_picture,
    DocumentKind.FEED: _read_feed,
    DocumentKind.JSON_FEED: _read_feed,
    DocumentKind.WXR: _read_feed,
    DocumentKind.SITEMAP: _read_sitemap,
}


def _read_items(document: Document, library: _Library, barren: _Barren) -> Iterator[Reading]:
    """The posts of a WordPress document; its media items go to the library."""
    values = document.value if isinstance(document.value, list) else [document.value]
    for value in values:
        item, kind = as_map(value), kind_of(value)
        if kind is ItemKind.POST:
            barren.bear()
            yield read_post(item, document.source)
            continue
        media = read_media(item) if kind is ItemKind.MEDIA else None
        if isinstance(media, MediaItem):
            barren.bear()
            library.add(media, document.source)
        else:
            what = media.detail if media is not None else f"a WordPress {_name(kind, item)}"
            barren.note(what)


def _name(kind: ItemKind, item: object) -> str:
    if kind is not ItemKind.OTHER:
        return kind.value
    return "user" if "avatar_urls" in as_map(item) else "object that is no page"


@dataclass(slots=True)
class _Shown:
    """How many pages of a site were read, and on how many of them each picture stands."""

    pages: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, reading: Reading) -> None:
        """Count a page and its pictures, the latter as long as new ones are learned."""
        self.pages += 1
        names = {name for one in reading.references if _is_bare(one) for name in _names(one)}
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
        self._held: list[Reading | Failure | Notice] = []
        self._held_site = ""

    def take(self, part: Reading | Failure | Notice) -> Iterator[Reading | Failure | Notice]:
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

    def flush(self) -> Iterator[Reading | Failure | Notice]:
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
            if not _is_bare(one) or max(shown.counts[name] for name in _names(one)) < MOST_PAGES * shown.pages
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


@dataclass(slots=True)
class _Barren:
    """Notices inputs that could be read but hold no page and no picture."""

    source: str = ""
    notes: list[str] = field(default_factory=list)
    bore: bool = False

    def turn_to(self, source: str) -> Iterator[Failure]:
        """Begin another input; the last one's failure when it bore nothing."""
        if source == self.source:
            return
        if self.notes and not self.bore:
            more = f" and {len(self.notes) - 1} more" if len(self.notes) > 1 else ""
            yield Failure(Stage.READ, Reason.NO_PICTURE, self.source, f"it holds {self.notes[0]}{more}")
        self.source, self.notes, self.bore = source, [], False

    def note(self, what: str) -> None:
        """Something without a picture."""
        self.notes.append(what)

    def bear(self) -> None:
        """Something that counts."""
        self.bore = True


class _Library:
    """Media items met in the input, and what posts used of them."""

    def __init__(self) -> None:
        self._items: dict[_Key, tuple[MediaItem, str]] = {}
        self._lone: list[tuple[MediaItem, str]] = []
        self._roots: dict[str, set[str]] = {}
        self._used: set[_Key] = set()
        # Hashes: a dump of a hundred thousand posts names half a million pictures.
        self._used_addresses: set[int] = set()

    def add(self, media: MediaItem, source: str) -> None:
        """Keep a media item for the posts of its site."""
        if media.media_id is None:
            self._lone.append((media, source))
            return
        site = urls.site_of(media.link or media.api_root or media.reference.url)
        scope = _scope(media.api_root, site)
        self._items[scope, media.media_id] = (media, source)
        self._roots.setdefault(site, set()).add(scope)

    def resolves(self, reading: Reading) -> bool:
        """Whether nothing of a reading needs an item that is not here."""
        self._note_use(reading)
        return all(one.resolved or self._key_of(reading.page, one) is not None for one in reading.references)

    def resolve(self, reading: Reading) -> Reading:
        """The reading with its featured picture told by the media item, where that is here."""
        if all(reference.resolved for reference in reading.references):
            return reading
        found = merge_references(
            self._resolve_reference(reading.page, reference) for reference in reading.references
        )
        return replace(reading, references=found)

    def list_unused(self) -> Iterator[Reading]:
        """Pages for the media items that no post used."""
        for key, (media, source) in self._items.items():
            if key not in self._used and not self._is_in_content(media):
                yield attachment_page(media, source)
        for media, source in self._lone:
            if not self._is_in_content(media):
                yield attachment_page(media, source)

    def _resolve_reference(self, page: Page, reference: ImageReference) -> ImageReference:
        key = None if reference.resolved else self._key_of(page, reference)
        if key is None:
            return reference
        self._used.add(key)
        return with_featured(reference, self._items[key][0])

    def _key_of(self, page: Page, reference: ImageReference) -> _Key | None:
        """The key of a featured item: under its API root, else under a host with one site."""
        if reference.media_id is None:
            return None
        scopes = [_scope(page.api_root, page.site), _scope("", page.site)]
        if not page.api_root and len(self._roots.get(page.site, ())) == 1:
            scopes += self._roots[page.site]
        keys = ((scope, reference.media_id) for scope in scopes)
        return next((key for key in keys if key in self._items), None)

    def _note_use(self, reading: Reading) -> None:
        for one in reading.references:
            if one.resolved and one.media_id is not None:
                self._used.add((_scope(reading.page.api_root, reading.page.site), one.media_id))
            self._used_addresses.update(hash(name) for name in _names(one))

    def _is_in_content(self, media: MediaItem) -> bool:
        return any(hash(name) in self._used_addresses for name in _names(media.reference))


def _scope(api_root: str, site: str) -> str:
    return urls.identity(api_root) if api_root else site


def _names(reference: ImageReference) -> set[str]:
    """What a picture's file is called, however large the copy of it."""
    addresses = (reference.url, *reference.variants)
    return {urls.identity(upload_address(address) or address) for address in addresses}
