"""What the address of a picture says of it: the upload's name, the size asked for, the proxy before it.

WordPress writes `name-300x200.jpg`, `name-scaled.jpg` and `name-rotated.jpg` beside an upload `name.jpg`; picture
services keep the upload's address and put the size into the query or the path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode

from assets.parsing import urls

# A proxy in front of a proxy happens; more is an address made to keep us busy.
_MAX_PROXIES = 3

# The same addresses are looked at when a page is read, merged and recorded.
_CACHED_ADDRESSES = 8192

_PICTURE_PATH = re.compile(r"(?i)\.(?:jpe?g|jpe|jfif|pjpeg|png|gif|webp|avif|jxl|hei[cf]|bmp|tiff?)$")
_SIZE = re.compile(r"-([1-9][0-9]{0,4})x([1-9][0-9]{0,4})(@2x)?(?=\.[A-Za-z0-9]{2,5}$)")
_SCALED = re.compile(r"-(scaled|rotated)(?=\.[A-Za-z0-9]{2,5}$)")
# Converters put their ending behind the picture's own.
_CONVERTED = re.compile(r"(?i)(\.(?:jpe?g|png|gif))\.(?:webp|avif)$")

_PHOTON_HOST = re.compile(r"i[0-9]\.wp\.com")
# Services that take the picture's whole address as the end of their path.
_ADDRESS_IN_PATH = re.compile(r"(?i)/(https?)(?::|%3A)/{1,2}([^/]+\.[^/]+/.+)$")
# Cloudflare and Nuxt take the path that a picture has on their own host, behind what is to be done with it.
_PATH_IN_PATH = re.compile(r"^(?:/[^/]+)*?/(?:cdn-cgi/image|_ipx)/[^/]+/+(?!https?:|https?%3A)(.+)$")
# Thumbor and ShortPixel leave out the scheme: what is to be done, then the host and the path.
_HOST_IN_PATH = re.compile(
    r"(?i)^/(?:thumbor/)?(?:unsafe|[\w-]{6,}=)/(?:(?:-?[0-9]*x-?[0-9]*(?::-?[0-9]+x-?[0-9]+)?|(?:adaptive-|full-)?fit-in"
    r"|smart|meta|trim(?::[^/]*)?|left|right|center|top|bottom|middle|filters:[^/]*)/)*([\w-]+(?:\.[\w-]+)+/.+)$"
    r"|^/spio/[^/]+/([\w-]+(?:\.[\w-]+)+/.+)$"
)
# imgproxy writes the format that it shall give behind the address.
_FORMAT_BEHIND = re.compile(r"(?<=\.)(\w{3,5})@\w{3,5}$")
_BOX_IN_PATH = re.compile(r"/([1-9][0-9]{1,4})x([0-9]{1,5})(?=/)")
_CUTS_IN_PATH = re.compile(r"(?i)[/,]fit=(?:crop|cover)(?=[/,])")
_ADDRESS_PARAMETERS = ("url", "src", "image")
_WIDTH_IN_PATH = re.compile(r"(?i)[/,+_]w(?:idth)?[=_:]([1-9][0-9]{1,4})(?![0-9])")

_WIDTH_PARAMETERS = frozenset({"w", "width", "imwidth", "wid", "maxwidth", "max-width", "maxw", "rw"})
_HEIGHT_PARAMETERS = frozenset({"h", "height", "hei", "imheight", "maxheight", "max-height", "maxh"})
_PAIR_PARAMETERS = frozenset({"resize", "fit", "size", "crop"})
# These change how the picture is encoded, not which it is.
_MANNER_PARAMETER = re.compile(
    r"q|quality|qlt|strip|ssl|zoom|dpr|auto|format|fm|fmt|lb|unsharp|usm|op_usm|sharp|cs|compress|webp|type"
    r"|ver|v|ts|cb|is-pending-load|gravity|mode|enlarge|upscale|interpolation|impolicy|imdensity|ixlib|lossless"
)
_SIZE_PARAMETERS = _WIDTH_PARAMETERS | _HEIGHT_PARAMETERS | _PAIR_PARAMETERS
_NAMING_PARAMETERS = frozenset(
    {"id", "file", "path", "img", "image", "photo", "pic", "media", "name", "src", "url"}
)

# Flickr's letters and the long side they stand for; no letter is 500.
_FLICKR_SIDES = {"s": 75, "t": 100, "q": 150, "m": 240, "n": 320, "w": 400, "z": 640, "c": 800, "b": 1024}
_FLICKR_SIDES |= {"h": 1600, "k": 2048, "3k": 3072, "4k": 4096, "5k": 5120, "6k": 6144}
_FLICKR_PLAIN = 500


@dataclass(frozen=True, slots=True)
class PictureAddress:
    """What an address says of its picture.

    `file` is the picture's own address, without a proxy before it and a size in its query; `upload` the address
    of the file that sizes are made of, `""` where nobody knows how to write it. `key` names the upload and
    `file_key` the file, whatever scheme and `www.` stand before them. `suffix` is the size in the file's name,
    `width` and `height` are those asked for, and `cuts` tells that the shape may change.
    """

    address: str
    file: str
    upload: str
    key: str
    file_key: str
    suffix: str = ""
    width: int | None = None
    height: int | None = None
    cuts: bool = False
    is_proxied: bool = False

    @property
    def is_sized(self) -> bool:
        """Whether the address names one of several sizes."""
        return bool(self.suffix) or self.width is not None or self.height is not None


@dataclass(frozen=True, slots=True)
class _Service:
    """A service that writes the size into the path: before it, the size, behind it."""

    host: re.Pattern[str]
    path: re.Pattern[str]
    # How the service writes the path of the upload itself; "" where it has no such path.
    whole: str = ""


# What Cloudinary shall do stands in parts of the path between its own words and the picture's name.
_CLOUDINARY = re.compile(
    r"^(.*/image/(?:upload|private)/)((?:[a-z]{1,3}_[^/,]+(?:,[a-z]{1,3}_[^/,]+)*/)+)((?:v[0-9]+/)?.+)$"
)
_CLOUDINARY_WIDTH = re.compile(r"(?:^|[,/])w_([1-9][0-9]{0,4})(?=[,/])")
_CLOUDINARY_CUT = re.compile(r"(?:^|[,/])c_(?:l?fill|crop|thumb|auto)")

_GOOGLE_SIZE = r"[swh][0-9]{1,5}(?:-[a-z0-9]+)*"
_SERVICES = (
    _Service(
        re.compile(r"(?:^|\.)(?:blogspot|googleusercontent|ggpht)\.com$"),
        re.compile(rf"^(.*/)({_GOOGLE_SIZE})(/[^/]+)$"),
        r"\g<1>s0\g<3>",
    ),
    _Service(
        re.compile(r"(?:^|\.)(?:googleusercontent|ggpht)\.com$"),
        re.compile(rf"^(.*=)({_GOOGLE_SIZE})()$"),
        r"\g<1>s0",
    ),
    _Service(
        re.compile(r"(?:^|\.)static\.?flickr\.com$"),
        re.compile(r"^(.*/[0-9]+_[0-9a-f]+)(?:_([a-np-z]|[3-6]k))?(\.\w+)$"),
    ),
    _Service(
        re.compile(r"(?:^|\.)medium\.com$"),
        re.compile(r"^()(.*(?:max|fit|resize:\w+)[/:].*/)([^/]+)$"),
    ),
    _Service(re.compile(r"(?:^|\.)cloudinary\.com$"), _CLOUDINARY, r"\g<1>\g<3>"),
)


@dataclass(slots=True)
class _Asked:
    """The size an address asks for, while it is taken apart."""

    width: int | None = None
    height: int | None = None
    cuts: bool = False

    def note(self, width: int | None, height: int | None = None, *, cuts: bool = False) -> None:
        """Keep the outermost size: it is what comes back."""
        if self.width is None and self.height is None:
            self.width, self.height = width, height
        self.cuts = self.cuts or cuts


@lru_cache(_CACHED_ADDRESSES)
def picture_address(address: str) -> PictureAddress | None:
    """What an address says of its picture, None where it is no web address.

    >>> found = picture_address("https://i0.wp.com/a.example/k-300x200.jpg?resize=150%2C150&ssl=1")
    >>> found.upload, found.suffix, found.width, found.cuts
    ('https://a.example/k.jpg', '300x200', 150, True)
    """
    url = urls.parse(address)
    if url is None:
        return None
    asked = _Asked()
    inner = _unwrap(url, asked)
    query = parse_qsl(inner.search[1:], keep_blank_values=True)
    _note_query(query, asked)
    kept = [(name, value) for name, value in query if not _is_dressing(name.lower())]
    naming = kept
    if _PICTURE_PATH.search(inner.pathname):
        naming = [(name, value) for name, value in kept if name.lower() in _NAMING_PARAMETERS]
    plain, whole = _split_path_size(inner, asked)
    suffix = _suffix(plain, asked)
    return PictureAddress(
        address=url.href,
        file=_join_address(inner, inner.pathname, query, kept),
        upload=_join_address(inner, _strip_suffix(whole), query, kept) if whole else "",
        key=_key(inner, _strip_suffix(plain), naming),
        file_key=_key(inner, _CONVERTED.sub(r"\1", plain), naming),
        suffix=suffix,
        width=asked.width,
        height=asked.height,
        cuts=asked.cuts,
        is_proxied=inner is not url,
    )


def is_picture_path(path: str) -> bool:
    """Whether a path ends as the file name of a picture.

    >>> is_picture_path("/2025/08/k.JPG"), is_picture_path("/2025/08/k.jpg/"), is_picture_path("/k.svg")
    (True, False, False)
    """
    return bool(_PICTURE_PATH.search(path))


def _is_dressing(name: str) -> bool:
    """Whether a parameter asks for a size or an encoding."""
    return name in _SIZE_PARAMETERS or _MANNER_PARAMETER.fullmatch(name) is not None


def _unwrap(url: urls.Url, asked: _Asked) -> urls.Url:
    """The picture's own address, out of those of services that take it within theirs."""
    for _ in range(_MAX_PROXIES):
        inner = urls.parse(_find_inner_address(url))
        if inner is None:
            break
        _note_query(parse_qsl(url.search[1:]), asked)
        if found := _WIDTH_IN_PATH.search(url.pathname):
            asked.note(int(found.group(1)), cuts=_CUTS_IN_PATH.search(url.pathname) is not None)
        elif found := _BOX_IN_PATH.search(url.pathname):
            height = int(found.group(2)) or None
            asked.note(int(found.group(1)), height, cuts=bool(height) and "fit-in/" not in url.pathname)
        url = inner
    return url


