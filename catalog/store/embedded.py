"""The embedded store: records in TinyDB tables over an append-only journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from catalog.model import (
    AssetRecord,
    DecisionRecord,
    FetchRecord,
    PageRecord,
    Record,
    RunRecord,
    SiteState,
    UsageRecord,
)
from catalog.store.base import (
    COUNTED,
    Finding,
    FindingKind,
    Put,
    R,
    RecordCoverage,
    Row,
    Written,
    fold_text,
    is_said_by,
    is_said_of,
)
from catalog.store.key_indexes import KeyIndexes
from catalog.store.layout import DECISIONS, JOURNAL
from catalog.store.record_tables import COLUMNS, RecordTables
from catalog.store.tinydb_adapter import JournalStorage, KeyedDocument, where

KINDS: dict[str, type[Record]] = {
    "pages": PageRecord,
    "usages": UsageRecord,
    "assets": AssetRecord,
    "fetches": FetchRecord,
    "runs": RunRecord,
    "sites": SiteState,
    "decisions": DecisionRecord,
}

_TABLE_OF = {kind: table for table, kind in KINDS.items()}

# What a record is known by, where that is not its `key`.
_KEY_FIELDS = {"assets": "sha256", "fetches": "url", "sites": "api_root"}


class EmbeddedStore:
    """A `Store` in TinyDB. With `path` None it lives as long as the process.

    Who only `decides` writes decisions, for which nobody else who writes is waited for, and reads the rest.
    """

    is_shared = finds_words = False

    def __init__(
        self,
        path: Path | None = None,
        *,
        read_only: bool = False,
        decides: bool = False,
        places: Path | None = None,
    ) -> None:
        self._tables = RecordTables(
            path, read_only=read_only, decides=decides, places=places, columns=COLUMNS
        )

    @cached_property
    def _storage(self) -> JournalStorage:
        return self._tables.records

    @cached_property
    def _indexes(self) -> KeyIndexes:
        return KeyIndexes(self._storage)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def damage(self) -> Sequence[str]:
        """What was found damaged when the catalog was opened."""
        return [str(part) for part in self._tables.damage]

    @property
    def torn(self) -> int:
        """Bytes at the end that a crash left; a writer has cut them off."""
        return self._storage.journal.torn

    def compact(self) -> None:
        """Rewrite the files without what is dead or damaged; the damaged part is set aside first."""
        self._tables.compact()

    @contextmanager
    def batch(self) -> Iterator[Written]:
        """Collect puts and write them as one batch."""
        written = Written()
        try:
            with self._tables.batch():
                before = self._storage.count("assets")
                yield written
                written.new_assets = self._storage.count("assets") - before
        except BaseException:
            # The indexes may hold what was not written.
            self._indexes.forget()
            raise

    def write_batch(self, work: Callable[[], None]) -> Written:
        """Do work as one batch; nobody else writes meanwhile."""
        with self.batch() as written:
            work()
        return written

    def refresh(self) -> bool:
        """Take in what another process has written since a store for reading was opened; whether there was anything."""
        has_records, has_decisions = self._tables.refresh()
        if has_records:
            self._indexes.forget()
        return has_records or has_decisions

    def problems(self) -> Iterator[Finding]:
        """What is wrong with the records as they are kept."""
        yield from self._tables.problems()
        for table, key in self.list_unreadable():
            journal = JOURNAL if self._tables.storage_of(table) is self._storage else DECISIONS
            yield Finding(FindingKind.UNREADABLE_RECORD, journal, f"{table} {key}")

    def mend(self, finding: Finding) -> str:
        """Do what can be done about one of the problems; what that was, `""` for nothing."""
        return self._tables.mend(finding)

    def list_unreadable(self) -> Iterator[tuple[str, str]]:
        """Table and key of every record that cannot be read."""
        for table, kind in KINDS.items():
            for key in self._tables.storage_of(table).keys(table):
                try:
                    self._one(table, key, kind)
                except (ValueError, TypeError, KeyError):
                    yield table, key

    @contextmanager
    def changing(self, kind: type[R], key: str) -> Iterator[Row[R]]:
        """A row to be read, changed and written; nobody else writes to its journal meanwhile."""
        with self._tables.storage_of(_TABLE_OF[kind]).turn():
            row = Row(self._one(_TABLE_OF[kind], key, kind))
            known = row.record
            yield row
            if row.record is not None and row.record != known:
                self._put_record(row.record)

    def _put_record(self, record: Record) -> None:
        if isinstance(record, UsageRecord):
            self.put_usage(record)
        elif isinstance(record, PageRecord):
            self.put_page(record)
        else:
            table = _TABLE_OF[type(record)]
            self._put(table, str(getattr(record, _KEY_FIELDS.get(table, "key"))), record)

    # Put

    def put_page(self, record: PageRecord) -> None:
        """Keep a page."""
        self._put("pages", record.key, record)
        self._indexes.put_page(record)

    def delete_page(self, key: str) -> None:
        """Forget a page whose record was put under another key."""
        known = self.page(key)
        if known is not None:
            self._tables["pages"].remove(doc_ids=[key])
            self._indexes.drop_page(known)

    def put_usage(self, record: UsageRecord) -> None:
        """Keep a usage."""
        known = self.usage(record.key)
        self._put("usages", record.key, record)
        self._indexes.put_usage(known, record)

    def delete_usage(self, key: str) -> None:
        """Forget a usage that was put under another key."""
        known = self.usage(key)
        if known is not None:
            self._tables["usages"].remove(doc_ids=[key])
            self._indexes.drop_usage(known)

    def put_asset(self, record: AssetRecord) -> None:
        """Keep an asset."""
        self._put("assets", record.sha256, record)

    def put_fetch(self, record: FetchRecord) -> None:
        """Keep how an address ended."""
        self._put("fetches", record.url, record)

    def put_run(self, record: RunRecord) -> None:
        """Keep a run."""
        self._put("runs", record.key, record)

    def put_site_state(self, record: SiteState) -> None:
        """Keep how far a site has been read."""
        self._put("sites", record.api_root, record)

    def put_decision(self, record: DecisionRecord) -> None:
        """Keep what a person decided about two pictures."""
        with self._tables.storage_of("decisions").turn():
            self._put("decisions", record.key, record)

    def _put(self, table: str, key: str, record: Record) -> None:
        """Fields of a later version stay as they are."""
        self._tables[table].upsert(KeyedDocument(record.to_json(), key))

    # Find

    def page(self, key: str) -> PageRecord | None:
        """The page with this key."""
        return self._one("pages", key, PageRecord)

    def page_of_post(self, api_root: str, post_id: int) -> PageRecord | None:
        """The page of a WordPress site's post."""
        key = self._indexes.of_site(api_root).get(post_id)
        return None if key is None else self.page(key)

    def usage(self, key: str) -> UsageRecord | None:
        """The usage with this key."""
        return self._one("usages", key, UsageRecord)

    def asset(self, sha256: str) -> AssetRecord | None:
        """The asset with this digest."""
        return self._one("assets", sha256, AssetRecord)

    def fetch(self, url: str) -> FetchRecord | None:
        """How an address last ended."""
        return self._one("fetches", url, FetchRecord)

    def run(self, key: str) -> RunRecord | None:
        """The run with this key."""
        return self._one("runs", key, RunRecord)

    def site_state(self, api_root: str) -> SiteState | None:
        """How far a site has been read."""
        return self._one("sites", api_root, SiteState)

    def decision(self, key: str) -> DecisionRecord | None:
        """What was decided about the two pictures that `decision_key` makes this key of."""
        return self._one("decisions", key, DecisionRecord)

    def _one(self, table: str, key: str, kind: type[R]) -> R | None:
        document = self._tables[table].get(doc_id=key)
        return None if document is None else kind.from_json(document)

    # What is new

    def mark(self) -> str:
        """How far the journal goes, and how it ends there."""
        return self._storage.journal.mark()

    def put_since(self, mark: str) -> Put | None:
        """What was put after a mark was made; None where the journal was rewritten since, or is another."""
        keys = self._storage.journal.keys_since(mark, Put._fields)
        return None if keys is None else Put(*keys)

    # Go through

    def pages(self) -> Iterator[PageRecord]:
        """Every page, in the order in which they came."""
        return self._all("pages", PageRecord)

    def pages_of_site(self, api_root: str) -> Iterator[PageRecord]:
        """Every page of a WordPress site, as it is when its turn comes."""
        found = map(self.page, list(self._indexes.of_site(api_root).values()))
        return (page for page in found if page is not None)

    def pages_at(self, site: str) -> Iterator[PageRecord]:
        """Every page of a host, as it is when its turn comes."""
        keys = [key for key, there in self._storage.values("pages", "site") if there == site]
        return (page for page in map(self.page, keys) if page is not None)

    def usages(self) -> Iterator[UsageRecord]:
        """Every usage, in the order in which they came."""
        return self._all("usages", UsageRecord)

    def assets(self) -> Iterator[AssetRecord]:
        """Every asset, in the order in which they came."""
        return self._all("assets", AssetRecord)

    def fetches(self) -> Iterator[FetchRecord]:
        """Every address, in the order in which they came."""
        return self._all("fetches", FetchRecord)

    def runs(self) -> Iterator[RunRecord]:
        """Every run, in the order in which they came."""
        return self._all("runs", RunRecord)

    def site_states(self) -> Iterator[SiteState]:
        """How far every site has been read, in the order in which they came."""
        return self._all("sites", SiteState)

    def decisions(self) -> Iterator[DecisionRecord]:
        """Every decision, in the order in which they came."""
        return self._all("decisions", DecisionRecord)

    def _all(self, table: str, kind: type[R], words: Sequence[str] = ()) -> Iterator[R]:
        if words:
            return (kind.from_json(document) for _, document in self._storage.rows(table, words))
        return map(kind.from_json, self._tables[table])

    def usages_of_page(self, page: str) -> list[UsageRecord]:
        """The usages of one page, by its key."""
        return self._usages(self._indexes.of_page(page))

    def usages_of_asset(self, sha256: str) -> list[UsageRecord]:
        """The usages of one asset."""
        return self._usages(self._indexes.of_asset(sha256))

    def _usages(self, keys: Iterable[str]) -> list[UsageRecord]:
        found = (self.usage(key) for key in keys)
        return [usage for usage in found if usage is not None]

    def usages_of_assets(self, sha256s: Iterable[str]) -> list[UsageRecord]:
        """The usages of several assets, one asset's after the other's."""
        return [usage for sha256 in sha256s for usage in self.usages_of_asset(sha256)]

    def list_used_assets(self, least: int) -> list[str]:
        """The digests of assets that have so many usages or more."""
        used = Counter(sha256 for _, sha256 in self._storage.values("usages", "asset"))
        return [sha256 for sha256 in self.sha256s() if used[sha256] >= least]

    def sites_using(self) -> set[str]:
        """The sites that use pictures."""
        return {site or "" for _, site in self._storage.values("usages", "site")}

    def find_usages(self, words: Sequence[str]) -> Iterator[UsageRecord]:
        """The usages of which all of some folded words are said; they are gone through."""
        titles = self._titles(words)
        told: set[str] = set()
        for usage in self._all("usages", UsageRecord, words):
            if is_said_of(usage, titles.get(usage.page, ""), words):
                told.add(usage.key)
                yield usage
        # A title may say all of them by itself; then its usages say none.
        for page, title in titles.items():
            if all(word in title for word in words):
                yield from (one for one in self.usages_of_page(page) if one.key not in told)

    def _titles(self, words: Sequence[str]) -> dict[str, str]:
        """The folded titles of pages that have any of the words."""
        pages = self._all("pages", PageRecord, words) if words else ()
        titles = ((page.key, fold_text(page.title)) for page in pages)
        return {key: title for key, title in titles if any(word in title for word in words)}

    def find_assets(self, words: Sequence[str]) -> Iterator[AssetRecord]:
        """The assets whose files say all of some folded words themselves; they are gone through."""
        return (one for one in self._all("assets", AssetRecord, words) if is_said_by(one, words))

    def coverage(self) -> RecordCoverage:
        """What the pages cover."""
        sites = Counter(site or "" for _, site in self._storage.values("pages", "site"))
        seen = (first for _, first in self._storage.values("pages", "first_seen") if first)
        pages = sites.total()
        del sites[""]
        return RecordCoverage(pages, sites, min(seen, default=""))

    def sha256s(self) -> list[str]:
        """The digest of every asset."""
        return self._storage.keys("assets")

    def assets_with_prefix(self, prefix: str) -> list[AssetRecord]:
        """The assets whose digest begins so."""
        keys = [key for key in self._storage.keys("assets") if key.startswith(prefix)]
        found = (self.asset(key) for key in keys)
        return [asset for asset in found if asset is not None]

    def find_unfinished_run(self, inputs_key: str) -> RunRecord | None:
        """The run over the same inputs that did not come to its end."""
        found = self._tables["runs"].search(where("inputs_key") == inputs_key)
        runs = [run for run in map(RunRecord.from_json, found) if not run.finished]
        return runs[-1] if runs else None

    def counts(self) -> dict[str, int]:
        """How many records of each kind there are."""
        return {name: self._tables.storage_of(name).count(name) for name in COUNTED}

    def close(self) -> None:
        """Let go of the catalog."""
        self._tables.close()
