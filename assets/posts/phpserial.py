"""PHP's serialized values, as WordPress exports keep picture metadata in them."""

from __future__ import annotations

# Attachment metadata is four arrays deep; more is an attack on the stack.
MAX_DEPTH = 16

# Metadata of a picture with twenty sizes is below 8 kB.
MAX_BYTES = 1024 * 1024


def parse_php(serialized: str) -> object:
    """The value as dicts, texts and numbers; None where it is not serialized PHP.

    Objects and references are not read: picture metadata has none.

    >>> parse_php('a:2:{s:5:"width";i:800;s:4:"file";s:5:"a.jpg";}')
    {'width': 800, 'file': 'a.jpg'}
    """
    body = serialized.strip().encode("utf-8", "replace")
    if len(body) > MAX_BYTES:
        return None
    try:
        value, _ = _value(body, 0, MAX_DEPTH)
    except (ValueError, IndexError):
        return None
    return value


def _value(body: bytes, start: int, depth: int) -> tuple[object, int]:
    kind = body[start : start + 2]
    if kind == b"N;":
        return None, start + 2
    if kind == b"s:":
        return _text(body, start)
    if kind == b"a:" and depth:
        return _array(body, start, depth)
    end = body.index(b";", start)
    written = body[start + 2 : end].decode("ascii")
    if kind == b"i:":
        return int(written), end + 1
    if kind == b"d:":
        return float(written), end + 1
    if kind == b"b:":
        return written == "1", end + 1
    raise ValueError(f"unknown type {kind!r}")


def _text(body: bytes, start: int) -> tuple[str, int]:
    colon = body.index(b":", start + 2)
    first = colon + 2
    end = first + int(body[start + 2 : colon])
    if body[end : end + 2] != b'";':
        # Moving a site to another host by search and replace leaves the old lengths.
        end = body.index(b'";', first)
    return body[first:end].decode("utf-8", "replace"), end + 2


def _array(body: bytes, start: int, depth: int) -> tuple[dict[str, object], int]:
    brace = body.index(b"{", start)
    position = brace + 1
    found: dict[str, object] = {}
    while body[position : position + 1] != b"}":
        key, position = _value(body, position, 0)
        found[str(key)], position = _value(body, position, depth - 1)
    return found, position + 1
