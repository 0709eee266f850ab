"""Stand-ins for what something opens and closes: they note both, and fail at one of them when told to."""

from __future__ import annotations

from dataclasses import dataclass, field


class Trouble(Exception):
    """What a part fails with."""


@dataclass
class Parts:
    """Makes parts; `open` are those that are open now, `failing` says who fails at what: `"close keeper"`."""

    failing: str = ""
    open: list[str] = field(default_factory=list)

    def part(self, name: str) -> Part:
        """A new part."""
        return Part(name, self)

    def do(self, deed: str) -> None:
        """Fail where this is what should fail."""
        if deed == self.failing:
            raise Trouble(deed)


@dataclass
class Part:
    """One that is opened and closed: as an async context manager, or by `close` alone."""

    name: str
    parts: Parts

    async def __aenter__(self) -> Part:
        self.parts.do(f"open {self.name}")
        self.parts.open.append(self.name)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.parts.open.remove(self.name)
        self.parts.do(f"close {self.name}")

    async def close(self) -> None:
        self.parts.do(f"close {self.name}")
