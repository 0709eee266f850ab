"""The catalog's records: pages, usages, assets, fetches, runs, sites, decisions.

Four dates stay apart: *created* is embedded in the asset, *published* belongs to the page, *uploaded* to the usage,
and *seen* (`first_seen`, `last_seen`) is ours. All are ISO 8601 texts, `""` where unknown. Records hold JSON values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from functools import cache
from typing import Any, Self

from assets import Failure, Fetch, ImageReference, Page, Picture, Reading, Reason, Validators, moment_of

Json = dict[str, Any]

# What of a usage may change while it stays the same usage, and is then kept in its history.
CHANGING_FIELDS = ("url", "role", "alt", "caption", "credit", "credit_field", "asset", "asset_url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record can do: become a JSON object and come back from one."""

    def to_json(self) -> Json:
        """The record as a JSON object."""
        values = ((name, getattr(self, name)) for name in _order_of(type(self)))  # type: ignore[arg-type] # classes can be hashed
        return {
            name: _copy_value(value) if isinstance(value, dict | list | tuple) else value
            for name, value in values
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The record a JSON object holds; fields of a later version are passed over."""
        known = _names_of(cls)  # type: ignore[arg-type] # classes can be hashed
        if document.keys() <= known:
            return cls(**document)
        return cls(**{name: value for name, value in document.items() if name in known})


def _copy_value(value: Any) -> Any:  # noqa: ANN401 - JSON is of any type
    """A JSON value that shares nothing with another; `dataclasses.asdict` takes four times as long."""
    if isinstance(value, dict):
        return {name: _copy_value(one) for name, one in value.items()}
    return [_copy_value(one) for one in value] if isinstance(value, list | tuple) else value


@cache
def _order_of(kind: type[Record]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


@cache
def _names_of(kind: type[Record]) -> frozenset[str]:
    """The names of a record's fields: asked for with every record that is read."""
    return frozenset(one.name for one in fields(kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord(Record):
    """One page that uses pictures. `key` is its address, or its source where it has none.

    `source_kind` is the most authoritative kind of source that showed it: what others tell only fills gaps. `observed`
    is when each kind first did.
    `read` is the time of modification of what was read completely, all its uses on record, as the list that named the
    page had it; `""` while that is under way. `asked` is when its own address was last asked whether it is still there.
    `gone` is when it was first found to be open no longer, and `status` then says why: `deleted`, or WordPress's own
    word for a post that is not public. `protected` is when it was first found to ask for a password: its uses stay as
    they were last seen. `earlier` are the addresses it had before, the oldest first, each with the time until which.
    """

    key: str
    url: str = ""
    site: str = ""
    source: str = ""
    kind: str = ""
    title: str = ""
    published: str = ""
    modified: str = ""
    language: str = ""
    api_root: str = ""
    post_id: int | None = None
    source_kind: str = ""
    observed: dict[str, str] = field(default_factory=dict)
    post_type: str = ""
    status: str = ""
    featured_media: int | None = None
    first_seen: str = ""
    last_seen: str = ""
    read: str = ""
    asked: str = ""
    gone: str = ""
    protected: str = ""
    earlier: list[dict[str, str]] = field(default_factory=list)
    failures: list[Json] = field(default_factory=list)

    @classmethod
    def of(cls, reading: Reading, key: str, at: str) -> PageRecord:
        """The record of a page just read."""
        page = reading.page
        return cls(
            key=key,
            url=page.url,
            site=page.site,
            source=page.source,
            kind=page.kind.value,
            title=page.title,
            published=page.published,
            modified=page.modified,
            language=page.language,
            api_root=page.api_root,
            post_id=page.post_id,
            source_kind=page.source_kind.value,
            observed={page.source_kind.value: at},
            post_type=page.post_type,
            status=page.status,
            featured_media=page.featured_media,
            first_seen=at,
            last_seen=at,
            protected=at if any(one.reason is Reason.PROTECTED for one in reading.failures) else "",
            failures=[failure_json(failure) for failure in reading.failures],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRecord(Record):
    """One picture in one page. `asset` is the SHA-256 of what was found at its address, `""` while nothing was.

    `asset_url` is the address that gave it, where that is not `url`: another size of the picture. `caption_field` and
    `credit_field` say where caption and credit stood, `gallery_caption` what is said of its gallery. The page declares
    `width` and `height`. `history` holds what the usage said before, oldest first, each with the time until which it
    was seen so, and when it was first seen changed, or was withdrawn and back; `withdrawn` is when the page was first
    seen without it. All this is as the most authoritative kind of source told it that ever did, `source_kind`;
    `observations` hold, by kind, what the others told last, with a history of their own.
    """

    key: str
    page: str
    site: str = ""
    url: str = ""
    variants: list[str] = field(default_factory=list)
    role: str = ""
    alt: str = ""
    caption: str = ""
    caption_field: str = ""
    credit: str = ""
    credit_field: str = ""
    width: int | None = None
    height: int | None = None
    media_id: int | None = None
    position: int = 0
    published: str = ""
    uploaded: str = ""
    media_modified: str = ""
    asset: str = ""
    asset_url: str = ""
    source_kind: str = ""
    first_seen: str = ""
    last_seen: str = ""
    withdrawn: str = ""
    diagnosis: Json | None = None
    gallery_caption: str = ""
    history: list[Json] = field(default_factory=list)
    observations: dict[str, Json] = field(default_factory=dict)

    @property
    def lacks_picture(self) -> bool:
        """Whether its page shows a picture of which there is no file."""
        return not self.asset and not self.withdrawn

    @classmethod
    def of(
        cls,
        page: Page,
        reference: ImageReference,
        *,
        keys: tuple[str, str],
        asset: str,
        at: str,
        address: str = "",
    ) -> UsageRecord:
        """The record of a use just seen; `keys` are its own and its page's, `address` is what gave the picture."""
        return cls(
            key=keys[0],
            page=keys[1],
            site=page.site,
            url=reference.url,
            variants=list(reference.variants),
            role=reference.role.value,
            alt=reference.alt,
            caption=reference.caption,
            caption_field=reference.caption_field,
            credit=reference.credit,
            credit_field=reference.credit_field,
            width=reference.width,
            height=reference.height,
            media_id=reference.media_id,
            position=reference.position,
            published=page.published,
            uploaded=reference.uploaded,
            media_modified=reference.media_modified,
            asset=asset,
            asset_url="" if address == reference.url else address,
            source_kind=page.source_kind.value,
            first_seen=at,
            last_seen=at,
            diagnosis=failure_json(reference.diagnosis) if reference.diagnosis is not None else None,
            gallery_caption=reference.gallery_caption,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetRecord(Record):
    """Distinct bytes. `original` is the file's path inside the folder of originals, `embedded` what it says of itself.

    `related` names other assets of the same upload, with the evidence for it. `reason` says why it cannot be compared:
    it has no fingerprints, and no size where its file does not tell it. `decoded` is the share of its rows that came.
    """

    sha256: str
    length: int = 0
    format: str = ""
    width: int = 0
    height: int = 0
    frames: int = 1
    orientation: int = 1
    mode: str = ""
    indistinct: bool = False
    fingerprints: dict[str, str] = field(default_factory=dict)
    embedded: dict[str, dict[str, str]] = field(default_factory=dict)
    original: str = ""
    first_seen: str = ""
    related: list[dict[str, str]] = field(default_factory=list)
    reason: str = ""
    decoded: float = 1.0

    @classmethod
    def of(cls, picture: Picture, fetch: Fetch, original: str, at: str) -> AssetRecord:
        """The record of a picture just brought in."""
        return cls(
            sha256=fetch.sha256,
            length=fetch.length,
            format=picture.format,
            width=picture.width,
            height=picture.height,
            frames=picture.frames,
            orientation=picture.orientation,
            mode=picture.mode,
            indistinct=picture.indistinct,
            fingerprints={one.name: one.hex for one in picture.fingerprints},
            embedded={name: value for name, value in asdict(picture.embedded).items() if value is not None},
            original=original,
            first_seen=at,
            reason=picture.reason,
            decoded=picture.decoded,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRecord(Record):
    """How one address last ended, and the last time it ended well: a later failure does not erase that.

    `failures` counts those on end. `asked_for` is the address that a user gave of which this one, a document, could not
    be read. `size` and `mtime_ns` are a local file's.
    """

    url: str
    outcome: str = ""
    at: str = ""
    reason: str = ""
    stage: str = ""
    status: int | None = None
    detail: str = ""
    final_url: str = ""
    etag: str = ""
    last_modified: str = ""
    content_type: str = ""
    length: int = 0
    sha256: str = ""
    attempts: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    run: str = ""
    first_at: str = ""
    last_good_at: str = ""
    last_good_sha256: str = ""
    failures: int = 0
    asked_for: str = ""
    size: int = 0
    mtime_ns: int = 0

    @classmethod
    def of(cls, fetch: Fetch, run: str, file_state: tuple[int, int] = (0, 0)) -> FetchRecord:
        """The record of a fetch just ended; `file_state` is a local file's size and mtime in ns."""
        return cls(
            url=fetch.url,
            outcome=fetch.outcome.value,
            at=fetch.at,
            reason=fetch.reason.value if fetch.reason else "",
            stage=fetch.stage.value if fetch.stage else "",
            status=fetch.status,
            detail=fetch.detail,
            final_url=fetch.final_url,
            etag=fetch.validators.etag,
            last_modified=fetch.validators.last_modified,
            content_type=fetch.content_type,
            length=fetch.length,
            sha256=fetch.sha256,
            attempts=fetch.attempts,
            headers=dict(fetch.headers),
            run=run,
            first_at=fetch.at,
            size=file_state[0],
            mtime_ns=file_state[1],
        )

    @property
    def validators(self) -> Validators:
        """What a conditional request needs."""
        return Validators(self.etag, self.last_modified, self.final_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord(Record):
    """One harvest. `inputs_key` tells whether a later one is the same work; `finished` is `""` until it ended."""

    key: str
    inputs_key: str
    inputs: list[str] = field(default_factory=list)
    started: str = ""
    finished: str = ""
    summary: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState(Record):
    """How a site's list of posts was last held against the ledger; `api_root` is the site's key.

    `listed` is when that was last done with all of it, `at` when last at all; from `mark`, a time of the site's own
    clock, a quick run asks what was modified since. `files_checked` is when its pictures' files were last compared with
    those kept. `types` counts posts by type, `passed_over` those not read. `newest_modified` is a former version's.
    """

    api_root: str
    newest_modified: str = ""
    at: str = ""
    listed: str = ""
    mark: str = ""
    files_checked: str = ""
    types: dict[str, int] = field(default_factory=dict)
    passed_over: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord(Record):
    """What a person decided about two pictures, by their SHA-256: "same", "different" or "undecided".

    `history` holds earlier decisions, oldest first.
    """

    key: str
    first: str
    second: str
    decision: str
    note: str = ""
    by: str = ""
    at: str = ""
    history: list[Json] = field(default_factory=list)


def decision_key(one: str, other: str) -> str:
    """What a decision about two pictures is known by, whichever is named first.

    >>> decision_key("5f", "0c") == decision_key("0c", "5f") == "0c 5f"
    True
    """
    return " ".join(sorted((one, other)))


def failure_json(failure: Failure) -> Json:
    """A failure as a JSON object."""
    return {name: str(value) for name, value in asdict(failure).items()}


def use_time_of(usage: UsageRecord) -> str:
    """When a picture is taken to have been used: when its page was published, or first seen where no date is told.

    >>> seen = UsageRecord(key="u", page="p", first_seen="2025-08-09T06:00:00Z")
    >>> use_time_of(seen)
    '2025-08-09T06:00:00Z'
    """
    return usage.published or usage.first_seen


def in_time(usage: UsageRecord) -> tuple[datetime, str, str, int, str]:
    """What uses are ordered by, whatever zone their times are told in; what no calendar knows comes last."""
    time = use_time_of(usage)
    return moment_of(time) or datetime.max.replace(tzinfo=UTC), time, usage.page, usage.position, usage.key
