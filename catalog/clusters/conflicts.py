"""Where the uses of one photograph disagree: captions that say other things, credits that differ or are missing."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from catalog.clusters.caption_text import diff_words, fold_caption, fold_plain, split_words, strip_markup
from catalog.clusters.cluster import Conflicts, Copy, Statement, Use, Word, Wording
from catalog.clusters.credit_names import (
    Named,
    agree,
    combine_named,
    is_agency,
    is_maker,
    parse_credit,
    without_credit,
)
from catalog.model import AssetRecord

# A desk reads some wordings, not hundreds: the first is shown removed and the later ones added, each whole.
MAX_DIFFS = 200

# One text is compared with so many others; past that it stands as a wording of its own. It is a conflict anyway.
MAX_COMPARISONS = 100

# Embedded fields that say who made a picture, the surest first.
CREDIT_FIELDS = ("credit", "byline", "copyright")

_CUT_OFF = re.compile(r"\s*[\[(]?\s?(?:…|\.{3,})\s?[\])]?\s*$")

# What cameras and uploads write where a caption belongs.
MAX_CAMERA_CHARACTERS = 160
_CAMERA_WORDS = re.compile(
    r"(?i)\W*(?:olympus digital camera|sony dsc|samsung|minolta dsc|kodak digital still camera|digital camera"
    r"|dcim\\.*|default|untitled|screenshot|exif_jpeg_picture|hdrplus|oznor.*|[\w -]+\.(?:jpe?g|png|gif|webp|tiff?))\W*"
)


def conflicts_of(copies: Sequence[Copy], uses: Sequence[Use]) -> Conflicts:
    """Where the uses of one photograph disagree; `uses` in order of time, the best of `copies` first.

    What files say of themselves follows what uses say. Withdrawn uses count.
    """
    given = _credits(copies, uses)
    has_credit = {one.statement.usage for one in given}
    missing = [use.usage.key for use in uses if use.usage.key not in has_credit] if given else []
    return Conflicts(
        captions=_caption_wordings(copies, uses, given),
        credits=_credit_wordings(given),
        credit_missing=tuple(missing),
        recovered=_recover_credit(copies, uses, given) if missing else None,
    )


# Credits


@dataclass(frozen=True, slots=True)
class _Credit:
    """A credit that names somebody. The fields of one file are compared as one: `named` are those of all of them."""

    statement: Statement
    named: Named
    own: Named
    kind: str = ""


def _credits(copies: Sequence[Copy], uses: Sequence[Use]) -> tuple[_Credit, ...]:
    """Every credit that names somebody: "Handout" and "Photo:" are none."""
    known: dict[str, Named] = {}
    found: list[_Credit] = []
    for use in uses:
        text = use.usage.credit
        if text not in known:
            known[text] = parse_credit(text)
        if (named := known[text]).parties:
            found.append(_Credit(_make_statement(use, text, use.usage.credit_field), named, named))
    for copy in copies:
        held = ((kind, _find_embedded(copy.asset, kind)) for kind in CREDIT_FIELDS)
        fields = [(kind, said, parse_credit(said.text)) for kind, said in held if said is not None]
        whole = combine_named(named for _, _, named in fields)
        found += [_Credit(said, whole, named, kind) for kind, said, named in fields if named.parties]
    return tuple(found)


def _credit_wordings(given: Iterable[_Credit]) -> tuple[Wording, ...]:
    """The credits that contradict each other, each with everyone who says so.

    Agreeing is not transitive: a credit joins the first wording with all of whose credits it agrees.
    """
    homes: dict[Named, list[Named]] = {}
    wordings: list[list[Named]] = []
    for named in dict.fromkeys(credit.named for credit in given):
        home = _home(named, wordings)
        if home is None:
            wordings.append(home := [])
        home.append(named)
        homes[named] = home
    said: dict[int, list[Statement]] = {}
    for credit in given:
        said.setdefault(id(homes[credit.named]), []).append(credit.statement)
    return tuple(map(_wording, said.values()))


def _home(named: Named, wordings: Iterable[list[Named]]) -> list[Named] | None:
    """The first wording with all of whose credits one agrees, as far as there is time to compare."""
    left = MAX_COMPARISONS
    for wording in wordings:
        left -= len(wording)
        if left < 0:
            return None
        if all(agree(named, other) for other in wording):
            return wording
    return None


def _recover_credit(
    copies: Sequence[Copy], uses: Sequence[Use], given: Sequence[_Credit]
) -> Statement | None:
    """The credit of the best standing, or the fullest of those that agree with it.

    The best copy's own credit and byline stand before other copies', these before uses', the earliest first.
    A copyright notice is the last resort: it often names who published.
    """
    standing = list(_join_file_credits(given))
    standing += [one for one in given if one.kind in CREDIT_FIELDS[:2]]
    place = {copy.asset.sha256: number for number, copy in enumerate(copies)}
    standing.sort(key=lambda one: place.get(one.statement.asset, len(place)))
    standing += [one for one in given if not one.kind]
    standing += [one for one in given if one.kind == CREDIT_FIELDS[2]]
    if not standing:
        return None
    sites = {one.usage.key: _letters(one.site) for one in uses}
    alike = (one for one in standing if agree(one.own, standing[0].own))
    return max(alike, key=lambda one: _fullness(one, sites)).statement


def _join_file_credits(given: Iterable[_Credit]) -> Iterator[_Credit]:
    """The byline and the credit of a file as a line is printed, `Jane Doe/AP`, where neither has the other's names."""
    fields = {(one.statement.asset, one.kind): one for one in given if one.kind}
    for (asset, kind), credit in fields.items():
        byline = fields.get((asset, "byline"))
        if kind != "credit" or byline is None or byline.own.parties & credit.own.parties:
            continue
        both = combine_named((byline.own, credit.own))
        line = f"{byline.statement.text}/{credit.statement.text}"
        sources = f"{byline.statement.field} + {credit.statement.field}"
        yield _Credit(replace(credit.statement, text=line, field=sources), both, both, kind)


