"""Settings of a worker that knows the job of the tests which waits to be told to end."""

from ptpct.settings import *  # noqa: F403
from ptpct.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.registry.jobs.waiting"]
