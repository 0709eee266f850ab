"""An evidence bundle: all that is known of one photograph as a zip file that ordinary tools can check.

What is packed was digested before and is digested again on its way into the file. Names of entries are fixed or
digests; what strangers wrote stands only inside JSON and on the report's escaped pages.
"""

from __future__ import annotations

import errno
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib import resources
from importlib.metadata import version
from pathlib import Path

from assets import OriginalStore, credits_json
from catalog.clusters import Cluster, ClusterBuilder, Conflicts, Copy, Use, photograph
from catalog.errors import EvidenceError, ReportError
from catalog.model import AssetRecord, FetchRecord, Json
from catalog.reports.evidence.schema_org import embedded_text_of, image_objects
from catalog.reports.evidence.zip_archive import (
    Part,
    by_name,
    head_of,
    json_document,
    measure_part,
    pack_parts,
    plain_line,
    sums,
)
from catalog.reports.html import About, PreviewThumbnails, write_report
from catalog.store import Catalog

SCHEMA = "photodesk-evidence/1"
MANIFEST = "manifest.json"
MANIFEST_SCHEMA = "manifest.schema.json"
SUMS = "SHA256SUMS"

_DIGEST = re.compile(r"[0-9a-f]{1,64}")
_OUR_MANIFEST = re.compile(rb'\{\s*"schema": "photodesk-evidence/[0-9]')

NOTES = (
    "Earliest observed is not first: there may be earlier uses that nobody harvested. It is the earliest by the date "
    "that the page gives, or where it gives none, by when the use was first seen.",
    "What is not in the catalog is not known: that something is not here proves nothing.",
    "created is embedded in the file, published is the page's word, uploaded the site's; first_seen, last_seen and "
    "withdrawn are when this program saw the use, saw it last, and saw the page without it.",
    "found_at are addresses whose last good answer were these bytes. What was read through a site's API or from a "
    "file has no fetch of its own; pages tells its source.",
    "transform: x, y of a copy lies at a x + b y + c, d x + e y + f in the best copy, in pixels as displayed.",
    "isBasedOn says that the pixels agree, not who made which from which. Several captions or credits of one picture "
    "are several claims; uses tells who says which.",
)

README = """\
Evidence bundle of photograph {id}, made by photodesk {version}
{generated}
{covers}
{incomplete}
originals/            {kept} original files, untouched, each named by its SHA-256
damaged/              {damaged} files that no longer have the SHA-256 they are named by
missing               {missing}
manifest.json         copies, uses, dates, captions, credits, conflicts, decisions; the sum of every file but itself
                      and SHA256SUMS
manifest.schema.json  what each field of manifest.json means, as a JSON Schema
fetches.jsonl         how each address last answered: time, status, headers; one a line
image-objects.jsonld  the copies as schema.org ImageObjects
report/index.html     the report, with report/clusters/{id}.html
SHA256SUMS            the sum of every other file

To check it:

    unzip bundle.zip -d bundle && cd bundle
    sha256sum -c SHA256SUMS    # on a Mac: shasum -a 256 -c SHA256SUMS
    sha256sum originals/*      # each sum is the file's name

Who changes a file can make its sum anew: when you hand the bundle on, write down the sum of the zip file itself.

{notes}
"""


@dataclass(frozen=True, slots=True)
class BundleSummary:
    """What a bundle holds: how many files, its size and SHA-256, and the digests of originals gone or changed.

    `incomplete` says that copies may be missing, since pictures have not been compared yet.
    """

    files: int
    bytes: int
    sha256: str
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    incomplete: str = ""

    def complaints(self) -> Iterator[str]:
        """That copies may be missing, and a line for each original that it should hold, and holds not as it came in."""
        if self.incomplete:
            yield f"photodesk: the bundle is incomplete: {self.incomplete}"
        for state, digests in (("missing", self.missing), ("damaged", self.damaged)):
            yield from (f"photodesk: {sha256}: the original is {state}" for sha256 in digests)


def pack_evidence(catalog: Catalog, name: str, target: Path) -> BundleSummary:
    """Pack what a catalog knows of a cluster, or of a picture that is in none; it is named by how its digest begins."""
    # First what it covers: what is compared while the clusters are worked out may be missing in them.
    about = About.of(catalog)
    builder = ClusterBuilder(catalog)
    group = photograph(catalog.records, builder.groups(), name, is_final=builder.is_final())
    cluster = builder.cluster(group)
    return write_bundle(cluster, catalog, target, about, version=version("photodesk"))


