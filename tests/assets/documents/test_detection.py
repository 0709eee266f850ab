"""What a body is, by looking at it."""

from __future__ import annotations

import gzip
import json
import random
from typing import Any

import pytest

from assets.documents.detection import detect, documents, has_picture_name
from assets.model import Document, DocumentKind, Failure, Notice, Reason

POST = {"id": 7, "title": {"rendered": "Kim"}, "content": {"rendered": "<p>x</p>"}, "featured_media": 0}
MEDIA = {"id": 8, "type": "attachment", "source_url": "https://a.example/b.jpg"}
USER = {"id": 1, "name": "A", "avatar_urls": {"24": "https://a.example/x"}, "_links": {}}
FEED = {"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": []}
ERROR = {"code": "rest_forbidden", "message": "Sorry.", "data": {"status": 401}}

RSS = b'<?xml version="1.0"?>\n<!-- made by hand -->\n<rss version="2.0"><channel></channel></rss>'
WXR = b'<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel/></rss>'
LIST = b"# pictures\nhttps://a.example/1.jpg\n\nhttps://a.example/2.jpg\n"


def packed(value: object) -> bytes:
    return json.dumps(value).encode()


def parts(body: bytes, **about: str) -> list[Document | Failure | Notice]:
    return list(documents(body, "input", **about))


def reasons(body: bytes, **about: str) -> list[Reason]:
    return [part.reason for part in parts(body, **about) if isinstance(part, Failure)]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (packed(POST), DocumentKind.WORDPRESS),
        (packed([POST, MEDIA]), DocumentKind.WORDPRESS),
        (packed(USER), DocumentKind.WORDPRESS),
        (packed(ERROR), DocumentKind.WORDPRESS),
        (packed({"body": [POST], "status": 200, "headers": {}}), DocumentKind.WORDPRESS),
        (packed(POST) + b"\n" + packed(POST), DocumentKind.WORDPRESS),
        (packed(FEED), DocumentKind.JSON_FEED),
        (packed({"items": [], "version": "1"}), None),
        (b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1", "items": []}', DocumentKind.JSON_FEED),
        (RSS, DocumentKind.FEED),
        (b"\xef\xbb\xbf  \n" + RSS, DocumentKind.FEED),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', DocumentKind.FEED),
        (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', DocumentKind.FEED),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss/>', DocumentKind.FEED),
        (WXR, DocumentKind.WXR),
        (
            b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>',
            DocumentKind.SITEMAP,
        ),
        (b"<?xml-stylesheet href='a.xsl'?>\n<!-- a --><sitemapindex></sitemapindex>", DocumentKind.SITEMAP),
        (gzip.compress(b"<s:urlset xmlns:s='urn:a'/>", mtime=0), DocumentKind.SITEMAP),
        (b"<!DOCTYPE html><title>x</title>", DocumentKind.HTML),
        (b"<!-- saved --><HTML><body>", DocumentKind.HTML),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', DocumentKind.HTML),
        (b"<p>A fragment <img src=a.jpg></p>", DocumentKind.HTML),
        (b"Warning: x\n<html><body>", DocumentKind.HTML),
        (LIST, DocumentKind.ADDRESSES),
        (b"https://a.example/1.jpg", DocumentKind.ADDRESSES),
        (b"HTTP://a.example/1.jpg\r\nnonsense\r\nhttps://a.example/2.jpg", DocumentKind.ADDRESSES),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", DocumentKind.PICTURE),
        (b"\x89PNG\r\n\x1a\n", DocumentKind.PICTURE),
        (b"GIF89a", DocumentKind.PICTURE),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", DocumentKind.PICTURE),
        (b"II*\x00\x08\x00\x00\x00", DocumentKind.PICTURE),
        (b"\x00\x00\x00\x1cftypavif", DocumentKind.PICTURE),
        (b"\x00\x00\x00\x1cftypheic", DocumentKind.PICTURE),
        (b"BM" + bytes(12) + b"\x28\x00\x00\x00", DocumentKind.PICTURE),
        (b"%!PS-Adobe-3.0 EPSF-3.0", DocumentKind.PICTURE),
        (b"%PDF-1.7", DocumentKind.PICTURE),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', DocumentKind.PICTURE),
        (b"\x00\x00\x00\x1cftypisom", None),
        (b"BMW sold more cars than ever.", None),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"<opml></opml>", None),
        (b"file,title\nhttps://a.example/,x\n", None),
        (packed({"id": 1, "title": "x"}), None),
        (packed([1, 2, 3]), None),
        (b"[]", None),
        (b"{", None),
        (b"Plain words.", None),
        (b"   \n", None),
        (b"", None),
        (bytes(100), None),
    ],
)
def test_a_body_is_known_by_its_content(body: bytes, kind: DocumentKind | None) -> None:
    assert detect(body) is kind
    assert detect(gzip.compress(body)) is kind


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [(RSS, DocumentKind.FEED), (LIST, DocumentKind.ADDRESSES), (packed(POST), DocumentKind.WORDPRESS)],
)
def test_a_body_is_known_in_any_encoding(body: bytes, kind: DocumentKind, encoding: str) -> None:
    recoded = body.decode().encode(encoding)
    assert detect(recoded) is kind
    assert [part.kind for part in parts(recoded) if isinstance(part, Document)] == [kind]


