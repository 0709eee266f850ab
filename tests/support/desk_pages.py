"""The photo desk's page in a real browser, over a small catalog of two local sites."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from browser import Browser, chromium
from desks import RunningDesk, desk, harvested, made, site
from patience import PATIENCE_SECONDS
from pictures import encoded, photo
from PIL import Image, ImageDraw, ImageOps
from servers import Answer, Line, Request, Server

ENTER, TAB, ESCAPE = "\ue007", "\ue004", "\ue00c"
LEFT, UP, RIGHT, DOWN = "\ue012", "\ue013", "\ue014", "\ue015"

DESKTOP = (1280, 900)
TELEPHONE = (360, 740)

Box = tuple[int, int, int, int]

# The part of picture "a" that `republished` shows.
SHOWN = (100, 60, 600, 420)


def republished() -> bytes:
    """Picture "a" as somebody may republish it: cut, mirrored, with a logo."""
    x, y, width, height = SHOWN
    image = ImageOps.mirror(made()["a"].crop((x, y, x + width, y + height)))
    ImageDraw.Draw(image).rectangle((470, 350, 590, 410), fill=(200, 20, 30))
    return encoded(image, "JPEG", quality=80)


def screenshot() -> bytes:
    """Picture "b" inside the page of some site."""
    page = Image.new("RGB", (900, 1000), "white")
    ImageDraw.Draw(page).rectangle((0, 0, 900, 90), fill=(20, 40, 90))
    page.paste(made()["b"], (50, 150))
    for y in range(720, 980, 26):
        ImageDraw.Draw(page).rectangle((50, y, 850 - (y * 7) % 300, y + 10), fill=(120, 120, 120))
    return encoded(page, "PNG")


@dataclass
class Page:
    """The desk as somebody sees it."""

    browser: Browser
    desk: RunningDesk
    sites: list[Server]
    folder: Path

    def open(self, path: str = "/", size: tuple[int, int] = DESKTOP) -> None:
        """Load an address of the desk anew, and wait until the view is there."""
        self.browser.size(*size)
        self.browser.driver.get("about:blank")
        self.browser.complaints()
        self.browser.driver.get(self.desk.address + path)
        self.wait("document.querySelector('main h1') && !document.querySelector('main .busy, [aria-busy]')")

    def wait(self, script: str) -> None:
        """Until a script's expression is true."""
        from selenium.webdriver.support.ui import WebDriverWait

        condition = f"return Boolean({script})"
        wait = WebDriverWait(self.browser.driver, PATIENCE_SECONDS, 0.02)
        wait.until(lambda _: self.browser.run(condition), condition)

    def text(self, selector: str) -> str:
        """What the first such element says."""
        return str(self.browser.run("return document.querySelector(arguments[0]).innerText", selector))

    def texts(self, selector: str) -> list[str]:
        return self.browser.texts(selector)

    def click(self, selector: str) -> None:
        """Click on the first such element, once there is one: a view mends itself when comparing is done."""
        self.wait(f"document.querySelector({json.dumps(selector)})")
        element = self.browser.one(selector)
        self.browser.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def fill(self, selector: str, text: str) -> None:
        element = self.browser.one(selector)
        element.clear()
        element.send_keys(text)

    def focused(self) -> str:
        """What has the focus, by its name or its text."""
        script = "const one = document.activeElement; return one.getAttribute('aria-label') || one.id || one.innerText"
        return str(self.browser.run(script))

    @property
    def path(self) -> str:
        """The address that is seen, without the desk's own."""
        return str(self.browser.run("return location.pathname + location.search"))

    @property
    def verdict(self) -> str:
        return str(self.browser.run("return document.querySelector('.verdict')?.dataset.verdict || ''"))

    def file(self, name: str, body: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(body)
        return path

    def drop(self, *paths: Path) -> None:
        """Drag files from outside the browser and let them fall in the middle of the page."""
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            event = {"type": kind, "x": 300, "y": 500, "data": data}
            self.browser.driver.execute_cdp_cmd("Input.dispatchDragEvent", event)

    def look_up(self, name: str, body: bytes) -> None:
        """Drop a picture and wait for the answer."""
        self.open()
        self.drop(self.file(name, body))
        self.wait("location.search.includes('lookup=') && document.querySelector('.verdict h1')")

    def shown(self, selector: str) -> list[float]:
        """Where a drawn thing lies on the screen: left, top, right, bottom."""
        script = (
            "const one = document.querySelector(arguments[0]).getBoundingClientRect();"
            "return [one.left, one.top, one.right, one.bottom]"
        )
        return list(self.browser.run(script, selector))  # type: ignore[call-overload]


async def _never(_request: Request, line: Line) -> None:
    """Answer long after anybody waits."""
    await line.pause(3600)


def late() -> Server:
    """A site that was not harvested: a page with a picture of its own, and others that nobody waits for."""
    body = encoded(photo(70, 800, 533), "JPEG", quality=88)
    server = site({"late": body}, (("late", "late", "A late picture of the flood.", "Reuters"),), 9)
    server.routes["/slow/"] = server.routes["/slow.jpg"] = _never
    story = server.routes["/late/"]
    # The same page with a picture more, which never comes.
    half = story.body.replace(b"</figure>", b"</figure><figure><img src='/slow.jpg' alt='slow'></figure>")
    server.routes["/half/"] = Answer(half, content_type="text/html; charset=utf-8")
    return server


@contextmanager
def opened_desk(folder: Path) -> Iterator[Page]:
    """A harvested catalog, the desk over it, and a browser; the last of the sites is not in the catalog."""
    with (
        harvested(folder) as (catalog, sites),
        late() as unknown,
        chromium(folder / "profile") as browser,
    ):
        servers = [*sites, unknown]
        allowed = [part for one in servers for part in ("--allow-address", ":".join(map(str, one.host_port)))]
        with desk(catalog, "--workers", "1", *allowed) as running:
            pictures = folder / "pictures"
            pictures.mkdir()
            yield Page(browser, running, servers, pictures)


def site_of(server: Server) -> str:
    """A site as the catalog names it."""
    return ":".join(map(str, server.host_port))


def asked(**query: str) -> str:
    """A query string."""
    return "?" + "&".join(f"{name}={quote(value)}" for name, value in query.items())


def unlike() -> bytes:
    """A picture that is nowhere in the catalog."""
    return encoded(photo(99, 640, 480), "JPEG")