def _fullness(one: _Credit, sites: Mapping[str, str]) -> int:
    """How much of maker and agency a credit names. A site that puts its own name beside an agency's made nothing."""
    site = sites.get(one.statement.usage, "")
    makers = any(is_maker(party) and _letters(party) not in site for party in one.own.parties)
    return makers + any(is_agency(party) and not is_maker(party) for party in one.own.parties)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


# Captions


@dataclass(frozen=True, slots=True)
class _Caption:
    """A caption as it is compared: `key` holds its words folded, without the credit in it."""

    statement: Statement
    key: str
    is_cut_off: bool


def _caption_wordings(
    copies: Sequence[Copy], uses: Sequence[Use], given: Sequence[_Credit]
) -> tuple[Wording, ...]:
    known = frozenset[str]().union(*{one.named.parties for one in given})
    own = {one.statement.usage: one.statement.text for one in given if one.statement.usage}
    texts: dict[tuple[str, str], _Caption] = {}

    def read(statement: Statement) -> _Caption:
        """What a statement says; 10,000 uses mostly say the same, so each text is read once."""
        credit = own.get(statement.usage, "")
        seen = texts.get((statement.text, credit))
        if seen is None:
            seen = texts[statement.text, credit] = _caption(statement, credit, known)
        return replace(seen, statement=statement)

    captions = [caption for said in _list_captions(copies, uses) if (caption := read(said)).key]
    homes = _homes(captions)
    wordings: dict[str, list[_Caption]] = {}
    for caption in captions:
        wordings.setdefault(homes[caption.key], []).append(caption)
    return _with_diffs([_caption_wording(wording) for wording in wordings.values()])


def _list_captions(copies: Sequence[Copy], uses: Sequence[Use]) -> Iterator[Statement]:
    """Captions; alt texts only of pages where no use has a caption, for an alt text describes in other words.

    An alt text that is the page's title, as themes write it, or a file's name says nothing of the picture.
    """
    captioned = {use.usage.page for use in uses if use.usage.caption.strip()}
    for use in uses:
        if use.usage.caption.strip():
            yield _make_statement(use, use.usage.caption, "caption")
        elif use.usage.page not in captioned and _describes(use):
            yield _make_statement(use, use.usage.alt, "alt")
    for copy in copies:
        said = _find_embedded(copy.asset, "caption")
        if said is not None and not _CAMERA_WORDS.fullmatch(said.text[:MAX_CAMERA_CHARACTERS]):
            yield said


def _describes(use: Use) -> bool:
    alt = use.usage.alt
    is_title = use.page is not None and fold_caption(alt) == fold_caption(use.page.title)
    return not is_title and not _CAMERA_WORDS.fullmatch(alt[:MAX_CAMERA_CHARACTERS])


def _caption(statement: Statement, credit: str, known: frozenset[str]) -> _Caption:
    text = without_credit(strip_markup(statement.text), strip_markup(credit), known)
    return _Caption(statement, fold_plain(text), _CUT_OFF.search(text[-10:]) is not None)


def _homes(captions: Iterable[_Caption]) -> dict[str, str]:
    """For each key the one it stands with, mostly its own.

    A text that breaks off stands with the earliest that begins so, an alt text with the earliest caption that holds it.
    """
    captions = tuple(captions)
    place = {key: number for number, key in enumerate(dict.fromkeys(one.key for one in captions))}
    whole = {one.key for one in captions if not one.is_cut_off}
    said = dict.fromkeys(one.key for one in captions if one.statement.field != "alt")
    padded = [(f" {key} ", key) for key in islice(said, MAX_COMPARISONS)]
    keys = sorted(place)
    homes: dict[str, str] = {}
    for key in sorted(keys, key=len, reverse=True):
        after = bisect_left(keys, key) + 1
        others: list[str] = []
        if key not in whole:
            others = [other for other in keys[after : after + MAX_COMPARISONS] if other.startswith(key)]
        elif key not in said:
            others = [other for words, other in padded if f" {key} " in words]
        home = min(others, key=place.__getitem__, default=key)
        homes[key] = homes.get(home, home)
    return homes


def _caption_wording(captions: Sequence[_Caption]) -> Wording:
    """A wording, its text as first said in full."""
    wording = _wording(one.statement for one in captions)
    full = next((one for one in captions if not one.is_cut_off and one.statement.field != "alt"), captions[0])
    return replace(wording, text=full.statement.text)


def _with_diffs(wordings: Sequence[Wording]) -> tuple[Wording, ...]:
    if len(wordings) < 2:
        return tuple(wordings)
    first = split_words(wordings[0].text)
    removed = Word("removed", " ".join(first[0]))
    done = [wordings[0]]
    for number, one in enumerate(wordings[1:]):
        if number < MAX_DIFFS:
            diff = diff_words(first, split_words(one.text))
        else:
            diff = (removed, Word("added", strip_markup(one.text)))
        done.append(replace(one, diff=diff))
    return tuple(done)


# Words


# Statements


def _make_statement(use: Use, text: str, field: str) -> Statement:
    usage = use.usage
    return Statement(text, field, usage.asset, usage=usage.key, site=use.site, page=usage.page)


def _find_embedded(asset: AssetRecord, kind: str) -> Statement | None:
    held = asset.embedded.get(kind) or {}
    text = held.get("text", "")
    return Statement(text, held.get("field", ""), asset.sha256) if text.strip() else None


def _wording(statements: Iterable[Statement]) -> Wording:
    said = tuple(statements)
    return Wording(said[0].text, said)
