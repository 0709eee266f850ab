"""What a lookup came to, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assets import PageKind
from catalog.harvest import describe_page_state, explain_cut
from catalog.lookup import Answer, LookupVerdict, PlacedUsage
from catalog.matching import Match
from catalog.reports import coverage_text, covered_text, format_count, gaps_text, sanitize_text


def answer_lines(answer: Answer) -> Iterator[str]:
    """What a lookup came to, as a person reads it."""
    yield f"{sanitize_text(answer.query)}: {_verdict(answer)}"
    if answer.decoded < 1:
        yield f"  {explain_cut(answer.decoded)}"
    for found in answer.found:
        relation = f"{found.match.relation.value}: " if found.match is not None else ""
        yield f"  {found.asset.sha256[:12]}  {relation}{found.explanation}{_evidence(found.match)}"
        for placed in found.usages:
            yield from _usage_lines(placed)
        if not found.usages:
            yield "    no page is known to use it"
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


def _evidence(match: Match | None) -> str:
    if match is None or not match.blocks_compared:
        return ""
    return f" ({match.inliers} points, {match.blocks_agreeing} of {match.blocks_compared} blocks agree)"


def _usage_lines(placed: PlacedUsage) -> Iterator[str]:
    usage, page = placed.usage, placed.page
    when = (usage.published or f"seen {usage.first_seen}").replace("T00:00:00Z", "")
    state = sanitize_text(describe_page_state(page))
    if usage.withdrawn:
        state = f"withdrawn by {usage.withdrawn}" + (f" ({state})" if state else "")
    where = sanitize_text(" ".join(part for part in (usage.site, usage.page) if part))
    yield f"    {', '.join(part for part in (when, state) if part)}  {where}"
    # A picture file's title is its name, which is in its address.
    title = page.title if page is not None and page.kind != PageKind.FILE.value else ""
    told = {"title": title, "caption": usage.caption, "alt": usage.alt}
    for name, text in (told | {"credit": usage.credit}).items():
        if text:
            yield f"      {name}: {sanitize_text(text)}"
