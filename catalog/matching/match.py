"""How one catalogued picture matches another or a query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any, Self

from catalog.matching.relation import Relation
from catalog.model import Json

# Values in a row, which JSON has as a list.
_LISTED = ("crop_box", "transform", "edits")


@dataclass(frozen=True, slots=True)
class Match:
    """One catalogued picture that shows the same as the query, and how.

    `kept` is the share of the larger picture that the other shows, `beyond` the share of the smaller that the larger
    does not show; `larger` is "asset" or "query". `crop_box` and `overlays` are [x, y, width, height] in pixels of the
    larger picture as displayed. The query is `mirrored`, turned by `rotation` degrees clockwise and `scale` times as
    large against the asset. Its levels of gray are the asset's times `gain` plus `lift`. `transform` (a, b, c, d, e, f)
    takes a place x, y in the query to a x + b y + c, d x + e y + f in the asset, both in pixels as displayed.
    `edits` names what was done to the picture beyond that, as "cut out" or "photographed at an angle"; `why` says
    why the verdict is no more than possible, or what shows that it is another frame.
    """

    asset: str
    relation: Relation
    kept: float = 1.0
    beyond: float = 0.0
    larger: str = "asset"
    crop_box: tuple[int, int, int, int] = (0, 0, 0, 0)
    mirrored: bool = False
    rotation: float = 0.0
    scale: float = 1.0
    gain: float = 1.0
    lift: float = 0.0
    overlays: tuple[tuple[int, int, int, int], ...] = ()
    inliers: int = 0
    blocks_agreeing: int = 0
    blocks_compared: int = 0
    transform: tuple[float, ...] = ()
    edits: tuple[str, ...] = ()
    why: str = ""

    def to_json(self) -> Json:
        """The match as a JSON object."""
        values = asdict(self) | {"relation": self.relation.value, "overlays": [*map(list, self.overlays)]}
        return values | {name: list(values[name]) for name in _LISTED}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The match a JSON object holds; fields of a later version are passed over.

        ValueError, KeyError or TypeError where it holds none.
        """
        values = {name: value for name, value in document.items() if name in _names()}
        values["relation"] = Relation(document["relation"])
        values["overlays"] = tuple(tuple(box) for box in document["overlays"])
        return cls(**values | {name: tuple(document[name]) for name in _LISTED})


@cache
def _names() -> frozenset[str]:
    """The names of a match's fields: asked for with every match that is read."""
    return frozenset(one.name for one in fields(Match))
