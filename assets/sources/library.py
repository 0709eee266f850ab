"""A site's media library, asked for what posts do not tell of their pictures: when each was uploaded, and by whom.

A post embeds its featured picture's item with a time of the site's own clock and no more; pictures of its content are
addresses. The library tells a hundred items at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assets.markup import is_same, merge_references, upload_key
from assets.model import Failure, ImageReference, Outcome, Reading, Role
from assets.parsing import urls
from assets.parsing.dates import http_moment, moment_of
from assets.parsing.values import as_id, as_map
from assets.posts import (
    MAX_BROKEN_POSTS_ON_END,
    Fetched,
    ItemKind,
    MediaItem,
    choose_smaller_size,
    failure_of,
    json_of,
    kind_of,
    read_media,
    with_featured,
)
from assets.sources.inventory import Ask, ListedMedia, as_items, endpoint

ITEMS_AT_ONCE = 100

# Items kept for the posts that follow: pictures are used again and again.
ITEMS_REMEMBERED = 5_000

# What was modified in the second in which it was read may be modified again in it.
FRESH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Known:
    """What the library answered for an id: the picture, None where it has none, and when that was modified.

    What `may_change` was modified just now.
    """

    media: MediaItem | None
    modified: str
    may_change: bool = False


class MediaLibrary:
    """Completes readings from a site's library; `failures` are requests that did not tell."""

    def __init__(self, ask: Ask, root: str, listed: ListedMedia | None) -> None:
        self._ask = ask
        self._address = endpoint(root, "wp/v2/media")
        self._listed = listed or ListedMedia()
        # Where the list came, something else than the library may refuse what follows, without a word of the API.
        self._has_list = listed is not None
        self._known: dict[int, _Known] = {}
        self._at_once = ITEMS_AT_ONCE
        self.failures: list[Failure] = []
        self.is_closed = False

    async def complete(self, readings: Sequence[Reading]) -> list[Reading]:
        """The readings with what the library says of their pictures, and whether all of it could be asked."""
        wanted: dict[int, None] = {}
        for reading in readings:
            for reference in reading.references:
                wanted.update(dict.fromkeys(self._candidates(reference)))
        await self._learn([number for number in wanted if number not in self._known])
        completed = [self._complete_reading(reading) for reading in readings]
        while len(self._known) > ITEMS_REMEMBERED:
            del self._known[next(iter(self._known))]
        return completed

    def has_all(self, reading: Reading) -> bool:
        """Whether the library answered for all that a reading names of it, and its answers will hold."""
        return self.is_closed or all(
            number in self._known and not self._known[number].may_change
            for reference in reading.references
            for number in self._candidates(reference)
        )

    def _candidates(self, reference: ImageReference) -> Iterable[int]:
        """The items that a reference may be of: those it names, and those whose file it shows."""
        if reference.media_id is not None:
            yield reference.media_id
        for address in (reference.url, *reference.variants):
            number = self._listed.by_upload.get(upload_key(address))
            if number is not None:
                yield number

    # Asking

    async def _learn(self, numbers: Sequence[int]) -> None:
        waiting = [numbers] if numbers else []
        begun = len(self.failures)
        # A library that fails so often on end does not answer: asking on would only burden it.
        while waiting and not self.is_closed and len(self.failures) - begun < MAX_BROKEN_POSTS_ON_END:
            part = waiting.pop(0)
            if len(part) > self._at_once:
                waiting = [*_in_parts(part, self._at_once), *waiting]
            else:
                waiting = [*await self._learn_part(part), *waiting]

    async def _learn_part(self, part: Sequence[int]) -> list[Sequence[int]]:
        """Ask for some items; those that are to be asked for once more, in the parts in which to ask."""
        query = [("include", ",".join(map(str, part))), ("per_page", str(len(part))), ("orderby", "include")]
        answer = await self._ask(urls.with_query(self._address, query))
        value = json_of(answer)
        if answer.fetch.outcome is not Outcome.FETCHED or not isinstance(value, list):
            return self._note_refusal(answer, part, as_map(value))
        items = as_items(value)
        self._take(items, answer.header("date"))
        found = {as_id(item.get("id")) for item in items}
        left = [number for number in part if number not in found]
        if left and found and found.issubset(part) and answer.header("x-wp-totalpages") != "1":
            # The site gives fewer at a time, without a word.
            self._at_once = len(part) - len(left)
            return [left]
        for number in left:
            # What was asked for and is not told is no picture that the library shows.
            self._known.setdefault(number, _Known(None, self._listed.modified.get(number, "")))
        return []

    def _note_refusal(
        self, answer: Fetched, part: Sequence[int], told: Mapping[str, object]
    ) -> list[Sequence[int]]:
        status = answer.fetch.status
        if status in (401, 403, 404) and (not self._has_list or kind_of(told) is ItemKind.ERROR):
            self.is_closed = True
        elif len(part) > 1 and status is not None and (status == 400 or status >= 500):
            is_cap = told.get("code") == "rest_invalid_param"
            smaller = choose_smaller_size(len(part), told if is_cap else None) or 1
            if is_cap:
                self._at_once = smaller
            return _in_parts(part, smaller)
        else:
            self.failures.append(failure_of(answer.fetch))
        return []

    def _take(self, items: Iterable[Mapping[str, object]], clock: str) -> None:
        for item in items:
            number = as_id(item.get("id"))
            if number is None:
                continue
            media = read_media(item)
            modified = str(media.reference.media_modified) if isinstance(media, MediaItem) else ""
            modified = modified or self._listed.modified.get(number, "")
            found = media if isinstance(media, MediaItem) else None
            self._known[number] = _Known(found, modified, is_fresh(modified, clock))

    # Completing

    def _complete_reading(self, reading: Reading) -> Reading:
        completed = [self._complete_reference(reference) for reference in reading.references]
        if any(reference.role is Role.FEATURED and reference.resolved for reference in completed):
            # A featured picture that is only now resolved may stand in the content once more.
            return replace(reading, references=merge_references(completed))
        return replace(reading, references=tuple(completed))

    def _complete_reference(self, reference: ImageReference) -> ImageReference:
        named = self._known.get(reference.media_id) if reference.media_id is not None else None
        if reference.role is Role.FEATURED and reference.media_id is not None:
            if named is None:
                return reference
            if named.media is None:
                return replace(reference, media_modified=named.modified)
            # A size that the post's own account offers may be all that answers.
            return replace(with_featured(reference, named.media), media_modified=named.modified)
        for number in self._candidates(reference):
            known = self._known.get(number)
            if known is not None and known.media is not None and _shows(known.media, reference):
                return _with_library(reference, known.media.reference, number, known.modified)
        return replace(reference, media_modified=named.modified) if named is not None else reference


def _in_parts(numbers: Sequence[int], size: int) -> list[Sequence[int]]:
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]


def _shows(media: MediaItem, reference: ImageReference) -> bool:
    """Whether an item is the reference's picture by its addresses; classes are copied with foreign posts."""
    return is_same(replace(media.reference, media_id=None), reference)


def _with_library(
    reference: ImageReference, item: ImageReference, number: int, modified: str
) -> ImageReference:
    """The reference with what only the library knows; its words stay those that stand on the page."""
    credited = reference if reference.credit else item
    return replace(
        reference,
        credit=credited.credit,
        credit_field=credited.credit_field,
        media_id=number,
        uploaded=item.uploaded or reference.uploaded,
        uploads=reference.uploads or item.uploads,
        media_modified=modified,
    )


def is_fresh(modified: str, clock: str) -> bool:
    """Whether something was modified about when it was read, by the same clock: that second may bring another change.

    >>> is_fresh("2025-08-23T04:41:03Z", "Sat, 23 Aug 2025 04:41:04 GMT")
    True
    """
    moment, now = moment_of(modified), http_moment(clock)
    return moment is not None and now is not None and abs((now - moment).total_seconds()) <= FRESH_SECONDS
