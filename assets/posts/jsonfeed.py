"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), read into references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assets.markup import read_fragment, with_media
from assets.model import Document, Failure, ImageReference, Page, PageKind, Reading, Reason, SourceKind, Stage
from assets.parsing import text, urls
from assets.parsing.dates import as_utc
from assets.parsing.jsontext import JsonFault, parse_json
from assets.parsing.values import as_list, as_map


def read_json_feed(document: Document) -> Iterator[Reading | Failure]:
    """A reading for each item of the feed."""
    feed = parse_json(document.body)
    if isinstance(feed, JsonFault):
        yield Failure(Stage.READ, Reason.MALFORMED, document.source, str(feed))
        return
    told = as_map(feed)
    base = (
        urls.make_absolute(str(told.get("feed_url") or told.get("home_page_url") or ""), document.url)
        or document.url
    )
    items = [item for item in as_list(told.get("items")) if isinstance(item, Mapping)]
    for item in items:
        yield _reading(item, document.source, base, text.clean(told.get("language")))
    if not items:
        yield Failure(Stage.READ, Reason.EMPTY, document.source, "the feed has no entries")


def _reading(item: Mapping[str, object], source: str, base: str, language: str) -> Reading:
    named = (urls.make_absolute(text.clean(item.get(name)), base) for name in ("url", "external_url"))
    address = next(filter(None, named), "") or urls.make_absolute(text.clean(item.get("id")))
    page = Page(
        source=source,
        url=address,
        site=urls.site_of(address or base),
        kind=PageKind.FEED_ENTRY,
        title=text.from_markup(item.get("title")),
        published=as_utc(item.get("date_published")),
        modified=as_utc(item.get("date_modified")),
        language=text.clean(item.get("language")) or language,
        source_kind=SourceKind.FEED,
    )
    html = item.get("content_html")
    content = read_fragment(html, address or base) if isinstance(html, str) else ()
    return Reading(page, with_media(_pictures(item, base or address), content))


def _pictures(item: Mapping[str, object], base: str) -> Iterator[ImageReference]:
    """The item's own picture, its banner, and its attached pictures."""
    for name in ("image", "banner_image"):
        if address := urls.make_absolute(text.clean(item.get(name)), base):
            yield ImageReference(address)
    for value in as_list(item.get("attachments")):
        attachment = as_map(value)
        address = urls.make_absolute(text.clean(attachment.get("url")), base)
        if address and str(attachment.get("mime_type")).startswith("image/"):
            caption = text.from_markup(attachment.get("title"))
            yield ImageReference(
                address, caption=caption, caption_field="attachments.title" if caption else ""
            )
