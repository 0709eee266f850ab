"""Whether `list_changes` tells what happened between two harvests: nothing that did not, and all that did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from catalog.model import PageRecord, UsageRecord
from catalog.reports.changes import Change, ChangeKind, list_changes
from catalog.store import Store
from ledger_play.comparison import keys_of
from ledger_play.truth import Key, Seen, Truth, Use, digests_of, media_at

TEXTS = {ChangeKind.ALT: "alt", ChangeKind.CAPTION: "caption", ChangeKind.CREDIT: "credit"}
PICTURES = (ChangeKind.SWAPPED, ChangeKind.REPLACED)


@dataclass(slots=True)
class _Told:
    """What was told, by what it is said of."""

    texts: dict[tuple[Key, str], list[Change]] = field(default_factory=lambda: defaultdict(list))
    files: dict[Key, list[Change]] = field(default_factory=lambda: defaultdict(list))
    gone: dict[Key, Change] = field(default_factory=dict)
    new: dict[Key, Change] = field(default_factory=dict)
    back: dict[Key, Change] = field(default_factory=dict)
    moved: dict[str, Change] = field(default_factory=dict)


def list_wrong_changes(
    store: Store,
    since: str,
    before: Truth,
    now: Truth,
    seen: Seen,
    unseen: Container[int],
    *,
    is_alone: bool,
) -> Iterator[str]:
    """What is told wrongly of the time between two harvests after which the ledger was right, and what is not told.

    Files of `unseen` uploads were not had before or now, so that it cannot be known that they are others. `is_alone`
    says that nothing else was harvested between: then each difference is told once, and nothing else.
    """
    told = _gather(store, since, before, now, seen)
    both = {
        key: (before.certain[key], now.certain[key])
        for key in before.certain.keys() & now.certain.keys()
        if before.certain[key].role == now.certain[key].role
    }
    yield from _list_wrong_texts(told, both, seen, is_alone=is_alone)
    yield from _list_wrong_files(told, both, unseen)
    yield from _list_wrong_comings(told, before, now, seen, is_alone=is_alone)
    yield from _list_wrong_moves(told, both, is_alone=is_alone)


def _gather(store: Store, since: str, before: Truth, now: Truth, seen: Seen) -> _Told:
    told = _Told()
    for change in list_changes(store, since):
        page, usage = store.page(change.page), store.usage(change.usage)
        if page is not None and change.kind is ChangeKind.MOVED:
            told.moved[page.url] = change
        if page is None or usage is None:
            continue
        keys = _keys_of(page, usage, now, seen)
        if change.kind in TEXTS:
            for key in keys:
                told.texts[key, TEXTS[change.kind]].append(change)
        elif change.kind is ChangeKind.WITHDRAWN:
            told.gone.update((key, change) for key in keys)
        elif change.kind in PICTURES:
            _gather_picture(told, change, keys, _posts_at(page, seen), now)
        elif change.kind is ChangeKind.NEW_USE:
            told.new.update((key, change) for key in keys)
        elif change.kind is ChangeKind.RETURNED:
            told.back.update((key, change) for key in keys)
    return told


def _gather_picture(
    told: _Told, change: Change, keys: Sequence[Key], posts: Iterable[int], now: Truth
) -> None:
    """Another picture: another file under one name, or another upload in the place of one that is gone then.

    Where a post took another's address, the picture that went was the other's.
    """
    old, new = (media_at(address)[0] for address in change.addresses)
    if old == new:
        for key in keys:
            told.files[key].append(change)
        return
    gone = [(post, old) for post in posts if (post, old) not in now.certain]
    told.gone.update((key, change) for key in gone or ((post, old) for post, _ in keys))


def _posts_at(page: PageRecord, seen: Seen) -> set[int]:
    return seen.links.get(page.url, set()) | ({page.post_id} if page.post_id is not None else set())


def _keys_of(page: PageRecord, usage: UsageRecord, now: Truth, seen: Seen) -> list[Key]:
    """What a usage is, of the posts that ever had its page's address: the one that has it now, or those that had it."""
    expected = now.optional | now.certain
    keys = keys_of(page, usage, seen)
    if usage.withdrawn:
        return [key for key in keys if key not in expected]
    return [key for key in keys if key in expected and expected[key].link == page.url]


def _list_wrong_comings(
    told: _Told, before: Truth, now: Truth, seen: Seen, *, is_alone: bool
) -> Iterator[str]:
    """Uses that went, and that came."""
    for key in before.certain.keys() - now.certain.keys() - now.optional.keys() - told.gone.keys():
        yield f"not told: post {key[0]} shows upload {key[1]} no more"
    stayed = before.certain.keys() & now.certain.keys()
    # What went and came while other harvests looked may have been seen.
    stayed -= set() if is_alone else seen.absent_lately
    for what, changes in (("no more", told.gone), ("anew", told.new), ("again", told.back)):
        for key in changes.keys() & stayed:
            yield f"told, and not so: post {key[0]} shows upload {key[1]} {what}: {changes[key]}"


def _list_wrong_moves(told: _Told, both: dict[Key, tuple[Use, Use]], *, is_alone: bool) -> Iterator[str]:
    """Posts whose links are others now."""
    for link, former in {(new.link, old.link) for old, new in both.values()}:
        change = told.moved.get(link)
        if link != former and (change is None or change.after != link):
            yield f"not told: {former} is {link} now"
        elif is_alone and change is not None and change.before != former:
            yield f"told, and not so: {former} is {link} now: {change}"


def _list_wrong_texts(
    told: _Told, both: dict[Key, tuple[Use, Use]], seen: Seen, *, is_alone: bool
) -> Iterator[str]:
    for (key, name), changes in told.texts.items():
        known = seen.texts[key, name]
        for change in changes:
            if not {change.before, change.after} <= known:
                yield f"told, and never so: {name} of {key} from {change.before!r} to {change.after!r}"
    for key, (old, new) in both.items():
        for name, said in new.texts().items():
            was, changes = old.texts()[name], told.texts.get((key, name), [])
            if said is None or was is None:
                continue
            pairs = [(change.before, change.after) for change in changes]
            lately = seen.texts_lately[key, name] | {was, said}
            # Another kind of source may see by now what was seen before.
            if None not in lately and not {after for _, after in pairs} <= lately:
                yield f"told, and not so of late: {name} of {key}: {pairs}; it was {sorted(map(str, lately))}"
            if was != said and (not pairs or pairs[0][0] != was or pairs[-1][1] != said):
                yield f"not told: {name} of {key} from {was!r} to {said!r}; told: {pairs}"
            elif is_alone and len(pairs) != (was != said):
                yield f"told, and not so: {name} of {key}: {pairs}"


def _list_wrong_files(told: _Told, both: dict[Key, tuple[Use, Use]], unseen: Container[int]) -> Iterator[str]:
    for key, changes in told.files.items():
        for change in changes:
            first, last = (
                digests_of(address, range(100)).get(asset)
                for address, asset in zip(change.addresses, (change.before, change.after), strict=True)
            )
            if first == last:
                yield f"told, and not so: the file of {key} is another; it is {last} of {change.addresses}"
    for key, (old, new) in both.items():
        is_other = not set(old.versions) & set(new.versions)
        if is_other and not told.files.get(key) and key[1] not in unseen:
            yield f"not told: the file of {key} was replaced"
