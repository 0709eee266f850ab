"""Measure the search of words as it is, a scan of texts, beside one that asks SQLite's trigram index (FTS5) first.

Both read one made-up catalog, in turns; what they find is compared. The trigram index says which texts may have a word,
and the scan looks at those alone; words of one or two characters have no trigram, and are scanned as they are now.
The exit code is 1 where the two find different things.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any, Protocol

from catalog.index import Said, TextIndex
from catalog.model import AssetRecord, PageRecord, UsageRecord
from catalog.store import Store, layout
from catalog.store.catalog import open_store

USAGES = 100_000
HARVESTED = 200

# Usages of one page, and of one asset.
USES = 3

VOCABULARY = 30_000
SYLLABLES = (
    "ka re to mi sen bur lan do vi el ar stra nu pe gin cho wa ter is mo ra lu fen ty od ber a in ost".split()
)

# Parts of texts that both look for, beside the words that are timed.
COMPARED = 100

ROUNDS = 9
UPDATES = 9

Json = dict[str, Any]

# The texts stay where they are.
_TRIGRAMS = """
    CREATE VIRTUAL TABLE IF NOT EXISTS {0}_trigrams USING fts5(
        {1}, content='{0}', detail=none, columnsize=0, tokenize='trigram case_sensitive 1'
    )
"""
# A row that is put again gets a new number, the largest; what the index knows of its old one leads to no row. By
# triggers an update took six times as long.
_READ_NEW = "INSERT INTO {0}_trigrams (rowid, {1}) SELECT rowid, {1} FROM {0} WHERE rowid > ?"

_TABLES = (("usages", "said"), ("titles", "title"), ("assets", "said"))

_MAY_SAY = "rowid IN (SELECT rowid FROM {0}_trigrams WHERE {0}_trigrams MATCH ?)"
_USAGES = (
    "SELECT key FROM usages WHERE rowid IN ("  # noqa: S608 - our own names
    f"SELECT rowid FROM usages WHERE {_MAY_SAY.format('usages')} AND instr(said, ?) UNION "
    "SELECT rowid FROM usages WHERE page IN "
    f"(SELECT page FROM titles WHERE {_MAY_SAY.format('titles')} AND instr(title, ?)))"
)
_AND_USAGES = (
    " AND (instr(said, ?) OR EXISTS"
    " (SELECT 1 FROM titles WHERE titles.page = usages.page AND instr(title, ?)))"
)
_ASSETS = f"SELECT sha256 FROM assets WHERE {_MAY_SAY.format('assets')} AND instr(said, ?)"  # noqa: S608
_AND_ASSETS = " AND instr(said, ?)"


class _Searched(Protocol):
    """A way to search the texts of a catalog."""

    def search(self, store: Store, words: Sequence[str]) -> Said | None:
        """What says all of some folded words."""

    def update(self, store: Store) -> None:
        """Read what was put since."""


class _TrigramIndex:
    """The text index with a trigram index beside every text."""

    def __init__(self, derived: Path) -> None:
        self._texts = TextIndex(derived)
        self._path = derived / layout.WORDS

    def update(self, store: Store) -> None:
        """Read what was put since; where it is new, all of it."""
        known = self._read_largest() if self._path.exists() else [0] * len(_TABLES)
        self._texts.update(store)
        with closing(sqlite3.connect(self._path, isolation_level=None)) as database:
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute("BEGIN IMMEDIATE")
            database.execute("CREATE INDEX IF NOT EXISTS usages_of_page ON usages (page)")
            for names, largest in zip(_TABLES, known, strict=True):
                database.execute(_TRIGRAMS.format(*names))
                database.execute(_READ_NEW.format(*names), (largest,))
            database.execute("COMMIT")

    def _read_largest(self) -> list[int]:
        """The number of each table's last row."""
        with closing(sqlite3.connect(self._path)) as database:
            return [
                database.execute(f"SELECT coalesce(max(rowid), 0) FROM {name}").fetchone()[0]  # noqa: S608
                for name, _ in _TABLES
            ]

    def search(self, store: Store, words: Sequence[str]) -> Said | None:
        """What says all of some folded words: looked for in texts that have all trigrams of the longest."""
        # Longer words are rarer as a rule, and few texts are left for the others.
        first, *others = sorted(words, key=len, reverse=True)
        if len(first) < 3:
            return self._texts.search(store, words)
        asked = (_join_trigrams(first), first)
        twice = [word for word in others for _ in range(2)]
        usages = _USAGES + _AND_USAGES * len(others)
        assets = _ASSETS + _AND_ASSETS * len(others)
        address = f"{self._path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as database:
            (mark,) = database.execute("SELECT mark FROM state").fetchone()
            since = store.put_since(mark)
            return since and Said(
                tuple(key for (key,) in database.execute(usages, (*asked, *asked, *twice))),
                tuple(key for (key,) in database.execute(assets, (*asked, *others))),
                since,
            )


