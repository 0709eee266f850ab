"""A whole catalog copied into another place: originals first, then records, then both compared.

A copy that was stopped is gone on with: what is there and equal is not copied again. What is there and is not in the
catalog that is copied, or is not equal, belongs to somebody: then nothing is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from assets import OriginalStore
from catalog.errors import CatalogUnwritable
from catalog.model import (
    AssetRecord,
    DecisionRecord,
    FetchRecord,
    Json,
    PageRecord,
    Record,
    RunRecord,
    SiteState,
    UsageRecord,
)
from catalog.store.base import Store
from catalog.store.catalog import Catalog

# One transaction, and one fsync, for so many records.
BATCH = 500

# Of what differs so much is named, and the rest counted.
MOST_NAMED = 20

CHUNK_BYTES = 1024 * 1024

Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: how all are read, one is found, and one is put."""

    name: str
    list_all: Callable[[Store], Iterator[Record]]
    find: Callable[[Store, str], Record | None]
    put: Callable[[Store, Record], None]
    key_field: str = "key"

    def key_of(self, record: Record) -> str:
        """What a record is known by."""
        return str(getattr(record, self.key_field))


def _kind_of(
    name: str, kind: type[Record], one: str, put: str, key_field: str = "key", many: str = ""
) -> Kind:
    def put_one(store: Store, record: Record) -> None:
        if not isinstance(record, kind):
            raise TypeError(f"{type(record).__name__} among {name}")
        getattr(store, put)(record)

    return Kind(
        name,
        lambda store: getattr(store, many or name)(),
        lambda store, key: getattr(store, one)(key),
        put_one,
        key_field,
    )


# A page comes before its usages, an asset before what uses it.
KINDS = (
    _kind_of("pages", PageRecord, "page", "put_page"),
    _kind_of("assets", AssetRecord, "asset", "put_asset", "sha256"),
    _kind_of("usages", UsageRecord, "usage", "put_usage"),
    _kind_of("fetches", FetchRecord, "fetch", "put_fetch", "url"),
    _kind_of("runs", RunRecord, "run", "put_run"),
    _kind_of("sites", SiteState, "site_state", "put_site_state", "api_root", "site_states"),
    _kind_of("decisions", DecisionRecord, "decision", "put_decision"),
)


@dataclass(slots=True)
class Copied:
    """What a copy came to: what was copied now, what is there in all, and in words what is not equal.

    `differing` is named as far as there is room; `differing_count` counts all.
    """

    copied: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)
    differing_count: int = 0

    def differs(self, text: str) -> None:
        """Take note of something that is not equal."""
        self.differing_count += 1
        if len(self.differing) < MOST_NAMED:
            self.differing.append(text)

    def to_json(self) -> Json:
        """As a JSON object."""
        return {
            "copied": dict(self.copied),
            "compared": dict(self.compared),
            "differing": list(self.differing),
            "differing_count": self.differing_count,
        }


def copy_catalog(source: Catalog, target: Catalog, report: Report) -> Copied:
    """Copy all originals and records of a catalog, and compare them.

    `report` hears of what is copied or compared, how many are done, and of how many, 0 where that is not known.

    CatalogUnwritable, before anything is written, where the target has what the source has not, or has otherwise.
    """
    copied = Copied()
    require_part(source.records, target.records, report)
    _copy_originals(source, target, copied, report)
    for kind in KINDS:
        _copy_records(kind, source.records, target.records, copied, report)
    compare_catalogs(source, target, copied, report)
    return copied


def require_part(source: Store, target: Store, report: Report) -> None:
    """Raise CatalogUnwritable where one store has records that the other has not, or has otherwise."""
    for kind in KINDS:
        done = 0
        for record in kind.list_all(target):
            key, done = kind.key_of(record), done + 1
            report(f"{kind.name} looked at", done, 0)
            there = kind.find(source, key)
            if there != record:
                state = "another record there" if there is not None else "not in the catalog that is copied"
                told = (
                    f"{kind.name} {key}: {state}; a catalog is copied into an empty one, or into its own copy"
                )
                raise CatalogUnwritable(told)


def _copy_originals(source: Catalog, target: Catalog, copied: Copied, report: Report) -> None:
    digests = source.records.sha256s()
    for done, sha256 in enumerate(digests, 1):
        report("originals", done, len(digests))
        if target.originals.holds(sha256):
            continue
        path = source.originals.path_of(sha256)
        if path is None:
            copied.differs(
                f"original {sha256}: it is not among the originals that are copied, or damaged there"
            )
        elif not _copy_original(path, sha256, target.originals):
            copied.differs(f"original {sha256}: its bytes are others there")
        else:
            copied.copied["originals"] += 1


def _copy_original(path: Path, sha256: str, target: OriginalStore) -> bool:
    """Copy one; whether its bytes are those of its digest, else nothing is kept."""
    with target.incoming() as incoming, path.open("rb") as file:
        while data := file.read(CHUNK_BYTES):
            incoming.write(data)
        is_right = incoming.sha256 == sha256
        if is_right:
            target.keep(incoming)
    return is_right


def _copy_records(kind: Kind, source: Store, target: Store, copied: Copied, report: Report) -> None:
    wanted = source.counts().get(kind.name, 0)
    done = 0
    for some in _batches(kind.list_all(source)):
        new = [record for record in some if kind.find(target, kind.key_of(record)) is None]
        if new:
            with target.batch():
                for record in new:
                    kind.put(target, record)
        copied.copied[kind.name] += len(new)
        done += len(some)
        report(kind.name, done, wanted)


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    while some := list(islice(records, BATCH)):
        yield some


def compare_catalogs(source: Catalog, target: Catalog, copied: Copied, report: Report) -> None:
    """Compare every record, both ways, and every original by the digest of its bytes as they are now."""
    for kind in KINDS:
        for record in kind.list_all(source.records):
            copied.compared[kind.name] += 1
            report(f"{kind.name} compared", copied.compared[kind.name], 0)
            there = kind.find(target.records, kind.key_of(record))
            if there != record:
                state = "missing" if there is None else "not equal"
                copied.differs(f"{kind.name} {kind.key_of(record)}: {state} in the copy")
        _tell_more(kind, source.records, target.records, copied)
    _compare_originals(source.records.sha256s(), target.originals, copied, report)


def _tell_more(kind: Kind, source: Store, target: Store, copied: Copied) -> None:
    for record in kind.list_all(target):
        if kind.find(source, kind.key_of(record)) is None:
            copied.differs(f"{kind.name} {kind.key_of(record)}: in the copy alone")


def _compare_originals(sha256s: Iterable[str], target: OriginalStore, copied: Copied, report: Report) -> None:
    wanted = set(sha256s)
    found: set[str] = set()
    for stored in target.list_files():
        if stored.sha256 in wanted:
            found.add(stored.sha256)
            copied.compared["originals"] += 1
            report("originals compared", len(found), len(wanted))
            if target.digest_of(stored.name) != stored.sha256:
                copied.differs(f"original {stored.sha256}: damaged in the copy")
    for sha256 in sorted(wanted - found):
        copied.differs(f"original {sha256}: missing in the copy")
