"""An evidence bundle: what others can check with ordinary tools, and that nothing else is ever replaced or left."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import jsonschema
import pytest
from pictures import jpeg_bytes, photo
from reports import HOSTILE, Desk, hostile, launch
from servers import Answer, Server

from assets.originals.local import LocalOriginals
from catalog.cli import main
from catalog.clusters.cluster import Cluster
from catalog.clusters.duplicates import find_group
from catalog.clusters.grouping import Group, Member
from catalog.errors import EvidenceError, UnknownPicture
from catalog.model import DecisionRecord, FetchRecord, decision_key
from catalog.reports.evidence.bundle import SCHEMA, BundleSummary, schema_text, write_bundle
from catalog.reports.evidence.schema_org import image_objects
from catalog.reports.html.writer import About
from catalog.store.catalog import Catalog
from catalog.store.embedded import EmbeddedStore

ABOUT = About(covers="A catalog of 6 pictures.", generated="2025-12-01T08:00:00Z")
PLACE = "https://agency.example/up/launch.jpg"
MOVED = "https://agency.example/up/old.jpg"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cluster, Cluster]:
    """Originals, and two clusters of them: an ordinary one, and one about which strangers say what they should not."""
    desk = Desk(tmp_path_factory.mktemp("drawn") / "originals")
    return desk.originals, launch(desk), hostile(desk)


class Case:
    """A cluster in a catalog of its own, and the bundle that is made of it."""

    def __init__(self, folder: Path, originals: Path, cluster: Cluster) -> None:
        self.originals = Path(shutil.copytree(originals, folder / "originals"))
        self.target = folder / "out" / "bundle.zip"
        self.target.parent.mkdir()
        self.store = EmbeddedStore()
        first = cluster.uses[0]
        self.cluster = replace(
            cluster,
            uses=(replace(first, usage=replace(first.usage, url=PLACE, variants=[MOVED])), *cluster.uses[1:]),
        )
        self.best, self.other = (copy.asset.sha256 for copy in cluster.copies[:2])

    def fetched(self, url: str, **fields: object) -> None:
        """Note how an address ended."""
        self.store.put_fetch(
            FetchRecord.from_json({"url": url, "outcome": "fetched", "status": 200, **fields})
        )

    def file(self, sha256: str) -> Path:
        (path,) = self.originals.glob(f"*/{sha256}.*")
        return path

    def write(self) -> BundleSummary:
        catalog = Catalog("", self.store, LocalOriginals(self.originals), self.originals / "derived")
        return write_bundle(self.cluster, catalog, self.target, ABOUT, version="1.2.3")

    def bundle(self) -> ZipFile:
        """The bundle, made when it is first asked for."""
        if not self.target.exists():
            self.write()
        return ZipFile(self.target)

    def manifest(self) -> dict[str, Any]:
        with self.bundle() as archive:
            return json.loads(archive.read("manifest.json"))

    def objects(self) -> dict[str, dict[str, Any]]:
        """The graph's nodes by what names them."""
        with self.bundle() as archive:
            document = json.loads(archive.read("image-objects.jsonld"))
        return {node["@id"]: node for node in document["@graph"]}

    def beside(self) -> list[str]:
        """What is in the bundle's folder."""
        return sorted(path.name for path in self.target.parent.iterdir())


def ordinary(folder: Path, drawn: tuple[Path, Cluster, Cluster]) -> Case:
    made = Case(folder, drawn[0], drawn[1])
    made.fetched(PLACE, sha256=made.best, last_good_sha256=made.best, headers={"etag": '"a1"'})
    return made


