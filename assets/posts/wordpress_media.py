"""WordPress media items: an uploaded picture with its sizes, texts and origin, as API and exports have it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from assets.credits import split_credit
from assets.markup import deduplicate, upload_address
from assets.model import Failure, ImageReference, Reason, Stage
from assets.parsing import text, urls
from assets.parsing.dates import wordpress_time
from assets.parsing.values import as_id, as_map, as_size
from assets.posts.media_credits import plugin_credit
from assets.posts.wordpress_rest import api_root_of, links, markup_of, text_of

_PICTURE_NAME = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif|heic|bmp|tiff?|svg|ico)$")
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_ATTACHMENT_PART = re.compile(r'(?is)<p class="attachment">.*?</p>')

# What cameras and programs write where a caption should be.
_NO_CAPTION = re.compile(
    r"(?i)(?:olympus|(?:konica )?minolta|samsung|kodak)? ?digital camera|sony dsc|samsung"
    r"|exif[_ ]jpeg[_ ]picture|untitled(?:-\d+)?|default|dcim|dav|cof(?:_\w+)?|sdr|rhdr"
    r"|processed with vsco.*|created with gimp.*"
)


@dataclass(frozen=True, slots=True)
class MediaItem:
    """One picture of a site's media library; `post_id` is the post it was uploaded to."""

    api_root: str
    media_id: int | None
    link: str
    post_id: int | None
    reference: ImageReference
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Offer:
    address: str
    width: int | None
    height: int | None

    @property
    def pixels(self) -> int:
        return (self.width or 0) * (self.height or 0)


def read_media(item: Mapping[str, object]) -> MediaItem | Failure:
    """The picture that a media item of the REST API describes, or why it is none."""
    link = urls.make_absolute(str(item.get("link") or ""))
    address = urls.make_absolute(str(item.get("source_url") or "")) or urls.make_absolute(
        markup_of(item.get("guid"))
    )
    record = next(iter(links(item, "self")), "") or link or address
    if not is_picture(item, address):
        what = text.clean(item.get("mime_type")) or text.clean(item.get("media_type")) or "an unknown type"
        return Failure(Stage.READ, Reason.NO_PICTURE, record, f"a media item of {what}")
    details = as_map(item.get("media_details"))
    candidates = _offers(address, details)
    if not candidates:
        return Failure(Stage.READ, Reason.NO_PICTURE, record, "a media item without an address")
    reference = _reference(item, details, candidates)
    parent = as_id(item.get("post"))
    return MediaItem(
        api_root_of(item), reference.media_id, link, parent, reference, text_of(item.get("title"))
    )


def is_picture(item: Mapping[str, object], address: str) -> bool:
    """Whether a media item is a picture: by its own types, else by its name."""
    mime = str(item.get("mime_type") or "")
    if mime:
        return mime.startswith("image/")
    if item.get("media_type") in ("image", "file"):
        return item["media_type"] == "image"
    name = urls.path_of(address)
    # Exports tell no types, and picture services give no extensions.
    return bool(_PICTURE_NAME.search(name)) or not _EXTENSION.search(name)


def _reference(
    item: Mapping[str, object], details: Mapping[str, object], candidates: list[_Offer]
) -> ImageReference:
    # At equal size the first, the upload itself, wins.
    best = max(candidates, key=lambda candidate: candidate.pixels) if candidates[0].pixels else candidates[0]
    ordered = sorted(candidates, key=lambda candidate: -candidate.pixels)
    offered = deduplicate((candidate.address for candidate in ordered), without=(best.address,))
    caption, caption_field = caption_of(item, details)
    credit, credit_field = plugin_credit(item)
    if not credit:
        credit, credit_field = credit_of(caption, as_map(details.get("image_meta")))
    return ImageReference(
        url=best.address,
        variants=offered,
        alt=text.from_markup(item.get("alt_text")),
        caption=caption,
        caption_field=caption_field,
        credit=credit,
        credit_field=credit_field,
        width=best.width,
        height=best.height,
        media_id=as_id(item.get("id")),
        uploaded=wordpress_time(item, "date"),
        media_modified=wordpress_time(item, "modified"),
        uploads=deduplicate(_uploads(best.address, details), without=(best.address, *offered)),
    )


def _offers(address: str, details: Mapping[str, object]) -> list[_Offer]:
    """Every address the item gives, the upload first."""
    candidates = (
        [_Offer(address, as_size(details.get("width")), as_size(details.get("height")))] if address else []
    )
    for value in as_map(details.get("sizes")).values():
        size = as_map(value)
        # Exports name only the file, which lies beside the upload.
        named = size.get("source_url") or size.get("url")
        beside = size.get("file")
        if isinstance(named, str):
            found = urls.make_absolute(named, address)
        else:
            found = _resolve_beside(address, beside) if address and isinstance(beside, str) and beside else ""
        if found:
            candidates.append(_Offer(found, as_size(size.get("width")), as_size(size.get("height"))))
    return candidates


def _uploads(best: str, details: Mapping[str, object]) -> list[str]:
    """Addresses of the files behind a scaled or edited picture, nearest first."""
    found: list[str] = []
    original = details.get("original_image")
    if isinstance(original, str) and original and "/" not in original:
        found.append(_resolve_beside(best, original))
    found.append(upload_address(best))
    parent = as_map(details.get("parent_image")).get("file")
    own = details.get("file")
    if isinstance(parent, str) and isinstance(own, str) and urls.path_of(best).endswith(f"/{own}"):
        # Both are relative to the uploads folder.
        found.append(_resolve_beside(best, "../" * own.count("/") + parent))
    return found


def _resolve_beside(address: str, name: str) -> str:
    """The address of a file named relative to another one, which may hold any character."""
    return urls.make_absolute("./" + quote(name, safe="/%"), address)


def caption_of(item: Mapping[str, object], details: Mapping[str, object]) -> tuple[str, str]:
    """The item's caption and the field it stood in; without one its description, else what the file itself said."""
    if caption := text_of(item.get("caption")):
        return caption, "media caption"
    if caption := text.from_markup(_ATTACHMENT_PART.sub("", markup_of(item.get("description")))):
        return caption, "media description"
    meta = as_map(details.get("image_meta"))
    # A short caption in the file's IPTC block is stored as its title.
    for name in ("caption", "title"):
        caption = text.from_markup(meta.get(name))
        if caption and not _NO_CAPTION.fullmatch(caption):
            return caption, f"image_meta.{name}"
    return "", ""


def credit_of(caption: str, meta: Mapping[str, object]) -> tuple[str, str]:
    """The credit and the field it stood in: the file's own fields, else a known form in the caption."""
    for name in ("credit", "copyright"):
        credit = text.from_markup(meta.get(name))
        if credit:
            return credit, f"image_meta.{name}"
    credit = split_credit(caption)[1]
    return (credit, "caption") if credit else ("", "")
