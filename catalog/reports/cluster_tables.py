"""Clusters as a table for people and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group
from rich.table import Table
from rich.text import Text

from catalog.clusters import Cluster, ClusterFilter, Copy, Use
from catalog.model import Json
from catalog.reports.cluster_json import use_record
from catalog.reports.safe_csv import SafeWriter, TextStream
from catalog.reports.safe_text import sanitize_text
from catalog.reports.wording import hours, spread

# From here on the table's texts stand side by side, and a caption still has room for a few words.
WIDE_COLUMNS = 140

COLUMNS = (
    "cluster",
    "best_copy",
    "asset",
    "relation",
    "kept",
    "mirrored",
    "crop_box",
    "explanation",
    "variant_of",
    "site",
    "page",
    "title",
    "created",
    "published",
    "uploaded",
    "first_seen",
    "last_seen",
    "withdrawn",
    "page_state",
    "hours_after_earliest",
    "reuse",
    "substitute",
    "role",
    "caption",
    "caption_field",
    "alt",
    "credit",
    "credit_field",
    "conflicts",
    "url",
    "uncompared",
)


# JSON


# CSV


def write_cluster_csv(clusters: Iterable[Cluster], stream: TextStream, uncompared: int = 0) -> None:
    """One row a use; a cell that a spreadsheet would take for a formula is neutralised.

    Each row has how many pictures of the catalog are `uncompared`, so that copies may be missing.
    """
    writer = SafeWriter(stream, COLUMNS)
    for cluster in clusters:
        copies = {copy.asset.sha256: copy for copy in cluster.copies}
        for use in cluster.uses:
            row = _row(cluster, copies[use.usage.asset], use) | {"uncompared": uncompared}
            writer.write_row(row[name] for name in COLUMNS)


def _row(cluster: Cluster, copy: Copy, use: Use) -> Json:
    match, told = copy.match, use_record(use)
    return told | {
        "cluster": cluster.id,
        "best_copy": cluster.best.sha256,
        "relation": match.relation.value if match is not None else "",
        "kept": match.kept if match is not None else "",
        "mirrored": match.mirrored if match is not None else "",
        "crop_box": " ".join(map(str, match.crop_box)) if match is not None else "",
        "explanation": copy.explanation,
        "variant_of": copy.upload,
        "substitute": use.substitute,
        "page_state": told["page_state"] or "",
        "created": copy.asset.embedded.get("created", {}).get("text", ""),
        "conflicts": ", ".join(cluster.conflicts.kinds),
    }


# Terminal


def cluster_table(clusters: Iterable[Cluster], width: int) -> Table:
    """A row a cluster, for a terminal of so many columns; where they are few, texts stand below each other."""
    is_wide = width >= WIDE_COLUMNS
    shown = Table(box=None, pad_edge=False, header_style="bold")
    shown.add_column("cluster", no_wrap=True)
    for name in ("copies", "uses", "sites", "spread"):
        shown.add_column(name, justify="right", no_wrap=True)
    texts = ("earliest observed", "conflicts", "what is said")
    for name in texts if is_wide else [", ".join(texts)]:
        shown.add_column(name)
    for cluster in clusters:
        told = [_line(text) for text in _texts(cluster)]
        stacked = [Group(*filter(None, told))]
        shown.add_row(*map(_line, _figures(cluster)), *(told if is_wide else stacked))
    return shown


def explain_nothing(wanted: ClusterFilter, pictures: int) -> str:
    """Why no cluster is told of a catalog with so many pictures.

    >>> explain_nothing(ClusterFilter(), 0)
    'the catalog is empty: harvest something first'
    >>> explain_nothing(ClusterFilter(), 7)
    'no photo was found twice'
    >>> explain_nothing(ClusterFilter(since="2025-08-01T00:00:00Z", relation="crop"), 7)
    'no photo that was found twice was used since 2025-08-01T00:00:00Z and has a copy that is related as crop'
    """
    if not pictures:
        return "the catalog is empty: harvest something first"
    asked = {
        "was used on two sites or more": wanted.across_sites,
        f"was used since {wanted.since}": wanted.since,
        f"was used on {wanted.site}": wanted.site,
        f"has a copy that is related as {wanted.relation}": wanted.relation,
    }
    conditions = [condition for condition, is_asked in asked.items() if is_asked]
    if not conditions:
        return "no photo was found twice"
    return f"no photo that was found twice {' and '.join(conditions)}"


def _line(text: str) -> Text:
    """A stranger's text on one line, cut where the column ends."""
    return Text(sanitize_text(text), no_wrap=True, overflow="ellipsis")


def _figures(cluster: Cluster) -> Iterator[str]:
    yield cluster.id
    yield str(len(cluster.copies))
    yield str(len(cluster.uses))
    yield str(len(cluster.sites))
    yield hours(spread(use.hours_after for use in cluster.uses))


def _texts(cluster: Cluster) -> Iterator[str]:
    earliest = cluster.earliest
    yield f"{earliest.time[:10]} {earliest.site}" if earliest is not None else ""
    yield ", ".join(cluster.conflicts.kinds)
    yield find_cluster_text(cluster)


def find_cluster_text(cluster: Cluster) -> str:
    """A caption, alt text or title that tells which photograph it is."""
    for use in cluster.uses:
        if text := use.usage.caption or use.usage.alt:
            return text
    titles = (use.page.title for use in cluster.uses if use.page is not None and use.page.title)
    return next(titles, "")