@pytest.mark.parametrize(
    ("body", "about", "kind"),
    [
        (packed(POST), {"name": "page.html", "content_type": "text/html"}, DocumentKind.WORDPRESS),
        (RSS, {"name": "feed.json", "content_type": "application/json"}, DocumentKind.FEED),
        (b"\xff\xd8\xff\xe0", {"name": "story.html"}, DocumentKind.PICTURE),
        (b"words <b>bold</b>", {}, None),
        (b"words <p>and tags", {}, None),
        (b"words <p>and tags", {"name": "story.HTML"}, DocumentKind.HTML),
        (b"words <p>and tags", {"content_type": "text/html; charset=utf-8"}, DocumentKind.HTML),
        (b"<html>Not found</html>", {"name": "photo.jpg"}, DocumentKind.PICTURE),
        (b"", {"name": "photo.jpg"}, DocumentKind.PICTURE),
        (b"\x01\x02", {"content_type": "image/x-odd"}, DocumentKind.PICTURE),
    ],
)
def test_names_and_types_only_break_ties(
    body: bytes, about: dict[str, str], kind: DocumentKind | None
) -> None:
    assert detect(body, **about) is kind


def test_a_long_list_of_addresses_is_known_by_its_beginning() -> None:
    assert detect(b"https://a.example/some/long/picture.jpg\n" * 10_000) is DocumentKind.ADDRESSES


@pytest.mark.parametrize(
    "name", ["a.jpg", "A.JPEG", "/x/y.TIFF", "b.heic", "c.CR2", "d.webp", "e.pgm", "f.srw", "g.jpx"]
)
def test_a_picture_has_a_pictures_name(name: str) -> None:
    assert has_picture_name(name)


@pytest.mark.parametrize("name", ["", "jpg", ".jpg", "a.jpg.html", "/x.jpg/story", "a.pdf", "a.txt", "photo"])
def test_other_names_promise_no_picture(name: str) -> None:
    assert not has_picture_name(name)


# Documents


def values(body: bytes) -> list[Any]:
    return [part.value for part in parts(body) if isinstance(part, Document)]


@pytest.mark.parametrize(
    "body",
    [
        packed([POST, MEDIA]),
        packed(POST) + b"\n" + packed(MEDIA) + b"\n",
        gzip.compress(packed(POST) + packed(MEDIA)),
        packed([[POST], [MEDIA]]),
        packed({"body": [POST, MEDIA], "status": 200, "headers": {}}),
        packed({"posts": [POST], "media": [MEDIA]}),
        packed({"body": POST, "status": 200, "headers": {}}) + packed(MEDIA),
    ],
)
def test_each_object_is_a_document(body: bytes) -> None:
    assert values(body) == [POST, MEDIA]


def test_a_document_knows_where_it_came_from() -> None:
    part = parts(RSS, url="https://a.example/feed", content_type="text/xml")[0]
    assert part == Document(
        "input", DocumentKind.FEED, "https://a.example/feed", RSS, content_type="text/xml"
    )


def test_a_feed_among_posts_is_a_document_of_its_own() -> None:
    kinds = [
        part.kind
        for part in parts(packed(POST) + packed({"items": [POST], **FEED}))
        if isinstance(part, Document)
    ]
    assert kinds == [DocumentKind.WORDPRESS, DocumentKind.JSON_FEED]


def test_a_wordpress_error_is_a_failure_with_its_words() -> None:
    failure = parts(packed(ERROR))[0]
    assert isinstance(failure, Failure)
    assert (failure.reason, failure.detail) == (Reason.UNAUTHORIZED, "rest_forbidden: Sorry.")


def test_objects_of_another_kind_are_counted_into_one_failure() -> None:
    found = parts(packed([POST, {"x": 1}, 5]))
    assert isinstance(found[0], Document)
    assert isinstance(found[1], Failure)
    assert (found[1].reason, found[1].detail) == (
        Reason.UNKNOWN_FORMAT,
        "2 of 3 JSON values are no WordPress objects",
    )


