"""What `assets` raises.

    AssetsError
    ├── SourceError          an input cannot be used at all
    │   ├── SourceNotFound       no such file or folder
    │   └── SourceUnreadable     it is there but cannot be read, or is not what it says
    │       └── SourceTooLarge       it passes the cap on bytes
    ├── CredentialsError     a file of passwords cannot be used
    ├── OriginalsError       the folder of originals cannot be written
    └── WorkerError          a decode worker could not finish its picture
        ├── WorkerDied           it was killed or ran out of memory
        └── WorkerTimeout        it passed its deadline and was killed

A picture or an address that fails is not an error here but a `Failure`, a result like any other.
"""

from __future__ import annotations


class AssetsError(Exception):
    """Anything `assets` raises on purpose; its message is fit for the user."""


class SourceError(AssetsError):
    """An input cannot be used at all."""


class SourceNotFound(SourceError):
    """There is no such file or folder."""


class SourceUnreadable(SourceError):
    """The input is there but cannot be read, or is not what it claims to be."""


class SourceTooLarge(SourceUnreadable):
    """The input passes the cap on bytes."""


class CredentialsError(AssetsError):
    """A file of passwords cannot be used; the message holds nothing of them."""


class OriginalsError(AssetsError):
    """The folder of originals cannot be written."""


class WorkerError(AssetsError):
    """A decode worker could not finish its picture."""


class WorkerDied(WorkerError):
    """The worker was killed or ran out of memory; only the picture in hand is lost."""


class WorkerTimeout(WorkerError):
    """The worker passed its deadline and was killed."""
