"""What is derived from originals and records to search by; all of it can be made again."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