def write_bundle(
    cluster: Cluster, catalog: Catalog, target: Path, about: About, *, version: str
) -> BundleSummary:
    """Pack all that is known of a cluster and say what it came to; the same records give the same bytes.

    `target` is new or an earlier bundle, which is replaced whole; anything else there is an `EvidenceError`.
    """
    for name in (cluster.id, *(copy.asset.sha256 for copy in cluster.copies)):
        if not _DIGEST.fullmatch(name):
            raise EvidenceError(f"{name!r} is no digest: the catalog is damaged")
    with _translated(target):
        _refuse_others(target)
        bundle = _Bundle(cluster, catalog)
        # Beside the target, so that the finished file only has to be moved.
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as beside:
            work = Path(beside) / "files"
            write_report([cluster], work / "report", bundle.thumbnail, about)
            _write(
                work / "fetches.jsonl", "".join(f"{plain_line(one.to_json())}\n" for one in bundle.fetches)
            )
            _write(work / "image-objects.jsonld", json_document(image_objects(cluster, bundle.found_at)))
            _write(work / "README.txt", bundle.readme(about, version))
            _write(work / MANIFEST_SCHEMA, schema_text())
            names = sorted(path.relative_to(work).as_posix() for path in work.rglob("*") if path.is_file())
            parts = [*bundle.parts.values(), *(measure_part(name, work / name) for name in names)]
            _write(work / MANIFEST, json_document(bundle.manifest(about, version, parts)))
            parts.append(measure_part(MANIFEST, work / MANIFEST))
            _write(work / SUMS, sums(parts))
            parts.append(measure_part(SUMS, work / SUMS))
            whole = pack_parts(parts, Path(beside) / "bundle.zip")
            whole.path.replace(target)
    return BundleSummary(
        files=len(parts),
        bytes=whole.length,
        sha256=whole.sha256,
        missing=bundle.digests("missing"),
        damaged=bundle.digests("damaged"),
        incomplete=about.incomplete,
    )


