"""Stores for what the ledger is made of: all of it holds in both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ledgers import STORES, Days, opened

from catalog.store import Store


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    with opened(request.param) as store:
        yield store


@pytest.fixture
def days(store: Store) -> Days:
    return Days(store)
