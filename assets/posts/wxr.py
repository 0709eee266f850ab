"""WordPress export files (WXR): posts with their pictures, attachments resolved within the file.

The body is read twice, so that a post finds its featured picture wherever in the file that stands.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import escape

from lxml import etree

from assets.markup import is_same, merge_references, read_fragment, union, upload_address
from assets.model import Failure, ImageReference, Page, PageKind, Reading, Reason, Role, SourceKind, Stage
from assets.parsing import text, urls, xmltext
from assets.parsing.dates import mail_date_as_utc, wordpress_time
from assets.parsing.values import as_id, as_list
from assets.posts.custom_fields import add_field_pictures, list_field_pictures
from assets.posts.phpserial import parse_php
from assets.posts.wordpress_media import MediaItem, read_media

# What was never published, or is part of the site's machinery, is no use of a picture.
_UNPUBLISHED = frozenset({"draft", "auto-draft", "pending", "future", "trash", "inherit"})
_MACHINERY = frozenset(
    {"nav_menu_item", "revision", "wp_global_styles", "wp_navigation", "wp_template", "wp_block"}
)

_HOMES = ("base_blog_url", "link", "base_site_url")

_PICTURE_FIELD = re.compile(
    r"(?i)image|photo|picture|(?:^|[_-])(?:img|pic|foto|bild|imagen|imagem|thumb(?:nail)?|hero|banner|cover|poster"
    r"|gallery|galerie|galeria|slides?|slider|portrait|visual|illustration|background)s?(?:$|[_-])"
)

_GALLERY = re.compile(r"(?i)\[gallery\b([^\]]*)\]")
_GALLERY_IDS = re.compile(r"""(?i)\b(?:ids|include)=["']?([\d,\s]+)""")


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of the export as texts, with its post metadata."""

    fields: Mapping[str, str]
    meta: Mapping[str, str]

    @property
    def kind(self) -> str:
        return self.fields.get("post_type", "post")

    @property
    def status(self) -> str:
        return self.fields.get("status") or "publish"

    def moment(self, name: str) -> str:
        """A date in UTC where the export tells it so, else as the site's clock had it."""
        told = wordpress_time(self.fields, name)
        return told or (mail_date_as_utc(self.fields.get("pubDate", "")) if name == "post_date" else "")


@dataclass(slots=True)
class _Library:
    """The export's attachments, and which of them its posts use."""

    home: str
    pictures: dict[int, MediaItem] = field(default_factory=dict)
    references: dict[int, ImageReference] = field(default_factory=dict)
    children: dict[int, list[int]] = field(default_factory=dict)
    by_address: dict[str, int] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    def add(self, number: int, media: MediaItem) -> None:
        """Keep an attachment, to be found by its id, its post and its addresses."""
        self.pictures[number] = media
        self.references[number] = media.reference
        if media.post_id is not None:
            self.children.setdefault(media.post_id, []).append(number)
        for address in (media.reference.url, *media.reference.variants):
            self.by_address.setdefault(urls.identity(address), number)

    def number_of(self, reference: ImageReference) -> int | None:
        """The attachment that a content picture is, by its address or by a class that agrees with it."""
        for address in (reference.url, *reference.variants):
            number = self.by_address.get(urls.identity(address))
            if number is None:
                number = self.by_address.get(urls.identity(upload_address(address)))
            if number is not None:
                return number
        named = self.pictures.get(reference.media_id or 0)
        return reference.media_id if named is not None and is_same(_without_id(named), reference) else None


def read_export(body: bytes, source: str, base_url: str = "") -> Iterator[Reading | Failure]:
    """A reading for each published post or page, then one for each picture that none of them uses."""
    clean = xmltext.mend_xml(body)
    library = _library(clean, base_url)
    found = False
    for item in _items(clean):
        found = True
        if item.kind == "attachment" or item.kind in _MACHINERY or item.status in _UNPUBLISHED:
            continue
        yield _post(item, source, library)
    for media_id, media in library.pictures.items():
        if media_id not in library.used:
            yield _attachment(media, source, library.home)
    if not found:
        yield Failure(Stage.READ, Reason.MALFORMED, source, "no item could be read from the export")


def _items(body: bytes) -> Iterator[_Item]:
    """The export's items; what is not well-formed XML costs as little as the parser can do."""
    events = etree.iterparse(
        io.BytesIO(body),
        events=("end",),
        tag="{*}item",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for _, element in events:
            yield _item(element)
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError:
        # Nothing more can be recovered; what was read stands.
        return


def _item(element: etree._Element) -> _Item:
    fields: dict[str, str] = {}
    meta: dict[str, str] = {}
    for child in element:
        name = xmltext.local_name(child.tag)
        if name == "postmeta":
            pair = [_text(part) for part in child if isinstance(part.tag, str)]
            meta.setdefault(*pair[:2]) if len(pair) >= 2 else None
        elif name == "encoded":
            # The last part of either namespace, and the usual prefix of either, is its name.
            fields["excerpt" if "excerpt" in str(child.tag) else "content"] = _text(child)
        elif name:
            fields.setdefault(name, _text(child))
    return _Item({name: value.strip() for name, value in fields.items()}, meta)


def _text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())


def _library(body: bytes, base_url: str) -> _Library:
    library = _Library(_home(body) or base_url)
    for item in _items(body):
        if item.kind != "attachment" or item.fields.get("status") == "trash":
            continue
        media = read_media(_as_rest(item, library.home))
        if not isinstance(media, Failure) and media.media_id is not None:
            library.add(media.media_id, media)
    return library


