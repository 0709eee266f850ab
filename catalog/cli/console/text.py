"""The lines the commands print, as pure functions: JSON for scripts, plain text for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from assets import Failure, ImageReference, Notice, Progress, Reading, credits_json
from catalog.model import DecisionRecord
from catalog.reports import format_count, moment, sanitize_text, size_text

if TYPE_CHECKING:
    from catalog.harvest import HarvestSummary

# Of what failed in a harvest, so much is named at its end.
MOST_NAMED = 10

# Of the noise that documents were read in spite of, so many kinds are told: it costs nothing of what was read.
MOST_NOTICES = 3


def reference_record(reading: Reading, reference: ImageReference) -> dict[str, object]:
    """One reference as the dry run's JSON line tells it."""
    page = reading.page
    return {
        "source": page.source,
        "page_url": page.url,
        "site": page.site,
        "page_kind": page.kind.value,
        "title": page.title,
        "published": page.published,
        "modified": page.modified,
        "url": reference.url,
        "resolved": reference.resolved,
        "variants": list(reference.variants),
        "uploads": list(reference.uploads),
        "role": reference.role.value,
        "position": reference.position,
        "alt": reference.alt,
        "caption": reference.caption,
        "caption_field": reference.caption_field,
        "credit": reference.credit,
        "credit_field": reference.credit_field,
        "credits": credits_json(reference.credit),
        "gallery_caption": reference.gallery_caption,
        "width": reference.width,
        "height": reference.height,
        "media_id": reference.media_id,
        "uploaded": reference.uploaded,
        "api_root": page.api_root,
        "post_id": page.post_id,
        "diagnosis": asdict(reference.diagnosis) if reference.diagnosis is not None else None,
    }


def reading_lines(reading: Reading) -> Iterator[str]:
    """A page and its references as a person reads them."""
    page = reading.page
    yield sanitize_text(page.url or page.source)
    for reference in reading.references:
        size = f"{reference.width}x{reference.height}" if reference.width and reference.height else ""
        marks = [reference.role.value, size, "" if reference.resolved else "(to be looked up)"]
        yield f"  {' '.join(mark for mark in marks if mark)}  {sanitize_text(reference.url)}"
        for name in ("alt", "caption", "credit"):
            if text := getattr(reference, name):
                yield f"    {name}: {sanitize_text(text)}"


def failure_line(failure: Failure) -> str:
    """What failed, where, and why, on one line.

    >>> from assets import Reason, Stage
    >>> failure_line(Failure(Stage.READ, Reason.NOT_FOUND, "post.json"))
    'post.json: not found'
    """
    detail = f" ({sanitize_text(failure.detail)})" if failure.detail else ""
    return f"{sanitize_text(failure.address)}: {failure.reason.value}{detail}"


def notice_lines(notices: Sequence[Notice]) -> Iterator[str]:
    """What was read in spite of which noise: the first few, a line each.

    >>> list(notice_lines([Notice("https://news.example/wp-json/", "Notice: Undefined index")]))
    ['read in spite of: Notice: Undefined index (https://news.example/wp-json/)']
    """
    for notice in notices[:MOST_NOTICES]:
        yield f"read in spite of: {sanitize_text(notice.text)} ({sanitize_text(notice.address)})"
    if len(notices) > MOST_NOTICES:
        yield f"read in spite of {len(notices) - MOST_NOTICES} more, which --json names"


def decision_line(record: DecisionRecord) -> str:
    """What was decided about which two pictures, by whom and when.

    >>> decision_line(DecisionRecord(key="k", first="5f" * 32, second="91" * 32, decision="same", by="Ada", at="2025"))
    '5f5f5f5f5f5f and 919191919191: same (Ada, 2025)'
    """
    told = ", ".join(sanitize_text(part) for part in (record.by, record.at) if part)
    pair = f"{sanitize_text(record.first[:12])} and {sanitize_text(record.second[:12])}"
    return f"{pair}: {record.decision}" + (f" ({told})" if told else "")


def progress_line(progress: Progress) -> str:
    """How far a harvest is."""
    if progress.stage == "texts":
        return f"{progress.settled} of {format_count(progress.references, 'text')} read"
    parts = [
        format_count(progress.pages, "page"),
        f"{progress.done} of {format_count(progress.references, 'reference')}",
        f"{progress.failed} failed",
        size_text(progress.bytes),
        f"{progress.elapsed_seconds:.0f} s",
        sanitize_text(progress.current)[:80],
    ]
    return ", ".join(part for part in parts if part)


def reasons_text(reasons: Mapping[str, int]) -> str:
    """Counts by reason, the most frequent first.

    >>> reasons_text({"gone": 1, "robots": 3})
    '3 robots, 1 gone'
    """
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count} {reason}" for reason, count in ordered)


def summary_text(summary: HarvestSummary) -> str:
    """What a harvest did, in a few lines.

    >>> from catalog.harvest.summary import HarvestSummary
    >>> summary_text(HarvestSummary(pages=1, references=4, fetched=3, assets_new=3, bytes=2048, seconds=1.0))
    '1 page, 4 references: 3 fetched (3 new assets, 2.0 KiB), 0 unchanged, 0 failed, in 1.0 s'
    """
    parts = [
        f"{format_count(summary.pages, 'page')}, {format_count(summary.references, 'reference')}:"
        f" {summary.fetched} fetched"
        f" ({format_count(summary.assets_new, 'new asset')}, {size_text(summary.bytes)})",
        f"{summary.unchanged} unchanged",
        f"{summary.failed} failed",
    ]
    if summary.skipped:
        parts.append(f"{format_count(summary.skipped, 'file')} of no known kind passed over")
    lines = [f"{', '.join(parts)}, in {summary.seconds:.1f} s"]
    lines += _site_lines(summary)
    lines += _failed_lines(summary)
    if summary.unreadable:
        told = "; ".join(f"{number} {why}" for why, number in summary.unreadable.most_common())
        lines.append(f"kept, but could not be read: {told}")
    lines += notice_lines(summary.notices)
    if summary.interrupted:
        lines.append("interrupted; the same command goes on from here")
    return "\n".join(lines)


def _site_lines(summary: HarvestSummary) -> Iterator[str]:
    """What became of the posts of whole sites, and what was not read of them."""
    if summary.moved or summary.gone:
        yield (
            f"posts: {summary.moved} moved to another address,"
            f" {summary.gone} deleted or open to nobody any more"
        )
    if summary.passed_over:
        # How many there are of what a site does not list is not known.
        types = [
            f"{number or ''} {sanitize_text(name)}".strip()
            for name, number in sorted(summary.passed_over.items())
        ]
        yield f"passed over, by type: {', '.join(types)}"
    for api_root, listed in summary.listed.items():
        day = " ".join(part for part in moment(listed) if part)
        told = f"only what is new or changed was listed; the whole list was last gone through {day}"
        yield f"{sanitize_text(api_root)}: {told}"


def _failed_lines(summary: HarvestSummary) -> Iterator[str]:
    """Why things failed, the first of them by name, and how to see the others."""
    if not summary.failed:
        return
    yield f"failed: {reasons_text(summary.reasons)}"
    shown = summary.failures[:MOST_NAMED]
    yield from (f"  {failure_line(failure)}" for failure in shown)
    more = f"  and {summary.failed - len(shown)} more: " if summary.failed > len(shown) else "  "
    yield f"{more}`photodesk failures` says what is still lacking, and when it is asked for again"
