"""What is true of a made newsroom's assets: which photographs are in each, and what was made of what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.newsroom import Page
from benchmarks.truth import Truth


@dataclass(frozen=True, slots=True)
class Known:
    """What is true of a newsroom's assets, by SHA-256.

    `sources` has the photographs in each, `labels` what to call it, `groups` the scene of a photograph, `originals`
    the asset that is a photograph as it was; `edits` are an edit's name, its asset and a photograph in it,
    `variants` a size variant's kind and the uploads it is made of, `uses` a page and the asset it shows.
    """

    sources: Mapping[str, frozenset[str]]
    labels: Mapping[str, str]
    groups: Mapping[str, str] = field(default_factory=dict)
    originals: Mapping[str, str] = field(default_factory=dict)
    edits: Sequence[tuple[str, str, str]] = ()
    variants: Mapping[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    uses: Sequence[tuple[str, str]] = ()

    def label(self, sha256: str) -> str:
        """What to call an asset."""
        return self.labels.get(sha256, sha256[:12])

    def to_json(self) -> dict[str, Any]:
        """The assets, each with its name and the photographs in it, and the uses, for those who look into a catalog."""
        assets = {
            one: {"name": self.label(one), "photographs": sorted(self.sources[one])} for one in self.sources
        }
        return {"assets": assets, "uses": self.uses}


def known_of(pages: Sequence[Page], truth: Truth) -> Known:
    """What is true of the assets that pages show."""
    edits = truth.by_file()
    sources: dict[str, frozenset[str]] = defaultdict(frozenset)
    labels: dict[str, str] = {}
    originals: dict[str, str] = {}
    made: dict[tuple[str, str, str], None] = {}
    variants: dict[str, tuple[str, frozenset[str]]] = {}
    for page in pages:
        for use in page.uses:
            file, sha256 = use.upload.file, use.size.sha256
            of_file = edits.get(file.path, [])
            sources[sha256] |= set(file.sources)
            label = " + ".join(file.sources) + (f" {of_file[0].name}" if of_file else "")
            if use.size is use.upload.sizes[0]:
                labels.setdefault(sha256, label)
                made |= dict.fromkeys((edit.name, sha256, edit.source) for edit in of_file)
                if not of_file:
                    originals[file.path.name] = sha256
            else:
                labels.setdefault(sha256, f"{label}, {use.size.kind}")
                larger = {use.upload.sizes[0].sha256, use.upload.main.sha256} - {sha256}
                behind = variants.get(sha256, ("", frozenset()))[1]
                variants[sha256] = (use.size.kind, behind | larger)
    uses = [(page.address, use.size.sha256) for page in pages for use in page.uses]
    return Known(sources, labels, truth.groups, originals, list(made), variants, uses)
