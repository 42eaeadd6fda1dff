"""Settings of every installation, from the demo on one machine to production.

One module a subject; what differs between installations comes from environment variables, read by
``ptpct.env`` and listed in ``docs/deployment.md``. Without any of them the project runs on
127.0.0.1 with SQLite under ``var/``.
"""

from ptpct.settings.apps import *
from ptpct.settings.fleeting import *
from ptpct.settings.installation import *
from ptpct.settings.logs import *
from ptpct.settings.mail import *
from ptpct.settings.security import *
from ptpct.settings.signin import *
from ptpct.settings.signin_directory import *
from ptpct.settings.signin_saml import *
from ptpct.settings.storage import *
from ptpct.settings.watching import *
