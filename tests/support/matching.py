"""A catalog of drawn photographs to look up in, for the tests of matching."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pictures import encoded
from PIL import Image

from assets import Picture, Query
from assets.pictures.inspect_task import inspect, inspect_query
from catalog.index.candidates import CandidateIndex
from catalog.index.feature_store import FeatureStore
from catalog.matching.match import Match
from catalog.matching.matcher import Matcher


def inspected(image: Image.Image, folder: Path) -> tuple[str, Picture]:
    """A picture's digest and what the catalog keeps of it."""
    body = encoded(image, "PNG", compress_level=1)
    path = folder / "inspected"
    path.write_bytes(body)
    found = inspect(str(path))
    assert isinstance(found, Picture), found
    return hashlib.sha256(body).hexdigest(), found


class DrawnCatalog:
    """Pictures by name, with their studies and index in a folder."""

    def __init__(self, folder: Path, pictures: Mapping[str, Image.Image]) -> None:
        self.folder = folder
        self.names: dict[str, str] = {}
        with FeatureStore(folder / "derived", read_only=False) as studies:
            for name, image in pictures.items():
                sha256, picture = inspected(image, folder)
                studies.add(sha256, picture)
                self.names[sha256] = name
        self.studies = FeatureStore(folder / "derived")
        self.index = CandidateIndex(folder / "derived", self.studies)
        self.matcher = Matcher(self.studies, self.index)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.studies.close()

    def query(self, image: Image.Image, format: str = "JPEG", **options: object) -> Query:  # noqa: A002
        """The picture as one that is looked up, saved in a format before."""
        path = self.folder / "query"
        path.write_bytes(encoded(image, format, **({"quality": 80} | options)))
        found = inspect_query(str(path))
        assert isinstance(found, Query), found
        return found

    def found(self, image: Image.Image, **options: object) -> dict[str, Match]:
        """The matches of a picture by name."""
        return {self.names[one.asset]: one for one in self.matcher.matches(self.query(image, **options))}