def test_one_bad_line_costs_that_line() -> None:
    body = packed(POST) + b'\n{"id": 1, "title"\n' + packed(MEDIA)
    assert values(body) == [POST, MEDIA]
    assert reasons(body) == [Reason.MALFORMED]


def test_a_dump_that_is_cut_off_keeps_its_whole_posts() -> None:
    body = packed([POST, POST, POST])[:-20]
    assert (values(body), reasons(body)) == ([POST, POST], [Reason.MALFORMED])


def test_a_cut_gzip_dump_keeps_its_whole_posts() -> None:
    lines = b"\n".join(packed({**POST, "slug": random.Random(n).randbytes(500).hex()}) for n in range(99))  # noqa: S311
    body = gzip.compress(lines)[:-4000]
    assert len(values(body)) > 50
    assert reasons(body) == [Reason.UNREADABLE]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"Plain words.", Reason.UNKNOWN_FORMAT),
        (packed({"id": 1}), Reason.UNKNOWN_FORMAT),
        (b"", Reason.EMPTY),
        (b" \n ", Reason.EMPTY),
        (b"[]", Reason.EMPTY),
        (gzip.compress(b"", mtime=0), Reason.EMPTY),
        (b'{"id": 7, "title"', Reason.MALFORMED),
        (b"[" * 100_000, Reason.MALFORMED),
        (gzip.compress(RSS, mtime=0)[:-12], Reason.UNREADABLE),
        (b"\x1f\x8b\x08 no gzip", Reason.UNREADABLE),
        (b"GIF89a", Reason.UNKNOWN_FORMAT),
    ],
)
def test_what_cannot_be_read_is_one_failure(body: bytes, reason: Reason) -> None:
    found = parts(body)
    assert [part.reason for part in found if isinstance(part, Failure)] == [reason]
    assert len(found) == 1
    assert isinstance(found[0], Failure)
    assert found[0].address == "input"


def test_a_malformed_body_tells_where() -> None:
    found = parts(b'{"id": 7,\n "title" 5}')[0]
    assert isinstance(found, Failure)
    assert found.detail == "Expecting ':' delimiter (line 2, column 10, in the value that begins on line 1)"


def test_a_document_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assets.documents.detection.MAX_DOCUMENT_BYTES", 100_000)
    assert reasons(gzip.compress(RSS + bytes(1 << 20))) == [Reason.TOO_LARGE]


def test_damaged_bodies_never_raise() -> None:
    chance = random.Random(5)  # noqa: S311
    bodies = [
        packed([POST, FEED]),
        RSS,
        WXR,
        LIST,
        gzip.compress(packed(POST)),
        RSS.decode().encode("utf-16"),
    ]
    for _ in range(1_500):
        damaged = bytearray(chance.choice(bodies))
        for _ in range(chance.randrange(1, 5)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        assert parts(bytes(damaged))
        detect(bytes(damaged))


NOTICE = b"<br />\n<b>Notice</b>: Undefined index: x in <b>/www/a.php</b><br />\n"


def test_json_behind_a_notice_is_known_for_what_it_is() -> None:
    assert detect(NOTICE + packed([POST])) is DocumentKind.WORDPRESS


def test_a_notice_before_json_is_named_and_costs_no_document() -> None:
    notice, *documents_found = parts(NOTICE + packed([POST, MEDIA]))
    assert notice == Notice("input", "Notice: Undefined index: x in /www/a.php")
    assert [part.value for part in documents_found if isinstance(part, Document)] == [POST, MEDIA]


def test_a_notice_before_a_json_feed_costs_nothing() -> None:
    kinds = [part.kind for part in parts(NOTICE + packed(FEED)) if isinstance(part, Document)]
    assert kinds == [DocumentKind.JSON_FEED]


def test_a_comment_behind_json_lines_is_named() -> None:
    found = parts(packed(POST) + b"\n" + packed(POST) + b"\n<!-- cached -->\n")
    assert found[2:] == [Notice("input", "cached")]


def test_packed_json_behind_a_notice_is_read() -> None:
    assert isinstance(parts(gzip.compress(NOTICE + packed(POST)))[1], Document)


def test_a_page_with_an_example_in_it_stays_a_page() -> None:
    body = b"<p>An answer:</p><p>" + packed([{"id": 1, "name": "x"}]) + b"<br><img src=a.jpg>"
    assert detect(body) is DocumentKind.HTML


def test_a_list_of_addresses_with_brackets_stays_a_list() -> None:
    assert detect(b"https://a.example/1.jpg\nhttps://a.example/[]\n[]") is DocumentKind.ADDRESSES
