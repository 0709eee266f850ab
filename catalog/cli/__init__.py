"""The `photodesk` command: a file a command, with its arguments, its work, its printing."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