@pytest.fixture
def case(drawn: tuple[Path, Cluster, Cluster], tmp_path: Path) -> Iterator[Case]:
    made = ordinary(tmp_path, drawn)
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def shared(drawn: tuple[Path, Cluster, Cluster], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """For tests that only read the bundle."""
    made = ordinary(tmp_path_factory.mktemp("shared"), drawn)
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def hostile_case(
    drawn: tuple[Path, Cluster, Cluster], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Case]:
    made = Case(tmp_path_factory.mktemp("hostile"), drawn[0], drawn[2])
    yield made
    made.store.close()


# What it holds


def test_its_names_are_fixed_or_digests(case: Case) -> None:
    with case.bundle() as archive:
        names = archive.namelist()
    digests = sorted(copy.asset.sha256 for copy in case.cluster.copies)
    assert names == sorted(names)
    assert [name for name in names if not name.startswith("report/")] == [
        "README.txt",
        "SHA256SUMS",
        "fetches.jsonl",
        "image-objects.jsonld",
        "manifest.json",
        "manifest.schema.json",
        *(f"originals/{one}.jpg" for one in digests),
    ]
    assert {"report/index.html", f"report/clusters/{case.cluster.id}.html"} <= set(names)


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum is not installed")
def test_an_ordinary_tool_finds_every_sum_right(case: Case, tmp_path: Path) -> None:
    with case.bundle() as archive:
        archive.extractall(tmp_path / "unpacked")
        names = set(archive.namelist())
    command = ["sha256sum", "-c", "SHA256SUMS"]
    done = subprocess.run(command, cwd=tmp_path / "unpacked", capture_output=True, text=True, check=True)
    assert {line.removesuffix(": OK") for line in done.stdout.splitlines()} == names - {"SHA256SUMS"}


def test_originals_are_the_bytes_that_their_names_say(case: Case) -> None:
    with case.bundle() as archive:
        for copy in case.cluster.copies:
            body = archive.read(f"originals/{copy.asset.sha256}.jpg")
            assert body == case.file(copy.asset.sha256).read_bytes()
            assert hashlib.sha256(body).hexdigest() == copy.asset.sha256


def test_the_manifest_follows_its_schema_which_the_bundle_holds(case: Case) -> None:
    key = decision_key(case.best, case.other)
    first, second = key.split()
    case.store.put_decision(DecisionRecord(key=key, first=first, second=second, decision="same", by="Ana"))
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    manifest = case.manifest()
    jsonschema.Draft202012Validator(schema).validate(manifest)
    assert manifest["schema"] == SCHEMA == schema["title"]
    assert manifest["decisions"][0]["by"] == "Ana"
    with ZipFile(case.target) as archive:
        assert archive.read("manifest.schema.json").decode() == schema_text()


def test_the_schema_knows_every_field_of_the_manifest(case: Case) -> None:
    schema, manifest = json.loads(schema_text()), case.manifest()
    parts = {"copy": manifest["copies"], "use": manifest["uses"], "conflicts": [manifest["conflicts"]]}
    assert manifest.keys() == schema["properties"].keys() == set(schema["required"])
    for name, records in parts.items():
        known = schema["$defs"][name]["properties"].keys()
        assert {field for record in records for field in record} - known == set()


def test_the_manifest_lists_every_file_but_itself_and_the_sums(case: Case) -> None:
    listed = {one["name"]: (one["bytes"], one["sha256"]) for one in case.manifest()["files"]}
    with ZipFile(case.target) as archive:
        bodies = {name: archive.read(name) for name in archive.namelist()}
    del bodies["manifest.json"], bodies["SHA256SUMS"]
    assert listed == {name: (len(body), hashlib.sha256(body).hexdigest()) for name, body in bodies.items()}


def test_the_manifest_keeps_the_four_dates_of_a_use_apart(case: Case) -> None:
    use = case.manifest()["uses"][0]
    assert (use["created"], use["published"], use["uploaded"], use["first_seen"]) == (
        "2025-08-03T17:20:11",
        "2025-08-04T06:42:00Z",
        "2025-08-04T06:12:00Z",
        "2025-11-23T09:00:00Z",
    )


def test_the_manifest_tells_how_each_copy_shows_the_best_one(case: Case) -> None:
    best, _, mirrored, *_ = case.manifest()["copies"]
    assert (best["sha256"], best["relation"], best["file"]) == (
        case.best,
        None,
        f"originals/{case.best}.jpg",
    )
    assert (mirrored["relation"], mirrored["mirrored"], mirrored["crop_box"]) == (
        "crop",
        True,
        [300, 100, 600, 600],
    )


def test_the_manifest_gives_the_credit_that_stripped_copies_should_have(case: Case) -> None:
    conflicts = case.manifest()["conflicts"]
    assert conflicts["kinds"] == ["caption", "credit", "credit missing"]
    assert conflicts["recovered_credit"]["text"] == "Olena Marchuk / Agency"


def test_a_decision_about_a_picture_outside_is_not_told(case: Case) -> None:
    key = decision_key(case.best, "f" * 64)
    first, second = key.split()
    case.store.put_decision(DecisionRecord(key=key, first=first, second=second, decision="different"))
    assert case.manifest()["decisions"] == []


def test_the_fetch_log_has_how_each_address_last_answered(case: Case) -> None:
    case.fetched(PLACE, status=304, outcome="unchanged", at="2025-11-24", last_good_sha256=case.best)
    case.fetched(case.cluster.uses[1].usage.page, status=200)
    case.fetched("https://elsewhere.example/not-of-this-cluster.jpg")
    with case.bundle() as archive:
        records = [json.loads(line) for line in archive.read("fetches.jsonl").splitlines()]
    assert {one["url"]: one["status"] for one in records} == {
        PLACE: 304,
        case.cluster.uses[1].usage.page: 200,
    }


def test_an_address_that_fails_now_is_still_where_the_bytes_were_found(case: Case) -> None:
    case.fetched(MOVED, outcome="failed", status=404, reason="not found", last_good_sha256=case.best)
    copies = {copy["sha256"]: copy["found_at"] for copy in case.manifest()["copies"]}
    assert copies[case.best] == [PLACE, MOVED]
    assert copies[case.other] == []


def test_the_readme_tells_what_it_is_and_how_to_check_it(case: Case) -> None:
    with case.bundle() as archive:
        told = archive.read("README.txt").decode()
        unnamed = {name for name in archive.namelist() if "/" not in name and name not in told}
    assert unnamed == {"README.txt"}
    assert f"Evidence bundle of photograph {case.cluster.id}, made by photodesk 1.2.3" in told
    assert "sha256sum -c SHA256SUMS" in told


def test_the_summary_tells_the_sum_of_the_file_itself(case: Case) -> None:
    summary = case.write()
    body = case.target.read_bytes()
    assert (summary.bytes, summary.sha256) == (len(body), hashlib.sha256(body).hexdigest())
    with ZipFile(case.target) as archive:
        assert summary.files == len(archive.namelist())


# In schema.org's words


def test_the_copies_are_image_objects_of_one_photograph(case: Case) -> None:
    objects = case.objects()
    assert objects.pop("#photograph") == {
        "@id": "#photograph",
        "@type": "Photograph",
        "identifier": case.cluster.id,
    }
    assert list(objects) == [f"#{copy.asset.sha256}" for copy in case.cluster.copies]
    assert {node["@type"] for node in objects.values()} == {"ImageObject"}
    assert {node["exampleOfWork"]["@id"] for node in objects.values()} == {"#photograph"}


def test_the_linked_data_names_its_context_and_only_things_that_are_in_it(case: Case) -> None:
    with case.bundle() as archive:
        document = json.loads(archive.read("image-objects.jsonld"))
    assert document.keys() == {"@context", "@graph"}
    assert document["@context"] == "https://schema.org"
    group_named = {node["@id"] for node in document["@graph"]}
    referred = [
        value["@id"]
        for node in document["@graph"]
        for value in node.values()
        if isinstance(value, dict) and "@id" in value
    ]
    assert referred
    assert set(referred) <= group_named


def test_a_copy_s_address_is_one_that_gave_its_bytes(case: Case) -> None:
    objects = case.objects()
    best, other = objects[f"#{case.best}"], objects[f"#{case.other}"]
    assert best["contentUrl"] == PLACE
    assert best["uploadDate"] == "2025-08-04T06:12:00Z"
    assert "contentUrl" not in other


def test_the_file_s_own_credit_comes_before_those_of_its_uses(case: Case) -> None:
    objects = case.objects()
    assert objects[f"#{case.best}"]["creditText"] == ["Olena Marchuk / Agency"]
    assert objects[f"#{case.other}"]["creditText"] == ["Agency"]


def test_only_what_shows_the_best_copy_or_a_part_of_it_is_based_on_it(case: Case) -> None:
    objects = case.objects()
    based = [objects[f"#{copy.asset.sha256}"].get("isBasedOn") for copy in case.cluster.copies]
    assert based == [None, *[{"@id": f"#{case.best}"}] * 4, None]


@pytest.mark.parametrize(
    ("byline", "kind"), [("Olena Marchuk", "Person"), ("KCNA", "Organization"), ("REUTERS", "Organization")]
)
def test_who_made_it_is_a_person_or_an_agency(shared: Case, byline: str, kind: str) -> None:
    best = shared.cluster.copies[0]
    asset = replace(best.asset, embedded={"byline": {"text": byline, "field": "iptc 2:80"}})
    cluster = replace(shared.cluster, copies=(replace(best, asset=asset),))
    _, told = image_objects(cluster, {})["@graph"]
    assert told["creator"] == {"@type": kind, "name": byline}


# What strangers say


def test_hostile_texts_stay_texts(hostile_case: Case) -> None:
    with hostile_case.bundle() as archive:
        bodies = {name: archive.read(name).decode() for name in archive.namelist() if "/" not in name}
        pages = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".html")]
    for name in ("manifest.json", "image-objects.jsonld", "fetches.jsonl"):
        assert not set(bodies[name]) & set("<\u2028\u202e"), name
    assert all("<img src=x" not in page and "window.broken = 2</script>" not in page for page in pages)
    assert json.loads(bodies["manifest.json"])["uses"][0]["caption"] == HOSTILE


