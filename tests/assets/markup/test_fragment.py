"""Pictures of a piece of HTML: their addresses, texts and sizes, each picture once."""

from __future__ import annotations

import pytest

from assets.markup.fragment import MAX_REFERENCES, read_fragment, read_node
from assets.markup.image_candidates import MAX_ADDRESSES
from assets.model import ImageReference, Role
from assets.parsing.htmltree import parse_html
from tests.support.effort import assert_grows_evenly

PAGE = "https://a.example/uk/2025/08/story/"
UPLOADS = "https://a.example/wp-content/uploads/2025/08/"


def read(html: str, base: str = PAGE) -> tuple[ImageReference, ...]:
    return read_fragment(html.replace("U/", UPLOADS), base)


def one(html: str, base: str = PAGE) -> ImageReference:
    found = read(html, base)
    assert len(found) == 1, [reference.url for reference in found]
    return found[0]


def names(html: str, base: str = PAGE) -> list[str]:
    return [reference.url.replace(UPLOADS, "U/") for reference in read(html, base)]


def test_a_plain_picture_is_a_content_reference() -> None:
    html = '<p><img src="U/k.jpg" alt="Kim &amp; guests" width="1000" height="653"></p>'
    assert one(html) == ImageReference(
        f"{UPLOADS}k.jpg", role=Role.CONTENT, alt="Kim & guests", width=1000, height=653
    )


def test_pictures_keep_the_order_of_the_document() -> None:
    found = read("<p><img src=U/b.jpg><img src=U/a.jpg></p><figure><img src=U/c.jpg></figure>")
    assert [(reference.url.rpartition("/")[2], reference.position) for reference in found] == [
        ("b.jpg", 0),
        ("a.jpg", 1),
        ("c.jpg", 2),
    ]


@pytest.mark.parametrize(
    "html", ["", "plain text", "<p>no picture</p>", "<img>", "<img src=''>", "<img src=' '>"]
)
def test_nothing_shown_is_no_reference(html: str) -> None:
    assert read(html) == ()


@pytest.mark.parametrize(
    "src",
    [
        "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==",
        "javascript:alert(1)",
        "https://",
        "about:blank",
        "{{ picture.url }}",
        "if(this.src!='https://a.example/k.jpg')",
    ],
)
def test_what_is_no_address_is_no_reference(src: str) -> None:
    assert read(f'<img src="{src}" alt="Kim">') == ()


def test_addresses_are_made_absolute_by_the_base() -> None:
    assert one('<img src="../k ü.jpg#x">').url == "https://a.example/uk/2025/08/k%20%C3%BC.jpg"
    assert one('<img src="//b.example/k.jpg">').url == "https://b.example/k.jpg"
    assert read('<img src="k.jpg">', "") == ()


def test_the_largest_of_srcset_is_the_best_and_the_others_are_variants() -> None:
    html = (
        '<img src="U/k-300x200.jpg" srcset="U/k-300x200.jpg 300w, U/k-1024x683.jpg 1024w, U/k-768x512.jpg 768w"'
        ' sizes="100vw">'
    )
    found = one(html)
    assert found.url == f"{UPLOADS}k-1024x683.jpg"
    assert found.variants == (f"{UPLOADS}k-300x200.jpg", f"{UPLOADS}k-768x512.jpg")
    assert found.uploads == (f"{UPLOADS}k.jpg",)


def test_an_upload_that_is_offered_is_not_named_again() -> None:
    found = one('<img src="U/k-300x200.jpg" srcset="U/k.jpg 900w, U/k-300x200.jpg 300w">')
    assert (found.url, found.uploads) == (f"{UPLOADS}k.jpg", ())


def test_a_comma_inside_an_address_does_not_cut_it() -> None:
    found = one('<img srcset="U/k.jpg?resize=300,200 300w, U/k.jpg?resize=900,600 900w">')
    assert found.url == f"{UPLOADS}k.jpg?resize=900,600"


def test_a_density_multiplies_the_size_shown() -> None:
    found = one('<img src="/k-a.jpg" srcset="/k-a.jpg, /k-b.jpg 2x" width="400">')
    assert found.url == "https://a.example/k-b.jpg"


