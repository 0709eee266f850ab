"""Whether a ledger is equal to a site: all that is said of it here is read through the store's own questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Set

from assets import PageKind
from catalog.model import PageRecord, UsageRecord
from catalog.store import Store
from ledger_play.truth import Key, Seen, Truth, Use, digests_of, media_at


def list_differences(
    store: Store, truth: Truth, seen: Seen, gone: Set[Key], paused: Container[int]
) -> Iterator[str]:
    """Where the ledger is not as the site is; nothing where both are equal.

    Live usages are those of the public posts, each once, under the post's present link; withdrawn ones those that
    went. `gone` were live when the ledger was last known to be right, and are no more; pictures of `paused` uploads
    may be missing, since they failed for good and their pause is not over.
    """
    pages = {page.key: page for page in store.pages()}
    expected = truth.optional | truth.certain
    live: Counter[Key] = Counter()
    withdrawn: set[Key] = set()
    for usage in store.usages():
        page = pages.get(usage.page)
        if page is None:
            yield f"a usage without its page: {usage.page}"
            continue
        if page.kind == PageKind.ATTACHMENT.value:
            # An export tells of uploads that no post uses.
            continue
        if usage.withdrawn:
            withdrawn.update(keys_of(page, usage, seen))
            continue
        key = next((one for one in keys_of(page, usage, seen) if _is_at(page, expected.get(one))), None)
        if key is None:
            yield f"live, though the site has no such use: {usage.url} on {page.url}"
            continue
        live[key] += 1
        yield from _list_unlike(key, usage, expected[key], is_paused=key[1] in paused)
    for key, use in truth.certain.items():
        if live[key] != 1:
            yield f"{live[key]} times, not once: {describe(key, use)}"
    for key in sorted(gone - withdrawn):
        yield f"went, and is not told withdrawn: post {key[0]}, upload {key[1]}"


def keys_of(page: PageRecord, usage: UsageRecord, seen: Seen) -> list[Key]:
    """What a usage may be: the post that its page says it is, or any that ever had its address."""
    posts = seen.links.get(page.url, set()) | ({page.post_id} if page.post_id is not None else set())
    media = media_at(usage.url)[0] or usage.media_id or 0
    return [(post, media) for post in sorted(posts) if (post, media) in seen.keys]


def describe(key: Key, use: Use) -> str:
    """A use in words."""
    return f"post {key[0]}, upload {key[1]} ({use.role}) on {use.link}"


def _is_at(page: PageRecord, use: Use | None) -> bool:
    return use is not None and use.link == page.url


def _list_unlike(key: Key, usage: UsageRecord, use: Use, *, is_paused: bool) -> Iterator[str]:
    what = describe(key, use)
    if use.role and usage.role != use.role:
        yield f"{what}: its role is told as {usage.role!r}"
    for name, said in use.texts().items():
        told = getattr(usage, name)
        if said is not None and told != said:
            yield f"{what}: {name} is told as {told!r}, it is {said!r}"
    if is_paused:
        return
    if not usage.asset:
        if not use.may_lack:
            yield f"{what}: it has no picture"
    elif usage.asset not in digests_of(usage.url, use.versions):
        yield f"{what}: its picture is not that at {usage.url}"
