from .folder import BASE_STYLE as BASE_STYLE
from .writer import About as About
from .writer import PreviewThumbnails as PreviewThumbnails
from .writer import write_report as write_report
