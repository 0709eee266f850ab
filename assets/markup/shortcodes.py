"""WordPress's `[caption]` and `[video]` shortcodes as what WordPress makes of them."""

from __future__ import annotations

import re

# A caption of more markup is a shortcode that was never closed.
MAX_SHORTCODE_CHARACTERS = 20_000

_OPENING = re.compile(r"\[(?:wp_)?caption\b([^\]<>]{0,500})\]")
_CLOSING = re.compile(r"\[/(?:wp_)?caption\]")
_PICTURE = re.compile(r"(?is)\s*(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?")
_ID = re.compile(r"\bid=[\"']?(attachment_[0-9]+)")
_VIDEO = re.compile(r"(?<!\[)\[video\b([^\]<>]{0,2000})\]")
_POSTER = re.compile(r"\bposter=(?:\"([^\"]*)\"|'([^']*)')")
_OLD_CAPTION = re.compile(r"(?s)\bcaption=(?:\"([^\"]*)\"|'([^']*)')")


def captions_as_figures(html: str) -> str:
    """The same HTML with each raw `[caption]` shortcode turned into a figure.

    >>> captions_as_figures('[caption id="attachment_7" width="300"]<img src="k.jpg"> Kim[/caption]')
    '<figure class="wp-caption" id="attachment_7"><img src="k.jpg"><figcaption>Kim</figcaption></figure>'
    """
    if "caption]" not in html:
        return html
    parts: list[str] = []
    position = 0
    while opening := _OPENING.search(html, position):
        closing = _CLOSING.search(html, opening.end(), opening.end() + MAX_SHORTCODE_CHARACTERS)
        following = _OPENING.search(html, opening.end(), closing.start()) if closing else None
        if closing is None or following is not None:
            parts.append(html[position : opening.end()])
            position = opening.end()
            continue
        parts += (
            html[position : opening.start()],
            _figure(opening.group(1), html[opening.end() : closing.start()]),
        )
        position = closing.end()
    return "".join((*parts, html[position:]))


def videos_as_elements(html: str) -> str:
    """The same HTML with each raw `[video]` shortcode that has a poster turned into an element that shows it.

    >>> videos_as_elements('[video mp4="/k.mp4" poster="/k.jpg"][/video]')
    '<video poster="/k.jpg"></video>[/video]'
    """
    return _VIDEO.sub(_video, html) if "[video" in html else html


def _video(found: re.Match[str]) -> str:
    poster = _POSTER.search(found.group(1))
    if poster is None:
        return found.group()
    address = (poster.group(1) or poster.group(2) or "").replace('"', "&quot;")
    return f'<video poster="{address}"></video>'


def _figure(attributes: str, inside: str) -> str:
    """One shortcode as a figure; before WordPress 3.4 the caption stood in an attribute."""
    picture = _PICTURE.match(inside)
    old = _OLD_CAPTION.search(attributes)
    caption = (old.group(1) or old.group(2) or "") if old else ""
    end = picture.end() if picture and not caption else len(inside)
    named = _ID.search(attributes)
    own_id = f' id="{named.group(1)}"' if named else ""
    caption = caption or inside[end:].strip()
    return f'<figure class="wp-caption"{own_id}>{inside[:end]}<figcaption>{caption}</figcaption></figure>'
