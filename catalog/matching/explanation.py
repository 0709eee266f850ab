"""How a picture matches, as a sentence: "63 % of the original, mirrored, a logo lower right"."""

from __future__ import annotations

from catalog.matching.match import Match
from catalog.matching.relation import WHOLE, Relation

# Where a picture is only a little smaller, turned or brighter nobody needs to be told.
SAME_SCALE = 0.03
SAME_ANGLE_DEGREES = 0.4
SAME_GAIN = 0.15
SAME_LIFT_LEVELS = 12.0

# Shares of what is shown: a bar is as wide or as high as it, a logo small and in a corner.
BAR_LENGTH = 0.7
BAR_WIDTH = 0.4
LOGO_AREA = 0.10

# Beyond so many overlays they are counted, not named.
MOST_NAMED = 3

PictureBox = tuple[int, int, int, int]


def explain_match(match: Match) -> str:
    """The sentence for a match, without a full stop.

    >>> box = (10, 20, 300, 200)
    >>> logo = (250, 180, 50, 30)
    >>> explain_match(Match("5f0c", Relation.CROP, kept=0.63, crop_box=box, mirrored=True, overlays=(logo,)))
    '63 % of the original, mirrored, a logo lower left'
    """
    if match.relation is Relation.IDENTICAL:
        return "the same file"
    if match.relation is Relation.POSSIBLE:
        return _join("possibly the same photo", match.why)
    if match.relation is Relation.SIBLING:
        return _join("the same scene in another frame, not the same photo", match.why)
    if match.relation is Relation.SHARED_ELEMENT:
        return _join("one element is in both, not the same photo", match.why)
    parts = [_share(match), *match.edits, *_geometry(match), *_tone(match), *_overlays(match)]
    return ", ".join(parts)


def _join(told: str, reason: str) -> str:
    return f"{told}: {reason}" if reason else told


def percent(share: float) -> str:
    """A share as people read it.

    >>> percent(0.634)
    '63 %'
    """
    return f"{share:.0%}".replace("%", " %")


def _share(match: Match) -> str:
    kept = percent(match.kept)
    if match.relation is Relation.COPY:
        return "the whole picture" if match.kept >= WHOLE else f"the whole picture, {kept} of it to be seen"
    if match.relation is Relation.CONTAINED:
        return (
            "the whole original inside this picture"
            if match.kept >= WHOLE
            else f"{kept} of the original inside this picture"
        )
    beyond = ""
    if match.beyond > 1 - WHOLE:
        beyond = f" and {percent(match.beyond)} beyond it"
    if match.larger == "query":
        return f"the catalogued picture is cut to {kept} of this one{beyond}"
    return f"{kept} of the original{beyond}"


def _geometry(match: Match) -> list[str]:
    parts = ["mirrored"] if match.mirrored else []
    angle = match.rotation if match.rotation <= 180 else match.rotation - 360
    if abs(angle) > SAME_ANGLE_DEGREES:
        way = "clockwise" if angle > 0 else "anticlockwise"
        parts.append("turned by 180°" if abs(angle) > 179.6 else f"turned by {abs(angle):.3g}° {way}")
    if abs(match.scale - 1) > SAME_SCALE:
        parts.append(f"scaled to {100 * match.scale:.3g} %")
    return parts


def _tone(match: Match) -> list[str]:
    """What was done to the levels of gray: a black that stays black tells contrast from brightness."""
    middle = 128 * match.gain + match.lift - 128
    parts = []
    if abs(match.gain - 1) > SAME_GAIN:
        parts.append("more contrast" if match.gain > 1 else "less contrast")
    if abs(middle) > SAME_LIFT_LEVELS:
        parts.append("brighter" if middle > 0 else "darker")
    return parts


def _overlays(match: Match) -> list[str]:
    if len(match.overlays) > MOST_NAMED:
        return [f"{len(match.overlays)} places covered or changed"]
    return list(dict.fromkeys(_overlay(match, box) for box in match.overlays))


def _overlay(match: Match, box: PictureBox) -> str:
    """What covers a part, and where as one sees it in the picture that was asked for."""
    shown = match.crop_box
    width, height = box[2] / max(1, shown[2]), box[3] / max(1, shown[3])
    x = (box[0] + box[2] / 2 - shown[0]) / max(1, shown[2]) - 0.5
    y = (box[1] + box[3] / 2 - shown[1]) / max(1, shown[3]) - 0.5
    if match.larger == "asset":
        for _ in range(round(match.rotation / 90) % 4):
            x, y, width, height = -y, x, height, width
        x = -x if match.mirrored else x
    across, down = _third(x), _third(y)
    if width >= BAR_LENGTH and height <= BAR_WIDTH:
        return f"a bar {('along the top', 'across the middle', 'along the bottom')[down]}"
    if height >= BAR_LENGTH and width <= BAR_WIDTH:
        return f"a bar {('along the left', 'down the middle', 'along the right')[across]}"
    where = " ".join(word for word in (("upper", "", "lower")[down], ("left", "", "right")[across]) if word)
    is_logo = width * height <= LOGO_AREA and across != 1 and down != 1
    return f"{'a logo' if is_logo else 'an overlay'} {where or 'in the middle'}"


def _third(offset: float) -> int:
    """In which third something lies that is off the middle by this share of the whole."""
    return 0 if offset < -1 / 6 else 1 if offset <= 1 / 6 else 2
