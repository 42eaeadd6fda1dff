"""Where sessions are kept: in Django’s store, which takes a lock it never got for a session’s end.

It would answer that with a page of its own, in English: whoever waited too long is told so.
"""

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from registry.waiting import waited_too_long


class SessionStore(DatabaseStore):
    """A session in the database."""

    def save(self, must_create: bool = False) -> None:
        """Save it. Raises the error of a lock that was not given; `UpdateError` for one gone."""
        try:
            super().save(must_create)
        except UpdateError as error:
            behind = error.__context__
            if behind is not None and waited_too_long(behind):
                raise behind from behind.__cause__
            raise
