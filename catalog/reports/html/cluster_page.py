"""The pages of one cluster: what stands on each of them, as plain values for the template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog.clusters import Cluster, Copy, Statement, Use, Wording
from catalog.harvest import describe_page_state
from catalog.matching import percent
from catalog.reports import THUMBNAIL_SIDE, VIEW_SIDE, fit_size, link, spread
from catalog.reports.html.crop_boxes import Box, CropFrame, box_of, frames, hue_of
from catalog.reports.html.rows import headline
from catalog.reports.html.timeline import MOST_LANES, Timeline, timeline

# A page holds at most so many; the rest is on the cluster's next pages.
USES_ON_PAGE = 500
COPIES_ON_PAGE = 200

# Where a wording is said is told for so many uses; then only counted.
MOST_STATEMENTS = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture on a page: its file beside the report's folders, `""` where there is none, and its size there."""

    file: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CopyView:
    """One copy on its page. `wider_box` is where the best copy lies inside a copy that shows more."""

    number: int
    copy: Copy
    thumb: Shown
    facts: tuple[tuple[str, str], ...]
    hue: int
    wider_box: Box | None
    upload_number: int | None

    @property
    def is_best(self) -> bool:
        """Whether this is the best copy."""
        return self.number == 1


@dataclass(frozen=True, slots=True)
class UseView:
    """One use on its page: `copy` is the copy's number, `created` what that says of itself."""

    number: int
    use: Use
    copy: int | None
    hue: int
    created: str
    title: str
    href: str
    page_state: str
    address: str


@dataclass(frozen=True, slots=True)
class SaidView:
    """One place where a wording is said: the number of the use and the page that lists it; none for an asset."""

    statement: Statement
    href: str
    use: int | None
    target: str
    copy: int | None


@dataclass(frozen=True, slots=True)
class WordingView:
    """One wording, and where it is said as far as that is told."""

    wording: Wording
    said: tuple[SaidView, ...]
    untold: int


@dataclass(frozen=True, slots=True)
class ConflictsView:
    """What uses disagree about."""

    captions: tuple[WordingView, ...]
    credits: tuple[WordingView, ...]
    missing: tuple[SaidView, ...]
    missing_untold: int
    recovered: SaidView | None


@dataclass(frozen=True, slots=True)
class ClusterPage:
    """One page of a cluster, the first with everything, later ones with further copies and uses.

    `before` and `after` are the ids of the clusters beside it, `""` at the ends.
    """

    cluster: Cluster
    number: int
    pages: int
    headline: str
    view: Shown
    copies: tuple[CopyView, ...]
    uses: tuple[UseView, ...]
    frames: tuple[CropFrame, ...]
    timeline: Timeline | None
    conflicts: ConflictsView | None
    before: str = ""
    after: str = ""

    @property
    def name(self) -> str:
        """The file's name."""
        return page_name(self.cluster.id, self.number)

    @property
    def hours(self) -> float | None:
        """From the earliest use to the latest."""
        return spread(use.hours_after for use in self.cluster.uses)

    @property
    def most_lanes(self) -> int:
        """How many sites have their own lane and are listed at once."""
        return MOST_LANES


def page_name(cluster_id: str, number: int) -> str:
    """What the page of a cluster is called.

    >>> page_name("3d2f88e5c194", 1), page_name("3d2f88e5c194", 2)
    ('3d2f88e5c194.html', '3d2f88e5c194-2.html')
    """
    return f"{cluster_id}.html" if number == 1 else f"{cluster_id}-{number}.html"


