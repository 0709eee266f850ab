"""Append-only files of checksummed lines that hold tables of documents, and what makes files last."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
