"""One run over inputs, and the ledger of uses it writes and reads back."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
