"""The worker processes of a harvest: for pictures, for what sites answer, and for the files that the user gave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from assets.documents import DocumentWorkers
from assets.parsing.urls import is_web_address
from assets.pictures import Inspector

if TYPE_CHECKING:
    from assets.documents import TaskRunner


class HarvestWorkers:
    """Who looks at pictures, and who reads what sites answer (`pages`) and what the user gave (`files`).

    Each is an async context manager, which a harvest enters. No process is started before it is needed, but by
    `prepare`.
    """

    def __init__(
        self, pictures: Inspector, pages: TaskRunner | None = None, files: TaskRunner | None = None
    ) -> None:
        self.pictures = pictures
        self.pages = pages or DocumentWorkers()
        self.files = files or DocumentWorkers.for_files()

    @classmethod
    def prepare(cls, count: int, inputs: Sequence[str]) -> Self:
        """Those that a harvest of the inputs will need, starting already: this process has other things to load.

        So many decode pictures, 0 for one a core.
        """
        pages, files = DocumentWorkers(), DocumentWorkers.for_files()
        if any(map(is_web_address, inputs)):
            pages.prepare()
        if not all(map(is_web_address, inputs)):
            files.prepare()
        pictures = Inspector(count)
        pictures.prepare_pictures()
        return cls(pictures, pages, files)
