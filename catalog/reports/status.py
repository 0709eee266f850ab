"""How a catalog is: what it holds, what is lacking, when it was last harvested, what its disk has left."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from catalog.lookup import Coverage
from catalog.model import Json, RunRecord
from catalog.reports.coverage import read_coverage
from catalog.reports.failures import list_failures
from catalog.store import Catalog


@dataclass(frozen=True, slots=True)
class Status:
    """A catalog as it is at a moment.

    `records` counts each kind. `last_harvest` is the one that was begun last, None where there was none; its
    `finished` is `""` while it runs, and after it was killed. `failures` are addresses that failed and are still
    needed; `free_bytes` what is left on the disk of what is derived.
    """

    at: str
    records: Mapping[str, int]
    coverage: Coverage
    last_harvest: RunRecord | None
    failures: int
    damage: tuple[str, ...]
    free_bytes: int

    def to_json(self) -> Json:
        """As a JSON object."""
        run = self.last_harvest
        return {
            "at": self.at,
            "records": dict(self.records),
            "coverage": asdict(self.coverage),
            "last_harvest": run and {"inputs": run.inputs, "started": run.started, "finished": run.finished},
            "failures": self.failures,
            "damage": list(self.damage),
            "free_bytes": self.free_bytes,
        }


def read_status(catalog: Catalog) -> Status:
    """How a catalog is now; goes once through its records."""
    now, records = datetime.now(UTC), catalog.records
    return Status(
        at=now.isoformat(timespec="seconds"),
        records=records.counts(),
        coverage=read_coverage(catalog),
        last_harvest=max(records.runs(), key=lambda run: (run.started, run.key), default=None),
        failures=len(list_failures(records, now)),
        damage=tuple(records.damage),
        free_bytes=count_free_bytes(catalog),
    )


def count_free_bytes(catalog: Catalog) -> int:
    """What is left on the disk of what is derived, which may not have been made yet."""
    folder = catalog.derived
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free
