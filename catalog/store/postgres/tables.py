"""The tables of records: which columns each has beside the record itself, and the statements that write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assets import site_key
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
from catalog.store.base import fold_asset_text, fold_text, fold_usage_text
from catalog.store.postgres.values import dump_document, escape, make_key, make_searchable

Columns = Mapping[str, Callable[[Any], object]]


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of record: its table, the field that is its key, and its columns as they come from a record."""

    name: str
    kind: type[Record]
    key_field: str = "key"
    columns: Columns = field(default_factory=dict)

    def key_of(self, record: Record) -> str:
        """A record's key as its table has it."""
        return make_key(str(getattr(record, self.key_field)))

    def values_of(self, record: Record) -> tuple[object, ...]:
        """What `upsert` takes of a record."""
        own = (make_value(record) for make_value in self.columns.values())
        return (self.key_of(record), dump_document(record.to_json()), *own)

    # Only names of our own vary in these statements.

    @property
    def upsert(self) -> str:
        """Keep a record; fields of a later version stay as they are, and what is as it was is not written.

        It returns whether the record is new.
        """
        return f"{self._upsert} WHERE old.body IS DISTINCT FROM old.body || EXCLUDED.body RETURNING xmax = 0"

    @property
    def upsert_unchanged(self) -> str:
        """Keep a record where the one before is of a transaction; nothing is returned where it is another's."""
        return f"{self._upsert} WHERE old.xid = %s::xid8 RETURNING xmax = 0"

    @property
    def _upsert(self) -> str:
        names = ("key", "body", *self.columns)
        places = ", ".join("%s::jsonb" if name == "body" else "%s" for name in names)
        changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in self.columns)
        return (
            f"INSERT INTO {self.name} AS old ({', '.join(names)}) VALUES ({places}) "  # noqa: S608
            f"ON CONFLICT (key) DO UPDATE SET body = old.body || EXCLUDED.body, xid = pg_current_xact_id()"
            f"{', ' if changes else ''}{changes}"
        )

    @property
    def delete(self) -> str:
        """Forget a record."""
        return f"DELETE FROM {self.name} WHERE key = %s RETURNING false"  # noqa: S608

    @property
    def delete_unchanged(self) -> str:
        """Forget a record where it is of a transaction."""
        return f"DELETE FROM {self.name} WHERE key = %s AND xid = %s::xid8 RETURNING false"  # noqa: S608

    @property
    def reserve(self) -> str:
        """Keep others from making a record; it returns whether there was none."""
        own = "".join(f", {name}" for name in self.columns)
        empty = "".join(f", {_EMPTY.get(name, chr(39) * 2)}" for name in self.columns)
        return (
            f"INSERT INTO {self.name} (key, body{own}) VALUES (%s, '{{}}'{empty}) "  # noqa: S608
            "ON CONFLICT (key) DO NOTHING RETURNING true"
        )


_EMPTY = {"api": "NULL", "post": "NULL", "is_finished": "true"}


def _api_of(page: PageRecord) -> str | None:
    return make_key(site_key(page.api_root)) if page.api_root and page.post_id is not None else None


TABLES = (
    Table(
        "pages",
        PageRecord,
        columns={
            "site": lambda page: make_key(page.site),
            "api": _api_of,
            "post": lambda page: page.post_id,
            "first_seen": lambda page: escape(page.first_seen),
            "said": lambda page: make_searchable(fold_text(page.title)),
        },
    ),
    Table(
        "usages",
        UsageRecord,
        columns={
            "page": lambda usage: make_key(usage.page),
            "asset": lambda usage: make_key(usage.asset),
            "site": lambda usage: make_key(usage.site),
            "said": lambda usage: make_searchable(fold_usage_text(usage)),
        },
    ),
    Table("assets", AssetRecord, "sha256", {"said": lambda asset: make_searchable(fold_asset_text(asset))}),
    Table("fetches", FetchRecord, "url"),
    Table(
        "runs",
        RunRecord,
        columns={
            "inputs": lambda run: make_key(run.inputs_key),
            "is_finished": lambda run: bool(run.finished),
        },
    ),
    Table("sites", SiteState, "api_root"),
    Table("decisions", DecisionRecord),
)

TABLE_OF: dict[type[Record], Table] = {table.kind: table for table in TABLES}

# The order in which a batch writes: the same for all writers.
ORDER = {table.name: place for place, table in enumerate(TABLES)}
