"""Settings of a host that was brought to a later version."""

from ptpct.settings import *  # noqa: F403

VERSION = "99.0.0"