def test_an_address_that_is_none_of_the_web_s_is_linked_nowhere(hostile_case: Case) -> None:
    objects = hostile_case.objects()
    pages = [page["url"] for node in objects.values() for page in node.get("subjectOf", [])]
    assert pages
    assert all(url.startswith("https://") for url in pages)


@pytest.mark.parametrize("name", ["../../etc/passwd", "5F0C", "", "5f/0c"])
def test_what_is_no_digest_names_no_file(case: Case, name: str) -> None:
    case.cluster = replace(case.cluster, id=name)
    with pytest.raises(EvidenceError, match="is no digest"):
        case.write()
    assert case.beside() == []


# What is not as it was


def test_a_missing_original_is_named_and_the_rest_is_packed(case: Case) -> None:
    case.file(case.other).unlink()
    assert case.write().missing == (case.other,)
    with ZipFile(case.target) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        names = archive.namelist()
        assert f"missing               {case.other}" in archive.read("README.txt").decode()
    assert manifest["missing"] == [case.other]
    copy = next(one for one in manifest["copies"] if one["sha256"] == case.other)
    assert (copy["file"], copy["state"]) == (None, "missing")
    assert copy["missing"] == "no such file in the folder of originals"
    assert sum(name.startswith("originals/") for name in names) == len(case.cluster.copies) - 1


