"""How the secrets of the second factor are sealed; the library is read by whoever needs it."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import PermissionDenied


def sealed(text: str) -> str:
    """Return a secret as it is stored: sealed with the secret key of the installation."""
    return _seal().encrypt(text.encode()).decode()


def opened(stored: str) -> str:
    """Return what was sealed; raises `PermissionDenied` for what another installation wrote."""
    try:
        return _seal().decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise PermissionDenied from error


def _seal() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(f"second factor {key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
