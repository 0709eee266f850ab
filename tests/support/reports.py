"""Clusters for tests of the report: drawn photographs, their crops, and uses with and without conflicts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pictures import jpeg_bytes, photo
from PIL import Image, ImageOps

from catalog.clusters.cluster import Cluster, Conflicts, Copy, SiteSpread, Statement, Use, Word, Wording
from catalog.matching.explanation import explain_match
from catalog.matching.match import Match
from catalog.matching.relation import Relation
from catalog.model import AssetRecord, PageRecord, UsageRecord

START = datetime(2025, 8, 4, 6, 42, tzinfo=UTC)
SITES = (
    "agency.example",
    "daily.example",
    "evening.example",
    "kyiv.example",
    "blog.example",
    "radio.example",
)

HOSTILE = (
    '<img src=x onerror="document.title=1;window.broken=1"><script>window.broken = 2</script>'
    "\"'> &lt;b&gt; \u2028 \u202e drawkcab {{ 7 * 7 }} </script><!--"
)


def digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def stamp(hours: float) -> str:
    return (START + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


@dataclass
class Desk:
    """A folder of originals, and the assets in it."""

    originals: Path
    photos: dict[int, Image.Image] = field(default_factory=dict)

    def photo(self, seed: int) -> Image.Image:
        if seed not in self.photos:
            self.photos[seed] = photo(seed, 1200, 800)
        return self.photos[seed]

    def asset(self, image: Image.Image, **embedded: str) -> AssetRecord:
        body = jpeg_bytes(image, quality=88)
        sha256 = hashlib.sha256(body).hexdigest()
        name = f"{sha256[:2]}/{sha256}.jpg"
        (self.originals / name).parent.mkdir(parents=True, exist_ok=True)
        (self.originals / name).write_bytes(body)
        return AssetRecord(
            sha256=sha256,
            length=len(body),
            format="JPEG",
            width=image.width,
            height=image.height,
            original=name,
            embedded={name: {"text": text, "field": "iptc 2:110"} for name, text in embedded.items()},
        )

    def crop(
        self, seed: int, best: str, box: tuple[int, int, int, int], *, width: int = 0, mirrored: bool = False
    ) -> Copy:
        """A part of a photograph, perhaps mirrored and made smaller."""
        x, y, across, down = box
        image = self.photo(seed).crop((x, y, x + across, y + down))
        image = ImageOps.mirror(image) if mirrored else image
        width = width or across
        image = image.resize((width, round(width * down / across)))
        is_whole = box == (0, 0, 1200, 800)
        step = across / width
        row = (-step, 0.0, x + across) if mirrored else (step, 0.0, x)
        match = Match(
            best,
            Relation.COPY if is_whole else Relation.CROP,
            kept=round(across * down / (1200 * 800), 3),
            crop_box=box,
            mirrored=mirrored,
            scale=round(width / across, 3),
            inliers=80,
            blocks_agreeing=150,
            blocks_compared=153,
            transform=(*row, 0.0, step, y),
        )
        return Copy(self.asset(image), explain_match(match), match)


def use(
    copy: Copy,
    site: str,
    hours: float,
    *,
    title: str = "",
    caption: str = "",
    credit: str = "",
    **changes: str,
) -> Use:
    address = f"https://{site}/2025/08/{digest(site, hours, title)[:8]}/"
    page = PageRecord(key=address, url=address, site=site, title=title, published=stamp(hours))
    usage = UsageRecord(
        key=digest(address, copy.asset.sha256)[:16],
        page=address,
        site=site,
        role="featured",
        alt=title,
        caption=caption,
        credit=credit,
        credit_field="_embedded.caption" if credit else "",
        published=stamp(hours),
        uploaded=stamp(hours - 0.5),
        asset=copy.asset.sha256,
        first_seen="2025-11-23T09:00:00Z",
        last_seen="2025-11-24T09:00:00Z",
    )
    return Use(replace(usage, **changes), page, stamp(hours), hours)


def cluster(copies: Sequence[Copy], uses: Sequence[Use], conflicts: Conflicts | None = None) -> Cluster:
    ordered = tuple(sorted(uses, key=lambda one: one.hours_after or 0.0))
    spread: dict[str, list[Use]] = {}
    for one in ordered:
        spread.setdefault(one.site, []).append(one)
    sites = tuple(SiteSpread(site, own[0].time, own[0].hours_after, len(own)) for site, own in spread.items())
    best = copies[0].asset
    why = f"the largest uncropped copy, {best.width} × {best.height}, with its embedded credit"
    return Cluster(best.sha256[:12], why, tuple(copies), ordered, sites, conflicts or Conflicts())


def statement(one: Use, text: str, name: str) -> Statement:
    return Statement(text, name, one.usage.asset, one.usage.key, one.site, one.usage.page)


def launch(desk: Desk) -> Cluster:
    """Six copies of one photograph on five sites that disagree about its caption and its credit."""
    seed = 3
    best = Copy(
        desk.asset(desk.photo(seed), credit="Olena Marchuk / Agency", created="2025-08-03T17:20:11"),
        "the best copy",
    )
    sha = best.asset.sha256
    marked = desk.crop(seed, sha, (0, 0, 1200, 800), width=800)
    wider = Copy(
        desk.asset(ImageOps.expand(desk.photo(seed), (150, 120), "#334")),
        "shows more than the best copy, which is 55 % of it",
        Match(
            sha,
            Relation.CROP,
            kept=0.55,
            larger="query",
            crop_box=(150, 120, 1200, 800),
            transform=(1.0, 0.0, -150.0, 0.0, 1.0, -120.0),
        ),
    )
    copies = [
        best,
        replace(marked, upload=sha, variant_evidence="the file name ends in -800x533"),
        desk.crop(seed, sha, (300, 100, 600, 600), width=600, mirrored=True),
        desk.crop(seed, sha, (80, 180, 1000, 560)),
        desk.crop(seed, sha, (620, 360, 320, 240)),
        wider,
    ]
    overlaid = replace(copies[3].match, overlays=((700, 640, 340, 80),))
    copies[3] = replace(copies[3], match=overlaid, explanation=explain_match(overlaid))
    first = "Crew members walk to the launch pad at dawn, 3 August 2025."
    second = "Crew members walk from the launch pad at dusk, August 2025. Archive picture."
    uses = [
        use(
            best, SITES[0], 0, title="Dawn at the launch pad", caption=first, credit="Olena Marchuk / Agency"
        ),
        use(copies[1], SITES[1], 5.2, title="Crew ready for launch", caption=first, credit="Agency"),
        use(copies[2], SITES[2], 31, title="What the launch means for the region", caption=second),
        use(
            copies[3], SITES[3], 80, title="Запуск: що відомо про екіпаж", caption=first, credit="Kyiv Photo"
        ),
        use(copies[4], SITES[4], 120, title="Ten faces of the summer", withdrawn="2025-11-20T10:00:00Z"),
        use(copies[5], SITES[1], 122.5, title="The week in pictures", caption=first, credit="Agency"),
    ]
    conflicts = Conflicts(
        captions=(
            Wording(first, tuple(statement(uses[at], first, "caption") for at in (0, 1, 3, 5))),
            Wording(
                second,
                (statement(uses[2], second, "caption"),),
                (
                    Word("same", "Crew members walk"),
                    Word("removed", "to"),
                    Word("added", "from"),
                    Word("same", "the launch pad at"),
                    Word("removed", "dawn, 3"),
                    Word("added", "dusk,"),
                    Word("same", "August 2025."),
                    Word("added", "Archive picture."),
                ),
            ),
        ),
        credits=(
            Wording("Olena Marchuk / Agency", (statement(uses[0], "Olena Marchuk / Agency", "caption"),)),
            Wording("Agency", tuple(statement(uses[at], "Agency", "caption") for at in (1, 5))),
            Wording("Kyiv Photo", (statement(uses[3], "Kyiv Photo", "caption"),)),
        ),
        credit_missing=(uses[2].usage.key, uses[4].usage.key),
        recovered=Statement("Olena Marchuk / Agency", "iptc 2:110", sha),
    )
    return cluster(copies, uses, conflicts)


def quiet(desk: Desk, seed: int, uses_on: Sequence[tuple[str, float]], title: str) -> Cluster:
    """A photograph and a smaller copy of it, the same said of both."""
    best = Copy(desk.asset(desk.photo(seed)), "the best copy")
    copies = [best, desk.crop(seed, best.asset.sha256, (120, 60, 960, 640), width=640)]
    uses = [
        use(copies[number % 2], site, hours, title=title, caption=f"{title}.", credit="Desk")
        for number, (site, hours) in enumerate(uses_on)
    ]
    return cluster(copies, uses)


def hostile(desk: Desk) -> Cluster:
    """A photograph about which strangers say what they should not."""
    best = Copy(desk.asset(desk.photo(9).resize((900, 600)), credit=HOSTILE), "the best copy")
    other = replace(desk.crop(9, best.asset.sha256, (0, 0, 600, 600)), explanation=HOSTILE)
    uses = [
        use(best, "agency.example", 0, title=HOSTILE, caption=HOSTILE, credit=HOSTILE),
        use(other, HOSTILE, 2, title="x", caption="long " * 20_000, credit=HOSTILE),
        use(other, "daily.example", 3, caption="\u202eevil", credit_field=HOSTILE),
    ]
    address = "javascript:window.broken=3"
    page = PageRecord(key=address, url=address, title="A page that is no page")
    uses[2] = replace(uses[2], page=page, usage=replace(uses[2].usage, page=address))
    wording = Wording(HOSTILE, (statement(uses[0], HOSTILE, HOSTILE),), (Word("added", HOSTILE),))
    conflicts = Conflicts(
        (wording, wording), (wording,), (uses[2].usage.key,), statement(uses[0], HOSTILE, "x")
    )
    return cluster([best, other], uses, conflicts)


def newsroom_clusters(desk: Desk) -> list[Cluster]:
    """Seven clusters, one of each kind."""
    return [
        launch(desk),
        quiet(desk, 11, [(SITES[0], 0), (SITES[1], 40), (SITES[5], 900)], "Harvest in the south"),
        quiet(desk, 12, [(SITES[2], 3), (SITES[2], 9)], "A bridge reopens"),
        quiet(desk, 13, [(SITES[3], 0), (SITES[4], 1.5), (SITES[0], 2)], "Ministers meet"),
        quiet(desk, 14, [(SITES[1], 10), (SITES[0], 12), (SITES[2], 300)], "Storm over the coast"),
        quiet(desk, 15, [(SITES[5], 0), (SITES[5], 0.2)], "Choir of the year"),
        hostile(desk),
    ]


def many(number: int, copies: int = 2) -> Iterator[Cluster]:
    """Clusters without pictures, as many as asked."""
    for at in range(number):
        assets = [
            AssetRecord(sha256=digest(at, part), length=90_000, format="JPEG", width=1600, height=1067)
            for part in range(copies)
        ]
        best = Copy(assets[0], "the best copy")
        match = Match(best.asset.sha256, Relation.CROP, kept=0.5, crop_box=(100, 100, 900, 800))
        members = [best, *(Copy(asset, explain_match(match), match) for asset in assets[1:])]
        uses = [
            use(
                one,
                f"site-{(at * 7 + part * (1 + at % 9)) % 120}.example",
                part * (at % 50) * 1.5,
                title=f"Story {at} of the day",
                caption=f"What can be seen in picture {at}, as the agency describes it, at some length.",
                credit=f"Photographer {at % 300}",
            )
            for part, one in enumerate(members)
        ]
        missing = (uses[-1].usage.key,) if at % 3 == 0 else ()
        yield cluster(members, uses, Conflicts(credit_missing=missing))