def _join_trigrams(word: str) -> str:
    """The question for texts that have all of a word's trigrams, in whatever order."""
    trigrams = dict.fromkeys(word[start : start + 3].replace('"', '""') for start in range(len(word) - 2))
    return " AND ".join(f'"{one}"' for one in trigrams)


class _Newsroom:
    """Texts of made-up words, some of which are said much more often than others, as in any language."""

    def __init__(self) -> None:
        self.chance = random.Random(1)  # noqa: S311 - made-up texts, no secrets
        words: dict[str, None] = {}
        while len(words) < VOCABULARY:
            words["".join(self.chance.choices(SYLLABLES, k=self.chance.randint(1, 5)))] = None
        self.words = sorted(words, key=len)
        self._weights = list(accumulate(1 / place for place in range(1, VOCABULARY + 1)))

    def text(self, least: int, most: int) -> str:
        """Some words."""
        count = self.chance.randint(least, most)
        return " ".join(self.chance.choices(self.words, cum_weights=self._weights, k=count)).capitalize()

    def put(self, store: Store, first: int, end: int) -> None:
        """Put usages with these numbers, and what they belong to."""
        with store.batch():
            for number in range(first, end):
                page = f"https://site-{number % 120}.example/2025/08/{number // USES}/"
                store.put_usage(
                    UsageRecord(
                        key=f"{number:032x}",
                        page=page,
                        url=f"https://site-{number % 120}.example/wp-content/uploads/{number}.jpg",
                        asset=f"{number // USES:064x}",
                        caption=f"{self.text(12, 25)}. (Photo: KCNA {number})",
                        alt=self.text(2, 5),
                        credit=self.chance.choice(("KCNA", "AP", "Reuters", self.text(2, 2))),
                    )
                )
                if number % USES == 0:
                    store.put_page(PageRecord(key=page, title=self.text(5, 10)))
                    says = {"text": self.text(12, 25), "field": "iptc 2:120"}
                    store.put_asset(AssetRecord(sha256=f"{number // USES:064x}", embedded={"caption": says}))


@dataclass(frozen=True, slots=True)
class _Contender:
    name: str
    index: _Searched
    derived: Path

    def size(self) -> int:
        return (self.derived / layout.WORDS).stat().st_size


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench trigrams",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--usages", type=int, default=USAGES, metavar="N", help=f"default: {USAGES}")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    with tempfile.TemporaryDirectory() as name:
        result = measured(Path(name), options.usages)
    print(json.dumps(result) if options.json else as_text(result))
    return 0 if result["passed"] else 1


def measured(folder: Path, usages: int) -> Json:
    """What both cost to build, to keep and to ask, in CPU time of this process."""
    newsroom = _Newsroom()
    kinds: dict[str, Callable[[Path], _Searched]] = {"scan": TextIndex, "trigrams": _TrigramIndex}
    contenders = [_Contender(name, kind(folder / name), folder / name) for name, kind in kinds.items()]
    with open_store(folder / "catalog") as store:
        newsroom.put(store, 0, usages)
    result: Json = {"usages": usages, "sqlite": sqlite3.sqlite_version}
    with open_store(folder / "catalog") as store:
        result["build"] = _take_turns(contenders, 1, lambda index: index.update(store))
        result["bytes"] = {one.name: one.size() for one in contenders}
        result["searches"], differ = _searched(store, contenders, newsroom, usages)
    updates: dict[str, list[float]] = {one.name: [] for one in contenders}
    for turn in range(UPDATES):
        # Each as a harvest of its own: a store remembers what was put since it was opened.
        with open_store(folder / "catalog") as store:
            first = usages + HARVESTED * turn
            newsroom.put(store, first, first + HARVESTED)
            for name, ms in _take_turns(contenders, 1, lambda index: index.update(store)).items():
                updates[name].append(ms)
    result["update"] = {name: statistics.median(all_of) for name, all_of in updates.items()}
    with open_store(folder / "catalog", read_only=True) as store:
        differ += _count_differing(store, contenders, newsroom)
    result["differ"] = differ
    result["passed"] = differ == 0
    return result


