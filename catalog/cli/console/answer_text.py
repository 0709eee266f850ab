"""What a lookup came to, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assets import PageKind
from catalog.clusters import ID_DIGITS
from catalog.harvest import describe_page_state, explain_cut
from catalog.lookup import Answer, Found, FoundCopy, LookupVerdict, Photo
from catalog.matching import Match
from catalog.model import PageRecord, UsageRecord
from catalog.reports import (
    coverage_text,
    covered_text,
    extent_text,
    format_count,
    gaps_text,
    incomplete_text,
    sanitize_text,
)


def answer_lines(answer: Answer) -> Iterator[str]:
    """What a lookup came to, as a person reads it: each photo by itself, then what is not known to be the same."""
    yield f"{sanitize_text(answer.query)}: {_verdict(answer)}"
    if answer.decoded < 1:
        yield f"  {explain_cut(answer.decoded)}"
    for number, photo in enumerate(answer.photos, 1):
        several = len(answer.photos) > 1
        yield from _photo_lines(photo, f"photo {number} of {len(answer.photos)}: " if several else "")
    if answer.photos and (told := incomplete_text(answer.coverage)):
        yield f"  {told}"
    alike = [found for found in answer.found if found.match is not None]
    if alike:
        yield "  not the same photo, or not known to be:"
    for found in alike:
        yield f"    {_name(found)}; {sanitize_text(extent_text(found.extent))}"
    for found in answer.found:
        if found.match is None:
            yield from _picture_lines(found)
    if answer.set_aside:
        yield f"  {format_count(answer.set_aside, 'match', 'matches')} set aside: decided to be different pictures"


def _verdict(answer: Answer) -> str:
    """The verdict and what it rests on; who finds nothing reads first what was not looked at.

    What was asked is compared with pictures that have not yet been compared with all others, too.
    """
    verdict, coverage = answer.finding.value, answer.coverage
    if answer.finding is not LookupVerdict.NOT_IN_CATALOG:
        return f"{verdict} ({coverage_text(coverage)})"
    gaps = gaps_text(replace(coverage, uncompared=0))
    return f"{verdict}{'; ' if gaps else ''}{gaps} ({covered_text(coverage)})"


def _photo_lines(photo: Photo, which: str) -> Iterator[str]:
    """The line that sums a photo up, its copies, those that the query itself matches first, and all their uses."""
    yield f"  {which}{sanitize_text(extent_text(photo.cluster.extent))}"
    for copy in sorted(photo.copies, key=lambda copy: not copy.is_direct):
        yield f"    {_copy_line(copy)}"
    is_one = len(photo.copies) == 1
    for use in photo.cluster.uses:
        copy_name = "" if is_one else f"  copy {use.usage.asset[:ID_DIGITS]}"
        yield from _usage_lines(use.usage, use.page, copy_name)


def _copy_line(copy: FoundCopy) -> str:
    relation = f"{copy.match.relation.value}: " if copy.match is not None else ""
    told = sanitize_text(f"{relation}{copy.explanation}{_evidence(copy.match)}")
    return f"{copy.copy.asset.sha256[:ID_DIGITS]}  {told}"


def _name(found: Found) -> str:
    relation = f"{found.match.relation.value}: " if found.match is not None else ""
    return f"{found.asset.sha256[:ID_DIGITS]}  {relation}{found.explanation}{_evidence(found.match)}"


def _picture_lines(found: Found) -> Iterator[str]:
    """What a hash or words lead to: a picture, and its uses."""
    yield f"  {_name(found)}"
    for placed in found.usages:
        yield from _usage_lines(placed.usage, placed.page)
    if not found.usages:
        yield "    no page is known to use it"


def _evidence(match: Match | None) -> str:
    if match is None or not match.blocks_compared:
        return ""
    return f" ({match.inliers} points, {match.blocks_agreeing} of {match.blocks_compared} blocks agree)"


def _usage_lines(usage: UsageRecord, page: PageRecord | None, copy_name: str = "") -> Iterator[str]:
    when = (usage.published or f"seen {usage.first_seen}").replace("T00:00:00Z", "")
    state = sanitize_text(describe_page_state(page))
    if usage.withdrawn:
        state = f"withdrawn by {usage.withdrawn}" + (f" ({state})" if state else "")
    where = sanitize_text(" ".join(part for part in (usage.site, usage.page) if part))
    yield f"    {', '.join(part for part in (when, state) if part)}  {where}{copy_name}"
    # A picture file's title is its name, which is in its address.
    title = page.title if page is not None and page.kind != PageKind.FILE.value else ""
    told = {"title": title, "caption": usage.caption, "alt": usage.alt}
    for name, text in (told | {"credit": usage.credit}).items():
        if text:
            yield f"      {name}: {sanitize_text(text)}"
