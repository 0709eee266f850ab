"""The documents of files, read one after another while the event loop has other things to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing

from assets.documents.reader import DocumentReader, Part
from assets.documents.readings import Merging
from assets.model import Document, DocumentKind, Failure, Notice

# What holds markup; an object of WordPress's API has as much as an editor wrote, a list and a picture have none.
_APART = frozenset(
    {
        DocumentKind.HTML,
        DocumentKind.FEED,
        DocumentKind.JSON_FEED,
        DocumentKind.WXR,
        DocumentKind.SITEMAP,
    }
)


async def read_documents_apart(
    documents: Iterator[Document | Failure | Notice], reader: DocumentReader
) -> AsyncIterator[Part]:
    """The same as `read_documents`: files are opened and looked at in a thread, and read by the reader."""
    merging = Merging()
    loop = asyncio.get_running_loop()

    def advance() -> Document | list[Part] | None:
        """The next document that is read elsewhere, or what one that is read here yields; None at the end."""
        document = next(documents, None)
        if document is None or (isinstance(document, Document) and document.kind in _APART):
            return document
        return list(merging.read(document))

    # In one thread alone: libxml2 corrupts its memory where a document is parsed on in another.
    thread = ThreadPoolExecutor(1, "local")
    try:
        while (found := await loop.run_in_executor(thread, advance)) is not None:
            if isinstance(found, list):
                for part in found:
                    yield part
                continue
            async with aclosing(reader.read_document(found)) as parts:
                for ready in merging.take(found, ()):
                    yield ready
                async for part in parts:
                    for ready in merging.take(found, [part]):
                        yield ready
        rest = merging.finish()
        while (last := await loop.run_in_executor(thread, next, rest, None)) is not None:
            yield last
    finally:
        thread.shutdown(wait=False)
