"""What the address of a picture says of it: the file, the upload, the size, the service before it."""

from __future__ import annotations

import pytest

from assets.markup.image_urls import PictureAddress, is_picture_path, picture_address

UPLOADS = "https://a.example/wp-content/uploads/2025/08/"
FLICKR = "https://live.staticflickr.com/1/15091659711_61744f2392"
BLOGSPOT = "https://1.bp.blogspot.com/-a/b"


def read(address: str) -> PictureAddress:
    found = picture_address(address)
    assert found is not None
    return found


def size(address: str) -> tuple[int | None, int | None]:
    found = read(address)
    return found.width, found.height


@pytest.mark.parametrize(
    "address", ["", "k.jpg", "ftp://a.example/k.jpg", "https://", "data:image/png;base64,AAAA"]
)
def test_what_is_no_web_address_tells_nothing(address: str) -> None:
    assert picture_address(address) is None


@pytest.mark.parametrize(
    "name",
    "k.jpg k.jpeg k.jpe k.jfif k.pjpeg k.png k.gif k.webp k.avif k.jxl k.heic k.heif k.bmp k.tif k.tiff".split(),
)
def test_a_path_of_a_picture_ends_as_one(name: str) -> None:
    assert is_picture_path(f"/2025/{name}")


@pytest.mark.parametrize("path", ["/k.html", "/k.jpgx", "/jpg", "/k.jpg/", "/k.svg", ""])
def test_a_path_of_something_else_does_not(path: str) -> None:
    assert not is_picture_path(path)


def test_a_plain_address_is_its_own_file_and_upload() -> None:
    address = f"{UPLOADS}k.jpg"
    key = "//a.example/wp-content/uploads/2025/08/k.jpg"
    assert read(address) == PictureAddress(address, address, address, key, key)


def test_a_plain_address_is_not_sized() -> None:
    assert not read(f"{UPLOADS}k.jpg").is_sized


@pytest.mark.parametrize(
    "address",
    [f"{UPLOADS}k-scaled.jpg", f"{UPLOADS}k-300x200.jpg", f"{UPLOADS}k.jpg?w=9", f"{UPLOADS}k.jpg?h=9"],
)
def test_an_address_of_one_of_several_sizes_is_sized(address: str) -> None:
    assert read(address).is_sized


def test_a_size_in_the_name_is_of_the_file_and_not_of_the_upload() -> None:
    found = read(f"{UPLOADS}k-300x200.jpg")
    assert (found.file, found.upload) == (f"{UPLOADS}k-300x200.jpg", f"{UPLOADS}k.jpg")


def test_the_keys_of_a_sized_file_differ() -> None:
    found = read("https://a.example/k-300x200.jpg")
    assert (found.key, found.file_key) == ("//a.example/k.jpg", "//a.example/k-300x200.jpg")


def test_a_key_is_the_same_with_www_and_with_another_scheme() -> None:
    assert read("http://www.a.example/k.jpg").key == "//a.example/k.jpg"


def test_a_key_is_spelled_without_percents() -> None:
    assert read("https://a.example/%C3%BC%20k.jpg").key == "//a.example/ü k.jpg"


def test_a_key_leaves_the_ending_of_a_converter_out() -> None:
    assert read("https://a.example/k.JPG.webp").file_key == "//a.example/k.JPG"


def test_parameters_that_name_the_picture_belong_to_its_key_in_order() -> None:
    assert read("https://a.example/show.jpg?photo=2&id=1&tag=x").key == "//a.example/show.jpg?id=1&photo=2"


def test_all_parameters_of_what_is_no_picture_path_belong_to_its_key() -> None:
    assert read("https://a.example/image.php?n=2&w=300").key == "//a.example/image.php?n=2"


def test_a_file_is_without_parameters_for_size_and_encoding() -> None:
    assert read("https://a.example/k.jpg?w=300&tag=x&quality=80").file == "https://a.example/k.jpg?tag=x"


def test_parameters_that_ask_for_neither_stay_as_they_were_written() -> None:
    assert read("https://a.example/k.jpg?tag=x+y&n").file == "https://a.example/k.jpg?tag=x+y&n"


@pytest.mark.parametrize(
    "name",
    "q quality strip ssl zoom dpr auto format fm type ver v ts mode enlarge upscale ixlib lossless".split(),
)
def test_a_parameter_for_the_encoding_is_no_part_of_the_file(name: str) -> None:
    assert read(f"https://a.example/k.jpg?{name}=1").file == "https://a.example/k.jpg"


@pytest.mark.parametrize("name", ["w", "width", "imwidth", "wid", "maxwidth", "max-width", "maxw", "rw", "W"])
def test_a_width_is_asked_for_by_many_names(name: str) -> None:
    assert size(f"https://a.example/k.jpg?{name}=640") == (640, None)


