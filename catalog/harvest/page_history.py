"""A page as it is observed again: what the most authoritative kind of source says of it stands."""

from __future__ import annotations

from dataclasses import replace

from catalog.harvest.observations import is_weaker, source_kind_of
from catalog.model import PageRecord

# WordPress's own words: anybody may look at such a post, the password of a protected one apart.
PUBLIC = "publish"

# A media item has the status of what it belongs to.
_OPEN = ("", PUBLIC, "inherit")

_WORDS = {
    "draft": "a draft",
    "auto-draft": "a draft",
    "pending": "waiting for review",
    "future": "scheduled",
    "trash": "in the trash",
}

# What a weaker source may add where the stronger ones are silent.
_GAPS = ("title", "published", "modified", "language", "api_root", "post_id", "post_type", "featured_media")


def update_page(known: PageRecord | None, seen: PageRecord) -> PageRecord:
    """The page as it is now; nothing of it counts as read before that is noted."""
    if known is None:
        return seen
    first, last = min(known.first_seen, seen.first_seen), max(known.last_seen, seen.last_seen)
    kind = source_kind_of(known)
    seen = replace(seen, observed=seen.observed | known.observed)
    if is_weaker(seen.source_kind, kind):
        missing = {
            name: getattr(seen, name)
            for name in _GAPS
            if getattr(known, name) in ("", None) and getattr(seen, name) not in ("", None)
        }
        return replace(
            known, first_seen=first, last_seen=last, source_kind=kind, observed=seen.observed, **missing
        )
    missing = {
        name: getattr(known, name)
        for name in _GAPS
        if getattr(seen, name) in ("", None) and getattr(known, name) not in ("", None)
    }
    gone = "" if is_public(seen) else known.gone or (seen.last_seen if is_public(known) else "")
    protected = seen.protected and (known.protected or seen.protected)
    return replace(
        seen,
        # A draft has an address that it will not be known by.
        url=seen.url if is_open_status(seen.status) else known.url or seen.url,
        first_seen=first,
        last_seen=last,
        gone=gone,
        protected=protected,
        earlier=known.earlier,
        **missing,
    )


def is_open_status(status: str) -> bool:
    """Whether anybody may look at a page of this status."""
    return status in _OPEN


def is_public(page: PageRecord) -> bool:
    """Whether anybody may look at a page, as far as its source says."""
    return not page.gone and page.status in ("", PUBLIC)


def describe_page_state(page: PageRecord | None) -> str:
    """What keeps people from a page that was harvested, `""` for nothing.

    >>> describe_page_state(PageRecord(key="p", gone="2025-08-01T06:00:00Z", status="private"))
    'private'
    >>> describe_page_state(PageRecord(key="p", protected="2025-08-01T06:00:00Z"))
    'asks for a password since 2025-08-01T06:00:00Z'
    """
    if page is None:
        return ""
    if not page.gone and page.protected:
        return f"asks for a password since {page.protected}"
    if page.gone and page.status in _OPEN:
        return "gone"
    return "" if page.status in _OPEN else _WORDS.get(page.status, page.status)
