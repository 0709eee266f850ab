"""The words of credits: whom a text names as the maker of a picture, and what stands around the names."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