@pytest.mark.parametrize(
    "attribute",
    ["data-src", "data-lazy-src", "data-original", "data-lazy", "data-hi-res-src", "data-flickity-lazyload"],
)
def test_a_lazy_attribute_is_the_address_behind_a_placeholder(attribute: str) -> None:
    assert one(f'<img src="data:image/gif;base64,R0lGOD" {attribute}="U/k.jpg">').url == f"{UPLOADS}k.jpg"


@pytest.mark.parametrize("attribute", ["data-srcset", "data-lazy-srcset", "data-flickity-lazyload-srcset"])
def test_a_lazy_srcset_is_read(attribute: str) -> None:
    html = f'<img src="/img/blank.gif" {attribute}="U/k-300x200.jpg 300w, U/k-900x600.jpg 900w">'
    assert one(html).url == f"{UPLOADS}k-900x600.jpg"


def test_an_unknown_grey_box_is_no_variant_and_joins_no_pictures() -> None:
    html = '<img src="/theme/box.png" data-src="U/a.jpg"><img src="/theme/box.png" data-src="U/b.jpg">'
    assert [(found.url, found.variants) for found in read(html)] == [
        (f"{UPLOADS}a.jpg", ()),
        (f"{UPLOADS}b.jpg", ()),
    ]


def test_a_smaller_copy_shown_while_loading_is_a_variant() -> None:
    found = one('<img src="U/k-20x13.jpg" data-src="U/k-1024x683.jpg">')
    assert (found.url, found.variants) == (f"{UPLOADS}k-1024x683.jpg", (f"{UPLOADS}k-20x13.jpg",))


def test_jetpack_attributes_name_the_full_file_its_sizes_and_its_credit() -> None:
    found = one(
        '<img src="https://i0.wp.com/a.example/wp-content/uploads/2025/08/k.jpg?resize=300%2C200"'
        ' data-orig-file="U/k.jpg" data-orig-size="1600,1067" data-large-file="U/k.jpg?w=1024" data-attachment-id="7"'
        ' data-image-title="k.jpg" data-image-meta="{&quot;credit&quot;:&quot;Jane Doe&quot;}"'
        ' data-image-caption="&lt;p&gt;The square&lt;/p&gt;">'
    )
    assert (found.url, found.media_id) == (f"{UPLOADS}k.jpg", 7)
    assert len(found.variants) == 2
    assert (found.caption, found.credit, found.credit_field) == (
        "The square",
        "Jane Doe",
        "image_meta.credit",
    )
    assert (found.width, found.height) == (None, None)


def test_gallery_attributes_name_the_full_file() -> None:
    html = (
        '<ul><li class="blocks-gallery-item"><figure><img src="U/k-1024x683.jpg" data-id="9" data-full-url="U/k.jpg"'
        ' data-link="https://a.example/k/"><figcaption>The square</figcaption></figure></li></ul>'
    )
    found = one(html)
    assert (found.url, found.media_id, found.caption) == (f"{UPLOADS}k.jpg", 9, "The square")
    assert found.variants == (f"{UPLOADS}k-1024x683.jpg",)


@pytest.mark.parametrize(
    ("link", "shown", "best"),
    [
        ("U/k.jpg", "U/k-300x200.jpg", "U/k.jpg"),
        ("U/k-1024x683.jpg", "U/k-300x200.jpg", "U/k-1024x683.jpg"),
        ("/full/harbour.jpg", "/thumbs/harbour.jpg", "https://a.example/full/harbour.jpg"),
        ("U/harbour.jpg", "U/thumbs/thumbs_harbour.jpg", "U/harbour.jpg"),
        (
            "https://b.example/harbour-night.jpg",
            "U/harbour-night-300x200.jpg",
            "https://b.example/harbour-night.jpg",
        ),
        ("U/other.jpg", "U/k-300x200.jpg", "U/k-300x200.jpg"),
        ("https://b.example/k.jpg", "U/k-300x200.jpg", "U/k-300x200.jpg"),
        ("https://a.example/k/", "U/k-300x200.jpg", "U/k-300x200.jpg"),
        ("U/k.pdf", "U/k-300x200.jpg", "U/k-300x200.jpg"),
        ("U/k.jpg", "U/k-e1234567890123-300x200.jpg", "U/k-e1234567890123-300x200.jpg"),
    ],
)
def test_a_link_counts_if_it_leads_to_the_same_picture(link: str, shown: str, best: str) -> None:
    assert names(f'<a href="{link}"><img src="{shown}"></a>') == [best]


