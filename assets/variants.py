"""Addresses of one upload told from addresses of another, by name and by CDN: hypotheses, which pixels confirm.

WordPress writes `name-300x200.jpg`, `name-scaled.jpg`, `name-rotated.jpg` beside `name.jpg`; `-1`, `-2` are other
uploads. Edits end in `-e` and 13 digits: related, but other pixels. Photon (`i0.wp.com`) and the parameters of
WordPress.com and common image services ask for a size of the same file.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

from assets import urls

_SUFFIX = re.compile(r"-(?:(\d{1,5})x(\d{1,5})|scaled|rotated)(?=\.[A-Za-z]{3,4}$)")
_EDIT = re.compile(r"-e\d{13}(?=(?:-\d{1,5}x\d{1,5})?\.[A-Za-z]{3,4}$)")
_PHOTON = re.compile(r"i[0-3]\.wp\.com")

# Parameters that ask for a size, a quality or a format of the same file, or break a cache.
_SIZE_PARAMETER = re.compile(
    r"(?i)w|h|width|height|resize|fit|crop|q|quality|strip|ssl|zoom|dpr|auto|format|fm|lb|cs|ixlib|s|ver|v"
)


def origin_of_photon(address: str) -> str:
    """The address Photon takes a picture from, `""` for other addresses.

    >>> origin_of_photon("https://i0.wp.com/news.example/a.jpg?resize=300%2C200&ssl=1")
    'https://news.example/a.jpg'
    """
    url = urls.parse(address)
    if url is None or not _PHOTON.fullmatch(url.hostname) or url.pathname.count("/") < 2:
        return ""
    return urls.absolute(f"https:/{url.pathname}")


def plain(address: str) -> str:
    """The address of the same file without a CDN in front and without parameters of size.

    >>> plain("https://files.example/a-300x200.jpg?w=600")
    'https://files.example/a-300x200.jpg'
    """
    url = urls.parse(origin_of_photon(address) or address)
    if url is None:
        return address
    given = parse_qsl(url.search[1:], keep_blank_values=True)
    kept = [(name, value) for name, value in given if _SIZE_PARAMETER.fullmatch(name) is None]
    url.search = urlencode(kept)
    return url.href


def upload_address(address: str) -> str:
    """The address of the upload behind a size variant, by its name; `""` where it is none.

    >>> upload_address("https://news.example/kim-1-1024x683.jpg")
    'https://news.example/kim-1.jpg'
    >>> upload_address("https://news.example/kim-1.jpg")
    ''
    """
    base = plain(address)
    name, count = _SUFFIX.subn("", base)
    return name if count else base if base != address else ""


def upload_key(address: str) -> str:
    """A key equal for all size variants of one upload.

    >>> upload_key("http://news.example/a-300x200.jpg") == upload_key("https://news.example/a.jpg?w=900")
    True
    """
    return urls.identity(upload_address(address) or address)


def edit_of(address: str) -> str:
    """The upload that an edited picture was made from, `""` for others; the pixels differ.

    >>> edit_of("https://news.example/kim-e1755924063000-300x200.jpg")
    'https://news.example/kim.jpg'
    """
    base = upload_address(address) or address
    name, count = _EDIT.subn("", base)
    return name if count else ""


def same_picture(one: str, other: str) -> bool:
    """Whether two addresses are of one upload, as far as their names tell.

    >>> same_picture("https://a.example/k-150x150.jpg", "https://i1.wp.com/a.example/k.jpg?w=800")
    True
    >>> same_picture("https://a.example/k-1.jpg", "https://a.example/k-2.jpg")
    False
    """
    return bool(one) and upload_key(one) == upload_key(other)


def named_width(address: str) -> int | None:
    """The width in pixels that an address names, None where it names none.

    >>> named_width("https://a.example/k-300x200.jpg"), named_width("https://a.example/k.jpg?w=1024")
    (300, 1024)
    """
    url = urls.parse(address)
    if url is None:
        return None
    for name, value in parse_qsl(url.search[1:]):
        number = re.match(r"\d{1,5}(?!\d)", value)
        if name.lower() in ("w", "width", "resize", "fit") and number is not None:
            return int(number.group())
    size = _SUFFIX.search(url.pathname)
    if size is None:
        return None
    return int(size.group(1)) if size.group(1) else None
