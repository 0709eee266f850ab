"""What any store of the catalog must do, in the desk's words.

TinyDB is the embedded default; a team's SQL store is another. `tests/catalog/store` holds what both must pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, NamedTuple, Protocol, TypeVar

from catalog.errors import UnknownPicture
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

R = TypeVar("R", bound=Record)

# The kinds of records that are counted.
COUNTED = ("pages", "usages", "assets", "fetches", "runs", "decisions")


class Put(NamedTuple):
    """Keys of records that were put."""

    pages: Sequence[str]
    usages: Sequence[str]
    assets: Sequence[str]


class FindingKind(StrEnum):
    """What is wrong."""

    DAMAGED_JOURNAL = "damaged journal"
    TORN_JOURNAL = "torn journal"
    UNREADABLE_RECORD = "unreadable record"
    WRONG_DIGEST = "wrong digest"
    STRAY_FILE = "stray file"
    LEFT_OVER = "left over"
    FILE_WITHOUT_RECORD = "file without record"
    RECORD_WITHOUT_FILE = "record without file"
    UNKNOWN_ASSET = "unknown asset"
    UNKNOWN_PAGE = "unknown page"
    DAMAGED_DERIVED = "damaged derived file"
    STALE_DERIVED = "stale derived file"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: what, where in the catalog, more words, and what was done about it."""

    kind: FindingKind
    path: str
    detail: str = ""
    mended: str = ""

    def __str__(self) -> str:
        parts = [f"{self.path}: {self.kind.value}", f" ({self.detail})" if self.detail else ""]
        return "".join([*parts, f": {self.mended}" if self.mended else ""])


class RecordCoverage(NamedTuple):
    """What the pages cover: how many there are, how many each named site has, and when the first was seen."""

    pages: int
    sites: Mapping[str, int]
    since: str


@dataclass(slots=True)
class Row(Generic[R]):
    """A record that is being changed: as it is kept, None where there is none; then what it is to be."""

    record: R | None


@dataclass(slots=True)
class Written:
    """What a batch came to, told when it ends: how many assets it made that were not there before."""

    new_assets: int = 0


