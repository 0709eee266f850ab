from .executor import Executor as Executor
from .pool import DEADLINE_SECONDS as DEADLINE_SECONDS
from .pool import WorkerPool as WorkerPool
