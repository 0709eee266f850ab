"""XML made fit for a strict parser."""

from __future__ import annotations

import pytest
from effort import assert_grows_evenly

from assets.parsing.xmltext import mend_xml


@pytest.mark.parametrize(
    ("body", "clean"),
    [
        (b"<a>x&y=1&amp;z</a>", b"<a>x&amp;y=1&amp;z</a>"),
        (b"<a>&nbsp;&#8217;&#x27;&lt;</a>", b"<a>&#160;&#8217;&#x27;&lt;</a>"),
        (b"<a>&madeup;</a>", b"<a>&amp;madeup;</a>"),
        (b"<a><![CDATA[x&y&nbsp;]]>&z</a>", b"<a><![CDATA[x&y&nbsp;]]>&amp;z</a>"),
        (b"<a><![CDATA[never & closed</a>", b"<a><![CDATA[never &amp; closed</a>"),
        (b"\xef\xbb\xbf\n <a>\x00\x0b\x1f</a>", b"<a></a>"),
        (b"<?xml version='1.0' encoding='windows-1252'?><a>\x80</a>", "<a>€</a>".encode()),
        (b"<?xml version='1.0' encoding='UTF-8'?><a>\xe9</a>", "<a>\ufffd</a>".encode()),
        (b"<?xml version='1.0' encoding='base64'?><a/>", b"<a/>"),
        (b"<?xml version='1.0' encoding='nonsense'?><a/>", b"<a/>"),
        (b"<?xml version='1.0' encoding='utf-16'?><a/>", b"<a/>"),
        ("<?xml version='1.0' encoding='utf-16'?><a>é</a>".encode("utf-16"), "<a>é</a>".encode()),
        ("<a>é</a>".encode("utf-16-be"), "<a>é</a>".encode()),
        ("<a>é</a>".encode("utf-32"), "<a>é</a>".encode()),
    ],
)
def test_a_document_is_mended(body: bytes, clean: bytes) -> None:
    assert mend_xml(body) == clean


@pytest.mark.parametrize("trap", [b"<![CDATA[", b"<!--", b"&", b"&a", b"<?xml "])
def test_no_repetition_takes_long(trap: bytes) -> None:
    assert_grows_evenly(lambda times: mend_xml(trap * times), 200_000)
