"""Media items that a live post's structured fields name by their ids."""

from __future__ import annotations

import json

import pytest

from catalog.cli.main import main
from tests.support.servers import Answer, Server

HEAD = b'<html><head><meta property="og:image" content="/shared.jpg"></head><body>x</body></html>'


def as_json(value: object) -> Answer:
    return Answer(json.dumps(value).encode(), content_type="application/json")


def read_site(capsys: pytest.CaptureFixture[str], item: object | None) -> list[dict[str, object]]:
    """The references of a post with one field, whose media item is given or cannot be had."""
    with Server() as server:
        root = server.url("/wp-json/")
        links = {
            "self": [{"href": f"{root}wp/v2/posts/7"}],
            "acf:attachment": [{"href": f"{root}wp/v2/media/9"}],
        }
        post = {"id": 7, "type": "post", "title": {"rendered": "x"}, "content": {"rendered": ""}}
        server.routes |= {
            "/wp-json/wp/v2/posts/7": as_json(
                {**post, "link": server.url("/7/"), "featured_media": 0, "acf": {"photo": 9}, "_links": links}
            ),
            "/7/": Answer(HEAD, content_type="text/html"),
        }
        if item is not None:
            server.routes["/wp-json/wp/v2/media/9"] = as_json(item)
        allow = f"--allow-address={server.host}:{server.port}"
        main(["harvest", f"{root}wp/v2/posts/7", "--dry-run", "--json", allow])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_media_item_of_a_field_is_looked_up_as_content(capsys: pytest.CaptureFixture[str]) -> None:
    item = {"id": 9, "type": "attachment", "mime_type": "image/jpeg", "source_url": "https://a.example/k.jpg"}
    (found,) = read_site(capsys, item)
    assert (found["url"], found["role"], found["media_id"]) == ("https://a.example/k.jpg", "content", 9)


def test_the_page_s_shared_picture_does_not_stand_for_one_of_a_field(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (found,) = read_site(capsys, None)
    diagnosis = found["diagnosis"]
    assert isinstance(diagnosis, dict)
    assert (found["resolved"], diagnosis["reason"]) == (False, "gone")
