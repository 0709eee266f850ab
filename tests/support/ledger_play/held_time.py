"""A calendar that the play holds: what the program takes for now is what it is told."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from types import ModuleType
from typing import Self

import assets
import catalog


class Calendar:
    """The time that the program sees."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def put_forward(self, **spans: float) -> None:
        """Let time go on."""
        self.now += timedelta(**spans)


@contextmanager
def held(calendar: Calendar) -> Iterator[None]:
    """Have every module of the program that asks `datetime` for the time ask the calendar."""

    class Reckoned(type(datetime)):  # type: ignore[misc]
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, datetime)

    class Held(datetime, metaclass=Reckoned):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return calendar.now.astimezone(tz)  # type: ignore[return-value]

    patched = [module for module in _modules() if getattr(module, "datetime", None) is datetime]
    for module in patched:
        module.datetime = Held  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in patched:
            module.datetime = datetime  # type: ignore[attr-defined]


def _modules() -> list[ModuleType]:
    """All modules of the program, those too that would be loaded later."""
    for package in (assets, catalog):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    return [module for name, module in sys.modules.items() if name.split(".")[0] in {"assets", "catalog"}]
