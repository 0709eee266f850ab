"""Break documents in every way and read the references of what is left: no exception may come of it.

FOLDER holds real ones: WordPress JSON, pages, feeds. A document that raises is kept in the working directory and
named; the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from assets import Failure, ImageReference, read_documents, read_sources

# Larger ones say no more about parsers.
MOST_BYTES = 300_000

# What parsers trip over.
TOKENS = (
    b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&#0;", b"&#x110000;",
    b"<img src=", b"'", b'"', b"</", b"<svg><script>", b"{" * 200, b"[" * 2000, b"9" * 5000, b"-1e999999", b"NaN",
    b"\\ud800", b"\\u0000", b"null", b"http://[", b"//", b"data:image/png;base64,", b"srcset=\"a 1x, , b -2w, c 1e9x\"",
    b"<base href='javascript:1'>", b"<!ENTITY a '&b;&b;'>", b"[caption id=", b"[gallery ids=\"1,,x\"]", b"%", b"\r",
)  # fmt: skip


def broken(body: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """The document with one to six things done to it."""
    for _ in range(chance.randint(1, 6)):
        body = chance.choice(_WAYS)(body, chance, others)
    return body[:MOST_BYTES]


def _cut(body: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _holed(body: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    first = chance.randrange(len(body) + 1)
    return body[:first] + body[first + chance.randint(1, 300) :]


def _token(body: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    first = chance.randrange(len(body) + 1)
    return body[:first] + chance.choice(TOKENS) + body[first:]


def _flipped(body: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    changed = bytearray(body)
    for _ in range(min(len(changed), chance.choice((1, 3, 20)))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _doubled(body: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    first = chance.randrange(len(body) + 1)
    return body[:first] + body[first : first + chance.randint(1, 500)] * chance.randint(2, 30) + body[first:]


def _spliced(body: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    return body[: chance.randrange(len(body) + 1)] + other[chance.randrange(len(other) + 1) :]


_WAYS: tuple[Callable[[bytes, random.Random, Sequence[bytes]], bytes], ...] = (
    _cut,
    _holed,
    _token,
    _token,
    _flipped,
    _doubled,
    _spliced,
)


def read(body: bytes) -> list[ImageReference | Failure]:
    """Every reference and failure of a document, as a harvest has them."""
    found: list[ImageReference | Failure] = []
    for part in read_documents(read_sources(["-"], io.BytesIO(body), "https://news.example/a/")):
        if isinstance(part, Failure):
            found.append(part)
        else:
            found += [*part.references, *part.failures]
    return found


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/trial broken-documents",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="documents to break")
    parser.add_argument("--runs", type=int, default=20_000, metavar="N", help="so many (default: 20000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="broken otherwise")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    files = sorted(path for path in options.folder.rglob("*") if path.suffix in SUFFIXES)
    bodies = [path.read_bytes()[:MOST_BYTES] for path in files]
    if not bodies:
        print(f"{options.folder}: no documents there", file=sys.stderr)
        return 2
    ends: Counter[str] = Counter()
    raised, slowest = 0, (0.0, 0)
    for number in range(options.runs):
        chance = random.Random(f"{options.seed} {number}")  # noqa: S311 - nothing secret
        body = broken(chance.choice(bodies), chance, bodies)
        started = time.monotonic()
        try:
            found = read(body)
        # Which exceptions there are is the question.
        except Exception as error:
            raised += 1
            Path(f"raises-{options.seed}-{number}.bin").write_bytes(body)
            print(f"raises-{options.seed}-{number}.bin: {type(error).__name__}: {error}", file=sys.stderr)
            continue
        slowest = max(slowest, (time.monotonic() - started, number))
        ends.update(part.reason.value if isinstance(part, Failure) else "references" for part in found)
    print(f"{options.runs} documents, of {len(bodies)} real ones: {raised} raised")
    print(f"slowest: {slowest[0]:.2f} s (run {slowest[1]})")
    print(", ".join(f"{count} {end}" for end, count in ends.most_common()))
    return 1 if raised else 0


SUFFIXES = frozenset({".json", ".html", ".htm", ".xml", ".rss", ".atom", ".ndjson", ".jsonl", ".txt", ".wxr"})
