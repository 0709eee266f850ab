"""The addresses of a `srcset` attribute, read as browsers read it.

The rules are the HTML standard's (https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute):
an address ends at white space, so a comma may stand inside it; commas at its end close the candidate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BETWEEN = re.compile(r"[\t\n\f\r ,]*")
_ADDRESS = re.compile(r"[^\t\n\f\r ]+")
# Up to the next comma outside parentheses, which future descriptors may have.
_DESCRIPTORS = re.compile(r"(?:[^,(]|\([^)]*\)?)*")
_WIDTH = re.compile(r"([0-9]{1,9})w")
_HEIGHT = re.compile(r"[0-9]{1,9}h")
# What has no address, or only the descriptor of one that was left out.
_NO_ADDRESS = re.compile(r"(?i)data:|[0-9.]+[wx]$")
_DENSITY = re.compile(r"([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)x")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One address of a `srcset`, as it stands there, with its width or its pixel density."""

    address: str
    width: int | None = None
    density: float | None = None


def parse_srcset(value: str) -> tuple[Candidate, ...]:
    """The candidates in order; `data:` addresses, lone descriptors and invalid candidates are left out.

    >>> [(one.address, one.width) for one in parse_srcset("a.jpg?resize=300,200 300w,b.jpg 600w")]
    [('a.jpg?resize=300,200', 300), ('b.jpg', 600)]
    >>> [(one.address, one.density) for one in parse_srcset("a.jpg, b.jpg 2x")]
    [('a.jpg', None), ('b.jpg', 2.0)]
    """
    return tuple(_candidates(value))


def _candidates(value: str) -> Iterator[Candidate]:
    position = _end(_BETWEEN, value, 0)
    while found := _ADDRESS.match(value, position):
        address, position = found.group(), found.end()
        descriptors = ""
        if address.endswith(","):
            address = address.rstrip(",")
        else:
            start, position = position, _end(_DESCRIPTORS, value, position)
            descriptors = value[start:position]
        position = _end(_BETWEEN, value, position)
        candidate = _candidate(address, descriptors.split())
        if candidate is not None and not _NO_ADDRESS.match(address):
            yield candidate


def _candidate(address: str, descriptors: list[str]) -> Candidate | None:
    """The candidate with its descriptors, None where the standard calls them an error."""
    width: int | None = None
    density: float | None = None
    for descriptor in descriptors:
        if (found := _WIDTH.fullmatch(descriptor)) and width is None and density is None:
            width = int(found.group(1))
            if width == 0:
                return None
        elif (found := _DENSITY.fullmatch(descriptor)) and width is None and density is None:
            density = float(found.group(1))
        elif not _HEIGHT.fullmatch(descriptor):
            return None
    return Candidate(address, width, density)


def _end(pattern: re.Pattern[str], value: str, position: int) -> int:
    found = pattern.match(value, position)
    return found.end() if found is not None else position
