"""What a page says of itself beside its story: its head, its JSON-LD, its microdata."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
