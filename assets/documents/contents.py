"""What one document holds, by its kind; nothing that another document tells is needed for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TypeVar

from assets.markup import deduplicate
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

Part = Reading | Failure | Notice

_Part = TypeVar("_Part")


def read_document(document: Document) -> Iterator[Part]:
    """What a document yields that is none of WordPress's API; those are read together."""
    return guard(_READERS[document.kind](document), document.source)


def guard(parts: Iterator[_Part], source: str) -> Iterator[_Part | Failure]:
    """The parts of one document; a fault of ours costs that document and is told."""
    try:
        yield from parts
    except MemoryError:
        yield Failure(Stage.READ, Reason.TOO_LARGE, source, "reading it takes more memory than it may")
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
