"""A site that keeps its API to itself, harvested by its sitemap: what is as it was is not asked for again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pictures import jpeg_bytes, photo
from servers import Answer, Server

from catalog.cli import main
from catalog.store.catalog import open_store

WORDS = "The harbour was calm on Monday, and the ships that came in had waited outside for days. " * 6
BEFORE, AFTER = "2025-08-01T08:00:00Z", "2025-08-02T08:00:00Z"
PICTURE = Answer(jpeg_bytes(photo(1)), content_type="image/jpeg")


@pytest.fixture
def site() -> Iterator[Server]:
    """A site with one story, and an API that is closed."""
    story = f"<article><h1>Calm</h1><p>{WORDS}</p><img src='/a.jpg' alt='A crane'><p>{WORDS}</p></article>"
    home = "<html><head><link rel='https://api.w.org/' href='/wp-json/'></head><body></body></html>"
    with Server({"/": Answer(home.encode(), content_type="text/html"), "/a.jpg": PICTURE}) as server:
        server.routes["/wp-json/wp/v2/posts"] = Answer(b"{}", status=401)
        server.routes["/1/"] = Answer(f"<html><body>{story}</body></html>".encode(), content_type="text/html")
        say(server, BEFORE)
        yield server


def say(site: Server, lastmod: str) -> None:
    """Have the sitemap say when the story was modified."""
    body = f"<urlset><url><loc>/1/</loc><lastmod>{lastmod}</lastmod></url></urlset>"
    site.routes["/wp-sitemap.xml"] = Answer(body.encode(), content_type="application/xml")


def harvest(site: Server, catalog: Path, *arguments: str) -> int:
    allowed = f"--allow-address={site.host}:{site.port}"
    return main(["harvest", site.url("/"), allowed, "--catalog", str(catalog), *arguments])


def asked_again(site: Server, catalog: Path) -> bool:
    """Whether another harvest asks for the story."""
    before = len(site.asked("/1/"))
    harvest(site, catalog)
    return len(site.asked("/1/")) > before


def test_its_uses_are_in_the_ledger(site: Server, tmp_path: Path) -> None:
    harvest(site, tmp_path)
    with open_store(tmp_path, read_only=True) as store:
        assert [(usage.page, usage.alt, bool(usage.asset)) for usage in store.usages()] == [
            (site.url("/1/"), "A crane", True)
        ]


def test_the_closed_api_counts_as_a_failure_and_is_told(
    site: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert harvest(site, tmp_path) == 1
    assert "1 unauthorized" in capsys.readouterr().out


def test_a_dry_run_tells_what_is_read_instead(
    site: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    harvest(site, tmp_path, "--dry-run")
    assert f"its sitemap {site.url('/wp-sitemap.xml')} is read instead" in capsys.readouterr().err


def test_a_page_that_is_as_it_was_is_not_asked_for_again(site: Server, tmp_path: Path) -> None:
    harvest(site, tmp_path)
    assert not asked_again(site, tmp_path)


def test_a_page_that_changed_is_asked_for_again(site: Server, tmp_path: Path) -> None:
    harvest(site, tmp_path)
    say(site, AFTER)
    assert asked_again(site, tmp_path)


def test_a_page_behind_a_redirect_is_not_asked_for_again(site: Server, tmp_path: Path) -> None:
    site.routes["/2/"] = site.routes["/1/"]
    site.routes["/1/"] = Answer(status=301, headers={"Location": "/2/"})
    harvest(site, tmp_path)
    assert not asked_again(site, tmp_path)


def test_a_page_whose_picture_failed_for_a_time_is_asked_for_again(site: Server, tmp_path: Path) -> None:
    site.routes["/a.jpg"] = Answer(b"")
    harvest(site, tmp_path)
    site.routes["/a.jpg"] = PICTURE
    assert asked_again(site, tmp_path)
    with open_store(tmp_path, read_only=True) as store:
        assert [bool(usage.asset) for usage in store.usages()] == [True]


def test_a_saved_sitemap_gives_the_pictures_that_it_names(site: Server, tmp_path: Path) -> None:
    picture = f"<image:image><image:loc>{site.url('/a.jpg')}</image:loc></image:image>"
    saved = tmp_path / "map.xml"
    saved.write_text(f"<urlset><url><loc>{site.url('/1/')}</loc>{picture}</url></urlset>")
    allowed = f"--allow-address={site.host}:{site.port}"
    assert main(["harvest", str(saved), allowed, "--catalog", str(tmp_path / "catalog")]) == 0
    with open_store(tmp_path / "catalog", read_only=True) as store:
        assert [(usage.page, usage.source_kind) for usage in store.usages()] == [(site.url("/1/"), "sitemap")]
    assert site.asked("/1/") == []
