"""The words of the harvest, as frozen values: page, reference, fetch, failure.

Times are ISO 8601 texts, with an offset where the source gave one; an absent text is `""`.
Sizes are pixels, lengths are bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a picture is to its page."""

    FEATURED = "featured"
    CONTENT = "content"


class PageKind(StrEnum):
    """What sort of thing used the picture."""

    POST = "post"
    PAGE = "page"
    ATTACHMENT = "attachment"
    ARTICLE = "article"
    FEED_ENTRY = "feed entry"
    LIST = "list"
    FILE = "file"


class SourceKind(StrEnum):
    """The kind of source in which a page was observed, the most authoritative first.

    What one kind shows says nothing of what another left out: a feed has ten posts and no featured pictures.
    """

    REST = "rest"
    WXR = "wxr"
    PAGE = "page"
    FEED = "feed"
    SITEMAP = "sitemap"
    LIST = "list"
    FILE = "file"


class Stage(StrEnum):
    """The step of the work at which something failed."""

    READ = "read"
    DISCOVER = "discover"
    DOWNLOAD = "download"
    DECODE = "decode"


class Reason(StrEnum):
    """Why an address or an input did not yield what it should have."""

    # Reading an input
    NOT_FOUND = "not found"
    UNREADABLE = "unreadable"
    UNKNOWN_FORMAT = "unknown format"
    PASSED_OVER = "passed over"
    MALFORMED = "malformed"
    NO_PICTURE = "no picture"
    READ_TIMEOUT = "read timeout"
    READ_CRASHED = "read crashed"
    # WordPress answers about featured media
    NOT_EMBEDDED = "not embedded"
    PROTECTED = "protected"
    # Addresses we will not ask
    BAD_ADDRESS = "bad address"
    ADDRESS_REFUSED = "address refused"
    ROBOTS = "robots"
    ROBOTS_TAG = "robots tag"
    # Answers
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    RATE_LIMITED = "rate limited"
    CLIENT_ERROR = "client error"
    SERVER_ERROR = "server error"
    TOO_MANY_REDIRECTS = "too many redirects"
    # Connections
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    CONNECTION_LOST = "connection lost"
    BAD_RESPONSE = "bad response"
    TRUNCATED = "truncated"
    TOO_LARGE = "too large"
    EMPTY = "empty"
    # Pictures
    NOT_A_PICTURE = "not a picture"
    UNSUPPORTED_PICTURE = "unsupported picture"
    DAMAGED_PICTURE = "damaged picture"
    TOO_MANY_PIXELS = "too many pixels"
    DECODE_TIMEOUT = "decode timeout"
    DECODE_CRASHED = "decode crashed"
    # Everything that was foreseen is above
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that did not work, as a result: where, why, and what exactly was seen."""

    stage: Stage
    reason: Reason
    address: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What was odd about something that was read all the same."""

    address: str
    text: str


class DocumentKind(StrEnum):
    """What a body turned out to be when it was looked at."""

    WORDPRESS = "wordpress"
    HTML = "html"
    FEED = "feed"
    JSON_FEED = "json feed"
    WXR = "wxr"
    SITEMAP = "sitemap"
    ADDRESSES = "addresses"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to read references from.

    `source` is the file or address the user gave, `url` where the body came from (`""` for a file) or the
    address the user said it has. A WORDPRESS document holds one parsed REST object or list in `value`, a
    PICTURE the file's absolute path in `path`, every other kind its bytes in `body`.
    """

    source: str
    kind: DocumentKind
    url: str = ""
    body: bytes = b""
    value: object = None
    path: str = ""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that uses pictures: a post, an article, a feed entry, a list, a local file.

    `source` is the file or address the user gave; `url` the page's own address, `""` where it has none.
    `site` is the host without a leading `www.`; `api_root` the WordPress API root, for (root, id) keys.
    `post_type`, `status` and `featured_media` (an id, 0 for none) are WordPress's own words for a post.
    `lastmod` is what a sitemap said of it when it was read: while that says the same, it is as it was.
    """

    source: str
    url: str = ""
    site: str = ""
    kind: PageKind = PageKind.ARTICLE
    title: str = ""
    published: str = ""
    modified: str = ""
    language: str = ""
    api_root: str = ""
    post_id: int | None = None
    source_kind: SourceKind = SourceKind.PAGE
    post_type: str = ""
    status: str = ""
    featured_media: int | None = None
    lastmod: str = ""