def test_each_picture_in_a_link_is_held_against_it() -> None:
    html = '<a href="U/a.jpg"><img src="U/a-300x200.jpg"><img src="U/b-300x200.jpg"></a>'
    assert names(html) == ["U/a.jpg", "U/b-300x200.jpg"]


def test_sources_of_a_picture_element_are_variants() -> None:
    found = one(
        '<picture><source type="image/webp" srcset="U/k.jpg.webp 900w"><source data-srcset="U/k-600x400.jpg 600w">'
        '<img src="U/k-900x600.jpg" alt="Kim"></picture>'
    )
    assert found.url == f"{UPLOADS}k.jpg.webp"
    assert set(found.variants) == {f"{UPLOADS}k-600x400.jpg", f"{UPLOADS}k-900x600.jpg"}


def test_sources_stay_with_their_own_picture() -> None:
    html = "<picture><source srcset=/a.jpg><img src=/b.jpg></picture><picture><img src=/c.jpg></picture>"
    assert [len(found.variants) for found in read(html)] == [1, 0]


@pytest.mark.parametrize(
    ("html", "alt"),
    [
        ('<div role="img" aria-label="Sea &amp;amp; sky" style="background-image:url(U/k.jpg)"></div>', "Sea & sky"),
        ('<div class="wp-block-cover" style="background-image:url(U/k.jpg)"><p>The quay</p></div>', ""),
        ('<section aria-label="Photos" style="background:url(U/k.jpg)"><p>The quay</p></section>', ""),
        ('<video aria-label="A film" poster="U/k.jpg"></video>', ""),
        ('<div style="height:0;padding-bottom:56%;background-image:url(U/k.jpg)"></div>', ""),
    ],
)  # fmt: skip
def test_pictures_that_other_elements_show_are_content(html: str, alt: str) -> None:
    assert one(html) == ImageReference(f"{UPLOADS}k.jpg", role=Role.CONTENT, alt=alt)


@pytest.mark.parametrize(
    "html",
    [
        '<div style="width:1px;height:1px;background-image:url(U/k.jpg)"></div>',
        '<span class="icon" style="background-image:url(U/k.jpg)"></span>',
        '<span style="width:16px;height:16px;background-image:url(U/k.jpg)"></span>',
        '<div style="height:4px;background-image:url(U/k.jpg)"></div>',
        '<div style="height:0;background-image:url(U/k.jpg)"></div>',
        '<div role="img" style="background-image:url(U/spacer.gif)"></div>',
        '<div role="img" style="background-image:url(/arrow.svg)"></div>',
        '<div class="ad-slot" style="background-image:url(U/k.jpg)"></div>',
        '<div style="background-image:url(U/k-16x16.png)"></div>',
    ],
)
def test_what_is_furniture_is_so_as_a_background_too(html: str) -> None:
    assert read(html) == ()


def test_the_background_behind_a_picture_is_the_same_use() -> None:
    behind = '<div style="background:url(U/k-300x200.jpg)"></div>'
    html = f'<figure>{behind}<img src="U/k.jpg" alt="Kim"><figcaption>C</figcaption></figure>'
    found = one(html)
    assert (found.url, found.alt, found.caption) == (f"{UPLOADS}k.jpg", "Kim", "C")


def test_a_raw_video_shortcode_shows_its_poster() -> None:
    assert names('[video mp4="U/k.mp4" poster="U/k.jpg"][/video]') == ["U/k.jpg"]


def test_a_figure_s_caption_speaks_of_the_video_it_holds() -> None:
    found = one(
        '<figure class="wp-block-video"><video poster="U/k.jpg"></video><figcaption>Clip</figcaption></figure>'
    )
    assert (found.caption, found.caption_field) == ("Clip", "figcaption")


def test_a_background_takes_no_caption_from_the_picture_beside_it() -> None:
    html = '<div><div style="background:url(U/a.jpg)"></div><img src="U/k.jpg"><p class="wp-caption-text">C</p></div>'
    assert [(found.url, found.caption) for found in read(html)] == [
        (f"{UPLOADS}a.jpg", ""),
        (f"{UPLOADS}k.jpg", "C"),
    ]


def test_a_painted_thumbnail_has_the_file_that_its_link_leads_to() -> None:
    html = (
        '<a class="e-gallery-item" href="U/k.jpg"><div class="e-gallery-image" data-thumbnail="U/k-768x512.jpg"'
        ' role="img" aria-label="Crew"></div></a>'
    )
    found = one(html)
    assert (found.url, found.variants, found.alt) == (f"{UPLOADS}k.jpg", (f"{UPLOADS}k-768x512.jpg",), "Crew")


