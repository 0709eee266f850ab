from .problems import Problem as Problem
from .problems import bad_request as bad_request
from .problems import busy as busy
from .problems import held as held
from .problems import not_found as not_found
from .problems import too_large as too_large
from .problems import unreadable as unreadable
from .settings import DeskSettings as DeskSettings
