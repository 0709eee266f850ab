"""What is kept without being compared, and what is not kept at all."""

from __future__ import annotations

import pytest

from assets.model import Failure, Reason, Stage
from assets.pictures.unreadable import LASTING, PASSING, describe_unreadable

JPEG = b"\xff\xd8\xff\xe0 torn"


def failure(reason: Reason, detail: str = "") -> Failure:
    return Failure(Stage.DECODE, reason, "picture", detail)


@pytest.mark.parametrize(
    ("head", "format"), [(JPEG, "JPEG"), (b"<svg/>", "SVG"), (b"%PDF-1.7", "PDF"), (b"\x89PNG", "PNG")]
)
def test_the_format_is_what_the_first_bytes_say(head: bytes, format: str) -> None:  # noqa: A002
    found = describe_unreadable(head, failure(Reason.DAMAGED_PICTURE))
    assert found is not None
    assert found.format == format


@pytest.mark.parametrize("reason", sorted(LASTING | PASSING))
def test_the_reason_is_that_of_the_failure(reason: Reason) -> None:
    found = describe_unreadable(JPEG, failure(reason, "JPEG: cut off"))
    assert found is not None
    assert (found.reason, found.detail) == (reason.value, "JPEG: cut off")


def test_it_has_no_fingerprints_and_no_study() -> None:
    found = describe_unreadable(JPEG, failure(Reason.DAMAGED_PICTURE), (4, 3))
    assert found is not None
    assert (found.width, found.height, found.fingerprints, found.study) == (4, 3, (), None)


@pytest.mark.parametrize(
    "head",
    [b"", b"<!doctype html><svg/>", b"<html>", b'{"code": 404}', b"Not found", b"PK\x03\x04", b"\0\1\2"],
)
@pytest.mark.parametrize("reason", sorted(LASTING | PASSING))
def test_what_is_no_picture_is_not_kept(head: bytes, reason: Reason) -> None:
    assert describe_unreadable(head, failure(reason)) is None


@pytest.mark.parametrize("reason", [Reason.NOT_A_PICTURE, Reason.UNREADABLE, Reason.EMPTY, Reason.NOT_FOUND])
def test_what_failed_otherwise_is_not_kept(reason: Reason) -> None:
    assert describe_unreadable(JPEG, failure(reason)) is None
