"""The directory of the body (LDAP, Active Directory), off unless its address is named."""

from contextlib import suppress
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from ptpct import env
from ptpct.settings.installation import NAMED_HOSTS
from ptpct.settings.signin import AUTHENTICATION_BACKENDS

ldap = config = None
"""Read where a directory is named: they want a compiler, and most installations do without."""

_SECONDS = 5
_OPENLDAP, _ACTIVE_DIRECTORY = "ldap", "active-directory"
_PEOPLE = {
    _OPENLDAP: "(|(uid=%(user)s)(mail=%(user)s))",
    _ACTIVE_DIRECTORY: (
        "(&(objectCategory=person)(objectClass=user)"
        "(|(sAMAccountName=%(user)s)(userPrincipalName=%(user)s)(mail=%(user)s)))"
    ),
}
_GROUPS = {_OPENLDAP: "(objectClass=groupOfNames)", _ACTIVE_DIRECTORY: "(objectClass=group)"}


def read_directory() -> dict[str, Any]:
    """Return what django-auth-ldap is told, nothing where no directory is named.

    Raises `ImproperlyConfigured` for what makes no sense, for missing libraries, and for a
    directory that could be overheard where others arrive.
    """
    url = env.text("PTPCT_LDAP_URL", default="")
    if not url:
        return {}
    if not _is_read():
        raise ImproperlyConfigured(
            "PTPCT_LDAP_URL: mancano le librerie della rubrica. Installarle con «pip install "
            "--require-hashes -r requirements-directory.txt» (servono un compilatore, libldap2-dev "
            "e libsasl2-dev)."
        )
    if not url.startswith(("ldap://", "ldaps://")):
        raise ImproperlyConfigured(f"PTPCT_LDAP_URL: «{url}» deve iniziare con ldap:// o ldaps://.")
    starts_tls = env.flag("PTPCT_LDAP_STARTTLS", default=url.startswith("ldap://"))
    if NAMED_HOSTS and url.startswith("ldap://") and not starts_tls:
        raise ImproperlyConfigured(
            "PTPCT_LDAP_STARTTLS: senza cifratura le password passano in chiaro: usare ldaps://, o "
            "togliere PTPCT_LDAP_STARTTLS=0."
        )
    return {
        "AUTH_LDAP_SERVER_URI": url,
        "AUTH_LDAP_START_TLS": starts_tls,
        "AUTH_LDAP_CONNECTION_OPTIONS": _options(),
        **_searches(),
        # who is invited comes in, and names are theirs
        "AUTH_LDAP_NO_NEW_USERS": True,
        "AUTH_LDAP_ALWAYS_UPDATE_USER": False,
        "AUTHENTICATION_BACKENDS": [
            *AUTHENTICATION_BACKENDS,
            "ptpct.signin.directory.DirectoryBackend",
        ],
    }


def _is_read() -> bool:
    """Read the libraries (requirements-directory.txt); tell whether they are there."""
    global ldap, config  # noqa: PLW0603 - what an `import` of the module would set
    with suppress(ImportError):
        import ldap  # noqa: PLC0415
        from django_auth_ldap import config  # noqa: PLC0415
    return ldap is not None


def _options() -> dict[int, Any]:
    options: dict[int, Any] = {
        ldap.OPT_NETWORK_TIMEOUT: _SECONDS,
        ldap.OPT_TIMEOUT: _SECONDS,
        # Active Directory points to servers that have not been named here
        ldap.OPT_REFERRALS: 0,
    }
    if file := env.text("PTPCT_LDAP_CA_FILE", default=""):
        options[ldap.OPT_X_TLS_CACERTFILE] = file
        options[ldap.OPT_X_TLS_NEWCTX] = 0
    return options


def _searches() -> dict[str, Any]:
    """Return who asks the directory, for which people and for which groups."""
    kind = env.choice("PTPCT_LDAP_KIND", default=_OPENLDAP, among=tuple(_PEOPLE))
    people = env.text("PTPCT_LDAP_PEOPLE", default="")
    if not people:
        raise ImproperlyConfigured(
            "PTPCT_LDAP_PEOPLE: manca il ramo delle persone, per esempio ou=persone,dc=ente,dc=it."
        )
    filter_ = env.text("PTPCT_LDAP_FILTER", default=_PEOPLE[kind])
    found = {
        "AUTH_LDAP_BIND_DN": env.text("PTPCT_LDAP_BIND_DN", default=""),
        "AUTH_LDAP_BIND_PASSWORD": env.text("PTPCT_LDAP_BIND_PASSWORD", default=""),
        "AUTH_LDAP_USER_SEARCH": _under(people, filter_),
    }
    if groups := env.text("PTPCT_LDAP_GROUPS", default=""):
        found["AUTH_LDAP_GROUP_SEARCH"] = _under(groups, _GROUPS[kind])
        # groups within groups count in Active Directory, where offices are made of them
        is_ad = kind == _ACTIVE_DIRECTORY
        type_of = config.NestedActiveDirectoryGroupType if is_ad else config.GroupOfNamesType
        found["AUTH_LDAP_GROUP_TYPE"] = type_of()
    return found


def _under(base: str, filter_: str) -> Any:
    return config.LDAPSearch(base, ldap.SCOPE_SUBTREE, filter_)


globals().update(read_directory())
