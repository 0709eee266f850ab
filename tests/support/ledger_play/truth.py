"""What a ledger of a site must say: the uses of its public posts, and what of them nobody can know."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from wordpress.model import SIZE_ENDINGS, UPLOADS, Post
from wordpress.pictures import digest
from wordpress.site import Site

# A post and an upload that it shows.
Key = tuple[int, int]

FEATURED, CONTENT = "featured", "content"

_FILE = re.compile(rf"{re.escape(UPLOADS)}photo-(\d+)((?:-\d+x\d+)?)\.png$")
_RECORD = re.compile(r"wp/v2/media/(\d+)")


@dataclass(frozen=True, slots=True)
class Use:
    """One use as it must stand in the ledger; a text that is None may be anything.

    `may_lack` says that its picture may be missing. `versions` are those of the file that may have been seen last: the
    present one alone, unless it was put in place past WordPress, so that only a sweep of the pictures sees it.
    """

    link: str
    role: str
    alt: str | None
    caption: str | None
    credit: str | None
    versions: range
    may_lack: bool = False

    def texts(self) -> dict[str, str | None]:
        """What it says, by the names of the ledger's fields."""
        return {"alt": self.alt, "caption": self.caption, "credit": self.credit}


@dataclass(slots=True)
class Truth:
    """The uses that must be in the ledger, and those that may be: of posts that ask for a password since."""

    certain: dict[Key, Use] = field(default_factory=dict)
    optional: dict[Key, Use] = field(default_factory=dict)


class Seen:
    """All that was ever true of a site, and from which version on its files can have been seen."""

    def __init__(self) -> None:
        self.texts: dict[tuple[Key, str], set[str]] = defaultdict(set)
        self.keys: set[Key] = set()
        self.links: dict[str, set[int]] = defaultdict(set)
        # Since the last harvest after which all was known; None among the texts for what could not be read.
        self.texts_lately: dict[tuple[Key, str], set[str | None]] = defaultdict(set)
        self.keys_lately: set[Key] = set()
        self.absent_lately: set[Key] = set()
        self._noted: dict[int, int] = {}
        self._floors: dict[int, int] = {}
        self._modified: dict[int, object] = {}

    def note(self, site: Site) -> None:
        """Take in how the site is now."""
        for media in site.media.values():
            if self._modified.get(media.id) != media.modified:
                self._modified[media.id] = media.modified
                self._noted[media.id] = media.version
        for key, use in _uses(site):
            self.keys.add(key)
            self.keys_lately.add(key)
            for name, said in use.texts().items():
                self.texts_lately[key, name].add(said)
                if said is not None:
                    self.texts[key, name].add(said)
            # The library's credit may stand for a picture of a text, which has none of its own, and an export tells
            # the words of an item that the API keeps to itself.
            media = site.media[key[1]]
            self.texts[key, "credit"].add(media.credit)
            if use.role == FEATURED:
                self.texts[key, "alt"].add(media.alt)
                self.texts[key, "caption"].add(media.caption)
        self.absent_lately |= self.keys.difference(key for key, _ in _uses(site))
        for post in site.public_posts():
            self.links[site.link_of(post)].add(post.id)

    def note_harvest(self, site: Site) -> None:
        """Take in that a harvest has seen the site as it is."""
        for media in site.media.values():
            if site.is_readable(media):
                self._floors[media.id] = self._noted.get(media.id, 0)
        self.keys_lately, self.absent_lately = set(), set()
        self.texts_lately.clear()

    def note_sweep(self, site: Site) -> None:
        """Take in that a harvest has looked at every file again."""
        for media in site.media.values():
            self._noted[media.id] = self._floors[media.id] = media.version

    def versions_of(self, site: Site, media: int) -> range:
        """The versions of a file one of which the next harvest must have."""
        found = site.media[media]
        noted = self._noted.get(media, 0) if site.is_readable(found) else self._floors.get(media, 0)
        return range(noted, found.version + 1)


def truth_of(site: Site, seen: Seen, before: Truth, *, is_alone: bool) -> Truth:
    """What must be in the ledger after a harvest of the site, that after `before` it was known to hold.

    `is_alone` says that no other harvest came between, which may have seen more.
    """
    truth = Truth()
    for post in site.public_posts():
        if not post.is_protected:
            for key, use in _uses_of(site, post):
                truth.certain[key] = replace(use, versions=seen.versions_of(site, key[1]))
            continue
        _add_protected(truth, site, post, seen, before, is_alone=is_alone)
    return truth


def _add_protected(
    truth: Truth, site: Site, post: Post, seen: Seen, before: Truth, *, is_alone: bool
) -> None:
    """The uses of a post that asks for a password: as they were seen last, under its present link."""
    link = site.link_of(post)
    for key, use in before.certain.items():
        if key[0] != post.id:
            continue
        versions = range(use.versions.start, _versions(site, key))
        # What failed before is not shown any more.
        kept = replace(use, link=link, versions=versions, may_lack=True)
        if use.role == FEATURED or not is_alone:
            # The API goes on showing the featured picture, so that it may be another by now.
            truth.optional[key] = replace(kept, alt=None, caption=None, credit=None)
        else:
            truth.certain[key] = kept
    loose = {key for key in (*seen.keys_lately, *before.optional) if key[0] == post.id}
    for key in (loose if not is_alone else loose & before.optional.keys()) | {(post.id, post.featured)}:
        if key[1] and key not in truth.certain:
            versions = range(_versions(site, key))
            unknown = Use(link, "", None, None, None, versions, may_lack=True)
            truth.optional.setdefault(key, unknown)


def _versions(site: Site, key: Key) -> int:
    return site.media[key[1]].version + 1 if key[1] in site.media else 1


def _uses(site: Site) -> Iterator[tuple[Key, Use]]:
    for post in site.public_posts():
        yield from _uses_of(site, post)


def _uses_of(site: Site, post: Post) -> Iterator[tuple[Key, Use]]:
    """The pictures of a post as it shows them: its featured one with the library's texts, the others with its own."""
    link = site.link_of(post)
    if post.featured:
        media = site.media[post.featured]
        # What may not be read can be taken from the page, which does not say what the library says.
        said = (media.alt, media.caption, media.credit) if site.is_readable(media) else (None, None, None)
        versions = range(media.version, media.version + 1)
        yield (post.id, media.id), Use(link, FEATURED, said[0], said[1], said[2], versions)
    for figure in post.figures:
        media = site.media[figure.media]
        versions = range(media.version, media.version + 1)
        yield (post.id, media.id), Use(link, CONTENT, figure.alt, figure.caption, None, versions)


def media_at(address: str) -> tuple[int, str]:
    """The upload behind an address, and which of its sizes; (0, "") for none of ours."""
    found = _FILE.search(address)
    if found:
        sizes = {ending: size for size, ending in SIZE_ENDINGS.items()}
        return int(found[1]), sizes.get(found[2], "")
    record = _RECORD.search(address)
    return (int(record[1]), "") if record else (0, "")


def digests_of(address: str, versions: range) -> dict[str, int]:
    """The digests that some versions of the file at an address have, each with its version."""
    media, size = media_at(address)
    return {digest(media, version, size): version for version in versions} if size else {}
