"""The newsroom of the demo and of other tests answers as WordPress does."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import urlencode

import pytest
from newsroom import Newsroom
from patience import PATIENCE_SECONDS
from PIL import Image

AGENCY, SUB_PATH, PLAIN, OLD, PATH_INFO, LAST = range(6)
EVERY_SITE = range(6)


@dataclass(frozen=True)
class Said:
    status: int
    headers: Message
    body: bytes

    @property
    def value(self) -> Any:  # noqa: ANN401
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class AsItIs(urllib.request.HTTPRedirectHandler):
    """Redirects are answers too."""

    def redirect_request(self, *_args: object) -> None:
        return None


OPENER = urllib.request.build_opener(AsItIs, urllib.request.ProxyHandler({}))


def ask(address: str, **headers: str) -> Said:
    request = urllib.request.Request(address, headers={k.replace("_", "-"): v for k, v in headers.items()})  # noqa: S310
    try:
        with OPENER.open(request, timeout=PATIENCE_SECONDS) as response:
            return Said(response.status, response.headers, response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Said(error.code, error.headers, error.read())


def api(newsroom: Newsroom, number: int, route: str, **query: object) -> Said:
    address = newsroom.site(number)["api_root"] + route
    joined = f"{address}{'&' if '?' in address else '?'}{urlencode(query)}" if query else address
    return ask(joined)


def posts(newsroom: Newsroom, number: int, **query: object) -> list[dict[str, Any]]:
    answer = api(newsroom, number, "wp/v2/posts", **{"per_page": 100, **query})
    assert answer.status == 200
    value: list[dict[str, Any]] = answer.value
    return value


# Where the API is


@pytest.mark.parametrize("number", EVERY_SITE)
def test_the_api_announces_its_own_home(newsroom: Newsroom, number: int) -> None:
    index = api(newsroom, number, "").value
    assert index["home"] + "/" == newsroom.sites[number]
    assert "wp/v2" in index["namespaces"]


@pytest.mark.parametrize(
    ("number", "in_header", "in_page"),
    [
        (AGENCY, True, True),
        (SUB_PATH, True, False),
        (PLAIN, False, False),
        (OLD, False, True),
        (PATH_INFO, True, False),
        (LAST, True, True),
    ],
)
def test_a_home_page_announces_its_api_in_its_own_way(
    newsroom: Newsroom, number: int, *, in_header: bool, in_page: bool
) -> None:
    root = newsroom.site(number)["api_root"]
    answer = ask(newsroom.sites[number])
    assert (f'<{root}>; rel="https://api.w.org/"' in answer.headers.get_all("Link", [])) is in_header
    assert (f'<link rel="https://api.w.org/" href="{root}"/>' in answer.text) is in_page


def test_a_site_with_plain_links_has_no_api_path(newsroom: Newsroom) -> None:
    assert ask(newsroom.sites[PLAIN] + "wp-json/").status == 404
    assert api(newsroom, PLAIN, "wp/v2/posts").status == 200


def test_a_site_with_an_api_path_answers_rest_route_as_well(newsroom: Newsroom) -> None:
    assert "namespaces" in ask(newsroom.sites[SUB_PATH] + "?rest_route=/").value


def test_an_unknown_route_is_no_route(newsroom: Newsroom) -> None:
    answer = api(newsroom, AGENCY, "wp/v2/horses")
    assert (answer.status, answer.value["code"]) == (404, "rest_no_route")


# Paging


def test_pages_are_counted_in_headers(newsroom: Newsroom) -> None:
    counted = newsroom.site(AGENCY)["counted"]
    answer = api(newsroom, AGENCY, "wp/v2/posts", per_page=4)
    assert answer.headers["X-WP-Total"] == str(counted)
    assert answer.headers["X-WP-TotalPages"] == str(-(-counted // 4))


def test_following_next_gives_every_post_once(newsroom: Newsroom) -> None:
    seen: list[int] = []
    root = newsroom.site(PLAIN)["api_root"]
    address = f"{root}wp/v2/posts&per_page=3"
    while address:
        answer = ask(address)
        seen += [post["id"] for post in answer.value]
        links = ", ".join(answer.headers.get_all("Link", []))
        address = next((part for part in links.split(", ") if 'rel="next"' in part), "")[1:].partition(">")[0]
    assert sorted(seen) == sorted({use["post_id"] for use in newsroom.uses(PLAIN)})


def test_what_the_caller_may_not_read_is_counted_but_not_sent(newsroom: Newsroom) -> None:
    site = newsroom.site(AGENCY)
    sent = posts(newsroom, AGENCY)
    assert (len(sent), site["counted"]) == (site["posts"], site["posts"] + 1)
    assert site["hidden"][0] not in [post["id"] for post in sent]


def test_a_page_past_the_last_one_is_refused(newsroom: Newsroom) -> None:
    answer = api(newsroom, AGENCY, "wp/v2/posts", page=99)
    assert answer.status == 400
    assert answer.value == {
        "code": "rest_post_invalid_page_number",
        "message": "The page number requested is larger than the number of pages available.",
        "data": {"status": 400},
    }


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ({"per_page": 101}, "per_page", "rest_out_of_bounds"),
        ({"per_page": 0}, "per_page", "rest_out_of_bounds"),
        ({"per_page": "many"}, "per_page", "rest_invalid_type"),
        ({"page": 0}, "page", "rest_out_of_bounds"),
        ({"before": "yesterday"}, "before", "rest_invalid_date"),
        ({"orderby": "beauty"}, "orderby", "rest_not_in_enum"),
        ({"order": "up"}, "order", "rest_not_in_enum"),
        ({"include": "1,x"}, "include", "rest_invalid_type"),
    ],
)
def test_a_wrong_parameter_is_named(
    newsroom: Newsroom, query: dict[str, object], parameter: str, code: str
) -> None:
    answer = api(newsroom, AGENCY, "wp/v2/posts", **query)
    assert (answer.status, answer.value["code"]) == (400, "rest_invalid_param")
    assert answer.value["data"]["details"][parameter]["code"] == code


def test_posts_come_newest_first_unless_asked_otherwise(newsroom: Newsroom) -> None:
    dates = [post["date"] for post in posts(newsroom, OLD)]
    assert dates == sorted(dates, reverse=True)
    assert [post["date"] for post in posts(newsroom, OLD, order="asc")] == sorted(dates)


def test_posts_can_be_included_by_id_in_the_order_named(newsroom: Newsroom) -> None:
    ids = [post["id"] for post in posts(newsroom, LAST)][1:4]
    wanted = ",".join(map(str, ids))
    named = posts(newsroom, LAST, include=wanted, orderby="include", order="asc")
    assert [post["id"] for post in named] == ids


def test_before_and_after_part_the_posts(newsroom: Newsroom) -> None:
    every = posts(newsroom, LAST)
    moment = every[3]["date_gmt"] + "Z"
    assert posts(newsroom, LAST, before=moment) == every[4:]
    assert posts(newsroom, LAST, after=moment) == every[:3]


def test_a_moment_without_an_offset_is_on_the_sites_clock(newsroom: Newsroom) -> None:
    every = posts(newsroom, SUB_PATH)
    assert every[2]["date"] != every[2]["date_gmt"]
    assert posts(newsroom, SUB_PATH, after=every[2]["date"]) == every[:2]


def test_modified_after_leaves_out_what_did_not_change(newsroom: Newsroom) -> None:
    every = posts(newsroom, AGENCY, orderby="modified")
    assert posts(newsroom, AGENCY, orderby="modified", modified_after=every[1]["modified_gmt"]) == every[:1]


def test_wordpress_before_5_7_ignores_modified_after(newsroom: Newsroom) -> None:
    assert len(posts(newsroom, OLD, modified_after="2039-01-01T00:00:00Z")) == newsroom.site(OLD)["posts"]


def test_offset_skips_posts(newsroom: Newsroom) -> None:
    assert posts(newsroom, LAST, offset=2) == posts(newsroom, LAST)[2:]


def test_fields_narrow_an_item(newsroom: Newsroom) -> None:
    narrowed = posts(newsroom, LAST, _fields="id,title.rendered", per_page=1)[0]
    assert set(narrowed) == {"id", "title"}


# Featured media


def embedded(newsroom: Newsroom, number: int) -> dict[int, dict[str, Any]]:
    """The embedded featured media of every post, by the media id the post names."""
    found = posts(newsroom, number, _embed="wp:featuredmedia")
    return {post["featured_media"]: post["_embedded"]["wp:featuredmedia"][0] for post in found}


def test_embed_puts_the_featured_media_inside_the_post(newsroom: Newsroom) -> None:
    media = embedded(newsroom, LAST)
    uses = [use for use in newsroom.uses(LAST) if use["role"] == "featured"]
    assert {number: item["source_url"] for number, item in media.items()} == {
        use["media_id"]: use["url"] for use in uses
    }


def test_without_embed_there_is_only_a_link(newsroom: Newsroom) -> None:
    post = posts(newsroom, LAST)[0]
    assert "_embedded" not in post
    record = ask(post["_links"]["wp:featuredmedia"][0]["href"]).value
    assert record["id"] == post["featured_media"]


@pytest.mark.parametrize(
    ("access", "status", "code"),
    [("unauthorized", 401, "rest_forbidden"), ("deleted", 404, "rest_post_invalid_id")],
)
def test_media_that_cannot_be_had_answers_with_the_error_alone_and_embedded(
    newsroom: Newsroom, access: str, status: int, code: str
) -> None:
    number = newsroom.site(AGENCY)[access][0]
    answer = api(newsroom, AGENCY, f"wp/v2/media/{number}")
    assert (answer.status, answer.value["code"]) == (status, code)
    assert answer.value["data"] == {"status": status}
    assert embedded(newsroom, AGENCY)[number] == answer.value


@pytest.mark.parametrize("access", ["unauthorized", "deleted"])
def test_the_page_still_shows_the_picture_whose_record_is_lost(newsroom: Newsroom, access: str) -> None:
    number = newsroom.site(AGENCY)[access][0]
    use = next(use for use in newsroom.uses(AGENCY) if use["media_id"] == number)
    assert f'<meta property="og:image" content="{use["url"]}"/>' in ask(use["post_url"]).text
    assert ask(use["url"]).status == 200


def test_a_protected_post_hides_its_text_and_says_so(newsroom: Newsroom) -> None:
    link = newsroom.site(AGENCY)["protected"][0]
    post = next(post for post in posts(newsroom, AGENCY) if post["link"] == link)
    assert post["content"] == {"rendered": "", "protected": True}


def test_an_empty_map_is_a_list_as_php_writes_it(newsroom: Newsroom) -> None:
    media = next(iter(embedded(newsroom, OLD).values()))
    assert media["media_details"]["image_meta"] == []


def test_a_large_upload_is_published_scaled_with_its_original_named(newsroom: Newsroom) -> None:
    details = [media["media_details"] for media in embedded(newsroom, LAST).values()]
    scaled = next(entry for entry in details if "original_image" in entry)
    assert max(scaled["width"], scaled["height"]) == 2560
    name = scaled["file"].rpartition("/")[2]
    assert name == scaled["original_image"].replace(".webp", "-scaled.webp")


# Files


@pytest.mark.parametrize("number", EVERY_SITE)
def test_every_size_of_an_upload_is_a_file_of_that_size(newsroom: Newsroom, number: int) -> None:
    details = next(m["media_details"] for m in embedded(newsroom, number).values() if "media_details" in m)
    for size in details["sizes"].values():
        answer = ask(size["source_url"])
        with Image.open(io.BytesIO(answer.body)) as image:
            assert image.size == (size["width"], size["height"])
        assert answer.headers["Content-Type"] == size["mime_type"]


def test_a_picture_that_is_known_by_its_tag_or_date_is_not_sent_again(newsroom: Newsroom) -> None:
    address = newsroom.uses(OLD)[0]["url"]
    first = ask(address)
    for condition in (
        {"If_None_Match": first.headers["ETag"]},
        {"If_Modified_Since": first.headers["Last-Modified"]},
    ):
        again = ask(address, **condition)
        assert (again.status, again.body) == (304, b"")
    assert (
        ask(address, If_None_Match='"other"', If_Modified_Since=first.headers["Last-Modified"]).status == 200
    )


def test_one_picture_is_kept_from_picture_indexes(newsroom: Newsroom) -> None:
    (address,) = newsroom.site(LAST)["reserved"]
    assert ask(address).headers["X-Robots-Tag"] == "noimageindex"


def test_the_agency_keeps_the_credit_in_the_upload_and_loses_it_in_the_sizes(newsroom: Newsroom) -> None:
    use = newsroom.uses(AGENCY)[0]
    assert use["credit"].encode() in ask(use["original_url"]).body
    medium = api(newsroom, AGENCY, f"wp/v2/media/{use['media_id']}").value["media_details"]["sizes"]["medium"]
    assert use["credit"].encode() not in ask(medium["source_url"]).body


# Pages


@pytest.mark.parametrize("number", EVERY_SITE)
def test_every_story_has_a_page_with_its_pictures(newsroom: Newsroom, number: int) -> None:
    use = next(use for use in newsroom.uses(number) if use["role"] == "content")
    page = ask(use["post_url"]).text
    assert f'<link rel="canonical" href="{use["post_url"]}"/>' in page
    assert use["url"] in page
    assert use["caption"].replace("'", "&#x27;") in page


def test_a_short_address_leads_to_the_story(newsroom: Newsroom) -> None:
    use = newsroom.uses(AGENCY)[0]
    answer = ask(f"{newsroom.sites[AGENCY]}?p={use['post_id']}")
    assert (answer.status, answer.headers["Location"]) == (301, use["post_url"])


@pytest.mark.parametrize(("number", "path"), [(AGENCY, "feed/"), (SUB_PATH, "feed/"), (PLAIN, "?feed=rss2")])
def test_a_feed_holds_the_newest_stories(newsroom: Newsroom, number: int, path: str) -> None:
    answer = ask(newsroom.sites[number] + path)
    assert answer.headers.get_content_type() == "application/rss+xml"
    assert newsroom.uses(number)[0]["post_url"] in answer.text


@pytest.mark.parametrize("number", EVERY_SITE)
def test_robots_txt_is_wordpress_own(newsroom: Newsroom, number: int) -> None:
    answer = ask(f"http://{newsroom.allow[number]}/robots.txt")
    assert answer.text.startswith("User-agent: *\nDisallow: /")


def test_an_unknown_page_is_not_found(newsroom: Newsroom) -> None:
    assert ask(newsroom.sites[SUB_PATH] + "nowhere/").status == 404


def test_a_photograph_is_used_by_several_sites(newsroom: Newsroom) -> None:
    first = newsroom.facts["photos"][0]["name"]
    assert {use["site"] for use in newsroom.facts["uses"] if use["photo"] == first} == set(newsroom.allow)