class Store(Protocol):
    """Where the records are. Putting a record replaces the one with the same key.

    What is put inside `with store.batch():` is on the disk when the block ends, as one batch; on an exception
    nothing of it counts. Outside of a batch every put is a batch of its own.

    All records of a kind come in an order of the store's own, which may read them in pages by key: what is put
    meanwhile may show or not. A mark is the store's own too: a text that only it reads.

    Where a store `is_shared` others write at the same time, from other machines too: what was read outside of a batch
    may have changed by then, so nothing that a batch decides by may be remembered from before it. One that
    `finds_words` does so as quickly as a file of folded texts beside it would, which it does without.
    """

    @property
    def is_shared(self) -> bool:
        """Whether others may write at the same time."""

    @property
    def finds_words(self) -> bool:
        """Whether `find_usages` and `find_assets` look words up, and do not go through all records."""

    @property
    def damage(self) -> Sequence[str]:
        """What was found damaged when the catalog was opened, in words."""

    def refresh(self) -> bool:
        """Take in what others have written since a store for reading was opened; whether there was anything."""

    def problems(self) -> Iterator[Finding]:
        """What is wrong with the records as they are kept."""

    def mend(self, finding: Finding) -> str:
        """Do what can be done about one of the problems; what that was, `""` for nothing. What is bad is set aside."""

    def batch(self) -> AbstractContextManager[Written]:
        """A context manager that collects puts."""

    def write_batch(self, work: Callable[[], None]) -> Written:
        """Do work as one batch, and again from its start where another writer changed meanwhile what it read.

        Of work that is done again nothing counts, so that it must not matter how often it is begun. Writers of a shared
        store wait least for each other so.
        """

    def changing(self, kind: type[R], key: str) -> AbstractContextManager[Row[R]]:
        """A row to be read, changed and written: what it holds when the block ends is put, if that is something else.

        A store with several writers locks the row meanwhile. On an exception nothing is put.
        """

    def put_page(self, record: PageRecord) -> None:
        """Keep a page."""

    def delete_page(self, key: str) -> None:
        """Forget a page whose record was put under another key."""

    def put_usage(self, record: UsageRecord) -> None:
        """Keep a usage."""

    def delete_usage(self, key: str) -> None:
        """Forget a usage that was put under another key."""

    def put_asset(self, record: AssetRecord) -> None:
        """Keep an asset."""

    def put_fetch(self, record: FetchRecord) -> None:
        """Keep how an address ended."""

    def put_run(self, record: RunRecord) -> None:
        """Keep a run."""

    def put_site_state(self, record: SiteState) -> None:
        """Keep how far a site has been read."""

    def put_decision(self, record: DecisionRecord) -> None:
        """Keep what a person decided about two pictures."""

    def page(self, key: str) -> PageRecord | None:
        """The page with this key."""

    def page_of_post(self, api_root: str, post_id: int) -> PageRecord | None:
        """The page of a WordPress site's post."""

    def usage(self, key: str) -> UsageRecord | None:
        """The usage with this key."""

    def asset(self, sha256: str) -> AssetRecord | None:
        """The asset with this digest."""

    def fetch(self, url: str) -> FetchRecord | None:
        """How an address last ended."""

    def run(self, key: str) -> RunRecord | None:
        """The run with this key."""

    def site_state(self, api_root: str) -> SiteState | None:
        """How far a site has been read."""

    def decision(self, key: str) -> DecisionRecord | None:
        """What was decided about the two pictures that `decision_key` makes this key of."""

    def mark(self) -> str:
        """How far the records go now, for `put_since`."""

    def put_since(self, mark: str) -> Put | None:
        """What was put after a mark was made; None where that cannot be told, as after records were moved."""

    def pages(self) -> Iterator[PageRecord]:
        """Every page."""

    def pages_of_site(self, api_root: str) -> Iterator[PageRecord]:
        """Every page of a WordPress site."""

    def pages_at(self, site: str) -> Iterator[PageRecord]:
        """Every page of a host."""

    def usages(self) -> Iterator[UsageRecord]:
        """Every usage."""

    def assets(self) -> Iterator[AssetRecord]:
        """Every asset."""

    def fetches(self) -> Iterator[FetchRecord]:
        """Every address."""

    def runs(self) -> Iterator[RunRecord]:
        """Every run."""

    def site_states(self) -> Iterator[SiteState]:
        """How far every site has been read."""

    def decisions(self) -> Iterator[DecisionRecord]:
        """Every decision."""

    def usages_of_page(self, page: str) -> list[UsageRecord]:
        """The usages of one page, by its key."""

    def usages_of_asset(self, sha256: str) -> list[UsageRecord]:
        """The usages of one asset."""

    def usages_of_assets(self, sha256s: Iterable[str]) -> list[UsageRecord]:
        """The usages of several assets, one asset's after the other's."""

    def list_used_assets(self, least: int) -> list[str]:
        """The digests of assets that have so many usages or more."""

    def sites_using(self) -> set[str]:
        """The sites that use pictures."""

    def find_usages(self, words: Sequence[str]) -> Iterator[UsageRecord]:
        """The usages of which all of some folded words are said, their page's title included; all without words."""

    def find_assets(self, words: Sequence[str]) -> Iterator[AssetRecord]:
        """The assets whose files say all of some folded words themselves."""

    def assets_with_prefix(self, prefix: str) -> list[AssetRecord]:
        """The assets whose digest begins so."""

    def find_unfinished_run(self, inputs_key: str) -> RunRecord | None:
        """The run over the same inputs that did not come to its end."""

    def coverage(self) -> RecordCoverage:
        """What the pages cover."""

    def sha256s(self) -> list[str]:
        """The digest of every asset."""

    def counts(self) -> dict[str, int]:
        """How many records of each kind there are; of very many a shared store may tell an estimate."""

    def close(self) -> None:
        """Let go of the catalog."""


def asset_beginning(store: Store, text: str) -> AssetRecord | None:
    """The asset whose SHA-256 begins so, in either case; None where none does, UnknownPicture where several do."""
    found = store.assets_with_prefix(text.lower()) if text else []
    if len(found) > 1:
        raise UnknownPicture(f"{text}: {len(found)} pictures begin so; give more digits")
    return found[0] if found else None
