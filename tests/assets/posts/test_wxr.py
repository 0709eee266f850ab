"""WordPress export files: posts with their pictures, attachments resolved within the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.model import Failure, ImageReference, PageKind, Reading, Reason, Role
from assets.posts.wxr import read_export

UPLOADS = "https://news.example/wp-content/uploads/2025/08/"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>News</title><link>https://news.example</link>'
    "<wp:base_blog_url>https://news.example/uk</wp:base_blog_url>"
)


def item(
    kind: str = "post", number: int = 7, content: str = "", meta: dict[str, str] | None = None, **fields: str
) -> str:
    told = {
        "status": "publish",
        "post_date": "2025-08-23 06:41:03",
        "post_date_gmt": "2025-08-23 04:41:03",
        **fields,
    }
    extra = "".join(f"<wp:{name}><![CDATA[{value}]]></wp:{name}>" for name, value in told.items())
    for key, value in (meta or {}).items():
        named = f"<wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value>"
        extra += f"<wp:postmeta>{named}</wp:postmeta>"
    return (
        f"<item><title>Title {number}</title><link>https://news.example/{number}/</link>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_type>{kind}</wp:post_type>{extra}</item>"
    )


def attachment(
    number: int = 8,
    name: str = "kim.jpg",
    caption: str = "",
    meta: dict[str, str] | None = None,
    **fields: str,
) -> str:
    text = item(
        "attachment", number, meta=meta, attachment_url=UPLOADS + name, **{"status": "inherit", **fields}
    )
    return text.replace("</item>", f"<excerpt:encoded><![CDATA[{caption}]]></excerpt:encoded></item>")


def read(*items: str) -> list[Reading | Failure]:
    return list(read_export((HEAD + "".join(items) + "</channel></rss>").encode(), "export.xml"))


def pages(*items: str) -> list[Reading]:
    return [part for part in read(*items) if isinstance(part, Reading)]


def references(*items: str) -> tuple[ImageReference, ...]:
    return pages(*items)[0].references


def test_a_post_is_a_page() -> None:
    page = pages(item(post_modified_gmt="2025-08-24 01:02:03"))[0].page
    assert (page.source, page.url, page.site) == ("export.xml", "https://news.example/7/", "news.example")
    assert (page.kind, page.title, page.post_id) == (PageKind.POST, "Title 7", 7)
    assert (page.published, page.modified) == ("2025-08-23T04:41:03Z", "2025-08-24T01:02:03Z")


def test_pages_and_custom_types_are_pages_too() -> None:
    assert [one.page.kind for one in pages(item("page"), item("recipe"))] == [PageKind.PAGE, PageKind.POST]


@pytest.mark.parametrize("status", ["draft", "auto-draft", "pending", "future", "trash", "inherit"])
def test_what_was_never_published_is_left_out(status: str) -> None:
    assert read(item(status=status)) == []


@pytest.mark.parametrize("kind", ["nav_menu_item", "revision", "wp_navigation"])
def test_the_sites_machinery_is_left_out(kind: str) -> None:
    assert read(item(kind)) == []


def test_without_a_date_in_utc_the_clock_of_the_site_stands() -> None:
    assert pages(item(post_date_gmt="0000-00-00 00:00:00"))[0].page.published == "2025-08-23T06:41:03"


def test_a_relative_link_is_resolved_against_the_blog() -> None:
    text = item().replace("https://news.example/7/", "/story.html")
    assert pages(text)[0].page.url == "https://news.example/story.html"


@pytest.mark.parametrize("order", [1, -1])
def test_the_featured_picture_is_found_before_and_behind_its_post(order: int) -> None:
    meta = {"_wp_attachment_image_alt": "Kim at a table"}
    both = [item(meta={"_thumbnail_id": "8"}), attachment(caption="<b>Kim</b> in Pyongyang", meta=meta)]
    found = pages(*both[::order])
    assert len(found) == 1
    picture = found[0].references[0]
    assert (picture.role, picture.url, picture.media_id) == (Role.FEATURED, f"{UPLOADS}kim.jpg", 8)
    assert (picture.alt, picture.caption, picture.uploaded) == (
        "Kim at a table",
        "Kim in Pyongyang",
        "2025-08-23T04:41:03Z",
    )


def test_attachment_metadata_tells_size_sizes_credit_and_upload() -> None:
    metadata = (
        'a:6:{s:5:"width";i:2560;s:6:"height";i:1707;s:4:"file";s:22:"2025/08/kim-scaled.jpg";s:14:"original_image";'
        's:7:"kim.jpg";s:5:"sizes";a:1:{s:6:"medium";a:3:{s:4:"file";s:15:"kim-300x200.jpg";s:5:"width";i:300;'
        's:6:"height";i:200;}}s:10:"image_meta";a:1:{s:6:"credit";s:4:"KCNA";}}'
    )
    meta = {"_wp_attachment_metadata": metadata}
    picture = references(item(meta={"_thumbnail_id": "8"}), attachment(name="kim-scaled.jpg", meta=meta))[0]
    assert (picture.url, picture.width, picture.height) == (f"{UPLOADS}kim-scaled.jpg", 2560, 1707)
    assert picture.variants == (f"{UPLOADS}kim-300x200.jpg",)
    assert picture.uploads == (f"{UPLOADS}kim.jpg",)
    assert (picture.credit, picture.credit_field) == ("KCNA", "image_meta.credit")


def test_a_featured_picture_the_export_does_not_hold_is_a_failure() -> None:
    reading = pages(item(meta={"_thumbnail_id": "9"}))[0]
    assert [(one.reason, one.address) for one in reading.failures] == [
        (Reason.NOT_EMBEDDED, "https://news.example/7/")
    ]


@pytest.mark.parametrize("number", ["", "0", "x", "-1", "99999999999999999999"])
def test_a_thumbnail_id_that_is_none_is_no_picture(number: str) -> None:
    reading = pages(item(meta={"_thumbnail_id": number}))[0]
    assert (reading.references, reading.failures) == ((), ())


def test_an_attachment_that_no_post_uses_is_a_page() -> None:
    found = pages(item(meta={"_thumbnail_id": "8"}), attachment(8), attachment(9, "other.jpg"))
    assert [(one.page.kind, one.page.post_id) for one in found] == [
        (PageKind.POST, 7),
        (PageKind.ATTACHMENT, 9),
    ]
    assert found[1].references[0].url == f"{UPLOADS}other.jpg"


def test_attachments_that_are_no_pictures_or_in_the_bin_are_left_out() -> None:
    assert read(attachment(8, "report.pdf"), attachment(9, status="trash")) == []


def test_a_picture_of_the_content_is_completed_by_its_attachment() -> None:
    html = f'<img class="wp-image-8" src="{UPLOADS}kim-300x200.jpg" width="300" alt="In the post">'
    found = pages(
        item(content=html), attachment(8, meta={"_wp_attachment_image_alt": "In the library"}, caption="Kim")
    )
    assert len(found) == 1
    picture = found[0].references[0]
    assert (picture.role, picture.url, picture.alt, picture.caption) == (
        Role.CONTENT,
        f"{UPLOADS}kim.jpg",
        "In the post",
        "Kim",
    )
    assert f"{UPLOADS}kim-300x200.jpg" in picture.variants


def test_a_foreign_class_is_not_believed() -> None:
    html = '<img class="wp-image-8" src="https://other.example/files/somebody.jpg" alt="x">'
    found = pages(item(content=html), attachment(8))
    assert [one.url for one in found[0].references] == ["https://other.example/files/somebody.jpg"]
    assert found[1].page.kind is PageKind.ATTACHMENT


@pytest.mark.parametrize(
    "shortcode",
    [
        '[caption id="attachment_8" align="alignnone" width="300"]{picture} Kim in Pyongyang[/caption]',
        '[caption id="attachment_8"]<a href="x.html">{picture}</a> Kim in <i>Pyongyang</i>[/caption]',
        '[caption caption="Kim in Pyongyang" width="300"]{picture}[/caption]',
        "[wp_caption caption='Kim in Pyongyang']{picture}[/wp_caption]",
    ],
)
def test_a_caption_shortcode_gives_the_caption(shortcode: str) -> None:
    picture = '<img src="https://news.example/files/a.jpg" alt="A" width="300" height="200" />'
    found = references(item(content=f"<p>x</p>{shortcode.format(picture=picture)}<p>y</p>"))
    assert [(one.url, one.caption) for one in found] == [
        ("https://news.example/files/a.jpg", "Kim in Pyongyang")
    ]


def test_a_gallery_holds_the_attachments_it_names() -> None:
    found = pages(
        item(content='<p>x</p>[gallery columns="2" ids="9, 8,77"]'),
        attachment(8),
        attachment(9, "b.jpg", "Bee"),
    )
    assert [(one.url, one.caption, one.media_id) for one in found[0].references] == [
        (f"{UPLOADS}b.jpg", "Bee", 9),
        (f"{UPLOADS}kim.jpg", "", 8),
    ]
    assert len(found) == 1


def test_a_gallery_that_names_none_holds_what_was_uploaded_to_the_post() -> None:
    found = pages(
        item(content="[gallery]"), attachment(8, post_parent="7"), attachment(9, "b.jpg", post_parent="6")
    )
    assert [one.url for one in found[0].references] == [f"{UPLOADS}kim.jpg"]
    assert [one.page.post_id for one in found] == [7, 9]


@pytest.mark.parametrize(
    "content", ["[caption]", "[gallery ids=]", "[caption]" * 20_000, "[[gallery]]", "[caption][/caption]"]
)
def test_odd_shortcodes_are_no_trouble(content: str) -> None:
    assert len(pages(item(content=content))) == 1


def test_an_export_that_is_cut_off_keeps_its_items() -> None:
    whole = (HEAD + item(number=1) + item(number=2) + "</channel></rss>").encode()
    found = list(read_export(whole[:-200], "export.xml"))
    assert [part.page.post_id for part in found if isinstance(part, Reading)][:1] == [1]


@pytest.mark.parametrize("body", [b"", b"<rss", b"<rss><channel/></rss>", b"\x00\x01"])
def test_an_export_without_items_is_malformed(body: bytes) -> None:
    found = list(read_export(body, "export.xml"))
    assert [part.reason for part in found if isinstance(part, Failure)] == [Reason.MALFORMED]


def test_unescaped_addresses_stay_whole() -> None:
    text = item("attachment", 8, status="inherit").replace(
        "</item>", "<wp:attachment_url>https://img.example/photo?a=1&b=2&c</wp:attachment_url></item>"
    )
    assert references(text)[0].url == "https://img.example/photo?a=1&b=2&c"


def test_a_picture_of_the_content_is_completed_by_its_address_alone() -> None:
    found = references(item(content=f'<img src="{UPLOADS}kim.jpg">'), attachment(8, caption="Kim"))
    assert [(one.media_id, one.caption) for one in found] == [(8, "Kim")]


def test_a_size_of_an_upload_is_completed_by_the_upload_s_address() -> None:
    found = references(item(content=f'<img src="{UPLOADS}kim-300x200.jpg">'), attachment(8, caption="Kim"))
    assert [(one.url, one.media_id) for one in found] == [(f"{UPLOADS}kim.jpg", 8)]


def test_a_variant_of_an_attachment_completes_a_picture() -> None:
    metadata = 'a:1:{s:5:"sizes";a:1:{s:1:"m";a:1:{s:4:"file";s:9:"other.jpg";}}}'
    found = references(
        item(content=f'<img src="{UPLOADS}other.jpg">'),
        attachment(8, meta={"_wp_attachment_metadata": metadata}),
    )
    assert [one.media_id for one in found] == [8]


def test_of_two_attachments_at_one_address_the_first_counts() -> None:
    found = references(item(content=f'<img src="{UPLOADS}kim.jpg">'), attachment(8), attachment(9))
    assert [one.media_id for one in found] == [8]


def test_a_picture_that_is_no_attachment_stays_as_it_is() -> None:
    found = references(item(content='<img src="https://b.example/k.jpg">'), attachment(8, caption="Kim"))
    assert [(one.url, one.media_id, one.caption) for one in found] == [("https://b.example/k.jpg", None, "")]


def test_a_picture_that_a_post_uses_is_no_page_of_its_own() -> None:
    assert len(pages(item(content=f'<img src="{UPLOADS}kim.jpg">'), attachment(8))) == 1


def test_an_attachment_s_page_tells_its_title_its_date_and_its_link() -> None:
    page = pages(attachment(9))[0].page
    assert (page.title, page.published, page.url) == (
        "Title 9",
        "2025-08-23T04:41:03Z",
        "https://news.example/9/",
    )


def test_an_attachment_s_page_is_of_the_blog_s_site() -> None:
    assert pages(attachment(9))[0].page.site == "news.example"


def test_a_post_without_a_date_has_that_of_its_feed() -> None:
    text = item(post_date="", post_date_gmt="").replace(
        "<title>", "<pubDate>Sat, 23 Aug 2025 06:41:03 +0200</pubDate><title>"
    )
    assert pages(text)[0].page.published == "2025-08-23T04:41:03Z"


def test_the_date_of_the_feed_is_no_date_of_a_change() -> None:
    text = item().replace("<title>", "<pubDate>Sat, 23 Aug 2025 06:41:03 +0200</pubDate><title>")
    assert pages(text)[0].page.modified == ""


def test_an_item_without_a_type_and_a_status_is_a_published_post() -> None:
    text = item(status="").replace("<wp:post_type>post</wp:post_type>", "")
    assert [one.page.kind for one in pages(text)] == [PageKind.POST]


@pytest.mark.parametrize("kind", ["revision", "wp_global_styles", "wp_template", "wp_block"])
def test_more_of_the_sites_machinery_is_left_out(kind: str) -> None:
    assert read(item(kind)) == []


def test_the_first_value_of_a_key_counts() -> None:
    text = item(meta={"_thumbnail_id": "8"}).replace(
        "</item>",
        "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta></item>",
    )
    assert references(text, attachment(8), attachment(9, "b.jpg"))[0].media_id == 8


@pytest.mark.parametrize("inside", ["", "<wp:meta_key>_thumbnail_id</wp:meta_key>", "<!-- a --><!-- b -->"])
def test_half_a_pair_of_metadata_is_none(inside: str) -> None:
    text = item().replace("</item>", f"<wp:postmeta>{inside}</wp:postmeta></item>")
    assert len(pages(text)) == 1


def test_a_featured_picture_s_address_is_the_source_where_its_post_has_none() -> None:
    text = item(meta={"_thumbnail_id": "9"}).replace("https://news.example/7/", "")
    (reading,) = pages(text.replace("<link></link>", ""))
    assert [one.address for one in reading.failures] == ["export.xml"]


@pytest.mark.parametrize(
    ("addresses", "url"),
    [
        (
            "<link>https://a.example/</link><wp:base_site_url>https://b.example/</wp:base_site_url>",
            "https://a.example/7/",
        ),
        ("<wp:base_site_url>https://b.example/</wp:base_site_url>", "https://b.example/7/"),
        ("", "https://given.example/7/"),
        ("<link>nowhere</link>", "https://given.example/7/"),
    ],
)
def test_addresses_are_read_from_the_blog_the_channel_the_site_or_what_is_given(
    addresses: str, url: str
) -> None:
    head = HEAD.partition("<link>")[0] + addresses
    body = head + item().replace("https://news.example/7/", "/7/") + "</channel></rss>"
    (found,) = read_export(body.encode(), "export.xml", "https://given.example/")
    assert isinstance(found, Reading)
    assert found.page.url == url


def test_addresses_are_not_read_from_an_item() -> None:
    body = HEAD.partition("<link>")[0] + item() + item(number=8).replace("https://news.example/8/", "/8/")
    found = [
        one
        for one in read_export((body + "</channel></rss>").encode(), "export.xml")
        if isinstance(one, Reading)
    ]
    assert [one.page.url for one in found] == ["https://news.example/7/", ""]


def test_a_gallery_s_pictures_have_their_sizes() -> None:
    metadata = 'a:2:{s:5:"width";i:900;s:6:"height";i:600;}'
    found = references(
        item(content="[gallery ids=8]"), attachment(8, meta={"_wp_attachment_metadata": metadata})
    )
    assert [(one.width, one.height) for one in found] == [(900, 600)]


def test_a_gallery_may_name_what_it_includes() -> None:
    found = references(item(content="[gallery include='9']"), attachment(8), attachment(9, "b.jpg"))
    assert [one.media_id for one in found] == [9]


def test_a_gallery_of_a_post_without_an_id_is_empty() -> None:
    text = item(content="[gallery]").replace("<wp:post_id>7</wp:post_id>", "")
    assert pages(text, attachment(8))[0].references == ()


def test_texts_of_a_gallery_stay_texts() -> None:
    found = references(
        item(content="[gallery ids=8]"),
        attachment(8, caption="Kim &lt;i&gt; &amp; guests", meta={"_wp_attachment_image_alt": 'a "b"'}),
    )
    assert [(one.caption, one.alt) for one in found] == [("Kim <i> & guests", 'a "b"')]


def test_a_custom_type_before_attachments_in_the_alphabet_is_a_post() -> None:
    assert [one.page.kind for one in pages(item("album"))] == [PageKind.POST]


def test_a_file_of_another_type_is_no_attachment() -> None:
    reading = pages(item(meta={"_thumbnail_id": "9"}), item("album", 9, attachment_url=f"{UPLOADS}k.jpg"))[0]
    assert [one.reason for one in reading.failures] == [Reason.NOT_EMBEDDED]


def test_an_icon_of_a_gallery_is_left_out() -> None:
    metadata = 'a:2:{s:5:"width";i:20;s:6:"height";i:20;}'
    icon = attachment(8, meta={"_wp_attachment_metadata": metadata})
    assert pages(item(content="[gallery ids=8]"), icon)[0].references == ()


def test_entities_of_an_export_are_not_expanded_and_no_file_is_read() -> None:
    entities = '<!DOCTYPE rss [<!ENTITY word "boom"><!ENTITY file SYSTEM "file:///etc/passwd">]>'
    text = item().replace("Title 7", "Title &word;&file; 7")
    body = HEAD.replace("<rss", f"{entities}<rss", 1) + text + "</channel></rss>"
    (found,) = read_export(body.encode(), "export.xml")
    assert isinstance(found, Reading)
    assert found.page.title == "Title &word;&file; 7"


def test_the_blog_s_address_is_read_past_what_is_broken() -> None:
    body = HEAD.replace("<title>News</title>", "<title>News</titel>") + item().replace(
        "https://news.example/7/", "/7/"
    )
    found = [one for one in read_export(f"{body}</channel></rss>".encode(), "x") if isinstance(one, Reading)]
    assert [one.page.url for one in found] == ["https://news.example/7/"]


def test_an_attachment_s_page_is_of_the_blog_wherever_its_link_leads() -> None:
    text = attachment(9).replace("https://news.example/9/", "https://b.example/9/")
    assert pages(text)[0].page.site == "news.example"


# Entities

# To the repair of ampersands this is a CDATA section, to the parser two comments.
HIDDEN = "<!-- <![CDATA[ -->&x;<!-- ]]> -->"


def declare(text: str, entity: str) -> bytes:
    """The export with an entity `x` of its own."""
    whole = f"{HEAD}{text}</channel></rss>"
    return whole.replace("?><rss", f"?><!DOCTYPE rss [<!ENTITY x {entity}>]><rss").encode()


@pytest.fixture
def entity(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An entity that says a text, or what a file of this machine holds."""
    (tmp_path / "secret.txt").write_text("secret.example")
    return '"secret.example"' if request.param == "text" else f'SYSTEM "{(tmp_path / "secret.txt").as_uri()}"'


