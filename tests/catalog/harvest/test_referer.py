"""A site that gives its pictures to its own pages only."""

from __future__ import annotations

from pathlib import Path

from pictures import jpeg_bytes, photo
from servers import Answer, Request, Server

from catalog.cli import main
from catalog.store.catalog import open_store


def test_a_site_that_wants_its_own_pages_gives_its_pictures(tmp_path: Path) -> None:
    with Server() as server:

        def hot(request: Request) -> Answer:
            is_own = request.headers.get("referer") == server.url("/")
            return Answer(jpeg_bytes(photo(1)), content_type="image/jpeg") if is_own else Answer(status=403)

        words = "The ferry to the islands goes again after the storm of the night. " * 9
        page = f'<html><body><article><p>{words}</p><img src="/a.jpg"><p>{words}</p></article></body></html>'
        server.routes["/story/"] = Answer(page.encode(), content_type="text/html")
        server.routes["/a.jpg"] = hot
        allowed = f"--allow-address={server.host}:{server.port}"
        assert main(["harvest", server.url("/story/"), allowed, "--catalog", str(tmp_path)]) == 0
    with open_store(tmp_path, read_only=True) as store:
        assert [bool(usage.asset) for usage in store.usages()] == [True]
