"""A usage as several kinds of sources observe it: a change lies between two observations of one kind.

A feed shows ten posts and no featured pictures, a page another size and an alt text of its own: what differs between
two kinds of sources did not change. The ledger shows what the most authoritative kind told that ever showed the use;
the others stay on record beside it, each with its own history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assets import PageKind, Role, SourceKind
from catalog.model import CHANGING_FIELDS, Json, PageRecord, UsageRecord

_OBSERVED = (
    *CHANGING_FIELDS,
    "caption_field",
    "uploaded",
    "variants",
    "first_seen",
    "last_seen",
    "withdrawn",
    "history",
)

# What a library says of a picture: of one in a post's content the other words are the post's own.
_LIBRARY_WORDS = ("uploaded", "credit", "credit_field")
_LIBRARY_WORDS_OF_FEATURED = ("alt", "caption", "caption_field", *_LIBRARY_WORDS)

_AUTHORITY = {kind.value: number for number, kind in enumerate(SourceKind)}

# Whatever a post has in a feed it has here too.
_SHOW_WHAT_FEEDS_DO = frozenset({SourceKind.REST.value, SourceKind.WXR.value})

# Catalogs made before sources were told apart say of a page only what it was.
_KIND_OF_PAGE = {
    PageKind.FEED_ENTRY.value: SourceKind.FEED,
    PageKind.ARTICLE.value: SourceKind.PAGE,
    PageKind.LIST.value: SourceKind.LIST,
    PageKind.FILE.value: SourceKind.FILE,
}


def source_kind_of(page: PageRecord) -> str:
    """The kind of source that showed a page, also where its record does not say so."""
    if page.source_kind:
        return page.source_kind
    if page.kind in _KIND_OF_PAGE:
        return _KIND_OF_PAGE[page.kind].value
    return (SourceKind.REST if page.api_root else SourceKind.WXR).value


def is_weaker(one: str, other: str) -> bool:
    """Whether one kind of source says less of a page than another."""
    return _AUTHORITY.get(one, len(_AUTHORITY)) > _AUTHORITY.get(other, len(_AUTHORITY))


def observe(known: UsageRecord, seen: UsageRecord) -> UsageRecord:
    """The usage after one more observation, whatever kind of source it is of."""
    if known.source_kind == seen.source_kind:
        return update_usage(known, seen)
    if is_weaker(known.source_kind, seen.source_kind):
        former = _as_observed(known, seen.source_kind)
        now = update_usage(former, seen) if former is not None else seen
        beside = {kind: one for kind, one in known.observations.items() if kind != seen.source_kind}
        return replace(
            now if now.asset else _with_asset_of(now, known),
            first_seen=min(known.first_seen, now.first_seen),
            observations=beside | {known.source_kind: _observation_of(known)},
        )
    former = _as_observed(known, seen.source_kind)
    now = update_usage(former, seen) if former is not None else seen
    return replace(
        known if known.asset else _with_asset_of(known, seen),
        first_seen=min(known.first_seen, seen.first_seen),
        observations=known.observations | {seen.source_kind: _observation_of(now)},
    )


def update_usage(known: UsageRecord, seen: UsageRecord) -> UsageRecord:
    """The usage as it is now, with what it said before in its history; both are of one kind of source.

    A picture that could not be fetched this time, or only in another size, is not a changed picture, and a clock that
    was put back does not undo when it was seen.

    >>> before = UsageRecord(key="k", page="p", alt="Kim", first_seen="2025-08-01", last_seen="2025-08-02")
    >>> now = UsageRecord(key="k", page="p", alt="Kim Jong Un", first_seen="2025-09-01", last_seen="2025-09-01")
    >>> update_usage(before, now).history
    [{'until': '2025-08-02', 'seen': '2025-09-01', 'alt': 'Kim'}]
    """
    is_kept = bool(known.asset) and (
        not seen.asset or (bool(seen.asset_url) and not known.asset_url and seen.url == known.url)
    )
    asset, asset_url = (known.asset, known.asset_url) if is_kept else (seen.asset, seen.asset_url)
    if not seen.asset and not asset_url and asset and seen.url != known.url:
        # The picture is still the one that the former address gave.
        asset_url = known.url
    now = replace(
        seen,
        first_seen=min(known.first_seen, seen.first_seen),
        last_seen=max(known.last_seen, seen.last_seen),
        asset=asset,
        asset_url=asset_url,
        observations=known.observations,
    )
    known, now = _fill_library_words(known, now)
    changed: Json = {
        name: getattr(known, name)
        for name in CHANGING_FIELDS
        if getattr(known, name) != getattr(now, name) and (name != "asset" or known.asset)
    }
    if changed.keys() <= {"asset_url"}:
        changed = {}
    if known.withdrawn and seen.withdrawn:
        now = replace(now, withdrawn=known.withdrawn)
    elif known.withdrawn:
        changed["withdrawn"] = known.withdrawn
    earlier = {"until": known.last_seen, "seen": now.last_seen, **changed}
    return replace(now, history=[*known.history, earlier] if changed else known.history)


def join_usages(known: UsageRecord, other: UsageRecord) -> UsageRecord:
    """One usage of two that were the same all along, known by two addresses of a page; both are of one kind of source.

    What was seen last is what it says now, and it keeps the key and the page of the one that is `known`.
    """
    former, latter = sorted((other, known), key=lambda usage: usage.last_seen)
    joined = update_usage(former, replace(latter, history=[]))
    return replace(
        joined,
        key=known.key,
        page=known.page,
        history=[*joined.history, *latter.history],
        observations=former.observations | latter.observations,
    )


def _fill_library_words(known: UsageRecord, now: UsageRecord) -> tuple[UsageRecord, UsageRecord]:
    """Both states of a use, as if the media library had told at both times what it told at one of them.

    It does not answer at times, and keeps to itself what belongs to a post that is not public: that is no edit.
    """
    # Only a library knows when a picture was uploaded.
    if bool(known.uploaded) == bool(now.uploaded):
        return known, now
    names = _LIBRARY_WORDS_OF_FEATURED if now.role == Role.FEATURED.value else _LIBRARY_WORDS
    if known.uploaded:
        return known, _fill(now, known, names)
    return _fill(known, now, names), now


def _fill(silent: UsageRecord, told: UsageRecord, names: Sequence[str]) -> UsageRecord:
    missing = {name: getattr(told, name) for name in names if not getattr(silent, name)}
    for name in ("credit", "caption"):
        # A text and the field it stood in go together.
        if name not in missing:
            missing.pop(f"{name}_field", None)
    return replace(silent, **missing)


def withdraw(usage: UsageRecord, source_kind: str, at: str) -> UsageRecord:
    """The usage after a source of this kind, which would have shown it, did not."""
    if usage.source_kind == source_kind:
        return usage if usage.withdrawn else replace(usage, withdrawn=at)
    if usage.source_kind == SourceKind.FEED.value and source_kind in _SHOW_WHAT_FEEDS_DO:
        return withdraw_for(usage, source_kind, at)
    told = usage.observations.get(source_kind)
    if told is None or told["withdrawn"]:
        return usage
    return replace(usage, observations=usage.observations | {source_kind: told | {"withdrawn": at}})


def withdraw_for(usage: UsageRecord, source_kind: str, at: str) -> UsageRecord:
    """The usage after a stronger kind of source, which would have shown it, did not: that one's word holds now."""
    beside = usage.observations | {usage.source_kind: _observation_of(usage)}
    gone = usage.withdrawn or at
    return replace(usage, source_kind=source_kind, withdrawn=gone, history=[], observations=beside)


def list_observations(usage: UsageRecord) -> Iterator[UsageRecord]:
    """The usage as each kind of source tells it, the most authoritative first."""
    yield usage
    for kind in sorted(usage.observations, key=lambda kind: _AUTHORITY.get(kind, len(_AUTHORITY))):
        observed = _as_observed(usage, kind)
        if observed is not None:
            yield observed


def _with_asset_of(usage: UsageRecord, other: UsageRecord) -> UsageRecord:
    """A usage with the picture that another kind of source gave, whose address is not its own."""
    address = (other.asset_url or other.url) if other.asset else ""
    return replace(usage, asset=other.asset, asset_url="" if address == usage.url else address)


def _observation_of(usage: UsageRecord) -> Json:
    return {name: getattr(usage, name) for name in _OBSERVED}


def _as_observed(usage: UsageRecord, kind: str) -> UsageRecord | None:
    told = usage.observations.get(kind)
    if told is None:
        return None
    values = {name: told[name] for name in _OBSERVED if name in told}
    return replace(usage, source_kind=kind, observations={}, **values)
