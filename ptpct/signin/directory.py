"""Signing in with the name and password of the body's directory (LDAP, Active Directory).

Read only where a directory is configured: its libraries are not part of every installation.
"""

import logging
from typing import Any

import ldap
from django.http import HttpRequest
from django_auth_ldap.backend import LDAPBackend, ldap_error

from registry.models import User
from registry.services.directory import apply_groups

logger = logging.getLogger(__name__)

AWAY = (ldap.SERVER_DOWN, ldap.CONNECT_ERROR, ldap.TIMEOUT, ldap.UNAVAILABLE, ldap.BUSY)


class DirectoryBackend(LDAPBackend):
    """Knows people by what the directory says of them: it says who, never who may come in.

    Whoever the directory recognises comes in as the active person with their address of mail; it
    makes nobody (docs/decisions/0044).
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, **credentials: Any
    ) -> User | None:
        """Return the person, with the roles that their groups give and no other group gave."""
        person = super().authenticate(request, username=username, **credentials)
        if person is not None and self.settings.GROUP_SEARCH is not None:
            apply_groups(person=person, groups=names_of_groups(person.ldap_user.group_dns))
        return person

    def get_or_build_user(self, username: str, ldap_user: Any) -> tuple[User, bool]:
        """Return the person with the address the directory tells; nobody is new here."""
        addresses = [address.lower() for address in ldap_user.attrs.get("mail", [])]
        people = list(User.objects.filter(email__in=addresses, is_active=True)[:2])
        if len(people) == 1:
            return people[0], False
        reason = "nobody" if addresses else "no_address"
        logger.warning("sign-in by the directory refused: %s dn=%r", reason, ldap_user.dn)
        return User(username=username), True

    def get_user(self, user_id: int) -> User | None:
        """Return a person who came in by here, without asking the directory again."""
        return User.objects.filter(pk=user_id, is_active=True).first()

    def get_all_permissions(self, user: User, obj: Any = None) -> set[str]:
        """Return nothing: `registry.permissions` says who may do what."""
        return set()


def names_of_groups(names: set[str]) -> set[str]:
    """Return the names of groups, whole and short: a table may have either."""
    short = {ldap.dn.explode_dn(name, notypes=True)[0] for name in names}
    return {*names, *short}


def note_that_it_is_away(*, request: HttpRequest | None, exception: Exception, **told: Any) -> None:
    """Signal receiver: whoever tries meanwhile is told that it was not the password."""
    if request is not None and isinstance(exception, AWAY):
        request.directory_is_away = True


ldap_error.connect(note_that_it_is_away, dispatch_uid="ptpct.directory_is_away")
