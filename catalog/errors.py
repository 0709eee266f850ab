"""What `catalog` raises.

CatalogError
├── NotACatalog          the folder holds no catalog, or other things than one
├── CatalogLocked        another process is writing to it
├── CatalogUnwritable    the disk is full, or the folder read-only; a batch was lost with its connection
├── CatalogUnreachable   the catalog's database does not answer, or lets nobody in
├── MissingExtra         a package that this kind of catalog needs is not installed
├── UnsupportedVersion   a later version of the program wrote it, or it is to be migrated first
├── UnknownPicture       a text names no picture, or several
├── ReportError          the folder of a report cannot be written, or holds other things
└── EvidenceError        a bundle cannot be written, or something else is in its place
"""

from __future__ import annotations


class CatalogError(Exception):
    """Anything `catalog` raises on purpose; its message is fit for the user."""


class NotACatalog(CatalogError):
    """The folder holds no catalog, or other things than one: `file` names the file in it that is none of ours."""

    def __init__(self, message: str, file: str = "") -> None:
        super().__init__(message)
        self.file = file


class CatalogLocked(CatalogError):
    """Another process is writing to the catalog: `holder` says which."""

    def __init__(self, message: str, holder: str = "another process") -> None:
        super().__init__(message)
        self.holder = holder


class CatalogUnwritable(CatalogError):
    """The catalog cannot be written: the disk is full, or the folder read-only."""


class CatalogUnreachable(CatalogError):
    """The database of the catalog does not answer, or does not let this user in."""


class MissingExtra(CatalogError):
    """A package is not installed that this kind of catalog needs; the message names the extra that brings it."""


class UnsupportedVersion(CatalogError):
    """A later version of the program wrote the catalog, or an earlier one, and it is to be migrated first."""


class UnknownPicture(CatalogError):
    """A text names no picture of the catalog, or several."""


class ReportError(CatalogError):
    """The report cannot be written: the folder holds other things, the disk is full or read-only."""


class EvidenceError(CatalogError):
    """The bundle cannot be written: something else is in its place, the disk is full or read-only."""
