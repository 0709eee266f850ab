"""What a file is by its first bytes: a picture that is decoded, another kind of picture, or no picture."""

from __future__ import annotations

import re

from assets.model import Reason

# Enough for every signature, and for the declarations that come before an <svg> or <html> tag.
HEAD_BYTES = 1024

# The formats that are decoded: offset, bytes, name, usual extension.
_DECODED = (
    (0, b"\xff\xd8", "JPEG", ".jpg"),
    (0, b"\x89PNG", "PNG", ".png"),
    (0, b"GIF8", "GIF", ".gif"),
    (8, b"WEBP", "WEBP", ".webp"),
    (4, b"ftypavi", "AVIF", ".avif"),
    (0, b"II*\0", "TIFF", ".tif"),
    (0, b"MM\0*", "TIFF", ".tif"),
    (0, b"II+\0", "TIFF", ".tif"),
    (0, b"MM\0+", "TIFF", ".tif"),
    (0, b"BM", "BMP", ".bmp"),
    (4, b"jP  ", "JPEG2000", ".jp2"),
    (0, b"\xff\x4f\xff\x51", "JPEG2000", ".j2k"),
    (0, b"\0\0\x01\0", "ICO", ".ico"),
    (0, b"icns", "ICNS", ".icns"),
    (0, b"8BPS\0\x01", "PSD", ".psd"),
)

# Pictures that are not decoded; looked at first, since camera files begin like TIFF.
_UNSUPPORTED = (
    (0, b"%!PS", "EPS"),
    (0, b"\xc5\xd0\xd3\xc6", "EPS"),
    (0, b"%PDF-", "PDF"),
    (0, b"\xd7\xcd\xc6\x9a", "WMF"),
    (40, b" EMF", "EMF"),
    (4, b"ftyphei", "HEIC"),
    (4, b"ftyphev", "HEIC"),
    (4, b"ftypmif1", "HEIF"),
    (4, b"ftypmsf1", "HEIF"),
    (4, b"ftypcrx ", "Canon CR3"),
    (0, b"\xff\x0a", "JPEG XL"),
    (4, b"JXL ", "JPEG XL"),
    (0, b"II\xbc\x01", "JPEG XR"),
    (8, b"CR\x02", "Canon CR2"),
    (0, b"FUJIFILMCCD-RAW", "Fujifilm RAF"),
    (0, b"IIU\0", "Panasonic RW2"),
    (0, b"IIRO", "Olympus ORF"),
    (0, b"8BPS\0\x02", "Photoshop PSB"),
    (0, b"gimp xcf", "XCF"),
    (0, b"\x8aMNG", "MNG"),
    (0, b"DDS ", "DDS"),
    (0, b"SIMPLE  =", "FITS"),
    (0, b"AT&TFORM", "DjVu"),
)

_OTHER_KINDS = (
    (4, b"ftyp", "a film (MP4)"),
    (0, b"\x1aE\xdf\xa3", "a film (Matroska)"),
    (8, b"AVI ", "a film (AVI)"),
    (8, b"WAVE", "a sound (WAVE)"),
    (0, b"ID3", "a sound (MP3)"),
    (0, b"OggS", "a sound (Ogg)"),
    (0, b"PK\x03\x04", "ZIP"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program"),
)

# Of what begins like nothing known.
NO_EXTENSION = ".bin"

# Every extension that `extension` gives.
EXTENSIONS = (*dict.fromkeys(suffix for *_, suffix in _DECODED), NO_EXTENSION)

# What may stand before a document's first element, or before the document type that names it.
_PROLOGUE = re.compile(rb"(?s)\s*(?:<\?.*?\?>|<!--.*?-->)")
_SVG_ROOT = re.compile(rb"\s*<(?:!doctype\s+)?(?:[a-z][\w.-]*:)?svg(?=[\s/>\[])")

_HTML_TAGS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")


def extension(head: bytes) -> str:
    """The usual extension of a picture that begins like this, `.bin` for anything else.

    >>> extension(b"\\xff\\xd8\\xff\\xe0\\x00\\x10JFIF"), extension(b"RIFF\\x24\\x00\\x00\\x00WEBPVP8 ")
    ('.jpg', '.webp')
    >>> extension(b"<html>")
    '.bin'
    """
    return next(
        (suffix for offset, magic, _, suffix in _DECODED if head.startswith(magic, offset)), NO_EXTENSION
    )


def recognise(head: bytes) -> tuple[Reason, str]:
    """What a file that did not decode seems to be, and the reason which that makes.

    >>> recognise(b"%PDF-1.7")
    (<Reason.UNSUPPORTED_PICTURE: 'unsupported picture'>, 'PDF')
    >>> recognise(b"<!DOCTYPE html><title>Not found")
    (<Reason.NOT_A_PICTURE: 'not a picture'>, 'looks like HTML')
    >>> recognise(b"GIF89a")
    (<Reason.DAMAGED_PICTURE: 'damaged picture'>, 'GIF')
    >>> recognise(b"<?xml version='1.0'?><svg viewBox='0 0 4 3'>"), recognise(b"<html><svg>")[1]
    ((<Reason.UNSUPPORTED_PICTURE: 'unsupported picture'>, 'SVG'), 'looks like HTML')
    """
    if not head:
        return Reason.EMPTY, ""
    for offset, magic, name in _UNSUPPORTED:
        if head.startswith(magic, offset):
            return Reason.UNSUPPORTED_PICTURE, name
    for offset, magic, name, _ in _DECODED:
        if head.startswith(magic, offset):
            return Reason.DAMAGED_PICTURE, name
    for offset, magic, name in _OTHER_KINDS:
        if head.startswith(magic, offset):
            return Reason.NOT_A_PICTURE, f"looks like {name}"
    kind = _text_kind(head)
    if kind == "SVG":
        return Reason.UNSUPPORTED_PICTURE, kind
    return Reason.NOT_A_PICTURE, f"looks like {kind}" if kind else "no known kind of file"


def _text_kind(head: bytes) -> str:
    """The kind of text a file begins with, `""` when it is not text."""
    # Without NUL, UTF-16 reads like ASCII.
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith(b"<"):
        if _begins_svg(start):
            return "SVG"
        return "HTML" if any(tag in start for tag in _HTML_TAGS) else "XML"
    if start.startswith((b"{", b"[")):
        return "JSON"
    text = start.decode("utf-8", "ignore")
    return "text" if text and all(sign.isprintable() or sign.isspace() for sign in text) else ""


def _begins_svg(start: bytes) -> bool:
    """Whether the first element is SVG's: a page of HTML may hold such drawings too."""
    position = 0
    while (found := _PROLOGUE.match(start, position)) is not None:
        position = found.end()
    return _SVG_ROOT.match(start, position) is not None
