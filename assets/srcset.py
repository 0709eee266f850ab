"""`srcset` attributes, parsed as the HTML standard says: an address may hold commas, data: too."""

from __future__ import annotations

import re
from dataclasses import dataclass

# https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute
_BETWEEN = re.compile(r"[\s,]*")
_ADDRESS = re.compile(r"\S*")
_DESCRIPTOR = re.compile(r"(\d+(?:\.\d+)?)([wx])")

# More candidates than any theme writes; the rest of such an attribute is somebody's mistake.
MAX_CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address with its width in pixels, or its density as a multiple of the display size; 0 where not told."""

    address: str
    width: int = 0
    density: float = 0.0


def candidates(srcset: str) -> tuple[Candidate, ...]:
    """The candidates of a `srcset`, in its order.

    >>> [(c.address, c.width) for c in candidates("a.jpg?resize=300,200 300w, b.jpg 1024w")]
    [('a.jpg?resize=300,200', 300), ('b.jpg', 1024)]
    """
    found: list[Candidate] = []
    position = 0
    while position < len(srcset) and len(found) < MAX_CANDIDATES:
        position += len(_matched(_BETWEEN, srcset, position))
        address = _matched(_ADDRESS, srcset, position)
        if not address:
            break
        position += len(address)
        descriptors = ""
        if address.endswith(","):
            address = address.rstrip(",")
        else:
            stop = srcset.find(",", position)
            stop = len(srcset) if stop < 0 else stop
            descriptors, position = srcset[position:stop], stop + 1
        found.append(_candidate(address, descriptors))
    return tuple(found)


def _candidate(address: str, descriptors: str) -> Candidate:
    for number, unit in _DESCRIPTOR.findall(descriptors):
        if unit == "w":
            return Candidate(address, width=int(float(number)))
        return Candidate(address, density=float(number))
    return Candidate(address)


def _matched(pattern: re.Pattern[str], text: str, position: int) -> str:
    found = pattern.match(text, position)
    return found.group() if found is not None else ""
