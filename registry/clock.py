"""What day it is, for deadlines and terms, and what moment: that of the database for whoever asks.

Two servers never agree to the second, and who was last must not depend on whose clock is slow: so
every process knows how far its own clock is from that of the database, and reckons by the latter
(docs/decisions/0055).
"""

import calendar
import datetime
import logging
from typing import Any

from django.conf import settings
from django.utils import timezone

logger = logging.getLogger(__name__)

WORTH_A_WORD = datetime.timedelta(seconds=5)
"""How far two clocks may be apart before whoever keeps the machines is told."""

_ahead = datetime.timedelta()


def today() -> datetime.date:
    """Return the day the installation lives in; moments (who did what, when) are always real."""
    return settings.TODAY or timezone.localdate()


def now() -> datetime.datetime:
    """Return this moment by the clock of the database; to the hundredth of a second or so."""
    return timezone.now() + _ahead


def later(day: datetime.date, years: int) -> datetime.date:
    """Return a day some years later: of 29 February, where that is none, the day before."""
    year = day.year + years
    last = calendar.monthrange(year, day.month)[1]
    return datetime.date(year, day.month, min(day.day, last))


def look_at_database(connection: Any, **kwargs: Any) -> None:
    """Signal receiver of a new connection: see how far the clock of the database is ahead.

    A file of SQLite has the clock of its machine.
    """
    global _ahead  # noqa: PLW0603 - one process has one clock
    if connection.vendor != "postgresql":
        return
    asked = timezone.now()
    # by the driver itself: this is no statement of a page
    row = connection.connection.execute("SELECT clock_timestamp()").fetchone()
    # the answer was made halfway
    ahead = row[0] - (asked + (timezone.now() - asked) / 2)
    if abs(ahead) > WORTH_A_WORD and abs(ahead - _ahead) > WORTH_A_WORD:
        logger.warning("the clock of the database is %.0f seconds ahead", ahead.total_seconds())
    _ahead = ahead