@pytest.mark.parametrize("name", ["h", "height", "hei", "imheight", "maxheight", "max-height", "maxh"])
def test_a_height_is_asked_for_by_many_names(name: str) -> None:
    assert size(f"https://a.example/k.jpg?{name}=480") == (None, 480)


@pytest.mark.parametrize("name", ["resize", "fit", "size"])
def test_a_pair_asks_for_width_and_height(name: str) -> None:
    assert size(f"https://a.example/k.jpg?{name}=300,200") == (300, 200)


def test_a_single_size_is_the_width() -> None:
    assert size("https://a.example/k.jpg?size=300") == (300, None)


@pytest.mark.parametrize("name", ["resize", "fit"])
def test_half_a_pair_is_no_size(name: str) -> None:
    assert size(f"https://a.example/k.jpg?{name}=300") == (None, None)


@pytest.mark.parametrize("value", ["", "full", "0", "300,200", "300-200"])
def test_a_width_is_one_number(value: str) -> None:
    assert size(f"https://a.example/k.jpg?w={value}") == (None, None)


@pytest.mark.parametrize("value", ["", "full", "0", "300,200"])
def test_a_height_is_one_number(value: str) -> None:
    assert size(f"https://a.example/k.jpg?h={value}") == (None, None)


def test_a_box_to_cut_out_is_no_size() -> None:
    assert size("https://a.example/k.jpg?crop=0,0,300,200") == (None, None)


def test_the_first_two_numbers_of_a_pair_count() -> None:
    assert size("https://a.example/k.jpg?resize=300,200,100") == (300, 200)


def test_parts_of_a_decimal_are_no_size() -> None:
    assert size("https://a.example/k.jpg?w=0.75") == (None, None)


def test_a_number_of_six_digits_is_no_size() -> None:
    assert size("https://a.example/k.jpg?w=123456") == (None, None)


@pytest.mark.parametrize("query", ["resize=300,200", "crop=1", "fit=crop", "w=300&crop=top"])
def test_what_cuts_may_change_the_shape(query: str) -> None:
    assert read(f"https://a.example/k.jpg?{query}").cuts


@pytest.mark.parametrize("query", ["fit=300,200", "size=300", "w=300&h=200", "fit=max"])
def test_what_scales_does_not(query: str) -> None:
    assert not read(f"https://a.example/k.jpg?{query}").cuts


def test_that_something_is_cut_is_remembered_past_other_pairs() -> None:
    assert read("https://a.example/k.jpg?resize=300,200&fit=300,200").cuts


def test_a_query_goes_before_the_size_in_the_name() -> None:
    assert size(f"{UPLOADS}k-300x200.jpg?h=100") == (None, 100)


def test_a_size_for_dense_screens_has_twice_the_pixels() -> None:
    assert size(f"{UPLOADS}k-300x200@2x.jpg") == (600, 400)


def test_a_size_before_the_ending_of_a_converter_is_read() -> None:
    assert size(f"{UPLOADS}k-300x200.jpg.webp") == (300, 200)


def test_a_scaled_name_tells_no_pixels() -> None:
    assert size(f"{UPLOADS}k-scaled.jpg") == (None, None)


@pytest.mark.parametrize("name", ["k-12345x10.jpg", "k-10x12345.jpg"])
def test_a_side_has_up_to_five_digits(name: str) -> None:
    assert read(UPLOADS + name).suffix == name[2:-4]


@pytest.mark.parametrize(
    ("letter", "side"),
    [
        ("_s", 75),
        ("_t", 100),
        ("_q", 150),
        ("_m", 240),
        ("_n", 320),
        ("_w", 400),
        ("", 500),
        ("_z", 640),
        ("_c", 800),
        ("_b", 1024),
        ("_h", 1600),
        ("_k", 2048),
        ("_3k", 3072),
        ("_4k", 4096),
        ("_5k", 5120),
        ("_6k", 6144),
    ],
)
def test_a_letter_of_flickr_stands_for_a_side(letter: str, side: int) -> None:
    assert size(f"{FLICKR}{letter}.jpg") == (side, None)


def test_the_address_of_an_upload_at_flickr_is_not_known() -> None:
    assert read(f"{FLICKR}_z.jpg").upload == ""


def test_sizes_at_flickr_have_one_key() -> None:
    assert read(f"{FLICKR}_z.jpg").key == read(f"{FLICKR}_b.jpg").key


def test_an_upload_at_blogspot_is_asked_for_without_limit() -> None:
    assert read(f"{BLOGSPOT}/s320/k.jpg").upload == f"{BLOGSPOT}/s0/k.jpg"


