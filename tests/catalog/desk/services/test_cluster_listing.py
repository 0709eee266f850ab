from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from catalog.desk.services.catalog_view import View
from catalog.desk.services.cluster_listing import Clustering, Listing
from catalog.store.catalog import open_store


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    open_store(tmp_path).close()
    return tmp_path


def test_a_list_that_could_not_be_made_once_is_made_anew(
    catalog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = View(catalog)

    def fail(*_catalog: object) -> Listing:
        raise OSError("out of file handles")

    async def work() -> Listing:
        async with Clustering(view) as clustering:
            with monkeypatch.context() as broken:
                broken.setattr("catalog.desk.services.cluster_listing._make_listing", fail)
                for _ in range(2):
                    with pytest.raises(OSError, match="out of file handles"):
                        await clustering.listing()
            return await clustering.listing()

    assert asyncio.run(work()).rows == ()
    view.close()


@pytest.mark.parametrize("was_final", [True, False])
def test_what_was_listed_before_all_were_compared_is_not_shown_after(
    catalog: Path, monkeypatch: pytest.MonkeyPatch, was_final: bool
) -> None:
    view = View(catalog)
    monkeypatch.setattr(
        "catalog.desk.services.cluster_listing._make_listing",
        lambda _location, version: Listing(version, is_final=was_final or version > 0),
    )

    async def work() -> int:
        async with Clustering(view) as clustering:
            await clustering.listing()
            view.version += 1
            return (await clustering.listing()).version

    # A list that was final may be a moment old.
    assert asyncio.run(work()) == (0 if was_final else 1)
    view.close()
