"""A store that keeps records in dictionaries: the plainest thing that does what `Store` says, and nothing else."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from assets.posts.wordpress_rest import site_key
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
from catalog.store.base import Finding, Put, RecordCoverage, Row, Written, fold_text, is_said_by, is_said_of

R = TypeVar("R", bound=Record)

KEYS = {AssetRecord: "sha256", FetchRecord: "url", SiteState: "api_root"}


class MemoryStore:
    """Every record by its kind and key. It tells all of a kind by key, not as they came."""

    damage: Sequence[str] = ()
    is_shared = False
    finds_words = False

    def __init__(self) -> None:
        self._records: dict[type[Record], dict[str, Record]] = {}
        self._log: list[tuple[type[Record], str]] = []
        self._depth = 0

    @contextmanager
    def batch(self) -> Iterator[Written]:
        written, known = Written(), len(self.sha256s())
        before = copy.deepcopy((self._records, self._log)) if not self._depth else None
        self._depth += 1
        try:
            yield written
            written.new_assets = len(self.sha256s()) - known
        except BaseException:
            if before is not None:
                self._records, self._log = before
            raise
        finally:
            self._depth -= 1

    def write_batch(self, work: Callable[[], None]) -> Written:
        with self.batch() as written:
            work()
        return written

    @contextmanager
    def changing(self, kind: type[R], key: str) -> Iterator[Row[R]]:
        row = Row(self._one(kind, key))
        known = copy.deepcopy(row.record)
        yield row
        if row.record is not None and row.record != known:
            self._put(row.record)

    def refresh(self) -> bool:
        return False

    def problems(self) -> Iterator[Finding]:
        return iter(())

    def mend(self, finding: Finding) -> str:
        return ""

    def close(self) -> None:
        pass

    def _put(self, record: Record) -> None:
        kind = type(record)
        key = str(getattr(record, KEYS.get(kind, "key")))
        self._records.setdefault(kind, {})[key] = copy.deepcopy(record)
        self._log.append((kind, key))

    def _one(self, kind: type[R], key: str) -> R | None:
        found = self._records.get(kind, {}).get(key)
        return copy.deepcopy(found) if isinstance(found, kind) else None

    def _all(self, kind: type[R]) -> Iterator[R]:
        for key in sorted(self._records.get(kind, {})):
            found = self._one(kind, key)
            if found is not None:
                yield found

    def put_page(self, record: PageRecord) -> None:
        self._put(record)

    def delete_page(self, key: str) -> None:
        self._records.get(PageRecord, {}).pop(key, None)

    def put_usage(self, record: UsageRecord) -> None:
        self._put(record)

    def delete_usage(self, key: str) -> None:
        self._records.get(UsageRecord, {}).pop(key, None)

    def put_asset(self, record: AssetRecord) -> None:
        self._put(record)

    def put_fetch(self, record: FetchRecord) -> None:
        self._put(record)

    def put_run(self, record: RunRecord) -> None:
        self._put(record)

    def put_site_state(self, record: SiteState) -> None:
        self._put(record)

    def put_decision(self, record: DecisionRecord) -> None:
        self._put(record)

    def page(self, key: str) -> PageRecord | None:
        return self._one(PageRecord, key)

    def usage(self, key: str) -> UsageRecord | None:
        return self._one(UsageRecord, key)

    def asset(self, sha256: str) -> AssetRecord | None:
        return self._one(AssetRecord, sha256)

    def fetch(self, url: str) -> FetchRecord | None:
        return self._one(FetchRecord, url)

    def run(self, key: str) -> RunRecord | None:
        return self._one(RunRecord, key)

    def site_state(self, api_root: str) -> SiteState | None:
        return self._one(SiteState, api_root)

    def decision(self, key: str) -> DecisionRecord | None:
        return self._one(DecisionRecord, key)

    def mark(self) -> str:
        return f"after {len(self._log)} puts of {id(self)}"

    def put_since(self, mark: str) -> Put | None:
        words = mark.split()
        if len(words) != 5 or words[4] != str(id(self)):
            return None
        new = set(self._log[int(words[1]) :])
        return Put(
            *(
                sorted(key for kind, key in new if kind is one)
                for one in (PageRecord, UsageRecord, AssetRecord)
            )
        )

    def pages(self) -> Iterator[PageRecord]:
        return self._all(PageRecord)

    def page_of_post(self, api_root: str, post_id: int) -> PageRecord | None:
        return next((page for page in self.pages_of_site(api_root) if page.post_id == post_id), None)

    def pages_of_site(self, api_root: str) -> Iterator[PageRecord]:
        return (
            page
            for page in self.pages()
            if site_key(page.api_root) == site_key(api_root) and page.post_id is not None
        )

    def pages_at(self, site: str) -> Iterator[PageRecord]:
        return (page for page in self.pages() if page.site == site)

    def usages(self) -> Iterator[UsageRecord]:
        return self._all(UsageRecord)

    def assets(self) -> Iterator[AssetRecord]:
        return self._all(AssetRecord)

    def fetches(self) -> Iterator[FetchRecord]:
        return self._all(FetchRecord)

    def runs(self) -> Iterator[RunRecord]:
        return self._all(RunRecord)

    def site_states(self) -> Iterator[SiteState]:
        return self._all(SiteState)

    def decisions(self) -> Iterator[DecisionRecord]:
        return self._all(DecisionRecord)

    def usages_of_page(self, page: str) -> list[UsageRecord]:
        return [one for one in self.usages() if one.page == page]

    def usages_of_asset(self, sha256: str) -> list[UsageRecord]:
        return [one for one in self.usages() if one.asset == sha256]

    def usages_of_assets(self, sha256s: Iterable[str]) -> list[UsageRecord]:
        return [usage for sha256 in sha256s for usage in self.usages_of_asset(sha256)]

    def list_used_assets(self, least: int) -> list[str]:
        used = Counter(one.asset for one in self.usages())
        return [sha256 for sha256 in self.sha256s() if used[sha256] >= least]

    def sites_using(self) -> set[str]:
        return {one.site for one in self.usages()}

    def find_usages(self, words: Sequence[str]) -> Iterator[UsageRecord]:
        titles = {page.key: fold_text(page.title) for page in self.pages()}
        return (one for one in self.usages() if is_said_of(one, titles.get(one.page, ""), words))

    def find_assets(self, words: Sequence[str]) -> Iterator[AssetRecord]:
        return (one for one in self.assets() if is_said_by(one, words))

    def assets_with_prefix(self, prefix: str) -> list[AssetRecord]:
        return [one for one in self.assets() if one.sha256.startswith(prefix)]

    def find_unfinished_run(self, inputs_key: str) -> RunRecord | None:
        runs = [one for one in self.runs() if one.inputs_key == inputs_key and not one.finished]
        return max(runs, key=lambda run: run.started, default=None)

    def coverage(self) -> RecordCoverage:
        pages = list(self.pages())
        seen = [page.first_seen for page in pages if page.first_seen]
        sites = Counter(page.site for page in pages if page.site)
        return RecordCoverage(len(pages), sites, min(seen, default=""))

    def sha256s(self) -> list[str]:
        return sorted(self._records.get(AssetRecord, {}))

    def counts(self) -> dict[str, int]:
        kinds: dict[str, type[Record]] = {
            "pages": PageRecord,
            "usages": UsageRecord,
            "assets": AssetRecord,
            "fetches": FetchRecord,
            "runs": RunRecord,
            "decisions": DecisionRecord,
        }
        return {name: len(self._records.get(kind, {})) for name, kind in kinds.items()}