def _find_inner_address(url: urls.Url) -> str:
    """The address that stands within another, `""` where there is none."""
    if _PHOTON_HOST.fullmatch(url.hostname):
        return f"https:/{url.pathname}"
    path = unquote(url.pathname) if "%2F" in url.pathname.upper() else url.pathname
    if found := _ADDRESS_IN_PATH.search(path):
        inner = _FORMAT_BEHIND.sub(r"\1", f"{found.group(1)}://{found.group(2)}")
        return inner if is_picture_path(inner.partition("?")[0]) else ""
    if found := _HOST_IN_PATH.match(url.pathname):
        inner = f"{url.protocol}//{found.group(1) or found.group(2)}"
        return inner if is_picture_path(inner) else ""
    if found := _PATH_IN_PATH.match(url.pathname):
        return f"{url.origin}/{found.group(1)}{url.search}" if is_picture_path(found.group(1)) else ""
    if "=http" not in url.search and "=/" not in url.search and "=%2F" not in url.search:
        return ""
    query = dict(parse_qsl(url.search[1:]))
    named = next((query[name] for name in _ADDRESS_PARAMETERS if name in query), "")
    # A path alone is of the same site, as Next.js has it.
    is_address = named.startswith(("/", "http")) and is_picture_path(named.split("?")[0])
    return urls.make_absolute(named, url.origin) if is_address else ""


