"""What a lookup came to, as lines: JSON for scripts, plain text for people."""

from __future__ import annotations

from collections.abc import Iterator

from assets import PageKind
from catalog.lookup import Answer, Coverage, PlacedUsage
from catalog.matching import Match
from catalog.reports import counted, printable


def answer_lines(answer: Answer) -> Iterator[str]:
    """What a lookup came to, as a person reads it."""
    yield f"{printable(answer.query)}: {answer.finding.value} ({coverage_text(answer.coverage)})"
    for found in answer.found:
        relation = f"{found.match.relation.value}: " if found.match is not None else ""
        yield f"  {found.asset.sha256[:12]}  {relation}{found.explanation}{_evidence(found.match)}"
        for placed in found.usages:
            yield from _usage_lines(placed)
        if not found.usages:
            yield "    no page is known to use it"
    if answer.set_aside:
        yield f"  {counted(answer.set_aside, 'match', 'matches')} set aside: decided to be different pictures"


def coverage_text(coverage: Coverage) -> str:
    """What a verdict rests on.

    >>> coverage_text(Coverage(pictures=804, pages=1, sites=1, since="2026-11-20T10:00:00Z"))
    'of 804 pictures, 1 page, 1 site, since 2026-11-20'
    """
    parts = [
        counted(coverage.pictures, "picture"),
        counted(coverage.pages, "page"),
        counted(coverage.sites, "site"),
    ]
    if coverage.since:
        parts.append(f"since {coverage.since[:10]}")
    if coverage.not_compared:
        parts.append(f"{coverage.not_compared} not compared: see `photodesk index`")
    return f"of {', '.join(parts)}"


def _evidence(match: Match | None) -> str:
    if match is None or not match.blocks_compared:
        return ""
    return f" ({match.inliers} points, {match.blocks_agreeing} of {match.blocks_compared} blocks agree)"


def _usage_lines(placed: PlacedUsage) -> Iterator[str]:
    usage, page = placed.usage, placed.page
    when = (usage.published or f"seen {usage.first_seen}").replace("T00:00:00Z", "")
    gone = f", withdrawn by {usage.withdrawn}" if usage.withdrawn else ""
    yield f"    {when}{gone}  {printable(' '.join(part for part in (usage.site, usage.page) if part))}"
    # A picture file's title is its name, which is in its address.
    title = page.title if page is not None and page.kind != PageKind.FILE.value else ""
    told = {"title": title, "caption": usage.caption, "alt": usage.alt}
    for name, text in (told | {"credit": usage.credit}).items():
        if text:
            yield f"      {name}: {printable(text)}"
