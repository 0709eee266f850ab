"""The size of drawings, of which nothing but the root element is read."""

from __future__ import annotations

import socket

import pytest

from assets.pictures.svg_size import MAX_ROOT_BYTES, measure_svg

NAMESPACE = b'xmlns="http://www.w3.org/2000/svg"'


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        (b'width="640" height="360"', (640, 360)),
        (b'width="640px" height=" 360.4 px"', (640, 360)),
        (b'width="640" height="360" viewBox="0 0 4 3"', (640, 360)),
        (b'viewBox="0 0 1200 675.6"', (1200, 676)),
        (b'viewBox="-10,-10,800,600"', (800, 600)),
        (b'width="100%" height="100%" viewBox="0 0 800 600"', (800, 600)),
        (b'width="16cm" height="9cm" viewBox="0 0 800 600"', (800, 600)),
        (b'width="640"', (0, 0)),
        (b'width="0" height="0"', (0, 0)),
        (b'width="-5" height="9"', (0, 0)),
        (b'width="999999" height="9"', (0, 0)),
        (b'viewBox="0 0 800"', (0, 0)),
        (b'viewBox="a b c d"', (0, 0)),
        (b"", (0, 0)),
    ],
)
def test_the_root_element_tells_the_size(attributes: bytes, size: tuple[int, int]) -> None:
    assert measure_svg(b"<svg " + NAMESPACE + b" " + attributes + b"><path/></svg>") == size


@pytest.mark.parametrize(
    "before",
    [
        b"<?xml version='1.0' encoding='utf-8'?>",
        b"<!-- made by hand -->\n",
        b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://127.0.0.1:9/svg11.dtd'>",
    ],
)
def test_declarations_may_come_before(before: bytes) -> None:
    assert measure_svg(before + b"<svg width='4' height='3'/>") == (4, 3)


def test_a_prefix_is_passed_over() -> None:
    assert measure_svg(b"<s:svg xmlns:s='http://www.w3.org/2000/svg' width='4' height='3'/>") == (4, 3)


@pytest.mark.parametrize("behind", [b"<path d='M", b"<a></b>", b"&nonsense;", b"\xff\xfe"])
def test_what_is_wrong_behind_the_root_does_not_matter(behind: bytes) -> None:
    assert measure_svg(b"<svg width='4' height='3'>" + behind) == (4, 3)


def test_a_document_that_declares_entities_is_not_read() -> None:
    bomb = b"<!DOCTYPE svg [<!ENTITY a '4'><!ENTITY b '&a;&a;&a;'>]><svg width='&b;' height='3'/>"
    assert measure_svg(bomb) == (0, 0)


def test_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("a drawing had something loaded")

    monkeypatch.setattr(socket, "socket", refuse)
    told = b"<!DOCTYPE svg SYSTEM 'file:///etc/passwd'><svg width='4' height='3'><image href='http://127.0.0.1:9/'/>"
    assert measure_svg(told) == (4, 3)


def test_a_root_that_comes_late_is_not_looked_for() -> None:
    assert measure_svg(b"<!--" + b"-" * MAX_ROOT_BYTES + b"--><svg width='4' height='3'/>") == (0, 0)


@pytest.mark.parametrize("body", [b"", b"<svg", b"<html width='4' height='3'/>", b"\0\1", b"svg"])
def test_what_is_no_drawing_has_no_size(body: bytes) -> None:
    assert measure_svg(body) == (0, 0)