def _note_query(query: list[tuple[str, str]], asked: _Asked) -> None:
    """Note the size that a query asks for."""
    width = height = None
    cuts = False
    for name, value in ((name.lower(), value) for name, value in query):
        numbers = [int(number) for number in re.findall(r"(?<![0-9.])[1-9][0-9]{0,4}(?![0-9])", value)[:2]]
        if name in _PAIR_PARAMETERS:
            cuts = cuts or name in ("resize", "crop") or value == "crop"
            if name != "crop" and len(numbers) == 2:
                width, height = numbers
            elif name == "size" and len(numbers) == 1:
                width = numbers[0]
        elif name in _WIDTH_PARAMETERS and len(numbers) == 1:
            width = numbers[0]
        elif name in _HEIGHT_PARAMETERS and len(numbers) == 1:
            height = numbers[0]
    asked.note(width, height, cuts=cuts)


def _split_path_size(url: urls.Url, asked: _Asked) -> tuple[str, str]:
    """The path without the size that the service writes into it, and the upload's path, `""` if unknown."""
    for service in _SERVICES:
        found = service.path.match(url.pathname) if service.host.search(url.hostname) else None
        if found is not None:
            size = found.group(2) or ""
            if service.path is _CLOUDINARY:
                width = _CLOUDINARY_WIDTH.search(size)
                asked.note(int(width.group(1)) if width else None, cuts=bool(_CLOUDINARY_CUT.search(size)))
            else:
                asked.note(_parse_named_width(size), cuts="-c" in size)
            return found.expand(r"\g<1>\g<3>"), found.expand(service.whole) if service.whole else ""
    return url.pathname, url.pathname


