"""JSON from strangers: read with limits, one value at a time, faults as values.

What the strict parsers differ on is settled here: `NaN` and `Infinity` are null, an integer of absurd length
is null, lone surrogates become U+FFFD, NUL characters vanish, nesting beyond the parser's depth is a fault.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import orjson

# No id, size or date has more digits; Python itself refuses 4,300, after quadratic work.
MAX_INTEGER_DIGITS = 100

# One post of a whole book is below 10 MB; what goes on longer without ending is not a value we want.
MAX_VALUE_CHARACTERS = 64 * 1024 * 1024

_BROKEN_CHARACTER = re.compile(r"\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|0000)")
_BETWEEN_VALUES = re.compile(r"[\s,\x1e\ufeff]*")
# What a server writes between values or behind them: a comment, PHP and its messages. A page there is an answer lost.
_NOISE = re.compile(
    r"<!--|<br|<b>|<\?php|<font|<table class='xdebug|(?:PHP )?(?:User )?"
    r"(?:Notice|Warning|Deprecated|Strict Standards|(?:(?:Recover|Catch)able )?(?:Fatal|Parse) error):",
    re.IGNORECASE,
)
# Enough of a message to name it.
_NOISE_CHARACTERS = 500

# Only at the very start of a line: an indented bracket is the inside of a broken value.
_VALUE_ON_NEXT_LINE = re.compile(r"\n(?=[{\[])")

# The parser stops this close to the end of a text that was cut in a literal or an escape.
_CUT_MARGIN = 16


@dataclass(frozen=True, slots=True)
class JsonFault:
    """Where and why a text is not JSON; lines and columns count from 1, `first_line` is the value's first."""

    problem: str
    line: int
    column: int = 0
    first_line: int = 0

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        begun = (
            f", in the value that begins on line {self.first_line}" if 0 < self.first_line < self.line else ""
        )
        return f"{self.problem} ({place}{begun})"


@dataclass(frozen=True, slots=True)
class JsonNoise:
    """What a server wrote between values or behind them, which costs none of them."""

    text: str


def parse_json(body: bytes) -> object:
    """The value of a whole JSON text, or a `JsonFault`.

    >>> parse_json(b'{"id": 7}')
    {'id': 7}
    >>> str(parse_json(b'{"id": }'))
    'Expecting value (line 1, column 8)'
    """
    if not _may_hold_broken_characters(body):
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            # The lenient parser below reads what orjson refuses, or tells where the fault is.
            pass
    values = list(islice(_Values([body], as_lists=True), 2))
    if len(values) == 1 or (values and isinstance(values[0], JsonFault)):
        return values[0]
    return JsonFault("more than one value" if values else "no value", 1)


def json_values(chunks: Iterable[bytes]) -> Iterator[object]:
    """The values of a JSON body one after another, a `JsonFault` in place of what could not be read.

    One value, a list (whose elements come singly), JSON Lines and values in a row all read alike. A bad line
    costs that line; a fault inside a list costs the rest of the list. A server's message between values or behind
    them is a `JsonNoise`.

    >>> list(json_values([b'[{"id": 1}, {"i', b'd": 2}]']))
    [{'id': 1}, {'id': 2}]
    """
    yield from _Values(chunks, as_lists=False)


def _may_hold_broken_characters(body: bytes) -> bool:
    return b"\\u0000" in body or b"\\ud" in body or b"\\uD" in body


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= MAX_INTEGER_DIGITS else None


def _scrub(value: object) -> object:
    """The value with broken characters mended in every text of it."""
    if isinstance(value, str):
        if value.isascii() and "\x00" not in value:
            return value
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
    if isinstance(value, list):
        return [_scrub(element) for element in value]
    if isinstance(value, dict):
        return {str(_scrub(key)): _scrub(element) for key, element in value.items()}
    return value


