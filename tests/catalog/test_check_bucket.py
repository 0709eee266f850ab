"""`check` over originals in a bucket, which other machines write to meanwhile."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pictures import jpeg_bytes, photo
from s3_server import S3Server

from assets import BucketOriginals
from catalog import check as checking
from catalog import repair
from catalog.store import Catalog, FindingKind, open_catalog

PICTURE = jpeg_bytes(photo(1, 64, 48))
SHA256 = hashlib.sha256(PICTURE).hexdigest()
NAME = f"{SHA256[:2]}/{SHA256}.jpg"

IN_A_DAY = timedelta(hours=24, minutes=1)


@pytest.fixture
def bucket(s3_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BucketOriginals:
    """A bucket with an original that nobody has recorded, beside an empty catalog."""
    originals = BucketOriginals(s3_server.new_address(), tmp_path / "mine")
    with originals.incoming() as incoming:
        incoming.write(PICTURE)
        originals.keep(incoming)
    open_catalog(tmp_path / "catalog").close()
    monkeypatch.setattr(checking, "originals_at", lambda _location: originals)
    return originals


def findings(catalog: Path, after: timedelta) -> list[tuple[FindingKind, str]]:
    found = checking.check(catalog, now=lambda: datetime.now(UTC) + after).findings
    return [(one.kind, one.path) for one in found]


@pytest.mark.usefixtures("bucket")
def test_an_object_without_a_record_is_told_once_it_is_a_day_old(tmp_path: Path) -> None:
    assert findings(tmp_path / "catalog", timedelta(hours=23)) == []
    assert findings(tmp_path / "catalog", IN_A_DAY) == [
        (FindingKind.FILE_WITHOUT_RECORD, f"originals/{NAME}")
    ]


def test_an_object_with_other_bytes_is_told_at_once(bucket: BucketOriginals, tmp_path: Path) -> None:
    bucket._bucket.replace(f"originals/{NAME}", b"?")
    assert findings(tmp_path / "catalog", timedelta()) == [(FindingKind.WRONG_DIGEST, f"originals/{NAME}")]


def test_an_object_without_a_record_is_swept_once_it_is_a_day_old(
    bucket: BucketOriginals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check_later(*given: object) -> checking.Checked:
        return checking.check(*given, now=lambda: datetime.now(UTC) + IN_A_DAY)  # type: ignore[arg-type]

    def opened(location: Path, **options: bool) -> Catalog:
        catalog = open_catalog(location, **options)
        return Catalog(catalog.location, catalog.records, bucket, catalog.derived)

    monkeypatch.setattr(repair, "open_catalog", opened)
    assert asyncio.run(repair.check_and_mend(tmp_path / "catalog")).findings == []
    monkeypatch.setattr(repair, "check", check_later)
    (found,) = asyncio.run(repair.check_and_mend(tmp_path / "catalog")).findings
    assert found.mended == f"set aside as set-aside/{NAME}"
    assert list(bucket.list_files()) == []