@pytest.mark.parametrize("entity", ["text", "file"], indirect=True)
def test_an_export_s_own_entities_are_not_resolved(entity: str) -> None:
    body = declare(item().replace("Title 7", f"Title {HIDDEN}"), entity)
    (reading,) = read_export(body, "export.xml")
    assert isinstance(reading, Reading)
    assert reading.page.title == "Title &x;"


@pytest.mark.parametrize("entity", ["text", "file"], indirect=True)
def test_entities_in_a_site_s_address_are_not_resolved(entity: str) -> None:
    text = item().replace("https://news.example/7/", "/7/")
    body = declare(text, entity).replace(b"//news.example/uk<", f"//{HIDDEN}/uk<".encode())
    (reading,) = read_export(body, "export.xml")
    assert isinstance(reading, Reading)
    assert "secret" not in reading.page.url


# Ids


def test_a_class_tells_the_attachment_of_a_size_that_the_export_does_not_name() -> None:
    html = f'<img class="wp-image-8" src="{UPLOADS}kim-300x200.jpg">'
    (reading,) = pages(item(content=html), attachment(name="kim-scaled.jpg"))
    assert [(one.media_id, one.uploaded) for one in reading.references] == [(8, "2025-08-23T04:41:03Z")]


def test_a_class_that_the_address_does_not_bear_out_tells_no_attachment() -> None:
    html = f'<img class="wp-image-8" src="{UPLOADS}park-300x200.jpg">'
    reading = pages(item(content=html), attachment(name="kim-scaled.jpg"))[0]
    assert [one.uploaded for one in reading.references] == [""]