class _Bundle:
    """What is known of a cluster: how addresses ended, the originals there are, who decided what."""

    def __init__(self, cluster: Cluster, catalog: Catalog) -> None:
        self._cluster = cluster
        self._preview = PreviewThumbnails(catalog.originals)
        found = (catalog.records.fetch(address) for address in sorted(_addresses(cluster) - {""}))
        self.fetches: list[FetchRecord] = [record for record in found if record is not None]
        self.found_at: dict[str, list[str]] = {}
        for fetch in self.fetches:
            for sha256 in {fetch.sha256, fetch.last_good_sha256}:
                self.found_at.setdefault(sha256, []).append(fetch.url)
        self._created = {
            copy.asset.sha256: embedded_text_of(copy.asset, "created") for copy in cluster.copies
        }
        digests = {copy.asset.sha256 for copy in cluster.copies}
        self._decisions = [one for one in catalog.records.decisions() if {one.first, one.second} <= digests]
        self.parts: dict[str, Part] = {}
        self._missing: dict[str, str] = {}
        for sha256 in sorted(digests):
            try:
                self.parts[sha256] = _original(catalog.originals, sha256)
            except OSError as error:
                # The rest is still worth having, and says what is not there.
                self._missing[sha256] = error.strerror or str(error)

    def thumbnail(self, asset: AssetRecord, side: int) -> bytes | None:
        """A small picture for the report; a file that changed is not shown for what it was."""
        return self._preview(asset, side) if self._state(asset.sha256) == "kept" else None

    def _state(self, sha256: str) -> str:
        if sha256 in self._missing:
            return "missing"
        return "kept" if self.parts[sha256].sha256 == sha256 else "damaged"

    def digests(self, state: str) -> tuple[str, ...]:
        """The copies whose original is "kept" as it came in, "damaged" or "missing"."""
        return tuple(
            one.asset.sha256 for one in self._cluster.copies if self._state(one.asset.sha256) == state
        )

    def readme(self, about: About, version: str) -> str:
        """What a person reads before all else."""
        return README.format(
            id=self._cluster.id,
            version=version,
            generated=about.generated,
            covers=about.covers,
            incomplete=f"INCOMPLETE: {about.incomplete}.\n" if about.incomplete else "",
            kept=len(self.digests("kept")),
            damaged=len(self.digests("damaged")),
            missing=" ".join(self.digests("missing")) or "none",
            notes="\n".join(f"- {note}" for note in NOTES),
        )

    def manifest(self, about: About, version: str, parts: Iterable[Part]) -> Json:
        """Everything, as one JSON object."""
        cluster = self._cluster
        pages = {use.page.key: use.page for use in cluster.uses if use.page is not None}
        uses = [self._use_record(use) for use in cluster.uses]
        return {
            "schema": SCHEMA,
            "program": "photodesk",
            "version": version,
            "generated": about.generated,
            "covers": about.covers,
            "coverage": asdict(about.coverage) if about.coverage else None,
            "incomplete": about.incomplete or None,
            "cluster": cluster.id,
            "best": cluster.best.sha256,
            "why_best": cluster.why_best,
            "earliest_observed": uses[0] if uses else None,
            "notes": NOTES,
            "missing": self.digests("missing"),
            "damaged": self.digests("damaged"),
            "files": [
                {"name": one.name, "bytes": one.length, "sha256": one.sha256} for one in by_name(parts)
            ],
            "copies": [self._copy_record(copy) for copy in cluster.copies],
            "uses": uses,
            "pages": [pages[key].to_json() for key in sorted(pages)],
            "sites": [asdict(site) for site in cluster.sites],
            "conflicts": _conflicts_record(cluster.conflicts),
            "decisions": [one.to_json() for one in sorted(self._decisions, key=lambda one: one.key)],
        }

    def _copy_record(self, copy: Copy) -> Json:
        sha256, match = copy.asset.sha256, copy.match
        part = self.parts.get(sha256)
        compared: Json = match.to_json() if match else {"relation": None}
        compared.pop("asset", None)
        return copy.asset.to_json() | {
            "file": part.name if part else None,
            "state": self._state(sha256),
            "sha256_now": part.sha256 if part else None,
            "missing": self._missing.get(sha256),
            "found_at": self.found_at.get(sha256, []),
            **compared,
            "explanation": copy.explanation,
            "decision": copy.decision or None,
            "upload": copy.upload or None,
            "variant_evidence": copy.variant_evidence or None,
            "substitute": copy.substitute or None,
        }

    def _use_record(self, use: Use) -> Json:
        record = use.usage.to_json()
        return {
            "usage": record.pop("key"),
            "title": use.page.title if use.page else "",
            "time": use.time,
            "hours_after_earliest": use.hours_after,
            "reuse": use.is_reuse,
            "substitute": use.substitute or None,
            "created": self._created.get(use.usage.asset, ""),
            **record,
            "credits": credits_json(use.usage.credit),
        }


def _conflicts_record(conflicts: Conflicts) -> Json:
    told = asdict(conflicts)
    told["recovered_credit"] = told.pop("recovered")
    return {"kinds": conflicts.kinds} | told


def _addresses(cluster: Cluster) -> set[str]:
    """Addresses of a cluster's pictures, earlier ones too, of its pages, and of uploads behind size variants."""
    found: set[str] = set()
    for use in cluster.uses:
        found |= {use.usage.url, *use.usage.variants, use.usage.page}
        found |= {entry.get("url", "") for entry in use.usage.history}
        found |= {use.page.url, use.page.source} if use.page else set()
    return found.union(related["evidence"] for copy in cluster.copies for related in copy.asset.related)


def schema_text() -> str:
    """The JSON Schema of the manifest; a change that readers must know of raises the number in its name."""
    return (
        resources.files("catalog.reports.evidence")
        .joinpath("evidence.schema.json")
        .read_text(encoding="utf-8")
    )


# Files


def _original(originals: OriginalStore, sha256: str) -> Part:
    path = originals.path_of(sha256)
    if path is None:
        raise FileNotFoundError(errno.ENOENT, "no such file in the folder of originals")
    part = measure_part(f"originals/{sha256}{path.suffix}", path)
    return part if part.sha256 == sha256 else replace(part, name=f"damaged/{sha256}{path.suffix}")


def _write(path: Path, text: str) -> None:
    # A lone surrogate, which no file can hold, becomes a question mark.
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")


def _refuse_others(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not (target.is_file() and _is_bundle(target))):
        raise EvidenceError(f"{target}: is there and is no evidence bundle; name another file")


def _is_bundle(path: Path) -> bool:
    return _OUR_MANIFEST.match(head_of(path, MANIFEST, 100)) is not None


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ReportError) as error:
        cause = error.__cause__ if isinstance(error, ReportError) else error
        raise EvidenceError(f"{path}: {getattr(cause, 'strerror', '') or error}") from error