def test_a_damaged_original_is_packed_apart_and_not_shown_for_what_it_was(case: Case) -> None:
    case.file(case.other).write_bytes(b"not what it was")
    assert case.write().damaged == (case.other,)
    with ZipFile(case.target) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.read(f"damaged/{case.other}.jpg") == b"not what it was"
        assert f"report/thumbs/{case.other}.webp" not in archive.namelist()
    copy = next(one for one in manifest["copies"] if one["sha256"] == case.other)
    assert copy["state"] == "damaged"
    assert copy["sha256_now"] == hashlib.sha256(b"not what it was").hexdigest()


# The file


def test_the_same_records_give_the_same_bytes(case: Case, tmp_path: Path) -> None:
    first = case.write()
    case.target = tmp_path / "again.zip"
    assert case.write() == first
    assert case.target.read_bytes() == (tmp_path / "out" / "bundle.zip").read_bytes()


def test_pictures_are_stored_and_texts_made_smaller(case: Case) -> None:
    with case.bundle() as archive:
        types = {info.filename: info.compress_type for info in archive.infolist()}
    pictures = {name for name in types if name.endswith((".jpg", ".webp"))}
    assert {types[name] for name in pictures} == {ZIP_STORED}
    assert {types[name] for name in types.keys() - pictures} == {ZIP_DEFLATED}


def test_an_earlier_bundle_is_replaced_whole(case: Case) -> None:
    case.file(case.other).rename(case.originals / "aside")
    before = case.write()
    (case.originals / "aside").rename(case.originals / case.other[:2] / f"{case.other}.jpg")
    after = case.write()
    assert (before.missing, after.missing) == ((case.other,), ())
    assert case.beside() == ["bundle.zip"]


