from .live import LiveOptions as LiveOptions
from .live import LivePart as LivePart
from .live import LiveReader as LiveReader
from .live import SiteRead as SiteRead
from .local import read_sources as read_sources
from .readings import read_documents as read_documents
