"""Addresses of databases: told from folders, and shown without what is secret in them."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"postgres(?:ql)?://", re.IGNORECASE)

# A password may hold any character that somebody forgot to write as %XX: everything to the last @ is taken for it.
_PASSWORD = re.compile(r"(?s)^([^:]+://[^:@/?]*):.*@")

# libpq's own parameters that are secret, wherever they stand.
_SECRET = re.compile(r"(?is)([?&](?:ssl)?password=)[^&]*")

HIDDEN = "***"


def is_address(location: str) -> bool:
    """Whether a location is that of a database.

    >>> is_address("postgresql:///photos"), is_address("photos")
    (True, False)
    """
    return _ADDRESS.match(location) is not None


def has_password(location: str) -> bool:
    """Whether a database's address holds a password.

    >>> has_password("postgresql://ada:secret@db/photos"), has_password("postgresql://ada@db/photos")
    (True, False)
    """
    return without_password(location) != location


def without_password(location: str) -> str:
    """A database's address as it may be shown.

    >>> without_password("postgresql://ada:p@ss/word@db.example:5432/photos?sslmode=require")
    'postgresql://ada@db.example:5432/photos?sslmode=require'
    >>> without_password("postgresql:///photos?user=ada&password=secret")
    'postgresql:///photos?user=ada&password=***'
    """
    if not is_address(location):
        return location
    return _SECRET.sub(rf"\g<1>{HIDDEN}", _PASSWORD.sub(r"\g<1>@", location))
