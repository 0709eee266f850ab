from .app import serve as serve
from .security import is_loopback as is_loopback
