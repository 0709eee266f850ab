"""What is said of pictures, folded and side by side in a SQLite database: a derived file that is searched for words.

A word is found within others, as editors of inflected and compounding languages expect, so every text is gone
through; but here that is done by SQLite and over texts alone, not over records that must be read first. The database
says how far it has read the catalog. What was put since is told to whoever searches, who looks at it himself: a search
never writes.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from catalog.store import (
    DERIVED,
    WORDS,
    WORDS_JOURNAL,
    Finding,
    FindingKind,
    Put,
    Store,
    fold_asset_text,
    fold_text,
    fold_usage_text,
)

# Records put since that are looked at one by one; where there are more, all are gone through instead.
MOST_SINCE = 20_000

# Texts between two reports on how many were read.
TOLD_EACH = 1000

# Who waits for another process to write gives up then, and goes through the records.
BUSY_SECONDS = 2.0

logger = logging.getLogger(__name__)

_TABLES = """
    CREATE TABLE IF NOT EXISTS state (mark TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS usages (key TEXT PRIMARY KEY, page TEXT NOT NULL, said TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS titles (page TEXT PRIMARY KEY, title TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS assets (sha256 TEXT PRIMARY KEY, said TEXT NOT NULL);
"""

Row = tuple[str, ...]
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Said:
    """Keys of usages and digests of assets that say some words, and what was put since they were read."""

    usages: tuple[str, ...]
    assets: tuple[str, ...]
    since: Put


class TextIndex:
    """The texts of a catalog in a derived file, to be searched; made and brought up to date by `update`."""

    def __init__(self, derived: Path) -> None:
        self._path = derived / WORDS

    @staticmethod
    def remove(derived: Path) -> None:
        """Delete the database."""
        for name in (WORDS, WORDS_JOURNAL):
            (derived / name).unlink(missing_ok=True)

    # Search

    def search(self, store: Store, words: Sequence[str]) -> Said | None:
        """What says all of some folded words, title of the page included; None where it must be gone through."""
        if store.finds_words or not self._path.exists():
            return None
        with suppress(sqlite3.Error), self._opened(read_only=True) as database:
            since = _put_since(store, _mark_of(database))
            if since is None or sum(map(len, since)) > MOST_SINCE:
                return None
            asked = [_make_storable(word) for word in words]
            usages = " AND ".join(
                "(instr(said, ?) OR page IN (SELECT page FROM titles WHERE instr(title, ?)))" for _ in words
            )
            assets = " AND ".join("instr(said, ?)" for _ in words)
            twice = [word for word in asked for _ in range(2)]
            return Said(
                # Only question marks vary with what is asked.
                _firsts(database.execute(f"SELECT key FROM usages WHERE {usages}", twice)),  # noqa: S608
                _firsts(database.execute(f"SELECT sha256 FROM assets WHERE {assets}", asked)),  # noqa: S608
                since,
            )
        return None

    # Keep

    def update(self, store: Store, report: Report = lambda _done, _wanted: None) -> None:
        """Read what was put since; all of it where the database is new, of another catalog, or damaged.

        `report` hears how many texts were read, of how many, where they are many.

        A store that finds words itself needs no such file.

        What can be made again is no reason to fail: where it cannot be written, searches go through the records.
        """
        if store.finds_words:
            return
        try:
            try:
                self._bring_up(store, report)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self.remove(self._path.parent)
                self._bring_up(store, report)
        except (sqlite3.OperationalError, OSError) as error:
            logger.warning("%s: not written: %s", self._path, error)

    def _bring_up(self, store: Store, report: Report) -> None:
        self._path.parent.mkdir(exist_ok=True)
        with self._opened() as database:
            known = _mark_of(database)
            mark = store.mark()
            if known == mark:
                return
            since = _put_since(store, known)
            if since is None:
                wanted = sum(map(store.counts().__getitem__, ("usages", "pages", "assets")))
            else:
                wanted = sum(map(len, since))
            done = 0

            def counted(rows: Iterable[Row]) -> Iterator[Row]:
                nonlocal done
                for row in rows:
                    yield row
                    done += 1
                    if not done % TOLD_EACH:
                        report(done, wanted)

            for table, rows in (("usages", _usages), ("titles", _titles), ("assets", _assets)):
                if since is None:
                    database.execute(f"DELETE FROM {table}")  # noqa: S608 - from the line above
                _insert(database, table, counted(rows(store, since)))
            database.execute("DELETE FROM state")
            database.execute("INSERT INTO state VALUES (?)", (mark,))

    def problems(self, store: Store) -> Iterator[Finding]:
        """What is wrong with the database."""
        if not self._is_sound(store):
            place = f"{DERIVED}/{WORDS}"
            yield Finding(FindingKind.DAMAGED_DERIVED, place, "it does not say what the records say")

    def _is_sound(self, store: Store) -> bool:
        """Whether every text is that of its record, as far as the database has read; True where there is none."""
        if not self._path.exists():
            return True
        try:
            with self._opened(read_only=True) as database:
                mark = _mark_of(database)
                since = _put_since(store, mark)
                if since is None:
                    # Not filled yet, or the catalog was compacted since: it is made anew, not wrong.
                    return bool(database.execute("PRAGMA quick_check").fetchone() == ("ok",))
                return (
                    _agree(database, "SELECT * FROM usages WHERE key = ?", _usages(store, None), since.usages)
                    and _agree(
                        database, "SELECT * FROM titles WHERE page = ?", _titles(store, None), since.pages
                    )
                    and _agree(
                        database, "SELECT * FROM assets WHERE sha256 = ?", _assets(store, None), since.assets
                    )
                )
        except sqlite3.Error as error:
            # One that another process writes just now is no finding.
            return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY

    @contextmanager
    def _opened(self, *, read_only: bool = False) -> Iterator[sqlite3.Connection]:
        """The database in one transaction, which an exception takes back."""
        mode = "ro" if read_only else "rwc"
        address = f"{self._path.absolute().as_uri()}?mode={mode}"
        with closing(
            sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        ) as database:
            if not read_only:
                # Lost with the power it is made again.
                database.execute("PRAGMA synchronous = NORMAL")
                database.executescript(_TABLES)
            database.execute("BEGIN" if read_only else "BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.rollback()
                raise
            database.commit()


def _mark_of(database: sqlite3.Connection) -> str:
    """How far the catalog was read, `""` for not at all."""
    row = database.execute("SELECT mark FROM state").fetchone()
    return str(row[0]) if row else ""


def _put_since(store: Store, mark: str) -> Put | None:
    return store.put_since(mark) if mark else None


def _insert(database: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    places = ", ".join("?" for _ in range(2 if table != "usages" else 3))
    database.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({places})", rows)  # noqa: S608 - our own names


def _usages(store: Store, since: Put | None) -> Iterator[Row]:
    records = store.usages() if since is None else filter(None, map(store.usage, since.usages))
    for one in records:
        yield one.key, _make_storable(one.page), _make_storable(fold_usage_text(one))


def _titles(store: Store, since: Put | None) -> Iterator[Row]:
    records = store.pages() if since is None else filter(None, map(store.page, since.pages))
    for one in records:
        yield _make_storable(one.key), _make_storable(fold_text(one.title))


def _assets(store: Store, since: Put | None) -> Iterator[Row]:
    records = store.assets() if since is None else filter(None, map(store.asset, since.assets))
    for one in records:
        yield one.sha256, _make_storable(fold_asset_text(one))


def _agree(database: sqlite3.Connection, question: str, rows: Iterable[Row], since: Iterable[str]) -> bool:
    """Whether the database has these rows, apart from those put since."""
    new = set(map(_make_storable, since))
    return all(row[0] in new or database.execute(question, row[:1]).fetchone() == row for row in rows)


def _firsts(rows: Iterable[tuple[str]]) -> tuple[str, ...]:
    return tuple(key for (key,) in rows)


def _make_storable(text: str) -> str:
    """Text that SQLite takes: file names that are no UTF-8 hold what it does not."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
