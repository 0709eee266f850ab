"""Answers with the noise around their JSON set aside."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from assets.documents.clean_answers import set_noise_aside
from assets.documents.reader import DocumentReader
from assets.model import Fetch, Outcome
from assets.posts import Fetched

ADDRESS = "https://a.example/wp-json/wp/v2/posts"
NOISY = b'Warning: late in /www/a.php on line 1\n[{"id": 7, "modified_gmt": "2025-08-01T00:00:00"}]'


@dataclass(frozen=True, slots=True)
class Came:
    """An answer as the downloader brings it."""

    data: bytes
    fetch: Fetch = field(default_factory=lambda: Fetch(ADDRESS, Outcome.FETCHED, "2025", status=200))

    def header(self, name: str) -> str:
        return f"the {name}"

    def headers_all(self, name: str) -> tuple[str, ...]:
        return (f"the {name}",)


def aside(came: Came, *, is_json: bool) -> Fetched:
    return asyncio.run(set_noise_aside(came, DocumentReader(), is_json=is_json))


def test_noise_is_named_by_the_fetch() -> None:
    answer = aside(Came(NOISY), is_json=True)
    assert answer.fetch.detail == "Warning: late in /www/a.php on line 1"


def test_the_data_is_the_json_alone() -> None:
    assert aside(Came(NOISY), is_json=True).data == NOISY.partition(b"\n")[2]


def test_the_headers_stay() -> None:
    answer = aside(Came(NOISY), is_json=True)
    assert (answer.header("link"), answer.headers_all("link")) == ("the link", ("the link",))


@pytest.mark.parametrize("data", [b'[{"id": 7}]', b"<html></html>", b""])
def test_an_answer_without_noise_is_the_same(data: bytes) -> None:
    came = Came(data)
    assert aside(came, is_json=True) is came


def test_json_that_was_not_asked_for_must_show_what_it_is() -> None:
    came = Came(NOISY)
    assert aside(came, is_json=False) is came


def test_an_error_keeps_its_own_detail() -> None:
    refused = Fetch(ADDRESS, Outcome.FAILED, "2025", status=403, detail="HTTP 403")
    came = Came(b'<br>{"code": "rest_forbidden", "message": "No."}', refused)
    answer = aside(came, is_json=True)
    assert (answer.fetch.detail, answer.data[:1]) == ("HTTP 403", b"{")


def test_json_that_is_declared_as_a_page_is_named() -> None:
    came = Came(b'[{"id": 7}]')
    came = replace(came, fetch=replace(came.fetch, content_type="text/html; charset=UTF-8"))
    assert aside(came, is_json=True).fetch.detail == "declared as text/html; charset=UTF-8"
