"""A site that prints PHP's notices into its answers: harvested all the same, and told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pictures import jpeg_bytes, photo
from servers import Answer, Server

from catalog.cli import main
from catalog.store.catalog import open_store

NOTICE = "Notice: Undefined index: lang in /www/poly.php on line 95"
POSTS = "/wp-json/wp/v2/posts"


@pytest.fixture
def site() -> Iterator[Server]:
    with Server({"/a.jpg": Answer(jpeg_bytes(photo(1)), content_type="image/jpeg")}) as server:
        post = {
            "id": 7,
            "type": "post",
            "link": server.url("/7/"),
            "title": {"rendered": "A story"},
            "content": {"rendered": f'<img src="{server.url("/a.jpg")}">'},
            "featured_media": 0,
            "_links": {"self": [{"href": server.url(f"{POSTS}/7")}]},
        }
        body = f"{NOTICE}\n{json.dumps([post])}".encode()
        server.routes[POSTS] = Answer(body, headers={"X-WP-TotalPages": "1"})
        yield server


def harvest(site: Server, catalog: Path, *arguments: str) -> int:
    allowed = f"--allow-address={site.host}:{site.port}"
    return main(["harvest", site.url(POSTS), allowed, "--catalog", str(catalog), *arguments])


def test_what_stands_behind_a_notice_is_harvested(site: Server, tmp_path: Path) -> None:
    assert harvest(site, tmp_path) == 0
    with open_store(tmp_path, read_only=True) as store:
        assert [usage.url for usage in store.usages()] == [site.url("/a.jpg")]


def test_the_summary_names_the_notice(
    site: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    harvest(site, tmp_path)
    assert f"read in spite of: {NOTICE} ({site.url(POSTS)})" in capsys.readouterr().out


def test_the_summary_as_json_names_the_notice(
    site: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    harvest(site, tmp_path, "--json")
    assert json.loads(capsys.readouterr().out)["notices"] == [{"address": site.url(POSTS), "text": NOTICE}]


def test_the_record_of_the_fetch_names_the_notice(site: Server, tmp_path: Path) -> None:
    harvest(site, tmp_path)
    with open_store(tmp_path, read_only=True) as store:
        record = store.fetch(site.url(POSTS))
    assert record is not None
    assert (record.outcome, record.detail) == ("fetched", NOTICE)


def test_a_dry_run_names_the_notice(site: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    harvest(site, tmp_path, "--dry-run")
    assert f"read in spite of: {NOTICE}" in capsys.readouterr().err
