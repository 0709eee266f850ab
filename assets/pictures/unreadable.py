"""Pictures that came whole and cannot be compared: drawings, formats that are not decoded, damaged or huge files.

They are evidence of what a page showed, and are kept as what their first bytes say they are. What is no picture at
all, as a page of HTML that says "not found", is none of them.
"""

from __future__ import annotations

from assets.model import Failure, Reason
from assets.parsing.signatures import recognise
from assets.picture_model import Picture

# It is the same at every try.
LASTING = frozenset({Reason.UNSUPPORTED_PICTURE, Reason.DAMAGED_PICTURE, Reason.TOO_MANY_PIXELS})

# Our decoder had trouble, which says nothing of the picture: the next try may end otherwise.
PASSING = frozenset({Reason.DECODE_TIMEOUT, Reason.DECODE_CRASHED})

_PICTURES = frozenset({Reason.UNSUPPORTED_PICTURE, Reason.DAMAGED_PICTURE})


def describe_unreadable(head: bytes, failure: Failure, size: tuple[int, int] = (0, 0)) -> Picture | None:
    """What is known of a picture that did not decode, by its first bytes; None for what is no picture.

    >>> from assets.model import Stage
    >>> failure = Failure(Stage.DECODE, Reason.UNSUPPORTED_PICTURE, "chart", "SVG")
    >>> found = describe_unreadable(b"<svg viewBox='0 0 4 3'/>", failure, (4, 3))
    >>> found.format, found.width, found.height, found.reason
    ('SVG', 4, 3, 'unsupported picture')
    """
    kind, name = recognise(head)
    if failure.reason not in LASTING | PASSING or kind not in _PICTURES:
        return None
    width, height = size
    return Picture(name, width, height, reason=failure.reason.value, detail=failure.detail)