def test_a_block_s_class_tells_the_media_id_of_its_background() -> None:
    html = '<div role="img" class="wp-image-81" style="background-image:url(U/k.jpg)"></div>'
    assert one(html).media_id == 81


@pytest.mark.parametrize(
    "around",
    [
        '<ul class="wp-block-latest-posts__list wp-block-latest-posts"><li>PIC</li></ul>',
        '<div class="wp-block-query"><ul class="wp-block-post-template"><li>PIC</li></ul></div>',
        '<div class="wp-block-query alignwide"><figure class="wp-block-post-featured-image">PIC</figure></div>',
        '<div id="x" class="yarpp yarpp-related">PIC</div>',
        '<div class="elementor-widget elementor-widget-posts"><article>PIC</article></div>',
    ],
)
@pytest.mark.parametrize(
    "picture", ['<img src="U/k.jpg">', '<div role="img" style="background:url(U/k.jpg)"></div>']
)
def test_pictures_of_other_posts_in_a_list_are_no_uses(around: str, picture: str) -> None:
    assert read(around.replace("PIC", picture)) == ()


def test_a_picture_behind_a_list_of_posts_is_a_use() -> None:
    html = '<ul class="wp-block-latest-posts"><li><img src="U/a.jpg"></li></ul><p><img src="U/k.jpg"></p>'
    assert names(html) == ["U/k.jpg"]


@pytest.mark.parametrize(
    "classes", ["wp-block-post-featured-image", "wp-block-query-title", "my-elementor-posts"]
)
def test_other_blocks_hold_pictures_of_the_page(classes: str) -> None:
    assert names(f'<div class="{classes}"><img src="U/k.jpg"></div>') == ["U/k.jpg"]


def test_template_contents_are_no_pictures() -> None:
    html = (
        '<video><source src="/k.mp4"></video><template><img src="/k.jpg"></template>'
        '<svg><image href="/k.jpg"/></svg><iframe><img src="/k.jpg"></iframe><input type=image src="/k.jpg">'
    )
    assert read(html) == ()


def test_a_noscript_twin_is_the_same_use() -> None:
    html = '<img src="data:," data-src="U/k.jpg" alt=""><noscript><img src="U/k.jpg" alt="Kim" width=300></noscript>'
    found = one(html)
    assert (found.url, found.alt, found.width, found.variants) == (f"{UPLOADS}k.jpg", "Kim", 300, ())


def test_a_noscript_twin_at_another_address_is_the_same_use() -> None:
    html = '<img src="/small/1.jpg" alt="Kim"><noscript><img src="https://cdn.b.example/9.jpg" alt="Kim"></noscript>'
    assert len(one(html).variants) == 1


def test_another_picture_in_noscript_is_another_picture() -> None:
    html = '<img src="/a.jpg" alt="Kim"><noscript><img src="/b.jpg" alt="Lee"></noscript>'
    assert len(read(html)) == 2


def test_the_same_upload_further_down_completes_the_first() -> None:
    html = (
        '<p><img src="U/k-300x200.jpg"></p><p><img src="U/b.jpg"></p>'
        '<figure><img src="U/k-1024x683.jpg" alt="Kim" width="640"><figcaption>The square</figcaption></figure>'
    )
    first, second = read(html)
    assert (first.url, first.variants) == (f"{UPLOADS}k-1024x683.jpg", (f"{UPLOADS}k-300x200.jpg",))
    assert (first.alt, first.caption, first.width, first.position) == ("Kim", "The square", 640, 0)
    assert second.url == f"{UPLOADS}b.jpg"


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="640px" height="480"', (640, 480)),
        ('width="100%" height="auto"', (None, None)),
        ('width="0" height="-1"', (None, None)),
        ('width="300"', (300, None)),
        ('width="9999999" height="٣"', (None, None)),
        ('data-orig-size="1024,683"', (None, None)),
    ],
)
def test_declared_sizes_are_display_pixels(attributes: str, size: tuple[int | None, int | None]) -> None:
    found = one(f'<img src="U/k.jpg" {attributes}>')
    assert (found.width, found.height) == size


