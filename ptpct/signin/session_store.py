"""Where sessions are kept: in Django’s store, which takes any error for the end of a session.

It would answer that with a page of its own, in English: who waited too long, or found the disk
full, is told so.
"""

from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet

from registry import clock
from registry.kept_statements import KeptStatement
from registry.system_faults import is_disk_full
from registry.waiting import waited_too_long


def _called(key: str) -> QuerySet:
    return SessionStore.get_model_class().objects.filter(session_key=key)


_CALLED = KeptStatement(_called)


class SessionStore(DatabaseStore):
    """A session in the database."""

    def _get_session_from_db(self) -> Any:
        """Return the row of a session that goes on, by a statement that is put together once."""
        row = next(iter(_CALLED(self.session_key)), None)
        if row is None or row.expire_date <= clock.now():
            self._session_key = None
            return None
        return row

    def get_expiry_date(self, **moments: Any) -> Any:
        """Return when it ends, by the clock all hosts have unless a moment is given."""
        return super().get_expiry_date(**{"modification": clock.now(), **moments})

    def save(self, must_create: bool = False) -> None:
        """Save it; `UpdateError` where it is gone, else the error of a lock or of a full disk."""
        try:
            super().save(must_create)
        except UpdateError as error:
            behind = error.__context__
            if behind is not None and (waited_too_long(behind) or is_disk_full(behind)):
                raise behind from behind.__cause__
            raise
