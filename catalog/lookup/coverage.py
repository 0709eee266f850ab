"""What a catalog covers, and which of its pictures an answer cannot vouch for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from catalog.store import Store


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a catalog covers; `since` is when its first page was seen.

    Of all its `pictures`, `unreadable` ones could not be read, as drawings and damaged files: nothing but the same
    bytes is found of them. `uncompared` ones could, and have not yet been compared with all others, so that clusters
    may lack them. `unstudied` are those of the uncompared whose features are missing, as after a crash: no lookup
    compares with them until `photodesk index` has made them.
    """

    pictures: int
    pages: int
    sites: int
    since: str
    unreadable: int = 0
    unstudied: int = 0
    uncompared: int = 0


class Digests(Protocol):
    """Pictures by their SHA-256."""

    def __contains__(self, sha256: str, /) -> bool: ...


def coverage_of(store: Store, studied: Digests, compared: Digests) -> Coverage:
    """What a catalog covers, by the pictures that have features and those that were compared with all others."""
    pages, sites, since = store.coverage()
    digests = store.sha256s()
    missing = [sha256 for sha256 in digests if sha256 not in studied]
    # Only the records of these few are read.
    unreadable = sum(bool((asset := store.asset(sha256)) and asset.reason) for sha256 in missing)
    behind = sum(sha256 in studied and sha256 not in compared for sha256 in digests)
    unstudied = len(missing) - unreadable
    return Coverage(
        pictures=len(digests),
        pages=pages,
        sites=len(sites),
        since=since,
        unreadable=unreadable,
        unstudied=unstudied,
        uncompared=unstudied + behind,
    )
