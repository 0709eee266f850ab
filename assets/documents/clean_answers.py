"""Answers with the noise around their JSON set aside, and named in their fetch."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assets.documents.reader import DocumentReader
from assets.model import Fetch, Outcome
from assets.posts import Fetched


@dataclass(frozen=True, slots=True)
class CleanAnswer:
    """An answer whose `data` is the JSON in it; the fetch's digest and length are those of what was sent."""

    fetch: Fetch
    data: bytes
    came: Fetched

    def header(self, name: str) -> str:
        """One response header, `""` when absent."""
        return self.came.header(name)

    def headers_all(self, name: str) -> tuple[str, ...]:
        """Every value of a response header."""
        return self.came.headers_all(name)


async def set_noise_aside(answer: Fetched, reader: DocumentReader, *, is_json: bool) -> Fetched:
    """The answer as it came, or without the noise around its JSON.

    With `is_json` it was asked for as JSON, so that any object or list in it is what was meant; else the JSON must
    show what it is.
    """
    fetch = answer.fetch
    data, noise, is_known = await reader.find_json(answer.data, fetch.final_url)
    if noise and not (is_json or is_known):
        return answer
    if is_json and "html" in fetch.content_type and data[:1] in (b"{", b"["):
        noise = "; ".join(part for part in (noise, f"declared as {fetch.content_type}") if part)
    if not noise:
        return answer
    named = replace(fetch, detail=noise) if fetch.outcome is Outcome.FETCHED else fetch
    return CleanAnswer(named, data, answer)
