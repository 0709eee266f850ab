"""Documents turned into readings: each by its kind, featured media resolved within the input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from assets.documents import detection
from assets.documents.contents import Part, guard, read_document
from assets.documents.repeated_pictures import RepeatedPictures, name_files
from assets.markup import merge_references
from assets.model import (
    Document,
    DocumentKind,
    Failure,
    Fetch,
    ImageReference,
    Notice,
    Page,
    Reading,
    Reason,
    Stage,
)
from assets.parsing import urls
from assets.parsing.values import as_map
from assets.posts import (
    ItemKind,
    MediaItem,
    attachment_page,
    kind_of,
    read_media,
    read_post,
    with_featured,
)

# A site as ids are counted in it, and an id: (API root or host, id).
_Key = tuple[str, int]


def read_documents(documents: Iterable[Document | Failure | Notice]) -> Iterator[Part]:
    """What each document yields, in one pass; what most pages of a site show is left out of them.

    Posts whose featured media has not been seen yet wait for the end of the input; media items that no post
    uses then become pages of their own.
    """
    merging = Merging()
    for document in documents:
        yield from merging.read(document)
    yield from merging.finish()


def read_answer(source: str, fetch: Fetch, body: bytes) -> Iterator[Part]:
    """What the document that an address gave yields."""
    final = fetch.final_url
    found = detection.documents(
        body, source, url=final, name=urls.path_of(final), content_type=fetch.content_type
    )
    return read_documents(found)


class Merging:
    """What the documents of one input tell of each other; the parts come in the order of the documents."""

    def __init__(self) -> None:
        self._library = _Library()
        self._barren = _Barren()
        self._repeated = RepeatedPictures()
        self._waiting: list[Reading] = []

    def read(self, document: Document | Failure | Notice) -> Iterator[Part]:
        """Read the next document here."""
        if isinstance(document, Failure | Notice):
            yield from self._repeated.take(document)
        elif document.kind is not DocumentKind.WORDPRESS:
            yield from self.take(document, read_document(document))
        else:
            yield from self._turn_to(document)
            items = _read_items(document, self._library, self._barren)
            yield from self._merge(document, guard(items, document.source))

    def take(self, document: Document, parts: Iterable[Part]) -> Iterator[Part]:
        """Take in what the next document, or a part of it, was found to hold."""
        yield from self._turn_to(document)
        self._barren.bear()
        yield from self._merge(document, parts)

    def finish(self) -> Iterator[Part]:
        """What waited for the end of the input."""
        yield from self._repeat(self._barren.turn_to(""))
        yield from self._repeat(self._library.resolve(reading) for reading in self._waiting)
        yield from self._repeat(self._library.list_unused())
        yield from self._repeated.flush()

    def _turn_to(self, document: Document) -> Iterator[Part]:
        yield from self._repeat(self._barren.turn_to(document.source))

    def _merge(self, document: Document, parts: Iterable[Part]) -> Iterator[Part]:
        for part in parts:
            if document.kind is not DocumentKind.WORDPRESS or not isinstance(part, Reading):
                yield from self._repeated.take(part)
            elif self._library.resolves(part):
                yield from self._repeated.take(self._library.resolve(part))
            else:
                self._waiting.append(part)

    def _repeat(self, parts: Iterable[Part]) -> Iterator[Part]:
        for part in parts:
            yield from self._repeated.take(part)


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
            self._used_addresses.update(hash(name) for name in name_files(one))

    def _is_in_content(self, media: MediaItem) -> bool:
        return any(hash(name) in self._used_addresses for name in name_files(media.reference))


def _scope(api_root: str, site: str) -> str:
    return urls.identity(api_root) if api_root else site
