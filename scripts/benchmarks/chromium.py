"""A page opened in Chromium without a window, and how long it took until it could be used.

Chromium is driven over its DevTools protocol, which needs nothing that is not installed anyway.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
    "--remote-debugging-port=0",
)

START_SECONDS = 60.0
PAGE_SECONDS = 60.0

# Runs before the page's own scripts. A table can be used when its rows are there and two frames have been drawn.
WATCH = """
window.usable = new Promise((found) => {
  const look = () => {
    if (!document.querySelector("tbody tr")) return void requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() => found(performance.now())));
  };
  requestAnimationFrame(look);
});
"""

# What a reader does: type a word that one photograph has, then sort all of them by another column.
USE = """
(async () => {
  const rows = () => document.querySelector("tbody tr th, tbody tr td:nth-child(2)").textContent;
  const until = async (changed) => {
    const began = performance.now();
    while (!changed()) await new Promise((next) => requestAnimationFrame(next));
    return performance.now() - began;
  };
  const opened = await window.usable;
  const shown = document.querySelectorAll("tbody tr").length;
  const nodes = document.querySelectorAll("*").length;
  const field = document.querySelector("input[type=search]");
  const all = document.querySelector(".found").textContent;
  field.value = "{word}";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const filtered = await until(() => document.querySelector(".found").textContent !== all);
  const left = document.querySelector(".found").textContent;
  document.querySelector("form").reset();
  await until(() => document.querySelector(".found").textContent === all);
  const before = rows();
  const button = [...document.querySelectorAll("thead button")].find((one) => one.textContent.startsWith("Best copy"));
  button.click();
  const sorted = await until(() => document.querySelector("[aria-sort]") && rows() !== before);
  return { opened, shown, nodes, filtered, left, sorted };
})()
"""


class NoBrowser(Exception):
    """There is no Chromium, or it does not start."""


def opened(page: Path, word: str) -> dict[str, Any]:
    """Milliseconds until a page's table can be used, then is filtered by a word and sorted; rows and elements there."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise NoBrowser("chromium is not installed (apt install chromium)")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                port = _port(Path(profile) / "DevToolsActivePort")
                return asyncio.run(_used(port, page.resolve().as_uri(), word))
            finally:
                process.terminate()


async def _used(port: int, address: str, word: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
            targets = await answer.json(content_type=None)
        target = next(one for one in targets if one["type"] == "page")
        async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket:
            tab = _Tab(socket)
            await tab.ask("Page.enable")
            await tab.ask("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
            await tab.ask("Page.navigate", url=address)
            await tab.until("Page.domContentEventFired")
            told = await tab.ask(
                "Runtime.evaluate",
                expression=USE.replace("{word}", word),
                awaitPromise=True,
                returnByValue=True,
            )
            if "exceptionDetails" in told:
                raise NoBrowser(json.dumps(told["exceptionDetails"]))
            result: dict[str, Any] = told["result"]["value"]
            return result


def _port(told: Path) -> int:
    """Where the browser listens, once it does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if told.exists() and (text := told.read_text(encoding="ascii")):
            return int(text.split()[0])
        time.sleep(0.05)
    raise NoBrowser("chromium did not start")


class _Tab:
    """One page of the browser, asked and answering in turn."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._events: list[str] = []

    async def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """What a command answers."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            message = await self._next()
            if message.get("id") == number:
                if "error" in message:
                    raise NoBrowser(f"{method}: {message['error']}")
                result: dict[str, Any] = message["result"]
                return result

    async def until(self, event: str) -> None:
        """Return once an event has come."""
        while event not in self._events:
            await self._next()

    async def _next(self) -> dict[str, Any]:
        message: dict[str, Any] = await self._socket.receive_json(timeout=PAGE_SECONDS)
        self._events.append(message.get("method", ""))
        return message
