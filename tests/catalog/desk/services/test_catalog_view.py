"""What the desk reads while others write and go through the records."""

from __future__ import annotations

import asyncio
from pathlib import Path

from catalog.desk.services.catalog_view import View
from catalog.model import AssetRecord
from catalog.store.catalog import open_store


def test_what_could_not_be_taken_in_at_once_is_as_soon_as_it_can_be(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    view = View(tmp_path)
    view.refresh()
    with open_store(tmp_path) as store:
        store.put_asset(AssetRecord(sha256="a" * 64))
    with view.reading():
        view.refresh(at_once=True)
        assert view.records.sha256s() == []
    view.refresh()
    assert view.records.sha256s() == ["a" * 64]
    view.close()


def test_who_goes_through_the_records_is_waited_for(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    view = View(tmp_path)
    with open_store(tmp_path) as store:
        store.put_asset(AssetRecord(sha256="a" * 64))

    async def scenario() -> None:
        with view.reading():
            taking_in = asyncio.create_task(view.take_in())
            await asyncio.sleep(0)
            assert view.records.sha256s() == []
        await taking_in

    asyncio.run(scenario())
    assert view.records.sha256s() == ["a" * 64]
    view.close()
