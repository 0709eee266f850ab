"""What any store of records must do, and how texts are folded to be searched for words."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