def test_amp_pictures_are_read_and_their_shapes_are_no_sizes() -> None:
    fallback = '<noscript><img src="U/k.jpg"></noscript>'
    html = f'<amp-img src="U/k.jpg" width="16" height="9" layout="responsive">{fallback}</amp-img>'
    found = one(html)
    assert (found.url, found.width, found.height) == (f"{UPLOADS}k.jpg", None, None)
    assert one('<amp-img src="U/k.jpg" width="640" height="480"></amp-img>').width == 640


@pytest.mark.parametrize(
    "html",
    [
        '<img src="U/k.jpg" width="1" height="1">',
        '<img src="U/k" style="position:absolute; width: 1px; height:1px">',
        '<img class="emoji" src="U/k.png">',
        '<div class="author-box"><p><img src="U/jane.jpg"></p></div>',
        '<img src="https://pixel.wp.com/b.gif"><img src="https://a.example/logo.svg">',
        '<a class="share-facebook"><img src="U/k.png"></a>',
    ],
)
def test_furniture_is_left_out(html: str) -> None:
    assert read(html) == ()


def test_a_captioned_photo_of_a_logo_is_kept() -> None:
    assert (
        len(read("<figure><img src=U/logo.jpg><figcaption>The new logo on the gate</figcaption></figure>"))
        == 1
    )


def test_words_far_out_do_not_speak_of_a_picture() -> None:
    assert len(read("<div class=author-box><div><div><div><div><p><img src=U/k.jpg>")) == 1
    assert len(read("<article class='ad logo'><p><img src=U/k.jpg>")) == 1


def test_a_parsed_subtree_is_read_as_a_fragment_is() -> None:
    tree = parse_html(
        '<body><img src="/a.jpg"><div id="x" class="share"><img src="/b.jpg"></div><img src="/c.jpg">'
    )
    root = tree.css_first("#x")
    assert root is not None
    assert [found.url for found in read_node(root, PAGE)] == ["https://a.example/b.jpg"]


def test_a_page_of_pictures_without_end_is_cut() -> None:
    html = "".join(f"<img src=/{number}.jpg>" for number in range(MAX_REFERENCES + 5))
    assert len(read(html)) == MAX_REFERENCES


def test_the_addresses_of_one_picture_are_limited() -> None:
    srcset = ", ".join(f"/k.jpg?w={number} {number}w" for number in range(1, 500))
    assert len(one(f'<img srcset="{srcset}">').variants) < MAX_ADDRESSES


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<figure>" * 50_000,
        "<figure><img src=k.jpg><figcaption>" * 3000,
        "<a href=k.jpg><img src=k.jpg>" * 3000,
        "<noscript><picture>" * 20_000,
        "<p><font size=1>x" * 20_000,
        "<img " + " ".join(f"a{number}=1" for number in range(60_000)) + ">",
        "[caption]<img src=k.jpg>" * 3000,
        "<table><tr><td>" * 20_000,
    ],
)
def test_hostile_markup_is_read_in_no_time_and_without_a_fault(html: str) -> None:
    assert len(read(html)) <= 1


@pytest.mark.parametrize(
    "html",
    [
        "<img src=U/k.jpg",
        "<p><img src='U/k.jpg",
        "<figure><img src=U/k.jpg></p></div>",
        "</x><img src=U/k.jpg/>",
    ],
)
def test_broken_markup_is_read_as_browsers_read_it(html: str) -> None:
    assert len(read(html)) <= 1


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="100" height="100" layout="responsive"', (None, None)),
        ('width="16" height="9" layout="intrinsic"', (None, None)),
        ('width="16" height="9" layout="fill"', (None, None)),
        ('width="101" height="9" layout="responsive"', (101, 9)),
        ('width="40" height="50" layout="fixed"', (40, 50)),
        ('width="40" height="50"', (40, 50)),
        ('width="40" layout="fill"', (40, None)),
        ('height="50" layout="fill"', (None, 50)),
    ],
)
def test_sizes_of_amp_pictures_are_shapes_up_to_a_hundred_in_layouts_that_stretch(
    attributes: str, size: tuple[int | None, int | None]
) -> None:
    found = one(f'<amp-img src="U/k.jpg" {attributes}></amp-img>')
    assert (found.width, found.height) == size


def test_other_pictures_have_no_shapes() -> None:
    assert one('<img src="U/k.jpg" width="40" height="50" layout="responsive">').width == 40


