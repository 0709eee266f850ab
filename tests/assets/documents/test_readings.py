"""Documents become readings; featured media is resolved within the input."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from assets.documents import contents, repeated_pictures
from assets.documents.readings import merge_references, read_documents
from assets.model import Document, DocumentKind, Failure, PageKind, Reading, Reason, Role, Stage

ROOT = "https://news.example/wp-json/"
UPLOADS = "https://news.example/wp-content/uploads/2025/08/"


def post(
    number: int = 7, media: int = 8, html: str = "", root: str = ROOT, **fields: object
) -> dict[str, object]:
    links = {"self": [{"href": f"{root}wp/v2/posts/{number}"}]}
    if media:
        links["wp:featuredmedia"] = [{"href": f"{root}wp/v2/media/{media}"}]
    return {
        "id": number,
        "type": "post",
        "link": root.replace("wp-json/", f"{number}/"),
        "title": {"rendered": f"Post {number}"},
        "content": {"rendered": html},
        "featured_media": media,
        "_links": links,
        **fields,
    }


def media(number: int = 8, root: str = ROOT, **fields: object) -> dict[str, object]:
    return {
        "id": number,
        "type": "attachment",
        "link": root.replace("wp-json/", f"attachment-{number}/"),
        "source_url": f"{UPLOADS}kim-{number}.jpg",
        "media_type": "image",
        "mime_type": "image/jpeg",
        "alt_text": f"Picture {number}",
        "_links": {"self": [{"href": f"{root}wp/v2/media/{number}"}]},
        **fields,
    }


def user() -> dict[str, object]:
    return {"id": 1, "name": "A", "avatar_urls": {}, "_links": {}}


def document(value: object, source: str = "dump.json") -> Document:
    return Document(source, DocumentKind.WORDPRESS, value=value)


def of(*values: object) -> list[Reading | Failure]:
    return list(read_documents(document(value) for value in values))


def pages(parts: Iterable[Reading | Failure]) -> list[Reading]:
    return [part for part in parts if isinstance(part, Reading)]


def reasons(parts: Iterable[Reading | Failure]) -> list[Reason]:
    return [part.reason for part in parts if isinstance(part, Failure)]


# Featured media within the input


def test_a_media_item_met_before_its_post_resolves_it() -> None:
    found = of(media(), post())
    assert len(found) == 1
    reference = pages(found)[0].references[0]
    assert (reference.role, reference.resolved, reference.url) == (Role.FEATURED, True, f"{UPLOADS}kim-8.jpg")


def test_a_media_item_met_after_its_post_resolves_it() -> None:
    found = of(post(), media())
    assert [one.url for one in pages(found)[0].references] == [f"{UPLOADS}kim-8.jpg"]
    assert len(found) == 1


def test_a_list_of_objects_is_read_like_its_objects() -> None:
    found = of([post(), media()])
    assert [one.alt for one in pages(found)[0].references] == ["Picture 8"]


def test_posts_that_need_nothing_do_not_wait() -> None:
    asked: list[str] = []

    def documents() -> Iterable[Document]:
        for number in (1, 2, 3):
            asked.append(str(number))
            yield document(post(number, media=0))

    first = next(iter(read_documents(documents())))
    assert isinstance(first, Reading)
    assert (first.page.post_id, asked) == (1, ["1"])


def test_a_post_that_waits_is_passed_by_those_that_need_not() -> None:
    found = of(post(1, media=8), post(2, media=0), media(8))
    assert [reading.page.post_id for reading in pages(found)] == [2, 1]


def test_one_media_item_serves_many_posts() -> None:
    found = pages(of(post(1), media(), post(2), post(3)))
    assert {reading.references[0].url for reading in found} == {f"{UPLOADS}kim-8.jpg"}
    assert len(found) == 3


def test_the_same_id_under_another_root_is_another_picture() -> None:
    found = pages(of(post(root="https://news.example/uk/wp-json/"), media()))
    assert [reading.page.kind for reading in found] == [PageKind.POST, PageKind.ATTACHMENT]
    assert found[0].references[0].resolved is False


def test_roots_that_differ_in_scheme_only_are_one_site() -> None:
    found = pages(of(media(root="http://news.example/wp-json/"), post()))
    assert [one.resolved for one in found[0].references] == [True]


def test_objects_without_links_meet_by_their_host() -> None:
    found = pages(of(media(_links=None), post(_links=None)))
    assert [(len(found), found[0].references[0].resolved)] == [(1, True)]


def test_a_post_without_links_finds_the_media_of_the_one_site_of_its_host() -> None:
    assert pages(of(media(), post(_links=None)))[0].references[0].resolved is True


def test_a_post_without_links_does_not_guess_between_two_sites_of_its_host() -> None:
    other = media(root="https://news.example/uk/wp-json/")
    found = pages(of(media(), other, post(_links=None)))
    assert [one.resolved for one in found[0].references] == [False]


def test_a_featured_picture_that_stands_in_the_content_is_one_reference_after_resolving() -> None:
    html = f'<img class="wp-image-8" src="{UPLOADS}kim-8-300x200.jpg" width="300" alt="Small">'
    reference = pages(of(post(html=html), media()))[0].references
    assert [(one.role, one.url, one.alt) for one in reference] == [
        (Role.FEATURED, f"{UPLOADS}kim-8.jpg", "Picture 8")
    ]


def test_a_media_item_that_a_field_names_is_content() -> None:
    links = {
        "self": [{"href": f"{ROOT}wp/v2/posts/7"}],
        "acf:attachment": [{"href": f"{ROOT}wp/v2/media/9"}],
    }
    found = pages(of(post(media=0, acf={"photo": 9}, _links=links), media(9)))
    assert [[(one.role, one.url) for one in reading.references] for reading in found] == [
        [(Role.CONTENT, f"{UPLOADS}kim-9.jpg")]
    ]


def test_without_the_media_item_the_picture_in_the_content_is_the_featured_one() -> None:
    html = f'<img class="wp-image-8" src="{UPLOADS}kim.jpg" width="300" height="200" alt="Small">'
    found = pages(of(post(html=html)))[0].references
    assert [(one.role, one.url, one.resolved) for one in found] == [
        (Role.FEATURED, f"{UPLOADS}kim.jpg", True)
    ]


def test_an_embedded_error_is_overcome_by_the_media_item() -> None:
    error = {"code": "rest_forbidden", "message": "Sorry.", "data": {"status": 401}}
    found = pages(of(post(_embedded={"wp:featuredmedia": [error]}), media()))[0].references
    assert [(one.resolved, one.diagnosis) for one in found] == [(True, None)]


# Media items on their own


def test_a_media_item_that_no_post_uses_is_a_page() -> None:
    found = pages(of(post(media=8), media(8), media(9)))
    assert [(reading.page.kind, reading.page.post_id) for reading in found] == [
        (PageKind.POST, 7),
        (PageKind.ATTACHMENT, 9),
    ]


@pytest.mark.parametrize("name", ["kim-9.jpg", "kim-9-300x200.jpg"])
def test_a_media_item_whose_picture_stands_in_a_content_is_used(name: str) -> None:
    html = f'<img src="{UPLOADS}{name}" width="300" height="200" alt="x">'
    found = pages(of(media(9), post(media=0, html=html)))
    assert [reading.page.kind for reading in found] == [PageKind.POST]


def test_a_media_item_that_is_no_picture_is_a_failure_only_when_it_is_alone() -> None:
    pdf = media(9, media_type="file", mime_type="application/pdf")
    assert reasons(of(pdf)) == [Reason.NO_PICTURE]
    assert reasons(of(pdf, media(8))) == []


def test_an_input_of_users_says_that_it_holds_no_picture() -> None:
    found = of(user(), user())
    assert len(found) == 1
    assert isinstance(found[0], Failure)
    assert (found[0].reason, found[0].address) == (Reason.NO_PICTURE, "dump.json")
    assert found[0].detail == "it holds a WordPress user and 1 more"


def test_each_input_without_a_picture_says_so_in_its_turn() -> None:
    given = [document(user(), "a.json"), document(post(media=0), "b.json"), document(user(), "c.json")]
    found = list(read_documents(given))
    assert [part.address if isinstance(part, Failure) else "page" for part in found] == [
        "a.json",
        "page",
        "c.json",
    ]


# Other kinds


def test_failures_pass_through() -> None:
    failure = Failure(Stage.READ, Reason.NOT_FOUND, "x")
    assert list(read_documents([failure])) == [failure]


def test_a_list_of_addresses_is_one_page() -> None:
    body = (
        "\ufeff# the desk's list\n"
        "https://a.example/1.jpg\n"
        "\n"
        "  https://a.example/2 b.jpg\tsome caption\r\n"
        "http://a.example/1.jpg\n"
        "pictures/3.jpg\n"
        "ftp://a.example/4.jpg"
    )
    found = list(read_documents([Document("list/urls.txt", DocumentKind.ADDRESSES, body=body.encode())]))
    reading = pages(found)[0]
    assert (reading.page.kind, reading.page.url, reading.page.title) == (PageKind.LIST, "", "urls.txt")
    assert [(one.url, one.position) for one in reading.references] == [
        ("https://a.example/1.jpg", 0),
        ("https://a.example/2%20b.jpg", 1),
    ]
    assert [(one.reason, one.address, one.detail) for one in reading.failures] == [
        (Reason.BAD_ADDRESS, "pictures/3.jpg", "line 6 of list/urls.txt"),
        (Reason.BAD_ADDRESS, "ftp://a.example/4.jpg", "line 7 of list/urls.txt"),
    ]


def test_a_picture_is_a_page_of_its_own() -> None:
    given = Document("desk/kim.png", DocumentKind.PICTURE, path="/archive/desk/kim.png")
    reading = pages(read_documents([given]))[0]
    assert (reading.page.kind, reading.page.title, reading.page.url) == (PageKind.FILE, "kim.png", "")
    assert [(one.url, one.role) for one in reading.references] == [("/archive/desk/kim.png", Role.CONTENT)]


def test_a_saved_page_is_an_article() -> None:
    html = b"<html><head><title>T</title></head><body><article><p>x</p></article></body></html>"
    reading = pages(
        read_documents([Document("story.html", DocumentKind.HTML, "https://a.example/s/", html)])
    )[0]
    assert (reading.page.source, reading.page.url) == ("story.html", "https://a.example/s/")


@pytest.mark.parametrize("share", [0.55, 0.61, 0.66, 0.75])
def test_a_paragraph_that_has_most_of_a_short_story_is_not_the_story(share: float) -> None:
    texts = ("Some text. " * round(100 * part) for part in (share, 1 - share))
    first, second = (f"<p>{text}</p>" for text in texts)
    picture = "<figure><img src='https://a.example/b.jpg' width=900 height=600></figure>"
    html = f"<html><body><article><h1>T</h1>{first}{picture}{second}</article></body></html>"
    reading = pages(
        read_documents([Document("s.html", DocumentKind.HTML, "https://a.example/s/", html.encode())])
    )[0]
    assert [one.url for one in reading.references] == ["https://a.example/b.jpg"]


def test_a_saved_page_without_an_address_says_that_its_relative_pictures_are_lost() -> None:
    html = b"<html><body><article><p>x</p><img src='/a.jpg'><img src='https://cdn.example/b.jpg'></article></body></html>"
    reading = pages(read_documents([Document("story.html", DocumentKind.HTML, "", html)]))[0]
    assert [one.url for one in reading.references] == ["https://cdn.example/b.jpg"]
    (failure,) = reading.failures
    assert (failure.reason, failure.address) == (Reason.BAD_ADDRESS, "story.html")
    assert failure.detail.startswith("/a.jpg: ")
    assert "--base-url" in failure.detail


def test_a_feed_gives_a_page_for_each_entry() -> None:
    items = b"<item><title>A</title></item><item><title>B</title></item>"
    body = b"<rss version='2.0'><channel>%s</channel></rss>" % items
    found = pages(read_documents([Document("feed.xml", DocumentKind.FEED, body=body)]))
    assert [reading.page.title for reading in found] == ["A", "B"]


def test_a_fault_of_ours_costs_one_document(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_document: Document) -> Reading:
        raise KeyError("unforeseen")

    monkeypatch.setattr("assets.articles.read_article", broken)
    found = list(read_documents([Document("a.html", DocumentKind.HTML), document(post(media=0), "b.json")]))
    assert isinstance(found[0], Failure)
    assert (found[0].reason, found[0].address, found[0].detail) == (
        Reason.INTERNAL,
        "a.html",
        "KeyError: 'unforeseen'",
    )
    assert isinstance(found[1], Reading)


# Merging


def test_merging_keeps_the_featured_picture_first_and_counts_anew() -> None:
    found = merge_references(
        pages(of(post(media=0, html='<img src="https://a.example/1.jpg">'), media(8)))[0].references
    )
    assert [one.position for one in found] == [0]


def test_every_kind_of_document_has_a_reader() -> None:
    assert set(contents._READERS) | {DocumentKind.WORDPRESS} == set(DocumentKind)


def test_an_address_with_a_password_in_a_list_is_refused_without_it() -> None:
    body = b"https://ada:secret@a.example/1.jpg\nhttps://a.example/2.jpg"
    (reading,) = pages(read_documents([Document("urls.txt", DocumentKind.ADDRESSES, body=body)]))
    assert [one.url for one in reading.references] == ["https://a.example/2.jpg"]
    assert [failure.reason for failure in reading.failures] == [Reason.BAD_ADDRESS]
    assert "secret" not in repr(reading)


def test_a_sitemap_yields_the_pictures_that_it_names() -> None:
    body = (
        b"<urlset><url><loc>https://news.example/a/</loc><image:image><image:loc>https://news.example/a.jpg"
        b"</image:loc></image:image></url></urlset>"
    )
    (part,) = read_documents([Document("map.xml", DocumentKind.SITEMAP, body=body)])
    assert isinstance(part, Reading)
    assert (part.page.url, [one.url for one in part.references]) == (
        "https://news.example/a/",
        ["https://news.example/a.jpg"],
    )


# What most pages of a site show

TEXT = "".join(f"<p>{'The ferry went back into service on Monday. ' * 5}</p>" for _ in range(3))
PROMPT = '<img src="/img/evening-letter.jpg">'


def page(number: int, inside: str, site: str = "news.example") -> Document:
    own = f'<img src="/{number}/quay.jpg" alt="The quay">'
    html = f"<article><h1>Ferry number {number}</h1>{own}{TEXT}{inside}</article>"
    return Document(f"{number}.html", DocumentKind.HTML, f"https://{site}/{number}/", html.encode())


def shown(documents: Iterable[Document]) -> list[list[str]]:
    """By page the names of its pictures."""
    found = [part for part in read_documents(documents) if isinstance(part, Reading)]
    return [[one.url.rpartition("/")[2] for one in part.references] for part in found]


def test_what_most_pages_of_a_site_show_is_the_sites() -> None:
    assert shown(page(number, PROMPT) for number in range(12)) == [["quay.jpg"]] * 12


def test_of_few_pages_nobody_can_say_what_is_the_sites() -> None:
    pages = [page(number, PROMPT) for number in range(repeated_pictures.MIN_PAGES - 1)]
    assert shown(pages) == [["quay.jpg", "evening-letter.jpg"]] * len(pages)


def test_a_picture_on_half_of_the_pages_is_theirs() -> None:
    found = shown(page(number, PROMPT if number % 2 else "") for number in range(12))
    assert found == [["quay.jpg"], ["quay.jpg", "evening-letter.jpg"]] * 6


def test_a_picture_with_a_caption_is_the_storys_on_however_many_pages() -> None:
    figure = f"<figure>{PROMPT}<figcaption>The new evening letter</figcaption></figure>"
    assert shown(page(number, figure) for number in range(8)) == [["quay.jpg", "evening-letter.jpg"]] * 8


def test_pages_of_other_sites_say_nothing_of_a_site() -> None:
    pages = [page(number, PROMPT, f"news{number}.example") for number in range(8)]
    assert shown(pages) == [["quay.jpg", "evening-letter.jpg"]] * 8


def test_parts_keep_their_order_while_the_first_pages_are_kept_back() -> None:
    parts: list[Document | Failure] = [page(number, PROMPT) for number in range(8)]
    parts.insert(3, Failure(Stage.READ, Reason.EMPTY, "folder"))
    told = [
        part.page.source if isinstance(part, Reading) else part.address
        for part in read_documents(parts)
        if isinstance(part, Reading | Failure)
    ]
    assert told == ["0.html", "1.html", "2.html", "folder", *(f"{number}.html" for number in range(3, 8))]


def test_a_page_that_shows_the_sites_pictures_alone_has_none() -> None:
    def bare(number: int) -> Document:
        html = f"<article><h1>Ferry number {number}</h1>{TEXT}{PROMPT}</article>"
        return Document(f"{number}.html", DocumentKind.HTML, f"https://news.example/{number}/", html.encode())

    found = [part for part in read_documents(map(bare, range(8))) if isinstance(part, Reading)]
    assert [(part.references, part.has_bare_story, part.failures[0].detail) for part in found] == [
        ((), True, "an article without a picture")
    ] * 8


def test_what_is_known_of_a_site_stays_known_on_a_long_run() -> None:
    found = shown(page(number, PROMPT) for number in range(repeated_pictures.MAX_LEARNING_PAGES + 20))
    assert found == [["quay.jpg"]] * (repeated_pictures.MAX_LEARNING_PAGES + 20)