def test_a_plugin_s_credit_of_an_attachment_is_read() -> None:
    meta = {"_media_credit": "Jane Doe"}
    picture = references(item(meta={"_thumbnail_id": "8"}), attachment(meta=meta))[0]
    assert (picture.credit, picture.credit_field) == ("Jane Doe", "meta._media_credit")


def test_the_day_of_an_upload_is_in_utc_where_the_export_tells_it_so() -> None:
    picture = references(
        item(meta={"_thumbnail_id": "8"}),
        attachment(post_date="2025-08-22 12:00:00", post_date_gmt="2025-08-22 10:00:00"),
    )[0]
    assert picture.uploaded == "2025-08-22T10:00:00Z"


def test_the_day_of_an_upload_without_utc_stands_as_the_site_s_clock_had_it() -> None:
    picture = references(
        item(meta={"_thumbnail_id": "8"}),
        attachment(post_date="2025-08-22 12:00:00", post_date_gmt="0000-00-00 00:00:00"),
    )[0]
    assert picture.uploaded == "2025-08-22T12:00:00"


# Structured fields


def in_fields(**fields: str) -> dict[str, str]:
    """The metadata of a post whose fields ACF keeps."""
    return {**fields, **{f"_{name}": f"field_5f3a{number}" for number, name in enumerate(fields)}}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hero_image", "8"),
        ("rows_0_photo", "8"),
        ("gallery", 'a:1:{i:0;s:1:"8";}'),
        ("visual", f"{UPLOADS}kim.jpg"),
        ("text", f"<p>x</p><img src='{UPLOADS}kim.jpg'>"),
    ],
)
def test_pictures_in_fields_are_used_by_their_post(name: str, value: str) -> None:
    (reading,) = pages(item(meta=in_fields(**{name: value})), attachment(caption="Kim"))
    assert [(one.role, one.media_id, one.caption) for one in reading.references] == [(Role.CONTENT, 8, "Kim")]


@pytest.mark.parametrize(
    "meta",
    [
        in_fields(price="8"),
        {"hero_image": "8"},
        {"hero_image": "8", "_hero_image": "x"},
        in_fields(hero_image="9"),
    ],
)
def test_other_numbers_of_a_post_are_no_pictures(meta: dict[str, str]) -> None:
    assert pages(item(meta=meta), attachment())[0].references == ()