class _Values:
    """Reads values from a stream of bytes, keeping no more text than the value in hand needs."""

    def __init__(self, chunks: Iterable[bytes], *, as_lists: bool) -> None:
        self._chunks = iter(chunks)
        self._as_lists = as_lists
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._scan = json.JSONDecoder(parse_constant=lambda _name: None, parse_int=_integer).raw_decode
        self._text = ""
        self._position = 0
        self._lines_before = 0
        self._columns_before = 0
        self._ended = False

    def __iter__(self) -> Iterator[object]:
        while self._skip_to_value():
            if (noise := self._noise()) is not None:
                yield noise
                continue
            if self._text[self._position] == "[" and not self._as_lists:
                self._position += 1
                fault = yield from self._elements()
            else:
                value = self._value()
                fault = value if isinstance(value, JsonFault) else None
                if fault is None:
                    yield value
            if fault is not None:
                yield fault
                self._skip_line()

    def _noise(self) -> JsonNoise | None:
        """The server's message at the position, its beginning; the position moves behind it."""
        if self._as_lists or self._text[self._position] in "[{":
            return None
        self._read(_NOISE_CHARACTERS - (len(self._text) - self._position))
        if not _NOISE.match(self._text, self._position):
            return None
        begun = self._text[self._position : self._position + _NOISE_CHARACTERS]
        self._skip_line()
        return JsonNoise(_VALUE_ON_NEXT_LINE.split(begun, 1)[0])

    def _elements(self) -> Generator[object, None, JsonFault | None]:
        """The elements of the list just entered; returns the fault that ended it early, if one did."""
        while self._skip_to_value():
            if self._text[self._position] == "]":
                self._position += 1
                return None
            value = self._value()
            if isinstance(value, JsonFault):
                return value
            yield value
        return JsonFault("the list does not end", self._line())

    def _value(self) -> object:
        """The value at the position, read on as far as it needs; the position moves behind it."""
        while True:
            try:
                value, end = self._scan(self._text, self._position)
                if end == len(self._text) and not isinstance(value, dict | list | str) and self._read(1):
                    # A number cut by the chunk's end looks like a shorter number.
                    continue
                if _BROKEN_CHARACTER.search(self._text, self._position, end):
                    value = _scrub(value)
            except json.JSONDecodeError as error:
                if self._is_cut(error) and self._read(len(self._text) - self._position):
                    continue
                return self._fault(error.msg, error.pos)
            except RecursionError:
                return self._fault("nested too deeply", self._position)
            self._position = end
            return value

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether more text may mend the fault."""
        if len(self._text) - self._position >= MAX_VALUE_CHARACTERS:
            return False
        return error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _CUT_MARGIN

    def _fault(self, problem: str, position: int) -> JsonFault:
        line_start = self._text.rfind("\n", 0, position)
        column = position - line_start + (self._columns_before if line_start < 0 else 0)
        named = problem.removesuffix(" at").removesuffix(" starting")
        return JsonFault(named, self._line(position), column, self._line())

    def _line(self, position: int | None = None) -> int:
        end = self._position if position is None else position
        return self._lines_before + self._text.count("\n", 0, end) + 1

    def _read(self, wanted: int) -> bool:
        """Append at least so many characters, dropping what is read; False when the stream has ended."""
        if wanted <= 0:
            return True
        parts: list[str] = []
        while not self._ended and (not parts or sum(map(len, parts)) < wanted):
            chunk = next(self._chunks, None)
            self._ended = chunk is None
            parts.append(self._decode(chunk or b"", final=chunk is None))
        added = "".join(parts)
        if added:
            lines = self._text.count("\n", 0, self._position)
            since_line_start = self._position - 1 - self._text.rfind("\n", 0, self._position)
            self._columns_before = since_line_start + (0 if lines else self._columns_before)
            self._lines_before += lines
            self._text = self._text[self._position :] + added
            self._position = 0
        return bool(added)

    def _skip_to_value(self) -> bool:
        while True:
            found = _BETWEEN_VALUES.match(self._text, self._position)
            self._position = found.end() if found is not None else self._position
            if self._position < len(self._text):
                return True
            if not self._read(1):
                return False

    def _skip_line(self) -> None:
        """Go on at the next line that begins a value."""
        while True:
            found = _VALUE_ON_NEXT_LINE.search(self._text, self._position)
            if found is not None:
                self._position = found.end()
                return
            # Keep the last line: its break may lie before a value of the next chunk.
            self._position = max(self._position, self._text.rfind("\n"))
            if not self._read(1):
                self._position = len(self._text)
                return
