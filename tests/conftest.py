"""What several test modules share: a newsroom on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import Newsroom, running
from pictures import photo

# Enough for each of the agency's troubled stories; the fifth is large enough to be `-scaled`.
DRAWN_PHOTOS = 8


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Six sites that republish eight drawn photographs."""
    folder: Path = tmp_path_factory.mktemp("newsroom")
    photos = folder / "photos"
    photos.mkdir()
    for seed in range(DRAWN_PHOTOS):
        photo(seed).save(photos / f"scene-{seed}.jpg", quality=90)
    with running(photos, folder / "newsroom.json", "--sites", "6", "--seed", "1") as room:
        yield room
