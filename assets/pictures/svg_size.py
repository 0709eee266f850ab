"""The size of an SVG drawing as its root element tells it.

An SVG is a program from a stranger: it is never rendered, and nothing of it is read but the beginning, up to that
element. Entities are not resolved and nothing is loaded.
"""

from __future__ import annotations

import re
from contextlib import suppress

from lxml import etree

from assets.parsing.xmltext import local_name

# Declarations, comments and a root element are far shorter; what comes later is the drawing.
MAX_ROOT_BYTES = 64 * 1024

# A drawing has any size; one that says more than this says nothing of use.
MAX_SIDE = 100_000

_LENGTH = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]*)?|\.[0-9]+)\s*(?:px)?\s*")
_SEPARATOR = re.compile(r"[\s,]+")


def measure_svg(beginning: bytes) -> tuple[int, int]:
    """Width and height in pixels, by the root's attributes, else by its view box; (0, 0) where neither tells.

    >>> measure_svg(b'<svg width="640" height="360px"/>'), measure_svg(b'<svg width="100%" viewBox="0 0 4.2 3"/>')
    ((640, 360), (4, 3))
    """
    root = _read_root(beginning[:MAX_ROOT_BYTES])
    if root is None or local_name(root.tag) != "svg":
        return 0, 0
    width, height = _length(root.get("width")), _length(root.get("height"))
    if width and height:
        return width, height
    box = _SEPARATOR.split((root.get("viewBox") or "").strip())
    if len(box) != 4:
        return 0, 0
    width, height = _length(box[2]), _length(box[3])
    return (width, height) if width and height else (0, 0)


def _read_root(beginning: bytes) -> etree._Element | None:
    """The first element as it begins, None where there is none or a document type declares entities."""
    if b"<!ENTITY" in beginning.replace(b"\0", b""):
        return None
    parser = etree.XMLPullParser(
        events=("start",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    # What is wrong with it may stand behind the root.
    with suppress(etree.XMLSyntaxError):
        parser.feed(beginning)
    with suppress(etree.XMLSyntaxError):
        for _, root in parser.read_events():
            if not isinstance(root, tuple):
                return root
    return None


def _length(text: str | None) -> int:
    """A length in pixels, 0 for none, for shares, for other units and for nonsense."""
    found = _LENGTH.fullmatch(text or "")
    length = round(float(found.group(1))) if found is not None else 0
    return length if length <= MAX_SIDE else 0
