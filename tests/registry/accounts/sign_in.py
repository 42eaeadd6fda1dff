"""Coming in as people do: by the form, with a password and a code."""

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

PASSWORD = "quattro-parole-a-caso"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def sign_in(client, login: str, password: str = PASSWORD, **extra):
    return client.post("/accedi/", {"login": login, "password": password, **extra})


def code_of(secret: str = SECRET) -> str:
    """Return the code the app on the telephone shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def give_second_factor(person) -> list[str]:
    """Set up the app and the recovery codes of a person; return the codes."""
    TOTP.activate(person, SECRET)
    return RecoveryCodes.activate(person).get_unused_codes()
