"""Posts and media items of a made newsroom, as WordPress's REST API tells them."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from benchmarks.newsroom import UPLOADS, Page, Upload, Use, seeded

PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

WHO = ("Dock workers", "Schoolchildren", "Farmers", "Firefighters", "Delegates", "Street musicians")
DO = ("wait", "gather", "look on", "prepare for the evening", "pass by", "take a rest")
WHERE = ("in the old harbour", "near the town hall", "at the fairground", "on the ring road", "by the river")
CREDITS = (
    "Ana Ferreira/Harbour Press",
    "Tomasz Wilk/Northlight",
    "Ingrid Solberg/Agence Rivage",
    "Mei Tanaka",
)


def post_item(page: Page, seed: str) -> dict[str, Any]:
    """A post as the REST API tells it with `_embed`."""
    featured, time = page.featured, f"{page.moment:%Y-%m-%dT%H:%M:%S}"
    api = f"http://{page.site.host}/wp-json/wp/v2"
    links: dict[str, Any] = {"self": [{"href": f"{api}/posts/{page.number}"}]}
    embedded = {}
    if featured is not None:
        record = {"embeddable": True, "href": f"{api}/media/{featured.upload.media_id}"}
        links["wp:featuredmedia"] = [record]
        embedded = {"wp:featuredmedia": [media_item(featured.upload, seed)]}
    content = "".join(f"{_picture(use, seed)}\n" for use in page.uses if use is not featured)
    return {
        "id": page.number,
        "date": time,
        "date_gmt": time,
        "modified_gmt": time,
        "type": "post",
        "link": page.address,
        "title": {"rendered": f"Story {page.number}"},
        "content": {"rendered": f"<p>Taken this week, passed on since.</p>\n{content}", "protected": False},
        "featured_media": featured.upload.media_id if featured is not None else 0,
        "_links": links,
        "_embedded": embedded or [],
    }


def media_item(upload: Upload, seed: str) -> dict[str, Any]:
    """A media item as it stands embedded in a post."""
    caption, alt, credit = _words(upload, seed)
    main = upload.main
    sizes = {
        size.kind: {"width": size.width, "height": size.height, "source_url": upload.address(size)}
        for size in upload.sizes
        if size.kind in ("medium", "thumbnail")
    }
    details: dict[str, Any] = {
        "width": main.width,
        "height": main.height,
        "file": main.path.removeprefix(f"{UPLOADS}/"),
        "sizes": sizes or [],
        "image_meta": {"credit": credit, "caption": "", "copyright": "", "title": ""},
    }
    if main is not upload.sizes[0]:
        details["original_image"] = Path(upload.sizes[0].path).name
    return {
        "id": upload.media_id,
        "type": "attachment",
        "media_type": "image",
        "mime_type": "image/" + main.path.rpartition(".")[2].replace("jpg", "jpeg"),
        "alt_text": alt,
        "caption": {"rendered": f"<p>{escape(caption)}</p>" if caption else ""},
        "media_details": details,
        "source_url": upload.address(main),
    }


def _picture(use: Use, seed: str) -> str:
    upload, size, recipe = use.upload, use.size, use.upload.site.recipe
    caption, alt, _ = _words(upload, seed)
    number, source, srcset = upload.media_id, upload.address(size), ""
    lazy = "data-" if recipe.markup == "lazy" else ""
    placeholder = f'src="{PLACEHOLDER}" ' if lazy else ""
    medium = upload.size("medium")
    if recipe.has_srcset and medium is not None and size == upload.main:
        # The theme shows a smaller size; what the page uses is the largest one offered.
        source = upload.address(medium)
        srcset = f'{lazy}srcset="{source} {medium.width}w, {upload.address(size)} {size.width}w" '
    image = (
        f'<img {placeholder}{lazy}src="{source}" {srcset}'
        f'width="{size.width}" height="{size.height}" alt="{escape(alt)}" class="wp-image-{number}"/>'
    )
    if recipe.markup == "classic":
        text = f'<p class="wp-caption-text">{escape(caption)}</p>'
        return f'<div id="attachment_{number}" class="wp-caption">{image}{text}</div>'
    return f"<figure>{image}{f'<figcaption>{escape(caption)}</figcaption>' if caption else ''}</figure>"


def _words(upload: Upload, seed: str) -> tuple[str, str, str]:
    """Caption, alt text and the credit in the file's fields: the facts are the photograph's, the words the site's."""
    recipe = upload.site.recipe
    random = seeded(seed, "words", upload.file.sources[0])
    who, do, where, credit = (one[random.integers(len(one))] for one in (WHO, DO, WHERE, CREDITS))
    caption = {
        "kept": f"{who} {do} {where} on Tuesday.",
        "reworded": f"What they saw: {who.lower()}, {where}, as they {do}.",
        "shortened": f"{who} {where}.",
        "none": "",
    }[recipe.wording]
    if recipe.credit in ("in caption", "changed"):
        caption += f" (Photo: {credit if recipe.credit == 'in caption' else recipe.name})"
    return caption, f"{who} {where}", credit if recipe.credit == "in file" else ""
