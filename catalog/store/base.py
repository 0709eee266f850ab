"""What any store of the catalog must do, in the desk's words.

TinyDB is the embedded default; a team's SQL store is another. `tests/catalog/store` holds what both must pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from catalog.errors import UnknownPicture
from catalog.model import (
    AssetRecord,
    DecisionRecord,
    FetchRecord,
    PageRecord,
    RunRecord,
    SiteState,
    UsageRecord,
)
from catalog.store.findings import Finding


class Put(NamedTuple):
    """Keys of records that were put."""

    pages: Sequence[str]
    usages: Sequence[str]
    assets: Sequence[str]


class Store(Protocol):
    """Where the records are. Putting a record replaces the one with the same key.

    What is put inside `with store.batch():` is on the disk when the block ends, as one batch; on an exception
    nothing of it counts. Outside of a batch every put is a batch of its own.
    """

    @property
    def damage(self) -> Sequence[str]:
        """What was found damaged when the catalog was opened, in words."""

    def refresh(self) -> bool:
        """Take in what others have written since a store for reading was opened; whether there was anything."""

    def problems(self) -> Iterator[Finding]:
        """What is wrong with the records as they are kept."""

    def mend(self, finding: Finding) -> str:
        """Do what can be done about one of the problems; what that was, `""` for nothing. What is bad is set aside."""

    def batch(self) -> AbstractContextManager[None]:
        """A context manager that collects puts."""

    def put_page(self, record: PageRecord) -> None:
        """Keep a page."""

    def put_usage(self, record: UsageRecord) -> None:
        """Keep a usage."""

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

    def pages(self, words: Sequence[str] = ()) -> Iterator[PageRecord]:
        """Every page, in the order in which they came; with folded words those that say none may be left out."""

    def usages(self, words: Sequence[str] = ()) -> Iterator[UsageRecord]:
        """Every usage, in the order in which they came; with folded words those that say none may be left out."""

    def assets(self, words: Sequence[str] = ()) -> Iterator[AssetRecord]:
        """Every asset, in the order in which they came; with folded words those that say none may be left out."""

    def fetches(self) -> Iterator[FetchRecord]:
        """Every address, in the order in which they came."""

    def runs(self) -> Iterator[RunRecord]:
        """Every run, in the order in which they came."""

    def decisions(self) -> Iterator[DecisionRecord]:
        """Every decision, in the order in which they came."""

    def usages_of_page(self, page: str) -> list[UsageRecord]:
        """The usages of one page, by its key."""

    def usages_of_asset(self, sha256: str) -> list[UsageRecord]:
        """The usages of one asset."""

    def assets_with_prefix(self, prefix: str) -> list[AssetRecord]:
        """The assets whose digest begins so."""

    def unfinished_run(self, inputs_key: str) -> RunRecord | None:
        """The run over the same inputs that did not come to its end."""

    def sites_of_pages(self) -> Iterator[tuple[str, str]]:
        """Of every page its site and when it was first seen."""

    def sha256s(self) -> list[str]:
        """The digest of every asset."""

    def counts(self) -> dict[str, int]:
        """How many records of each kind there are."""

    def close(self) -> None:
        """Let go of the catalog."""


def asset_beginning(store: Store, text: str) -> AssetRecord | None:
    """The asset whose SHA-256 begins so, in either case; None where none does, UnknownPicture where several do."""
    found = store.assets_with_prefix(text.lower()) if text else []
    if len(found) > 1:
        raise UnknownPicture(f"{text}: {len(found)} pictures begin so; give more digits")
    return found[0] if found else None
