"""Bring pictures in: read sources, find references, download, decode, fingerprint.

What other packages may use is named in `__all__`. It is loaded when first asked for: `photodesk --help` and
`photodesk export` need neither sockets nor image codecs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assets.download import Downloader as Downloader
    from assets.errors import AssetsError as AssetsError
    from assets.features import descriptors_of as descriptors_of
    from assets.features import keypoints_of as keypoints_of
    from assets.features import pixels_of as pixels_of
    from assets.fingerprint import parse_hex as parse_hex
    from assets.guard import parse_allowed as parse_allowed
    from assets.inspection import inspect_query as inspect_query
    from assets.inspector import Inspector as Inspector
    from assets.limits import Limits as Limits
    from assets.limits import Politeness as Politeness
    from assets.live import LiveOptions as LiveOptions
    from assets.live import LivePart as LivePart
    from assets.live import LiveReader as LiveReader
    from assets.live import SiteRead as SiteRead
    from assets.model import Embedded as Embedded
    from assets.model import EmbeddedText as EmbeddedText
    from assets.model import Failure as Failure
    from assets.model import Features as Features
    from assets.model import Fetch as Fetch
    from assets.model import Fingerprint as Fingerprint
    from assets.model import Gray as Gray
    from assets.model import ImageReference as ImageReference
    from assets.model import Outcome as Outcome
    from assets.model import Page as Page
    from assets.model import PageKind as PageKind
    from assets.model import Picture as Picture
    from assets.model import Progress as Progress
    from assets.model import Query as Query
    from assets.model import Reading as Reading
    from assets.model import Reason as Reason
    from assets.model import Role as Role
    from assets.model import Stage as Stage
    from assets.model import Study as Study
    from assets.model import Validators as Validators
    from assets.originals import Originals as Originals
    from assets.pipeline import Collected as Collected
    from assets.pipeline import Pipeline as Pipeline
    from assets.pipeline import PipelineOptions as PipelineOptions
    from assets.querying import QueryOptions as QueryOptions
    from assets.querying import QueryReader as QueryReader
    from assets.references import readings as readings
    from assets.sources import read_sources as read_sources
    from assets.urls import absolute as absolute
    from assets.urls import is_web_address as is_web_address
    from assets.urls import site_of as site_of
    from assets.variants import upload_key as upload_key
    from assets.workers import WorkerPool as WorkerPool

_HOMES = {
    "download": ("Downloader",),
    "errors": ("AssetsError",),
    "features": ("descriptors_of", "keypoints_of", "pixels_of"),
    "fingerprint": ("parse_hex",),
    "guard": ("parse_allowed",),
    "inspection": ("inspect_query",),
    "inspector": ("Inspector",),
    "limits": ("Limits", "Politeness"),
    "live": ("LiveOptions", "LivePart", "LiveReader", "SiteRead"),
    "model": (
        "Embedded",
        "EmbeddedText",
        "Failure",
        "Features",
        "Fetch",
        "Fingerprint",
        "Gray",
        "ImageReference",
        "Outcome",
        "Page",
        "PageKind",
        "Picture",
        "Progress",
        "Query",
        "Reading",
        "Reason",
        "Role",
        "Stage",
        "Study",
        "Validators",
    ),
    "originals": ("Originals",),
    "pipeline": ("Collected", "Pipeline", "PipelineOptions"),
    "querying": ("QueryOptions", "QueryReader"),
    "references": ("readings",),
    "sources": ("read_sources",),
    "urls": ("absolute", "is_web_address", "site_of"),
    "variants": ("upload_key",),
    "workers": ("WorkerPool",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> object:
    """An exported name, its module loaded at the first use (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