@pytest.mark.parametrize(
    "name",
    [
        "wp-image-7",
        "size-full",
        "size-large",
        "size-medium",
        "alignnone",
        "alignleft",
        "alignright",
        "aligncenter",
    ],
)
def test_a_picture_that_an_editor_put_into_the_text_is_kept_for_its_name(name: str) -> None:
    assert len(read(f'<img class="{name}" src="U/site-logo.png">')) == 1


@pytest.mark.parametrize("name", ["", "size-thumbnail", "wp-image-", "my-alignleft"])
def test_another_picture_is_left_out_for_its_name(name: str) -> None:
    assert read(f'<img class="{name}" src="U/site-logo.png">') == ()


@pytest.mark.parametrize("style", ["width:1px", "height : 0", "color:red; WIDTH: 1px !important"])
def test_a_picture_that_a_style_hides_is_left_out(style: str) -> None:
    assert read(f'<img style="{style}" src="U/k.jpg" width="300" height="200">') == ()


@pytest.mark.parametrize("style", ["width:10px", "max-width:1px", "width:1em", "min-height: 0"])
def test_a_picture_of_another_style_is_kept(style: str) -> None:
    assert len(read(f'<img style="{style}" src="U/k.jpg" width="300" height="200">')) == 1


def test_a_picture_with_a_caption_is_judged_by_its_address_alone() -> None:
    assert (
        len(
            read(
                "<figure class=logo><img class=logo src=U/k.jpg><figcaption>The square</figcaption></figure>"
            )
        )
        == 1
    )


def test_a_caption_of_several_pictures_speaks_for_none() -> None:
    html = (
        "<figure><img class=logo src=U/k.jpg><img src=U/l.jpg><figcaption>The squares</figcaption></figure>"
    )
    assert names(html) == ["U/l.jpg"]


def test_a_figure_without_a_caption_speaks_for_no_picture() -> None:
    assert read("<figure><img class=logo src=U/k.jpg></figure>") == ()


def test_the_id_of_a_picture_tells_what_it_is() -> None:
    assert read('<img id="logo" src="U/k.jpg">') == ()


def test_the_first_size_of_a_picture_counts() -> None:
    found = one(
        '<img src="U/k.jpg"><img src="U/k.jpg" width="300"><img src="U/k.jpg" width="900" height="600">'
    )
    assert (found.width, found.height) == (300, None)


def test_a_figure_three_levels_out_has_the_caption_of_its_one_picture() -> None:
    html = (
        "<figure>" * 3
        + "<img src=U/k.jpg>"
        + "</figure>" * 2
        + "<figcaption>The square</figcaption></figure>"
    )
    assert one(html).caption == "The square"


def test_a_figure_four_levels_out_has_not() -> None:
    html = (
        "<figure>" * 4
        + "<img src=U/k.jpg>"
        + "</figure>" * 3
        + "<figcaption>The square</figcaption></figure>"
    )
    assert one(html).caption == ""


def test_the_addresses_that_further_uses_of_a_picture_add_are_limited() -> None:
    html = "".join(
        f'<img src="/k.jpg" srcset="{", ".join(f"/k.jpg?w={200 * part + one} {one + 1}w" for one in range(1, 90))}">'
        for part in range(3)
    )
    assert len(one(html).variants) == MAX_ADDRESSES - 1


def test_the_upload_behind_the_best_address_is_named() -> None:
    assert one("<img src=U/k-300x200.jpg>").uploads == (f"{UPLOADS}k.jpg",)


# Drawings


@pytest.mark.parametrize(
    "html",
    [
        '<figure><img src="U/votes.svg" alt="Votes"><figcaption>Votes by region</figcaption></figure>',
        '<figure><img src="U/votes.svg" alt="Votes"></figure>',
        '<figure class="wp-block-image"><img src="U/votes.svg" alt="Votes" class="wp-image-12"></figure>',
        '<p><img src="U/votes.svg" alt="Votes" class="alignnone size-full wp-image-12" width="1" height="1"></p>',
        '<p><img src="U/votes.svg" alt="Votes" width="800" height="500"></p>',
    ],
)
def test_a_drawing_that_an_editor_placed_is_content(html: str) -> None:
    found = one(html)
    assert (found.url, found.alt) == (f"{UPLOADS}votes.svg", "Votes")