def _home(body: bytes) -> str:
    """The site's address: the blog's own, else the channel's link."""
    found: dict[str, str] = {}
    events = etree.iterparse(
        io.BytesIO(body), events=("start", "end"), recover=True, resolve_entities=False, no_network=True
    )
    try:
        for event, element in events:
            name = xmltext.local_name(element.tag)
            # An item has a link of its own.
            if name == "item":
                break
            address = urls.make_absolute(_text(element)) if event == "end" and name in _HOMES else ""
            if address:
                found.setdefault(name, address)
    except etree.XMLSyntaxError:
        pass
    return next((found[name] for name in _HOMES if name in found), "")


def _as_rest(item: _Item, home: str) -> dict[str, object]:
    """An attachment in the words of the REST API."""
    address = item.fields.get("attachment_url") or item.fields.get("guid", "")
    return {
        "id": item.fields.get("post_id"),
        "post": item.fields.get("post_parent"),
        "link": urls.make_absolute(item.fields.get("link", ""), home),
        "source_url": urls.make_absolute(address, home),
        "title": item.fields.get("title", ""),
        "caption": item.fields.get("excerpt", ""),
        "description": item.fields.get("content", ""),
        "alt_text": item.meta.get("_wp_attachment_image_alt", ""),
        "meta": item.meta,
        "date": item.moment("post_date"),
        "media_details": parse_php(item.meta.get("_wp_attachment_metadata", "")),
    }


def _post(item: _Item, source: str, library: _Library) -> Reading:
    address = urls.make_absolute(item.fields.get("link", ""), library.home)
    page = Page(
        source=source,
        url=address,
        site=urls.site_of(address or library.home),
        kind=PageKind.PAGE if item.kind == "page" else PageKind.POST,
        title=text.from_markup(item.fields.get("title", "")),
        published=item.moment("post_date"),
        modified=item.moment("post_modified"),
        post_id=as_id(item.fields.get("post_id")),
        source_kind=SourceKind.WXR,
        post_type=item.kind,
        status=item.status,
    )
    html = _with_galleries(item.fields.get("content", ""), page.post_id, library)
    content = [_complete_reference(one, library) for one in read_fragment(html, address or library.home)]
    content = [*add_field_pictures(tuple(content), _field_pictures(item, address, library))]
    failures = []
    featured = as_id(item.meta.get("_thumbnail_id", "").strip())
    if featured in library.pictures:
        library.used.add(featured)
        content.append(replace(library.pictures[featured].reference, role=Role.FEATURED))
    elif featured is not None:
        detail = f"the export does not hold attachment {featured}, the featured picture"
        failures.append(Failure(Stage.READ, Reason.NOT_EMBEDDED, address or source, detail))
    return Reading(page, merge_references(content), tuple(failures))


def _field_pictures(item: _Item, address: str, library: _Library) -> Iterator[ImageReference]:
    """The pictures in the fields of Advanced Custom Fields, each of which stands beside the key of its field."""
    fields: dict[str, object] = {}
    for name, value in item.meta.items():
        if not item.meta.get(f"_{name}", "").startswith("field_"):
            continue
        told = parse_php(value) if value.startswith("a:") else value
        is_id = as_id(told) is not None or (
            isinstance(told, Mapping | list) and any(map(as_id, as_list(told)))
        )
        # An export does not say what kind of field one is: a number may count something.
        if not is_id or _PICTURE_FIELD.search(name):
            fields[name] = told
    for picture in list_field_pictures({"acf": fields}, address or library.home, library.references):
        found = _complete_reference(picture, library)
        library.used.update(() if found.media_id is None else (found.media_id,))
        yield found


def _attachment(media: MediaItem, source: str, home: str) -> Reading:
    page = Page(
        source=source,
        url=media.link,
        site=urls.site_of(home or media.link),
        kind=PageKind.ATTACHMENT,
        title=media.title,
        published=media.reference.uploaded,
        post_id=media.media_id,
        source_kind=SourceKind.WXR,
        post_type="attachment",
    )
    return Reading(page, (media.reference,))


def _complete_reference(reference: ImageReference, library: _Library) -> ImageReference:
    """A picture of the content together with its attachment, when the export holds that."""
    number = library.number_of(reference)
    if number is None:
        return reference
    library.used.add(number)
    media = library.pictures[number]
    # The attachment's address is the upload; the words beside the picture are the post's.
    addresses = union(media.reference, reference)
    words = union(reference, media.reference)
    return replace(words, url=addresses.url, variants=addresses.variants, uploads=addresses.uploads)


def _without_id(media: MediaItem) -> ImageReference:
    return replace(media.reference, media_id=None)


def _with_galleries(content: str, post_id: int | None, library: _Library) -> str:
    """The content with its `[gallery]` shortcodes written as the HTML that WordPress makes of them."""
    return _GALLERY.sub(lambda found: _gallery(found.group(1), post_id, library), content)


def _gallery(attributes: str, post_id: int | None, library: _Library) -> str:
    """The pictures of a gallery: those it names, else all that were uploaded to the post."""
    named = _GALLERY_IDS.search(attributes)
    if named is not None:
        numbers = [int(number) for number in re.findall(r"\d{1,18}", named.group(1))]
    else:
        numbers = library.children.get(post_id or 0, [])
    return "".join(_gallery_figure(library, number) for number in numbers if number in library.pictures)


def _gallery_figure(library: _Library, number: int) -> str:
    library.used.add(number)
    one = library.pictures[number].reference
    size = f' width="{one.width}" height="{one.height}"' if one.width and one.height else ""
    return (
        f'<figure><img class="wp-image-{number}" src="{escape(one.url)}" alt="{escape(one.alt)}"{size}>'
        f"<figcaption>{escape(one.caption)}</figcaption></figure>"
    )
