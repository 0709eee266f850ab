from .addresses import has_password as has_password
from .addresses import is_address as is_address
from .addresses import without_password as without_password
from .migrating import migrate as migrate
from .settings import TeamSettings as TeamSettings
from .settings import is_migrated as is_migrated
from .settings import read_settings as read_settings
from .store import PostgresStore as PostgresStore
