"""Bring pictures in: read sources, find references, download, decode, fingerprint.

What other packages may use is named in `__init__.pyi`. It is loaded when first asked for: `photodesk --help` and
`photodesk export` need neither sockets nor image codecs.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
