"""The store of a team: records in PostgreSQL, which many processes on many machines write at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assets import site_key
from catalog.model import (
    AssetRecord,
    DecisionRecord,
    FetchRecord,
    PageRecord,
    RunRecord,
    SiteState,
    UsageRecord,
)
from catalog.store.base import COUNTED, Finding, FindingKind, Put, R, RecordCoverage
from catalog.store.postgres.connection import Params
from catalog.store.postgres.marks import Marks
from catalog.store.postgres.rows import Rows
from catalog.store.postgres.tables import TABLES
from catalog.store.postgres.values import MARK, escape, load_document, make_key, make_searchable, unescape

# Tables that had more rows when the server last looked are not counted: it takes a second a few million.
MOST_COUNTED = 100_000

# What a finding about a record names as its place.
DATABASE = "database"


class PostgresStore(Rows):
    """A `Store` in PostgreSQL, at the address of its database. A context manager.

    Raises NotACatalog where the database has none, UnsupportedVersion, CatalogUnreachable, MissingExtra.
    """

    def __init__(self, address: str, *, read_only: bool = False) -> None:
        super().__init__(address, read_only=read_only)
        self._marks = Marks(self._connection)
        self._told = self._marks.make() if read_only else ""

    # Look at it

    def refresh(self) -> bool:
        """Whether others have written since this was last asked; what they wrote is seen at once."""
        known, self._told = self._told, self._marks.make()
        return bool(known) and self._marks.is_new(known)

    def problems(self) -> Iterator[Finding]:
        """Records that cannot be read."""
        for table in TABLES:
            after = ""
            while rows := self._connection.fetch(
                f"SELECT key, body::text FROM {table.name} WHERE key > %s ORDER BY key LIMIT 1000",  # noqa: S608
                (after,),
            ):
                for key, body in rows:
                    try:
                        table.kind.from_json(load_document(body))
                    except (ValueError, TypeError, KeyError):
                        yield Finding(
                            FindingKind.UNREADABLE_RECORD, DATABASE, f"{table.name} {unescape(key)}"
                        )
                after = rows[-1][0]

    def mend(self, finding: Finding) -> str:
        """Nothing: what a database lost comes back from its backup."""
        del finding
        return ""

    # Put

    def put_page(self, record: PageRecord) -> None:
        """Keep a page."""
        self._put(record)

    def delete_page(self, key: str) -> None:
        """Forget a page whose record was put under another key."""
        self._delete(PageRecord, key)

    def put_usage(self, record: UsageRecord) -> None:
        """Keep a usage."""
        self._put(record)

    def delete_usage(self, key: str) -> None:
        """Forget a usage that was put under another key."""
        self._delete(UsageRecord, key)

    def put_asset(self, record: AssetRecord) -> None:
        """Keep an asset."""
        self._put(record)

    def put_fetch(self, record: FetchRecord) -> None:
        """Keep how an address ended."""
        self._put(record)

    def put_run(self, record: RunRecord) -> None:
        """Keep a run."""
        self._put(record)

    def put_site_state(self, record: SiteState) -> None:
        """Keep how far a site has been read."""
        self._put(record)

    def put_decision(self, record: DecisionRecord) -> None:
        """Keep what a person decided about two pictures."""
        self._put(record)

    # Find

    def page(self, key: str) -> PageRecord | None:
        """The page with this key."""
        return self._find(PageRecord, make_key(key))

    def page_of_post(self, api_root: str, post_id: int) -> PageRecord | None:
        """The page of a WordPress site's post."""
        root = site_key(api_root)
        found = self._list(
            PageRecord,
            "api = %s AND post = %s",
            (make_key(root), post_id),
            lambda page: page.post_id == post_id and bool(page.api_root) and site_key(page.api_root) == root,
        )
        return found[-1] if found else None

    def usage(self, key: str) -> UsageRecord | None:
        """The usage with this key."""
        return self._find(UsageRecord, make_key(key))

    def asset(self, sha256: str) -> AssetRecord | None:
        """The asset with this digest."""
        return self._find(AssetRecord, make_key(sha256))

    def fetch(self, url: str) -> FetchRecord | None:
        """How an address last ended."""
        return self._find(FetchRecord, make_key(url))

    def run(self, key: str) -> RunRecord | None:
        """The run with this key."""
        return self._find(RunRecord, make_key(key))

    def site_state(self, api_root: str) -> SiteState | None:
        """How far a site has been read."""
        return self._find(SiteState, make_key(api_root))

    def decision(self, key: str) -> DecisionRecord | None:
        """What was decided about the two pictures that `decision_key` makes this key of."""
        return self._find(DecisionRecord, make_key(key))

    # What is new

    def mark(self) -> str:
        """What can be seen now, in this very database."""
        return self._marks.make()

    def put_since(self, mark: str) -> Put | None:
        """What was put by transactions that were not seen when a mark was made; None where it is another database's."""
        return self._marks.put_since(mark)

    # Go through

    def pages(self) -> Iterator[PageRecord]:
        """Every page, by key."""
        return self._all(PageRecord)

    def pages_of_site(self, api_root: str) -> Iterator[PageRecord]:
        """Every page of a WordPress site, by key."""
        root = site_key(api_root)
        return self._go_through(
            PageRecord,
            "api = %s",
            (make_key(root),),
            lambda page: page.post_id is not None and site_key(page.api_root) == root,
        )

    def pages_at(self, site: str) -> Iterator[PageRecord]:
        """Every page of a host, by key."""
        return self._go_through(PageRecord, "site = %s", (make_key(site),), lambda page: page.site == site)

    def usages(self) -> Iterator[UsageRecord]:
        """Every usage, by key."""
        return self._all(UsageRecord)

    def assets(self) -> Iterator[AssetRecord]:
        """Every asset, by digest."""
        return self._all(AssetRecord)

    def fetches(self) -> Iterator[FetchRecord]:
        """Every address, in their order."""
        return self._all(FetchRecord)

    def runs(self) -> Iterator[RunRecord]:
        """Every run, by key."""
        return self._all(RunRecord)

    def site_states(self) -> Iterator[SiteState]:
        """How far every site has been read, by key."""
        return self._all(SiteState)

    def decisions(self) -> Iterator[DecisionRecord]:
        """Every decision, by key."""
        return self._all(DecisionRecord)

    def _all(self, kind: type[R]) -> Iterator[R]:
        return self._go_through(kind, "true", (), lambda _: True)

    def usages_of_page(self, page: str) -> list[UsageRecord]:
        """The usages of one page, by its key."""
        return self._list(UsageRecord, "page = %s", (make_key(page),), lambda usage: usage.page == page)

    def usages_of_asset(self, sha256: str) -> list[UsageRecord]:
        """The usages of one asset."""
        return self._list(UsageRecord, "asset = %s", (make_key(sha256),), lambda usage: usage.asset == sha256)

    def usages_of_assets(self, sha256s: Iterable[str]) -> list[UsageRecord]:
        """The usages of several assets, one asset's after the other's."""
        wanted = dict.fromkeys(sha256s)
        found: dict[str, list[UsageRecord]] = {sha256: [] for sha256 in wanted}
        for usage in self._list(
            UsageRecord,
            "asset = ANY(%s)",
            ([make_key(one) for one in wanted],),
            lambda usage: usage.asset in wanted,
        ):
            found[usage.asset].append(usage)
        return [usage for sha256 in wanted for usage in found[sha256]]

    def list_used_assets(self, least: int) -> list[str]:
        """The digests of assets that have so many usages or more."""
        if least < 1:
            return self.sha256s()
        used = "SELECT asset FROM usages WHERE asset <> '' GROUP BY asset HAVING count(*) >= %s"
        return self._ask_keys(
            f"SELECT key FROM assets WHERE key IN ({used}) ORDER BY came",  # noqa: S608 - from the line above
            (least,),
        )

    def sites_using(self) -> set[str]:
        """The sites that use pictures."""
        # The index is asked for one site after the other: there are few, of very many usages.
        return set(
            self._ask_keys(
                """
                WITH RECURSIVE found (site) AS (
                    (SELECT site FROM usages ORDER BY site LIMIT 1)
                    UNION ALL
                    SELECT (SELECT site FROM usages WHERE usages.site > found.site ORDER BY site LIMIT 1)
                    FROM found WHERE found.site IS NOT NULL
                )
                SELECT site FROM found WHERE site IS NOT NULL
                """
            )
        )

    def find_usages(self, words: Sequence[str]) -> Iterator[UsageRecord]:
        """The usages of which all of some folded words are said, their page's title included; all without words."""
        self._settle()
        condition = "(said LIKE %s OR page IN (SELECT key FROM pages WHERE pages.said LIKE %s))"
        patterns = [_pattern_of(word) for word in words for _ in range(2)]
        return self._go_through(
            UsageRecord, " AND ".join([condition] * len(words)) or "true", patterns, lambda _: False
        )

    def find_assets(self, words: Sequence[str]) -> Iterator[AssetRecord]:
        """The assets whose files say all of some folded words themselves."""
        self._settle()
        condition = " AND ".join(["said LIKE %s"] * len(words)) or "true"
        return self._go_through(
            AssetRecord, condition, [_pattern_of(word) for word in words], lambda _: False
        )

    def coverage(self) -> RecordCoverage:
        """What the pages cover."""
        self._settle()
        rows = self._connection.fetch(
            "SELECT site, count(*), min(nullif(first_seen, '')) FROM pages GROUP BY site ORDER BY site"
        )
        since = min((seen for _, _, seen in rows if seen), default="")
        sites = {unescape(site): count for site, count, _ in rows if site}
        return RecordCoverage(sum(count for _, count, _ in rows), sites, unescape(since))

    def sha256s(self) -> list[str]:
        """The digest of every asset, in the order in which they came."""
        return self._ask_keys("SELECT key FROM assets ORDER BY came")

    def assets_with_prefix(self, prefix: str) -> list[AssetRecord]:
        """The assets whose digest begins so."""
        begin = escape(prefix)
        return self._list(
            AssetRecord,
            "key >= %s AND key < %s",
            (begin, begin + MARK),
            lambda asset: asset.sha256.startswith(prefix),
            order="key",
        )

    def find_unfinished_run(self, inputs_key: str) -> RunRecord | None:
        """The run over the same inputs that did not come to its end."""
        found = self._list(
            RunRecord,
            "inputs = %s AND NOT is_finished",
            (make_key(inputs_key),),
            lambda run: run.inputs_key == inputs_key and not run.finished,
        )
        return found[-1] if found else None

    def counts(self) -> dict[str, int]:
        """How many records of each kind there are; of large tables what the server last estimated."""
        self._settle()
        estimates = self._connection.fetch(
            "SELECT name, greatest(reltuples, 0)::bigint FROM unnest(%s::text[]) AS name "
            "JOIN pg_class ON pg_class.oid = to_regclass(name)",
            (list(COUNTED),),
        )
        counts = {str(name): int(rows) for name, rows in estimates}
        small = [name for name in COUNTED if counts.get(name, 0) < MOST_COUNTED]
        if small:
            counted = ", ".join(f"(SELECT count(*) FROM {name})" for name in small)  # noqa: S608 - our own names
            counts |= dict(zip(small, self._connection.fetch(f"SELECT {counted}")[0], strict=True))
        return {name: counts[name] for name in COUNTED}

    def _ask_keys(self, statement: str, params: Params = ()) -> list[str]:
        self._settle()
        return [unescape(key) for (key,) in self._connection.fetch(statement, params)]


def _pattern_of(word: str) -> str:
    r"""A word as a pattern of LIKE that is found within texts.

    >>> _pattern_of("50%")
    '%50\\%%'
    """
    text = make_searchable(word)
    for special in ("\\", "%", "_"):
        text = text.replace(special, f"\\{special}")
    return f"%{text}%"
