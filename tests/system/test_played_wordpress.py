"""The played WordPress means what the real one means; what is asked here was tried on a WordPress 6.1."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from wordpress.model import BEGINNING, NUMERIC, PLAIN, Figure
from wordpress.server import CLOSED, Face, serving
from wordpress.site import Site


@pytest.fixture
def site() -> Site:
    """Five posts, an hour apart, each with a featured picture; the last was published an hour ago."""
    site = Site()
    for number in range(5):
        site.publish(title=f"Story {number}", featured=site.upload(alt=f"Alt {number}"))
        site.pass_time(hours=1)
    return site


@pytest.fixture
def face(site: Site) -> Iterator[Face]:
    with serving(site) as face:
        yield face


def ask(face: Face, target: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(*face.host_port)
    connection.request("GET", target, headers=headers or {})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, body


def read(face: Face, route: str) -> Any:  # noqa: ANN401 - JSON is of any type
    return json.loads(ask(face, f"/wp-json/wp/v2/{route}")[2])


def ids(face: Face, route: str) -> list[int]:
    return [item["id"] for item in read(face, route)]


def test_a_list_tells_how_many_there_are_and_where_it_goes_on(face: Face) -> None:
    _, headers, body = ask(face, "/wp-json/wp/v2/posts?per_page=2&page=2")
    assert (headers["x-wp-total"], headers["x-wp-totalpages"]) == ("5", "3")
    assert 'rel="next"' in headers["link"]
    assert [item["title"]["rendered"] for item in json.loads(body)] == ["Story 2", "Story 1"]


def test_a_page_behind_the_last_is_an_error(face: Face) -> None:
    status, _, body = ask(face, "/wp-json/wp/v2/posts?page=2")
    assert (status, json.loads(body)["code"]) == (400, "rest_post_invalid_page_number")


def test_a_scheduled_post_becomes_public_with_the_modified_that_it_had(site: Site, face: Face) -> None:
    saved = site.now
    post = site.schedule(site.now + timedelta(minutes=1))
    assert post not in ids(face, "posts")
    site.pass_time(minutes=2)
    assert post in ids(face, "posts")
    assert read(face, f"posts/{post}")["modified_gmt"] == f"{saved:%Y-%m-%dT%H:%M:%S}"


def test_an_imported_post_has_been_modified_when_it_was_published(site: Site, face: Face) -> None:
    post = site.import_post(BEGINNING - timedelta(days=4000))
    assert ids(face, "posts")[-1] == post
    item = read(face, f"posts/{post}")
    assert item["modified_gmt"] == item["date_gmt"]


@pytest.mark.parametrize("name", ["after", "before", "modified_after", "modified_before"])
def test_a_bound_in_time_excludes_what_equals_it(site: Site, face: Face, name: str) -> None:
    post = site.publish()
    assert post not in ids(face, f"posts?{name}={site.now:%Y-%m-%dT%H:%M:%S}Z")


def test_a_bound_without_an_offset_is_of_the_sites_own_time(site: Site, face: Face) -> None:
    local = site.now + site.offset - timedelta(minutes=61)
    assert len(ids(face, f"posts?after={local:%Y-%m-%dT%H:%M:%S}")) == 1


@pytest.mark.parametrize(
    ("go", "status", "code"),
    [
        (Site.delete, 404, "rest_post_invalid_id"),
        (Site.trash, 401, "rest_forbidden"),
        (Site.make_private, 401, "rest_forbidden"),
    ],
)
def test_what_is_not_public_any_more_says_so_by_its_id_and_is_in_no_list(
    site: Site,
    face: Face,
    go: Callable[[Site, int], None],
    status: int,
    code: str,
) -> None:
    post = site.publish()
    go(site, post)
    found, _, body = ask(face, f"/wp-json/wp/v2/posts/{post}")
    assert (found, json.loads(body)["code"]) == (status, code)
    assert ids(face, f"posts?include={post}") == []


def test_include_lists_what_is_named_in_the_order_that_is_asked_for(site: Site, face: Face) -> None:
    first, *_, last = sorted(site.posts)
    assert ids(face, f"posts?include[]={last}&include[]={first}&orderby=include") == [last, first]


def test_a_protected_post_is_shown_without_its_text(site: Site, face: Face) -> None:
    post = site.publish(figures=(Figure(site.upload(), "Kim", "Kim waves."),))
    site.protect(post)
    assert read(face, f"posts/{post}")["content"] == {"rendered": "", "protected": True}


def test_fields_within_fields_are_sent_alone(face: Face) -> None:
    (first, *_) = read(face, "posts?_fields=id,content.protected")
    assert first == {"id": first["id"], "content": {"protected": False}}


def test_the_picture_embedded_with_a_post_has_only_the_sites_local_date(site: Site, face: Face) -> None:
    (media,) = read(face, "posts?_embed&per_page=1")[0]["_embedded"]["wp:featuredmedia"]
    assert "date_gmt" not in media
    assert "description" not in media
    assert media["date"] == f"{site.media[media['id']].date + site.offset:%Y-%m-%dT%H:%M:%S}"


def test_uploads_to_a_post_that_is_not_public_are_refused_and_still_counted(site: Site, face: Face) -> None:
    parent = site.draft()
    media = site.upload(parent)
    post = site.publish(featured=media)
    assert ask(face, f"/wp-json/wp/v2/media/{media}")[0] == 401
    status, headers, body = ask(face, "/wp-json/wp/v2/media")
    assert (status, headers["x-wp-total"], len(json.loads(body))) == (200, "6", 5)
    (embedded,) = read(face, f"posts?include={post}&_embed")[0]["_embedded"]["wp:featuredmedia"]
    assert embedded["code"] == "rest_forbidden"


def test_a_featured_picture_swapped_past_the_editor_touches_no_modified(site: Site, face: Face) -> None:
    post = min(site.posts)
    before = read(face, f"posts/{post}")
    site.feature(post, site.upload(), saved=False)
    after = read(face, f"posts/{post}")
    assert before["modified"] == after["modified"]
    assert before["featured_media"] != after["featured_media"]


def test_new_permalinks_move_every_link_and_touch_nothing_else(site: Site, face: Face) -> None:
    before = read(face, "posts")
    site.change_permalinks(NUMERIC)
    after = read(face, "posts")
    assert {item["link"] for item in before}.isdisjoint(item["link"] for item in after)
    assert [item["modified"] for item in before] == [item["modified"] for item in after]


def test_without_pretty_links_the_api_is_elsewhere(site: Site, face: Face) -> None:
    site.change_permalinks(PLAIN)
    _, headers, _ = ask(face, "/")
    assert "/index.php?rest_route=/>" in headers["link"]
    assert json.loads(ask(face, "/index.php?rest_route=/wp/v2/posts&per_page=1")[2])[0]["id"] == max(
        site.posts
    )


def test_an_old_slug_leads_to_the_new_one(site: Site, face: Face) -> None:
    post = site.publish(slug="kim")
    site.change_slug(post, "kim-waves")
    status, headers, _ = ask(face, "/kim/")
    assert (status, headers["location"]) == (301, face.url("/kim-waves/"))


@pytest.mark.parametrize(("is_silent", "status"), [(True, 200), (False, 400)])
def test_a_host_may_cap_what_a_list_holds(site: Site, face: Face, *, is_silent: bool, status: int) -> None:
    site.most_per_page, site.caps_silently = 2, is_silent
    found, _, body = ask(face, "/wp-json/wp/v2/posts?per_page=100")
    assert found == status
    assert len(json.loads(body)) == 2 if is_silent else b"between 1 (inclusive) and 2 (inclusive)" in body


def test_a_file_put_past_wordpress_is_told_by_its_validators_alone(site: Site, face: Face) -> None:
    media = min(site.media)
    path = site.media[media].path()
    before = read(face, f"media/{media}")
    _, headers, body = ask(face, path)
    assert ask(face, path, {"If-None-Match": headers["etag"]})[0] == 304
    site.replace_file(media, noted=False)
    status, _, other = ask(face, path, {"If-None-Match": headers["etag"]})
    assert (status, body == other) == (200, False)
    assert read(face, f"media/{media}") == before


def test_things_happen_before_an_answer_and_addresses_fail_until_they_are_mended(
    site: Site, face: Face
) -> None:
    face.before = lambda _request: site.trash(max(site.posts)) if len(face.requests) == 1 else None
    assert len(ids(face, "posts")) == 4
    face.fail("/wp-json/", 503)
    assert ask(face, "/wp-json/wp/v2/posts")[0] == 503
    face.mend()
    face.fail("/wp-json/", CLOSED)
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        ask(face, "/wp-json/wp/v2/posts")


def test_a_feed_shows_ten_posts_and_no_featured_picture(site: Site, face: Face) -> None:
    for _ in range(7):
        site.publish(figures=(Figure(site.upload(), "Kim", ""),), featured=site.upload())
    _, _, body = ask(face, "/feed/")
    assert body.count(b"<item>") == 10
    assert body.count(b"<img ") == 7