def foreign_files() -> dict[str, Any]:
    def made(path: Path, name: str, body: str, compression: int = ZIP_DEFLATED) -> None:
        with ZipFile(path, "w", compression) as archive:
            archive.writestr(name, body)

    def torn(path: Path) -> None:
        made(path, "manifest.json", '{"schema": "x"}' * 100, ZIP_LZMA)
        body = bytearray(path.read_bytes())
        body[60:90] = b"\xff" * 30
        path.write_bytes(body)

    return {
        "text": lambda path: path.write_text("a year's accounts"),
        "empty": lambda path: path.touch(),
        "folder": lambda path: path.mkdir(),
        "link": lambda path: path.symlink_to(path.parent / "accounts.zip"),
        "zip": lambda path: made(path, "accounts.csv", "1,2"),
        "manifest": lambda path: made(path, "manifest.json", '{"schema": "another/1"}'),
        "torn": torn,
    }


@pytest.mark.parametrize("kind", foreign_files())
def test_nothing_but_a_bundle_is_ever_replaced(case: Case, kind: str) -> None:
    foreign_files()[kind](case.target)
    before = case.target.lstat()
    with pytest.raises(EvidenceError, match="is there and is no evidence bundle"):
        case.write()
    after = case.target.lstat()
    assert (after.st_ino, after.st_size, after.st_mtime_ns) == (
        before.st_ino,
        before.st_size,
        before.st_mtime_ns,
    )
    assert case.beside() == ["bundle.zip"]


def test_a_folder_that_is_none_is_told(case: Case, tmp_path: Path) -> None:
    case.target = tmp_path / "nowhere" / "bundle.zip"
    with pytest.raises(EvidenceError, match=r"bundle\.zip: No such file or directory"):
        case.write()
    (tmp_path / "file").touch()
    case.target = tmp_path / "file" / "bundle.zip"
    with pytest.raises(EvidenceError, match="Not a directory"):
        case.write()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_cannot_be_written_is_told(case: Case) -> None:
    case.target.parent.chmod(0o500)
    with pytest.raises(EvidenceError, match="Permission denied"):
        case.write()
    assert case.beside() == []


@pytest.mark.skipif(sys.platform == "win32", reason="a limit that POSIX has")
def test_what_breaks_off_leaves_the_earlier_bundle_and_nothing_beside(case: Case) -> None:
    import resource

    before = case.write().sha256
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Less than the originals, more than any page of the report: the zip file itself cannot be finished.
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 * 1024, hard))
    try:
        with pytest.raises(EvidenceError, match=r"bundle\.zip: File too large"):
            case.write()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert hashlib.sha256(case.target.read_bytes()).hexdigest() == before
    assert case.beside() == ["bundle.zip"]


