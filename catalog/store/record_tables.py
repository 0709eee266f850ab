"""The tables of a catalog in its two journals: what people decided is in one of its own, all else in the other.

The journal of the records is held by one writer for as long as it has the catalog open, as a harvest has; that of the
decisions by nobody for longer than it takes to write one. Earlier versions kept decisions among the records: whoever
opens such a catalog to write begins the second journal with them, and the first one names the new version from then
on, which earlier versions refuse. Until then they are read where they are; what is left there is passed over then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cached_property
from pathlib import Path

from catalog.store.base import Finding, FindingKind
from catalog.store.journals import (
    Damage,
    JournalEntry,
    Name,
    SharedJournal,
    begin,
    is_begun,
    keeps_version,
    look_at,
    told_aside,
)
from catalog.store.layout import DECISIONS, JOURNAL
from catalog.store.tinydb_adapter import JournalDB, JournalStorage, JournalTable, SharedStorage

DECISIONS_TABLE = "decisions"

# What is asked of all records at once: who uses an asset, what a page uses, what the catalog covers, a site's posts.
COLUMNS = (
    ("usages", "asset"),
    ("usages", "page"),
    ("pages", "site"),
    ("pages", "first_seen"),
    ("pages", "api_root"),
    ("pages", "post_id"),
)


class RecordTables(dict[str, JournalTable]):
    """Every table by its name.

    Who only `decides` does not hold the records' journal, and opens it to read when he first asks for a record. With
    `path`, which is the records' journal, None all tables are in one journal without a name.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        read_only: bool,
        decides: bool,
        places: Path | None,
        columns: tuple[Name, ...],
    ) -> None:
        super().__init__()
        self._path = path
        self._decisions_path = path.with_name(DECISIONS) if path is not None else None
        self._is_reader = read_only
        self._is_records_reader = read_only or decides
        self._places = places
        self._columns = columns
        self._decided: SharedStorage | None = None
        try:
            if not decides:
                self._begin_decisions()
            elif path is not None and not (keeps_version(path) and is_begun(path.with_name(DECISIONS))):
                # Once for each catalog: its lock keeps out whoever still writes decisions among the records.
                RecordTables(path, read_only=False, decides=False, places=None, columns=()).close()
            self._follow_decisions()
        except BaseException:
            self.close()
            raise

    def __missing__(self, name: str) -> JournalTable:
        table = self[name] = self._db.table(name)
        return table

    @cached_property
    def _db(self) -> JournalDB:
        return JournalDB(
            self._path, read_only=self._is_records_reader, places=self._places, columns=self._columns
        )

    @cached_property
    def records(self) -> JournalStorage:
        """Where all tables but one are."""
        storage = self._db.storage
        if not isinstance(storage, JournalStorage):
            raise TypeError("TinyDB was given another storage")
        return storage

    def storage_of(self, name: str) -> JournalStorage:
        """Where a table is."""
        return self._decided if name == DECISIONS_TABLE and self._decided is not None else self.records

    def _begin_decisions(self) -> None:
        """Open the records' journal, and begin the other with what earlier versions wrote here."""
        rows = self.records.rows(DECISIONS_TABLE)
        if self._decisions_path is not None and not self._is_reader and not is_begun(self._decisions_path):
            begin(self._decisions_path, (JournalEntry(DECISIONS_TABLE, key, row) for key, row in rows))

    def _follow_decisions(self) -> bool:
        """Take in what others decided, and that there is a journal of it by now."""
        if self._decided is not None:
            return self._decided.journal.refresh()
        if self._decisions_path is None or not is_begun(self._decisions_path):
            return False
        self._decided = SharedStorage(self._decisions_path, read_only=self._is_reader)
        self[DECISIONS_TABLE] = JournalTable(self._decided, DECISIONS_TABLE)
        return True

    def refresh(self) -> tuple[bool, bool]:
        """Take in what others wrote since: whether there were records, and decisions."""
        return self.records.journal.refresh(), self._follow_decisions()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Collect what is put and write it at the end: the records as one batch, then the decisions as another."""
        with self._decided.batch() if self._decided is not None else nullcontext(), self.records.batch():
            yield

    def compact(self) -> None:
        """Rewrite both journals without what is dead or damaged; the damaged part is set aside first."""
        self.records.journal.compact()
        if self._decided is not None:
            _compact_shared(self._decided.journal)

    # Whole or not

    @property
    def damage(self) -> list[Damage]:
        """What was found damaged when the journals were opened."""
        return [*self.records.journal.damage, *(self._decided.journal.damage if self._decided else ())]

    def problems(self) -> Iterator[Finding]:
        """What is wrong with the journals."""
        yield from _findings(JOURNAL, self.records.journal.damage, self.records.journal.torn)
        if self._decided is not None and self._decisions_path is not None:
            # Others may be writing at its end.
            yield from _findings(DECISIONS, *look_at(self._decisions_path))
        elif self._path is not None and keeps_version(self._path):
            yield Finding(FindingKind.DAMAGED_JOURNAL, DECISIONS, "it is gone, and what was decided with it")

    def mend(self, finding: Finding) -> str:
        """Cut off a torn end, set aside what is damaged; what was done, `""` for nothing."""
        shared = self._decided.journal if self._decided is not None and finding.path == DECISIONS else None
        match finding.kind:
            case FindingKind.TORN_JOURNAL:
                if shared is not None:
                    with shared.turn():
                        pass
                return "cut off"
            case FindingKind.DAMAGED_JOURNAL:
                if shared is not None:
                    _compact_shared(shared)
                elif self.records.journal.damage:
                    self.records.journal.compact()
                return told_aside(finding.path)
        return ""

    def close(self) -> None:
        """Let go of both."""
        try:
            if self._decided is not None:
                self._decided.close()
        finally:
            # Who only decides may never have asked for a record.
            if "_db" in vars(self):
                self._db.close()


def _compact_shared(journal: SharedJournal) -> None:
    with journal.turn():
        journal.compact()


def _findings(name: str, damage: list[Damage], torn: int) -> Iterator[Finding]:
    for part in damage:
        yield Finding(FindingKind.DAMAGED_JOURNAL, name, str(part))
    if torn:
        told = f"{torn} bytes that a crash left; nobody was told they are kept"
        yield Finding(FindingKind.TORN_JOURNAL, name, told)