def _parse_named_width(size: str) -> int | None:
    """The width in a service's word for a size; 0 there is no limit."""
    if size in _FLICKR_SIDES or not size:
        return _FLICKR_SIDES.get(size, _FLICKR_PLAIN)
    numbers = [int(number) for number in re.findall(r"[0-9]{1,5}", size)]
    return max(numbers, default=0) or None


def _suffix(path: str, asked: _Asked) -> str:
    """The size at the end of a file's name, `""` where there is none."""
    path = _CONVERTED.sub(r"\1", path)
    if found := _SIZE.search(path):
        times = 2 if found.group(3) else 1
        asked.note(int(found.group(1)) * times, int(found.group(2)) * times)
        return f"{found.group(1)}x{found.group(2)}"
    scaled = _SCALED.search(path)
    return scaled.group(1) if scaled is not None else ""


def _strip_suffix(path: str) -> str:
    # A size of a scaled file stands behind; a size before `-scaled` is part of the upload's name.
    return _SCALED.sub("", _SIZE.sub("", _CONVERTED.sub(r"\1", path)))


def _join_address(url: urls.Url, path: str, query: list[tuple[str, str]], kept: list[tuple[str, str]]) -> str:
    """The address with another path, and with those of its parameters that are kept."""
    if len(kept) == len(query):
        return f"{url.origin}{path}{url.search}"
    return urls.with_query(f"{url.origin}{path}", kept)


def _key(url: urls.Url, path: str, naming: list[tuple[str, str]]) -> str:
    query = f"?{urlencode(sorted(naming))}" if naming else ""
    return f"//{url.host.removeprefix('www.')}{unquote(path)}{query}"
