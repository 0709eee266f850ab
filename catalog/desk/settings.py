"""What the desk was told when it was started."""

from __future__ import annotations

from dataclasses import dataclass, field

from assets import Limits, Politeness

DEFAULT_PORT = 8642


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """The catalog's location, where to listen, the token that visitors need, and how to ask for web addresses.

    Without a token only this machine is let in. `workers` 0 means one process a core.
    """

    catalog: str
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    token: str = ""
    workers: int = 0
    politeness: Politeness = field(default_factory=Politeness)
    limits: Limits = field(default_factory=Limits)