def _searched(
    store: Store, contenders: Sequence[_Contender], newsroom: _Newsroom, usages: int
) -> tuple[list[Json], int]:
    known = newsroom.words
    asked = {
        "a number that one text has": f"{usages // 2 + 17}",
        "a rare word": max(known[-1000:], key=len),
        "a word that none has": "xylophonist",
        "a word that none has, of usual trigrams": "mosenburelando",
        "a word of the middle": known[3000],
        "three words, one rare": f"{known[40]} {known[-1]} kcna",
        "a frequent word": known[60],
        "a word in all": "photo",
        "two characters": "vi",
    }
    rows: list[Json] = []
    differ = 0
    for what, text in asked.items():
        print(what, file=sys.stderr)
        row, is_different = _search_by_each(store, contenders, text.split())
        rows.append({"what": what, **row})
        differ += is_different
    return rows, differ


def _search_by_each(
    store: Store, contenders: Sequence[_Contender], words: Sequence[str]
) -> tuple[Json, bool]:
    times = _take_turns(contenders, ROUNDS, lambda index: index.search(store, words))
    said, *others = (_found(store, words, one.index) for one in contenders)
    records_ms = _cpu_ms(lambda: [store.usage(key) for key in said[0]])
    row = {"usages": len(said[0]), "ms": times, "records_ms": records_ms}
    return row, any(other != said for other in others)


def _count_differing(store: Store, contenders: Sequence[_Contender], newsroom: _Newsroom) -> int:
    """How many of some parts of texts the two do not find in the same places."""
    differ = 0
    for _ in range(COMPARED):
        text = newsroom.text(1, 2).lower()
        start = newsroom.chance.randrange(len(text))
        folded = text[start : start + newsroom.chance.randint(1, 12)].split()
        if folded:
            said = [_found(store, folded, one.index) for one in contenders]
            differ += said[0] != said[1]
    return differ


def _found(store: Store, words: Sequence[str], index: _Searched) -> tuple[list[str], list[str]]:
    said = index.search(store, words)
    if said is None:
        raise AssertionError(f"the index does not answer {words}")
    return sorted(said.usages), sorted(said.assets)


def _take_turns(
    contenders: Sequence[_Contender], rounds: int, work: Callable[[_Searched], object]
) -> dict[str, float]:
    """CPU milliseconds of the work with each index, the median of some rounds."""
    times: dict[str, list[float]] = {one.name: [] for one in contenders}
    for _ in range(rounds):
        for one in contenders:
            times[one.name].append(_cpu_ms(partial(work, one.index)))
    return {name: statistics.median(each) for name, each in times.items()}


def _cpu_ms(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return 1000 * (time.process_time() - before)


def as_text(result: Json) -> str:
    """The figures as tables in Markdown."""
    names = list(result["build"])
    lines = ["| CPU ms to find | usages | " + " | ".join(names) + " | reading their records |"]
    lines += ["|---|---:" + "|---:" * len(names) + "|---:|"]
    for row in result["searches"]:
        figures = " | ".join(f"{row['ms'][name]:.1f}" for name in names)
        lines.append(f"| {row['what']} | {row['usages']:,} | {figures} | {row['records_ms']:.1f} |")
    lines += ["", "| to keep | " + " | ".join(names) + " |", "|---" + "|---:" * len(names) + "|"]
    for what, key, scale in (
        (f"build, {result['usages']:,} usages, CPU s", "build", 1e3),
        (f"update, {HARVESTED} usages, CPU ms", "update", 1),
        ("file, MB", "bytes", 1e6),
    ):
        lines.append(f"| {what} | " + " | ".join(f"{result[key][name] / scale:.1f}" for name in names) + " |")
    lines += ["", f"SQLite {result['sqlite']}; {result['differ']} answers differ."]
    return "\n".join(lines)