def cluster_pages(
    cluster: Cluster, pictured: frozenset[str], before: str = "", after: str = ""
) -> Iterator[ClusterPage]:
    """The pages of a cluster; `pictured` are the digests of assets that have thumbnails."""
    by_sha = {copy.asset.sha256: number for number, copy in enumerate(cluster.copies, 1)}
    copies = _copy_views(cluster, pictured, by_sha)
    uses = _use_views(cluster, by_sha)
    count = max(1, -(-len(uses) // USES_ON_PAGE), -(-len(copies) // COPIES_ON_PAGE))
    best = cluster.best
    side = fit_size(best.width, best.height, VIEW_SIDE)
    view = Shown(f"views/{best.sha256}.webp" if best.sha256 in pictured else "", *side)
    for number in range(1, count + 1):
        shown = copies[(number - 1) * COPIES_ON_PAGE : number * COPIES_ON_PAGE]
        numbered = [(one.number, one.copy) for one in shown if not one.is_best]
        yield ClusterPage(
            cluster=cluster,
            number=number,
            pages=count,
            headline=headline(cluster),
            view=view,
            copies=tuple(shown),
            uses=tuple(uses[(number - 1) * USES_ON_PAGE : number * USES_ON_PAGE]),
            frames=tuple(frames(numbered, best.width, best.height)),
            timeline=timeline(cluster) if number == 1 else None,
            conflicts=_conflicts(cluster, by_sha) if number == 1 else None,
            before=before,
            after=after,
        )


def _copy_views(cluster: Cluster, pictured: frozenset[str], by_sha: Mapping[str, int]) -> list[CopyView]:
    best = cluster.best
    views = []
    for number, copy in enumerate(cluster.copies, 1):
        asset, match = copy.asset, copy.match
        file = f"thumbs/{asset.sha256}.webp" if asset.sha256 in pictured else ""
        views.append(
            CopyView(
                number=number,
                copy=copy,
                thumb=Shown(file, *fit_size(asset.width, asset.height, THUMBNAIL_SIDE)),
                facts=tuple(_facts(copy, box_of(copy, best.width, best.height))),
                hue=hue_of(number),
                wider_box=match.crop_box if match is not None and match.larger == "query" else None,
                upload_number=by_sha.get(copy.upload),
            )
        )
    return views


def _facts(copy: Copy, box: Box | None) -> Iterator[tuple[str, str]]:
    """What was measured of a copy, each with its name."""
    match = copy.match
    if match is None:
        return
    yield "relation", match.relation.value
    yield "kept", percent(match.kept)
    if match.larger == "query":
        yield "box", "wider than the best copy"
    elif box is not None:
        yield "box", f"{box[2]} × {box[3]} at {box[0]}, {box[1]}"
    yield "mirrored", "yes" if match.mirrored else "no"
    if match.overlays:
        yield "overlays", str(len(match.overlays))
    if match.blocks_compared:
        yield "blocks agreeing", f"{match.blocks_agreeing} of {match.blocks_compared}"


def _use_views(cluster: Cluster, by_sha: Mapping[str, int]) -> list[UseView]:
    created = {copy.asset.sha256: _embedded_text_of(copy, "created") for copy in cluster.copies}
    views = []
    for number, use in enumerate(cluster.uses, 1):
        address = (use.page.url if use.page else "") or use.usage.page
        copy = by_sha.get(use.usage.asset)
        views.append(
            UseView(
                number=number,
                use=use,
                copy=copy,
                hue=hue_of(copy or 1),
                created=created.get(use.usage.asset, ""),
                title=use.page.title if use.page else "",
                href=link(address),
                page_state=describe_page_state(use.page),
                address=address,
            )
        )
    return views


def _embedded_text_of(copy: Copy, name: str) -> str:
    return copy.asset.embedded.get(name, {}).get("text", "")


def _conflicts(cluster: Cluster, by_sha: Mapping[str, int]) -> ConflictsView:
    numbers = {use.usage.key: number for number, use in enumerate(cluster.uses, 1)}

    def said(statement: Statement) -> SaidView:
        use = numbers.get(statement.usage)
        page = page_name(cluster.id, -(-use // USES_ON_PAGE)) if use else ""
        target = f"{page}#use-{use}" if use else ""
        return SaidView(statement, link(statement.page), use, target, by_sha.get(statement.asset))

    def worded(wordings: Sequence[Wording]) -> tuple[WordingView, ...]:
        return tuple(
            WordingView(
                one,
                tuple(said(statement) for statement in one.statements[:MOST_STATEMENTS]),
                max(0, len(one.statements) - MOST_STATEMENTS),
            )
            for one in wordings
        )

    conflicts = cluster.conflicts
    by_key = {use.usage.key: use for use in cluster.uses}
    missing = [by_key[key] for key in conflicts.credit_missing if key in by_key]
    return ConflictsView(
        captions=worded(conflicts.captions),
        credits=worded(conflicts.credits),
        missing=tuple(said(_without_credit(use)) for use in missing[:MOST_STATEMENTS]),
        missing_untold=max(0, len(missing) - MOST_STATEMENTS),
        recovered=said(conflicts.recovered) if conflicts.recovered else None,
    )


def _without_credit(use: Use) -> Statement:
    usage = use.usage
    return Statement("", "", usage.asset, usage.key, use.site, usage.page)
