from .credentials import Credentials as Credentials
from .credentials import read_credentials as read_credentials
from .credentials import read_netrc as read_netrc
from .downloader import Downloader as Downloader
from .limits import Limits as Limits
from .limits import Politeness as Politeness
from .ssrf_guard import parse_allowed as parse_allowed
