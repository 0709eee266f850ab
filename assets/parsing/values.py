"""Plain values of JSON in the forms in which PHP and its plugins send them."""

from __future__ import annotations

import re
from collections.abc import Mapping

# PHP counts to 2**63 - 1, and makes that of any number beyond: it is what is sent for an id that is none.
MAX_ID = 2**63 - 2


def as_map(value: object) -> Mapping[str, object]:
    """The value if it is a map; an empty one for `[]`, null and anything else.

    >>> as_map([]), as_map({"width": 1})
    ({}, {'width': 1})
    """
    return value if isinstance(value, Mapping) else {}


def as_list(value: object) -> list[object]:
    """The value if it is a list; the values of a map, which PHP sends when its keys have gaps.

    >>> as_list({"0": "post", "2": "hentry"}), as_list(None)
    (['post', 'hentry'], [])
    """
    if isinstance(value, list):
        return value
    return list(value.values()) if isinstance(value, Mapping) else []


def as_id(value: object) -> int | None:
    """A WordPress id, also when it came as a text; None for 0 and for what cannot be one.

    >>> as_id("366410"), as_id(0), as_id(2**70), as_id(True)
    (366410, None, None, None)
    """
    if isinstance(value, str) and re.fullmatch(r"\d{1,19}", value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value <= MAX_ID else None


def as_size(value: object) -> int | None:
    """A width or height in pixels, also when it came as a text; None where there is none.

    >>> as_size(1024), as_size("683"), as_size("683px"), as_size("100%"), as_size(0)
    (1024, 683, 683, None, None)
    """
    if isinstance(value, str):
        found = re.fullmatch(r"\s*(\d{1,6})(?:\.\d+)?(?:px)?\s*", value)
        value = int(found.group(1)) if found else None
    if isinstance(value, float):
        value = round(value) if 0 < value < 1e6 else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value < 1_000_000 else None