@pytest.mark.parametrize(
    ("word", "width"), [("s320", 320), ("w640-h426", 640), ("h426-w640", 640), ("s320-c", 320), ("s0", None)]
)
def test_blogspot_writes_the_size_into_the_path(word: str, width: int | None) -> None:
    assert size(f"{BLOGSPOT}/{word}/k.jpg") == (width, None)


def test_the_c_of_blogspot_cuts() -> None:
    assert read(f"{BLOGSPOT}/s320-c/k.jpg").cuts


def test_a_plain_size_of_blogspot_cuts_nothing() -> None:
    assert not read(f"{BLOGSPOT}/s320/k.jpg").cuts


def test_an_upload_at_google_is_asked_for_without_limit() -> None:
    assert (
        read("https://lh3.googleusercontent.com/abc=w640-h426").upload
        == "https://lh3.googleusercontent.com/abc=s0"
    )


def test_medium_writes_the_size_into_the_path() -> None:
    assert size("https://miro.medium.com/max/1400/1*abc.jpeg") == (1400, None)


def test_the_path_of_another_host_has_no_size_of_a_service() -> None:
    assert size("https://a.example/-a/b/s320/k.jpg") == (None, None)


def test_a_path_without_a_service_s_size_is_left_as_it_is() -> None:
    assert read(f"{BLOGSPOT}/k.jpg").upload == f"{BLOGSPOT}/k.jpg"


def test_a_proxied_address_says_so() -> None:
    assert read("https://i0.wp.com/a.example/k.jpg").is_proxied


def test_an_address_that_stands_for_itself_says_so() -> None:
    assert not read("https://a.example/k.jpg").is_proxied


def test_the_outermost_size_is_what_comes_back() -> None:
    assert size("https://i0.wp.com/a.example/k-1024x683.jpg?w=640") == (640, None)


def test_the_size_in_the_path_of_a_proxy_is_read() -> None:
    assert size("https://a.example/cdn/w_300/https://b.example/k.jpg") == (300, None)


def test_the_size_in_the_path_counts_only_before_an_address() -> None:
    assert size("https://a.example/cdn/w_300/k.jpg") == (None, None)


@pytest.mark.parametrize("service", ["cdn-cgi/image/width=300,quality=80", "_ipx/w_300,q_80", "uk/_ipx/_"])
def test_a_path_behind_a_service_s_is_of_the_same_site(service: str) -> None:
    found = read(f"https://a.example/{service}/img/k-640x360.jpg?v=1")
    assert (found.file, found.is_proxied) == ("https://a.example/img/k-640x360.jpg", True)


def test_the_size_before_a_path_is_what_comes_back() -> None:
    found = read("https://a.example/cdn-cgi/image/fit=crop,width=300,height=200/img/k-640x360.jpg")
    assert (found.width, found.cuts) == (300, True)


def test_a_size_before_a_path_that_scales_cuts_nothing() -> None:
    assert not read("https://a.example/cdn-cgi/image/fit=scale-down,width=300/img/k.jpg").cuts


@pytest.mark.parametrize("path", ["cdn-cgi/image/k.jpg", "cdn-cgi/image/width=300/story/", "ipx/w_300/k.jpg"])
def test_a_service_without_a_picture_s_path_is_none(path: str) -> None:
    assert not read(f"https://a.example/{path}").is_proxied


def test_a_whole_address_behind_a_service_s_path_is_read_as_one() -> None:
    address = "https://a.example/cdn-cgi/image/width=300/https://b.example/k.jpg"
    assert read(address).file == "https://b.example/k.jpg"


@pytest.mark.parametrize("name", ["url", "src", "image"])
def test_a_proxy_may_take_the_address_as_a_parameter(name: str) -> None:
    assert (
        read(f"https://a.example/show?{name}=https://b.example/k.jpg&w=300").file == "https://b.example/k.jpg"
    )


@pytest.mark.parametrize("path", ["/img/k.jpg", "%2Fimg%2Fk.jpg", "/img/k.jpg%3Fv=1"])
def test_a_path_as_a_parameter_is_of_the_same_site(path: str) -> None:
    assert read(f"https://a.example/_next/image?url={path}").key == "//a.example/img/k.jpg"


@pytest.mark.parametrize("value", ["https://b.example/story/", "k.jpg", "/img/"])
def test_a_parameter_that_is_no_picture_s_address_makes_no_proxy(value: str) -> None:
    assert not read(f"https://a.example/show?url={value}").is_proxied


def test_a_path_that_ends_in_an_address_of_no_picture_makes_no_proxy() -> None:
    assert not read("https://a.example/save/https://b.example/story/").is_proxied


def chain(proxies: int) -> str:
    return f"https://i0.wp.com/{'i0.wp.com/' * (proxies - 1)}a.example/k.jpg"


