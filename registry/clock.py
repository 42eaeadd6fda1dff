"""What day it is, for deadlines and terms: today, or the day a demo pins."""

import datetime

from django.conf import settings
from django.utils import timezone


def today() -> datetime.date:
    """Return the day the installation lives in; moments (who did what, when) are always real."""
    return settings.TODAY or timezone.localdate()
