"""Two pictures laid one over the other: what agrees, what moved, what was cut out or laid over, what is drawn."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
