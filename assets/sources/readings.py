"""Documents turned into readings: each by its kind, featured media resolved within the input."""

from __future__ import annotations

import os
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

# A site as ids are counted in it, and an id: (API root or host, id).
_Key = tuple[str, int]

_Part = TypeVar("_Part")


def read_documents(documents: Iterable[Document | Failure | Notice]) -> Iterator[Reading | Failure | Notice]:
    """What each document yields, in one pass.

    Posts whose featured media has not been seen yet wait for the end of the input; media items that no post
    uses then become pages of their own.
    """
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
