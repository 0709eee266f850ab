from __future__ import annotations

import asyncio

import pytest

from catalog.desk.services.background_tasks import begin

STRANGERS = "\x1b[31m a stranger's"


async def die() -> None:
    raise RuntimeError(STRANGERS)


async def die_unheard() -> None:
    await asyncio.wait([begin(die(), "the work")])


def test_what_dies_unheard_is_logged_with_where_it_died(caplog: pytest.LogCaptureFixture) -> None:
    asyncio.run(die_unheard())
    (message,) = caplog.messages
    assert message.startswith("the work has ended: RuntimeError(")
    assert "in die\n" in message


def test_no_control_character_of_a_stranger_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    asyncio.run(die_unheard())
    assert "\\x1b[31m" in caplog.text
    assert "\x1b" not in caplog.text


def test_what_is_cancelled_is_no_news(caplog: pytest.LogCaptureFixture) -> None:
    async def cancel() -> None:
        task = begin(asyncio.sleep(3600), "the work")
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(cancel())
    assert caplog.messages == []