def test_three_proxies_are_looked_through() -> None:
    assert read(chain(3)).file == "https://a.example/k.jpg"


def test_four_proxies_are_not() -> None:
    assert read(chain(4)).file == "https://i0.wp.com/a.example/k.jpg"


@pytest.mark.parametrize("name", ["h", "height", "imheight", "resize", "fit", "size", "crop", "w", "imwidth"])
def test_a_parameter_for_the_size_is_no_part_of_the_file(name: str) -> None:
    assert read(f"https://a.example/k.jpg?{name}=300").file == "https://a.example/k.jpg"


def test_a_parameter_without_a_value_is_part_of_the_file() -> None:
    assert read("https://a.example/k.jpg?tag&w=300").file == "https://a.example/k.jpg?tag="


# Delivery services with a path inside

INNER = "https://news.example/wp-content/uploads/2025/08/quay.jpg"
HOSTED = "https://res.cloudinary.com/harbour/image/upload/v1700000000/2025/quay.jpg"
IMGIX = "https://harbour.imgix.net/2025/quay.jpg"


@pytest.mark.parametrize(
    ("address", "upload", "width", "cuts"),
    [
        (f"https://cdn.shortpixel.ai/spai/w_977+q_lossy+ret_img/{INNER}", INNER, 977, False),
        (f"https://cdn.shortpixel.ai/client/q_glossy,ret_img,w_300,h_200/{INNER}", INNER, 300, False),
        (
            "https://spcdn.shortpixel.ai/spio/ret_img,q_cdnize,to_auto/"
            "news.example/wp-content/uploads/2025/08/quay.jpg",
            INNER,
            None,
            False,
        ),
        (f"https://mlabc.i.optimole.com/cb:Q~3f/w:300/h:200/q:mauto/f:avif/{INNER}", INNER, 300, False),
        (f"https://thumbor.example/unsafe/320x0/smart/filters:quality(80)/{INNER}", INNER, 320, False),
        (
            "https://thumbor.example/aBcDeFgHiJkLmNoPqRsTuVwXyZ0=/0x0:3000x2000/1200x800/filters:focal(1x2:3x4)/"
            "news.example/wp-content/uploads/2025/08/quay.jpg",
            INNER,
            1200,
            True,
        ),
        (
            "https://thumbor.example/unsafe/fit-in/640x480/"
            "https%3A%2F%2Fnews.example%2Fwp-content%2Fuploads%2F2025%2F08%2Fquay.jpg",
            INNER,
            640,
            False,
        ),
        (f"https://img.example/AbCd/rs:fit:600:400/plain/{INNER}@webp", INNER, None, False),
        (f"https://res.cloudinary.com/harbour/image/fetch/c_limit,w_800,f_auto/{INNER}", INNER, 800, False),
        (
            "https://harbour.imgix.net/https%3A%2F%2Fnews.example%2Fwp-content%2Fuploads%2F2025%2F08%2Fquay.jpg?w=600",
            INNER,
            600,
            False,
        ),
        (
            "https://res.cloudinary.com/harbour/image/upload/c_fill,g_auto,w_800,h_600/f_auto/v1700000000/2025/quay.jpg",
            HOSTED,
            800,
            True,
        ),
        (
            "https://res.cloudinary.com/harbour/image/upload/q_80/v1700000000/2025/quay.jpg",
            HOSTED,
            None,
            False,
        ),
        (f"{IMGIX}?auto=format,compress&fit=crop&w=600&h=315&crop=faces", IMGIX, 600, True),
        ("https://i1.wp.com/news.example/wp-content/uploads/2025/08/quay.jpg?w=1024", INNER, 1024, False),
        (
            "https://news.example/cdn-cgi/image/width=400,quality=80/wp-content/uploads/2025/08/quay.jpg",
            INNER,
            400,
            False,
        ),
    ],
)
def test_a_delivery_service_gives_sizes_of_one_upload(
    address: str, upload: str, width: int | None, *, cuts: bool
) -> None:
    found, whole = picture_address(address), picture_address(upload)
    assert found is not None
    assert whole is not None
    assert (found.key, found.upload, found.width, found.cuts) == (whole.key, upload, width, cuts)


@pytest.mark.parametrize(
    "path",
    [
        "unsafe/300x200/quay.jpg",
        "2025-08-15-quay=/photo.jpg",
        "spio/ret_img/quay.jpg",
        "image/upload/v1700000000/2025/quay.jpg",
    ],
)
def test_a_path_that_is_like_a_services_is_its_own(path: str) -> None:
    found = picture_address(f"https://a.example/{path}")
    assert found is not None
    assert (found.file, found.is_proxied) == (f"https://a.example/{path}", False)