@pytest.mark.parametrize(
    "html",
    [
        '<p>Read <img src="U/votes.svg" alt=""> on</p>',
        '<figure><img src="U/votes.svg" width="24" height="24"></figure>',
        '<figure><img src="/wp-content/themes/news/votes.svg"></figure>',
        '<figure class="site-branding"><img src="U/votes.svg"></figure>',
        '<a class="share"><img src="U/votes.svg" width="640"></a>',
        '<img class="emoji" src="https://s.w.org/images/core/emoji/15/svg/1f600.svg">',
    ],
)
def test_icons_and_logos_that_are_drawn_are_furniture(html: str) -> None:
    assert read(html) == ()


# Pictures that are no `img`, and what stands in for them


def test_a_custom_element_is_a_picture_with_its_texts() -> None:
    html = "<lazy-image data-src=U/k.jpg data-srcset='U/k.jpg 1600w' data-alt-text=Kim></lazy-image>"
    assert (one(html).url, one(html).alt) == (f"{UPLOADS}k.jpg", "Kim")


def test_a_picture_in_a_custom_element_is_the_same_one() -> None:
    html = (
        "<a-img src=U/k.jpg alt=Kim><noscript><img src='https://img.example/7/k' alt=Kim></noscript></a-img>"
    )
    assert one(html).variants == ("https://img.example/7/k",)


def test_a_fallback_within_a_picture_is_what_every_browser_shows() -> None:
    fallback = "<amp-img fallback src=U/k.jpg width=800 height=600 alt=Kim></amp-img>"
    html = f"<amp-img src=U/k.webp width=800 height=600 alt=Kim>{fallback}</amp-img><amp-img src=U/m.jpg></amp-img>"
    found = read(html)
    assert [(each.url, each.variants) for each in found] == [
        (f"{UPLOADS}k.jpg", (f"{UPLOADS}k.webp",)),
        (f"{UPLOADS}m.jpg", ()),
    ]


OBJECT = "<figure itemscope itemtype=https://schema.org/ImageObject itemid=U/k.jpg>"


def test_a_figure_may_name_a_picture_that_a_script_puts_into_it() -> None:
    found = one(f"{OBJECT}<div></div><figcaption>Kim at the farm</figcaption></figure>")
    assert (found.url, found.caption) == (f"{UPLOADS}k.jpg", "Kim at the farm")


def test_a_figure_with_a_picture_needs_no_name_for_it() -> None:
    found = one(f"{OBJECT}<img src=U/k_600.jpg><figcaption>Kim at the farm</figcaption></figure>")
    assert (found.url, found.variants, found.caption) == (f"{UPLOADS}k_600.jpg", (), "Kim at the farm")


def test_one_file_that_stands_in_for_several_pictures_is_none() -> None:
    boxes = "".join(
        f"<div><img src=U/clear-4x3.gif alt='Kim {number}'><span class=zoom></span>"
        f"<noscript><img src=U/k{number}.jpg alt='Kim {number}'></noscript></div><p>Text</p>"
        for number in range(3)
    )
    assert [(each.url, each.alt, each.variants) for each in read(boxes)] == [
        (f"{UPLOADS}k{number}.jpg", f"Kim {number}", ()) for number in range(3)
    ]


def test_one_picture_with_another_size_behind_it_is_no_stand_in() -> None:
    html = "<img src=U/s.jpg alt=Kim><noscript><img src=U/l.jpg alt=Kim></noscript>"
    assert one(html).variants == (f"{UPLOADS}l.jpg",)


def test_the_work_grows_with_the_pictures_and_their_captions() -> None:
    def read_many(size: int) -> int:
        figures = "".join(
            f"<figure><img src=U/{number}.jpg srcset='U/{number}-300x200.jpg 300w, U/{number}-600x400.jpg 600w'>"
            f"<figcaption>Kim {number}</figcaption></figure>"
            for number in range(size)
        )
        return len(read(f"<div>{figures}</div>"))

    assert assert_grows_evenly(read_many, 1600) == 1600


def test_the_work_grows_with_a_list_of_sizes() -> None:
    def read_one(size: int) -> str:
        sizes = ", ".join(f"U/k-{number}x{number}.jpg {number}w" for number in range(1, size))
        return one(f"<picture>{'<source srcset=' + repr(sizes) + '>'}<img src=U/k.jpg></picture>").url

    assert assert_grows_evenly(read_one, 8000) == f"{UPLOADS}k.jpg"