class CreditRole(StrEnum):
    """What somebody whom a credit names is to the picture."""

    PHOTOGRAPHER = "photographer"
    AGENCY = "agency"
    VIA = "via"
    SOURCE = "source"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class CreditName:
    """One whom a credit names, an agency by the name it is known by; with the role `note` how the picture came."""

    name: str
    role: CreditRole


@dataclass(frozen=True, slots=True)
class ImageReference:
    """One picture that one page uses.

    `url` is the best address the document offers, `variants` its other addresses of the same picture.
    Where a WordPress document names featured media without embedding it, `url` is the media item's REST
    record and `resolved` is false.
    `uploads` are addresses of the upload behind a size variant that the document itself does not offer.
    `width` and `height` are what the document declares, display sizes, never the decoded size.
    `caption_field` says where `caption` stood: `figcaption`, `media description`, `image_meta.title` ...
    `credit_field` says where `credit` stood: `caption`, `image_meta.credit`, `json-ld creditText` ...
    `gallery_caption` is what stands under the gallery that holds it, of which it is one of several pictures.
    `position` counts from 0 within the page.
    `media_modified` is when the media library says that it last changed what it has of the picture.
    `diagnosis` says why the first choice for a featured picture did not answer.
    """

    url: str
    variants: tuple[str, ...] = ()
    role: Role = Role.CONTENT
    alt: str = ""
    caption: str = ""
    caption_field: str = ""
    credit: str = ""
    credit_field: str = ""
    width: int | None = None
    height: int | None = None
    media_id: int | None = None
    position: int = 0
    uploaded: str = ""
    uploads: tuple[str, ...] = ()
    media_modified: str = ""
    resolved: bool = True
    diagnosis: Failure | None = None
    gallery_caption: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one page yielded: the page, its references in order, and what could not be read.

    With `has_bare_story` its story was read and has no picture; that is among the failures, since none was got.
    Without `is_settled` something of it did not answer or may be about to change: it is to be read again, even where
    its site says that it is as it was.
    """

    page: Page
    references: tuple[ImageReference, ...] = ()
    failures: tuple[Failure, ...] = ()
    has_bare_story: bool = False
    is_settled: bool = True


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a page announces: its own address, the site's API, its own record there, feeds, its picture."""

    canonical: str = ""
    api_root: str = ""
    rest_record: str = ""
    feeds: tuple[str, ...] = ()
    og_image: str = ""
    generator: str = ""
    is_wordpress: bool = False


@dataclass(frozen=True, slots=True)
class SitemapPage:
    """A page that a sitemap names.

    `modified` is its `lastmod` and `published` its date as news, in UTC; a `lastmod` may be a day alone.
    """

    url: str
    modified: str = ""
    published: str = ""
    title: str = ""
    language: str = ""
    pictures: tuple[ImageReference, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedSitemap:
    """A sitemap that another one names."""

    url: str
    modified: str = ""


class Outcome(StrEnum):
    """How one address ended."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request needs from the last answer of the same address.

    `url` is the address that gave them, where redirects led; they are sent to no other. `""` stands for the
    address asked for.
    """

    etag: str = ""
    last_modified: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fetch:
    """How one address ended, with what is needed to ask again and to prove what was seen.

    `url` is the address asked for, `final_url` where redirects led. `length` and `sha256` describe the
    decoded body. `headers` keeps the response headers that matter as evidence, lower-case names.
    `outcome` FAILED, REFUSED (we did not ask, or may not keep) and SKIPPED (a file of no known kind in a
    folder) always carry a `reason`. `detail` says more of it; of what was FETCHED it names the noise, or
    why a picture cannot be compared.
    """

    url: str
    outcome: Outcome
    at: str
    status: int | None = None
    reason: Reason | None = None
    stage: Stage | None = None
    detail: str = ""
    final_url: str = ""
    validators: Validators = Validators()
    content_type: str = ""
    length: int = 0
    sha256: str = ""
    attempts: int = 0
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is; handed to the one progress callback.

    `settled` are the references of which it is known what they came to: a picture, or why there is none. While
    `is_reading` not all pages have been read, so that more references may come. `done` and
    `failed` count addresses, of which several references may have one.
    """

    stage: str
    pages: int = 0
    references: int = 0
    settled: int = 0
    is_reading: bool = False
    done: int = 0
    failed: int = 0
    total: int | None = None
    bytes: int = 0
    elapsed_seconds: float = 0.0
    current: str = ""
