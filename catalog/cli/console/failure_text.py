"""What failed and is needed, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalog.reports import FailureKind, ListedFailure, format_count, moment, sanitize_text

# Of the pages that use a picture, so many are named.
MOST_PAGES = 3

_HEADS = {
    FailureKind.PICTURE: ("picture", "pictures"),
    FailureKind.FEATURED: (
        "featured picture of which the site tells no address",
        "featured pictures of which the site tells no address",
    ),
    FailureKind.PAGE: ("page that could not be read", "pages that could not be read"),
    FailureKind.DOCUMENT: ("other address that could not be read", "other addresses that could not be read"),
}


def failure_lines(failures: Sequence[ListedFailure]) -> Iterator[str]:
    """Failures as a person reads them: by what they are, in the order in which they are given."""
    for kind, (one, many) in _HEADS.items():
        of_kind = [failure for failure in failures if failure.kind is kind]
        if of_kind:
            yield format_count(len(of_kind), one, many)
        for failure in of_kind:
            yield from map(sanitize_text, _lines_of(failure))


def _lines_of(failure: ListedFailure) -> Iterator[str]:
    detail = f" ({failure.detail})" if failure.detail else ""
    yield f"  {failure.address}: {failure.reason}{detail}"
    if since := since_text(failure):
        yield f"    {since}"
    if failure.usages:
        shown = list(failure.pages[:MOST_PAGES])
        more = len(failure.pages) - len(shown)
        if more:
            shown.append(f"{more} more")
        kept = ", which have a picture all the same" if failure.has_picture else ""
        yield f"    {format_count(len(failure.usages), 'use')} on {', '.join(shown)}{kept}"
    elif failure.pages and failure.pages[0] != failure.address:
        yield f"    on {failure.pages[0]}"
    yield f"    {failure.next_step}"


def since_text(failure: ListedFailure) -> str:
    """How often and since when something failed.

    >>> since_text(ListedFailure(kind=FailureKind.PICTURE, address="u", reason="gone", failures=2,
    ...     first_at="2025-08-01T06:00:00Z", at="2025-08-03T06:00:00Z"))
    'failed 2 times since 2025-08-01 06:00 UTC, last 2025-08-03 06:00 UTC'
    """
    first, last, good = (
        " ".join(part for part in moment(text) if part)
        for text in (failure.first_at, failure.at, failure.last_good_at)
    )
    if not failure.failures:
        return f"since {first}" if first else ""
    told = f"failed {format_count(failure.failures, 'time')}"
    if good:
        told += f" since it was good on {good}"
    elif failure.failures > 1:
        told += f" since {first}"
    return f"{told}, last {last}" if good or failure.failures > 1 else f"{told}, {last}"