# The command


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A catalog of three pictures that a site served, and the digests of a photograph and of its crop."""
    folder = tmp_path_factory.mktemp("harvested")
    whole = photo(60, 800, 533)
    bodies = {
        "/whole.jpg": jpeg_bytes(whole, quality=90),
        "/crop.jpg": jpeg_bytes(whole.crop((80, 60, 720, 500)), quality=80),
        "/other.jpg": jpeg_bytes(photo(61, 800, 533), quality=90),
    }
    routes = {
        path: Answer(body, content_type="image/jpeg", headers={"ETag": f'"{path}"'})
        for path, body in bodies.items()
    }
    with Server(routes) as server:
        (folder / "urls.txt").write_text("".join(f"{server.url(path)}\n" for path in bodies))
        allow = f"--allow-address={server.host_port[0]}:{server.host_port[1]}"
        assert main(["harvest", str(folder / "urls.txt"), allow, "--catalog", str(folder / "catalog")]) == 0
    assert main(["duplicates", "--catalog", str(folder / "catalog")]) == 0
    first, second = (hashlib.sha256(bodies[path]).hexdigest() for path in ("/whole.jpg", "/crop.jpg"))
    return folder / "catalog", first, second


@pytest.fixture
def desk(harvested: tuple[Path, str, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(harvested[0], tmp_path / "catalog"))


def pack(desk: Path, cluster: str, target: Path) -> int:
    return main(["evidence", cluster, "-o", str(target), "--catalog", str(desk)])


def test_the_command_packs_a_cluster_and_tells_the_file_s_sum(
    harvested: tuple[Path, str, str], desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, whole, crop = harvested
    target = tmp_path / "b.zip"
    capsys.readouterr()
    assert pack(desk, crop[:8], target) == 0
    body = target.read_bytes()
    with ZipFile(target) as archive:
        files = len(archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
        log = [json.loads(line) for line in archive.read("fetches.jsonl").splitlines()]
    told = f"{target}: {files} files, {len(body)} bytes, SHA-256 {hashlib.sha256(body).hexdigest()}\n"
    assert capsys.readouterr().out == told
    assert [(copy["sha256"], copy["relation"]) for copy in manifest["copies"]] == [
        (whole, None),
        (crop, "crop"),
    ]
    assert [(one["status"], one["etag"]) for one in log] == [(200, '"/crop.jpg"'), (200, '"/whole.jpg"')]
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(manifest)


@pytest.mark.parametrize(("harm", "told"), [("unlink", "missing"), ("write_bytes", "damaged")])
def test_an_original_that_is_gone_or_changed_is_told_and_is_a_failure(
    harvested: tuple[Path, str, str],
    desk: Path,
    harm: str,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, whole, crop = harvested
    assert pack(desk, whole, desk.parent / "before.zip") == 0
    (path,) = (desk / "originals").glob(f"*/{crop}.*")
    getattr(path, harm)(*([b"changed"] if harm == "write_bytes" else []))
    assert pack(desk, whole, desk.parent / "b.zip") == 1
    assert f"{crop}: the original is {told}" in capsys.readouterr().err
    with ZipFile(desk.parent / "b.zip") as archive:
        assert json.loads(archive.read("manifest.json"))[told] == [crop]


def test_a_picture_that_is_in_no_cluster_is_packed_with_its_uses(desk: Path, tmp_path: Path) -> None:
    body = jpeg_bytes(photo(63, 800, 533), quality=90)
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "alone.jpg").write_bytes(body)
    assert main(["harvest", str(tmp_path / "pictures"), "--catalog", str(desk)]) == 0
    sha256 = hashlib.sha256(body).hexdigest()
    assert pack(desk, sha256[:10], tmp_path / "b.zip") == 0
    with ZipFile(tmp_path / "b.zip") as archive:
        assert f"originals/{sha256}.jpg" in archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
    assert [copy["sha256"] for copy in manifest["copies"]] == [sha256]
    assert [Path(use["page"]).name for use in manifest["uses"]] == ["alone.jpg"]
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(manifest)


def test_a_cluster_that_is_not_there_is_a_usage_error(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pack(desk, "ffffffffffff", tmp_path / "b.zip") == 2
    assert "ffffffffffff: no cluster and no picture in the catalog begins so" in capsys.readouterr().err
    assert not (tmp_path / "b.zip").exists()


def test_a_beginning_that_several_photographs_share_is_a_usage_error(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = jpeg_bytes(photo(62, 800, 533), quality=90)
    for name in ("one", "two"):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        (tmp_path / "pictures" / name / "a.jpg").write_bytes(other)
    assert main(["harvest", str(tmp_path / "pictures"), "--catalog", str(desk)]) == 0
    assert pack(desk, "", tmp_path / "b.zip") == 2
    assert "2 clusters begin so; give more digits" in capsys.readouterr().err


def test_a_collage_names_no_cluster_but_those_of_what_it_shows() -> None:
    groups = [Group("", (Member(best * 64), Member("0c" * 32))) for best in ("a", "b")]
    assert find_group(groups, "A") is groups[0]
    with pytest.raises(UnknownPicture, match=r"0c0: a copy of 2 photographs; name one of a{12}, b{12}"):
        find_group(groups, "0c0")


@pytest.mark.parametrize("name", ["", "folder/none/b.zip"])
def test_what_cannot_be_written_is_an_outside_fault(
    harvested: tuple[Path, str, str], desk: Path, tmp_path: Path, name: str
) -> None:
    assert pack(desk, harvested[1], tmp_path / name) == 3
