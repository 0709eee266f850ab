from .base import OriginalStore as OriginalStore
from .batching import BatchedKeeper as BatchedKeeper
from .bucket import BucketOriginals as BucketOriginals
from .incoming import Incoming as Incoming
from .incoming import fault_of as fault_of
from .local import LocalOriginals as LocalOriginals
from .local import files_below as files_below
