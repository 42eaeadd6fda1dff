"""Where sessions are kept: in Django’s store, which takes any error for the end of a session.

It would answer that with a page of its own, in English: who waited too long, or found the disk
full, is told so.
"""

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from registry.system_faults import is_disk_full
from registry.waiting import waited_too_long


class SessionStore(DatabaseStore):
    """A session in the database."""

    def save(self, must_create: bool = False) -> None:
        """Save it; `UpdateError` where it is gone, else the error of a lock or of a full disk."""
        try:
            super().save(must_create)
        except UpdateError as error:
            behind = error.__context__
            if behind is not None and (waited_too_long(behind) or is_disk_full(behind)):
                raise behind from behind.__cause__
            raise
