"""The spread of a photograph over time as a drawing: one lane a site, a dot a use, an axis with dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assets import moment_of
from catalog.clusters import Cluster, Use
from catalog.reports import format_count, hours, moment, plain

# Beyond so many sites a drawing is no longer read; the later ones share a lane.
MOST_LANES = 40

# The drawing's measures.
WIDTH = 960
LEFT = 210
RIGHT = 28
TOP = 8
LANE_HEIGHT = 26
AXIS_HEIGHT = 34

# Uses of a site that would lie nearer than this are one dot, larger.
DOT_ROOM = 9
DOT_RADIUS = 4.5
MOST_RADIUS = 9.0

SITE_CHARACTERS = 24

# Dates that a page gives beyond these are mistakes, and beyond what a calendar can count with.
YEARS = range(1800, 2200)

# Steps of the axis in hours, the first that gives so few marks is taken.
STEPS = (1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 672, 1344, 2688, 4380, 8760, 17520, 43800, 87600)
MOST_MARKS = 7


@dataclass(frozen=True, slots=True)
class Dot:
    """Some uses of one site at one place of the axis; `says` tells which."""

    x: float
    radius: float
    says: str
    is_earliest: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One site's uses, or those of all sites that found no lane of their own."""

    name: str
    y: float
    dots: tuple[Dot, ...]
    is_rest: bool = False

    @property
    def begins(self) -> float:
        """Where its line begins."""
        return self.dots[0].x if self.dots else LEFT

    @property
    def ends(self) -> float:
        """Where its line ends."""
        return self.dots[-1].x if self.dots else LEFT


@dataclass(frozen=True, slots=True)
class Axis:
    """From how many hours after the use that counts as the earliest the axis goes, and how many hours on."""

    start: float
    span: float

    def x(self, hours: float) -> float:
        """Where so many hours from the start lie."""
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (hours / self.span if self.span else 0.0), 1)


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of the axis."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing of a cluster's spread, and how many uses have no date to be placed by."""

    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    undated: int
    width: int = WIDTH
    left: int = LEFT

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom + AXIS_HEIGHT

    @property
    def bottom(self) -> float:
        """Where the axis lies."""
        return TOP + LANE_HEIGHT * len(self.lanes)


def timeline(cluster: Cluster) -> Timeline | None:
    """The drawing of a cluster's spread, None where no use has a date."""
    dated = [use for use in cluster.uses if use.hours_after is not None]
    if not dated:
        return None
    # Dates with other zones may put a use before the one that comes first as text.
    earliest = min(dated, key=_hours_of)
    axis = Axis(_hours_of(earliest), max(map(_hours_of, dated)) - _hours_of(earliest))
    by_site: dict[str, list[Use]] = {}
    for use in dated:
        by_site.setdefault(use.site, []).append(use)
    sites = list(by_site)
    # A lane of its own for one site left over takes no more room than a lane for "1 more".
    own = sites if len(sites) <= MOST_LANES + 1 else sites[:MOST_LANES]
    lanes = [
        Lane(plain(site, SITE_CHARACTERS), _lane_y(number), _dots(by_site[site], axis))
        for number, site in enumerate(own)
    ]
    rest = [use for use in dated if use.site not in set(own)] if len(own) < len(sites) else []
    if rest:
        name = format_count(len(sites) - len(own), "more site", separator=",")
        lanes.append(Lane(name, _lane_y(len(own)), _dots(rest, axis), is_rest=True))
    return Timeline(tuple(lanes), tuple(_marks(earliest.time, axis)), len(cluster.uses) - len(dated))


def _lane_y(number: int) -> float:
    return TOP + LANE_HEIGHT * (number + 0.5)


def _hours_of(use: Use) -> float:
    return use.hours_after or 0.0


def _dots(uses: Iterable[Use], axis: Axis) -> tuple[Dot, ...]:
    """The dots of a lane; uses that lie too near to be told apart are one."""
    groups: list[tuple[float, list[Use]]] = []
    for use in sorted(uses, key=_hours_of):
        x = axis.x(_hours_of(use) - axis.start)
        if groups and x - groups[-1][0] < DOT_ROOM:
            groups[-1][1].append(use)
        else:
            groups.append((x, [use]))
    return tuple(_dot(x, group, is_earliest=_hours_of(group[0]) == axis.start) for x, group in groups)


def _dot(x: float, uses: list[Use], *, is_earliest: bool) -> Dot:
    first, last = uses[0], uses[-1]
    after = "earliest observed" if is_earliest else f"{hours(first.hours_after)} after the earliest"
    when = " ".join(moment(first.time)).strip()
    says = f"{plain(first.site, 80)}, {when}, {after}"
    if len(uses) > 1:
        until = " ".join(moment(last.time)).strip()
        says = f"{plain(first.site, 80)}, {len(uses):,} uses from {when} to {until}"
    radius = min(MOST_RADIUS, DOT_RADIUS + 0.8 * (len(uses) - 1) ** 0.5)
    return Dot(x, round(radius, 1), says, is_earliest)


def _marks(earliest: str, axis: Axis) -> Iterable[Mark]:
    """Marks at round times; at round hours after the earliest where that time cannot be read."""
    span = axis.span
    step = next((step for step in STEPS if span / step < MOST_MARKS), STEPS[-1])
    start = _parse_moment(earliest)
    if start is None:
        return [Mark(axis.x(after), f"+{after:,} h") for after in range(0, int(span) + 1, step)]
    if not span:
        return [Mark(axis.x(0), _format_date(start, step))]
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    for number in range(2 * MOST_MARKS + 24 // min(step, 24)):
        at = midnight + timedelta(hours=step * number)
        after = (at - start).total_seconds() / 3600
        if 0 <= after <= span:
            found.append(Mark(axis.x(after), _format_date(at, step)))
    return found or [Mark(axis.x(0), _format_date(start, 1))]


def _parse_moment(text: str) -> datetime | None:
    found = moment_of(text)
    return found.astimezone(UTC) if found is not None and found.year in YEARS else None


def _format_date(at: datetime, step: int) -> str:
    """A mark's text: as exact as the step, in UTC."""
    if step < 24:
        return at.strftime("%d %b %H:%M").lstrip("0")
    return at.strftime("%d %b %Y").lstrip("0")
