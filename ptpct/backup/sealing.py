"""The secrets of an installation, sealed by a passphrase.

A key is derived by scrypt, with the cost OWASP asks for, and seals by AES-256-GCM, both those of
`cryptography`. What is sealed names the digest of the manifest, so that whoever changes a backup
without knowing the passphrase is found out.
"""

import base64
import hashlib
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from ptpct.backup.refusals import BackupRefusedError
from registry.readable import grouped

SHORTEST = 12
"""Characters a passphrase has at least."""
LOG_COST, _BLOCK, _LANES = 17, 8, 1
_HIGHEST_LOG_COST = 20


class DerivedKey:
    """The key of a passphrase: slow to make, so that few passphrases can be tried."""

    def __init__(self, passphrase: str, *, salt: bytes = b"", log_cost: int = LOG_COST) -> None:
        self.salt, self.log_cost = salt or os.urandom(16), log_cost
        scrypt = Scrypt(salt=self.salt, length=32, n=1 << log_cost, r=_BLOCK, p=_LANES)
        self._cipher = AESGCM(scrypt.derive(passphrase.encode()))

    def seal(self, secrets: dict[str, Any], *, manifest: bytes) -> bytes:
        """Return the file that keeps `secrets` and vouches for the manifest of the backup."""
        digest = hashlib.sha256(manifest).hexdigest()
        nonce = os.urandom(12)
        inside = json.dumps({"secrets": secrets, "manifest": digest}).encode()
        sealed = self._cipher.encrypt(nonce, inside, None)
        told = {
            "format": 1,
            "derived_by": "scrypt",
            "log_cost": self.log_cost,
            "salt": _text(self.salt),
            "sealed_by": "AES-256-GCM",
            "nonce": _text(nonce),
            "sealed": _text(sealed),
            # not secret: they tell a damaged file from a wrong passphrase
            "sealed_sha256": hashlib.sha256(sealed).hexdigest(),
            "manifest_sha256": digest,
        }
        return json.dumps(told, indent=1).encode()

    def unseal(self, nonce: bytes, sealed: bytes) -> dict[str, Any]:
        """Return what was sealed; raises `InvalidTag` for another key."""
        return json.loads(self._cipher.decrypt(nonce, sealed, None))


def check_passphrase(passphrase: str) -> str:
    """Return a passphrase good enough to seal with, without the blanks around it."""
    passphrase = passphrase.strip()
    if len(passphrase) < SHORTEST:
        raise BackupRefusedError(
            _("La frase segreta è troppo corta: servono almeno %(n)s caratteri.")
            % {"n": grouped(SHORTEST)}
        )
    return passphrase


def check_undamaged(file: bytes, *, manifest: bytes) -> None:
    """Refuse a damaged file of the sealed key, or one of another manifest; asks no passphrase."""
    told = _read(file)
    if hashlib.sha256(_bytes(told, "sealed")).hexdigest() != told.get("sealed_sha256"):
        raise BackupRefusedError(_("La chiave sigillata è danneggiata."))
    if hashlib.sha256(manifest).hexdigest() != told.get("manifest_sha256"):
        raise BackupRefusedError(_("Il manifesto è danneggiato o è di un’altra copia."))


def unseal(file: bytes, *, passphrase: str, manifest: bytes) -> dict[str, Any]:
    """Return the secrets of a backup.

    Raises `BackupRefusedError` for another passphrase, and for a manifest that somebody changed.
    """
    check_undamaged(file, manifest=manifest)
    told = _read(file)
    log_cost = told.get("log_cost")
    if not isinstance(log_cost, int) or not 0 < log_cost <= _HIGHEST_LOG_COST:
        raise BackupRefusedError(_("La chiave sigillata è danneggiata."))
    key = DerivedKey(passphrase.strip(), salt=_bytes(told, "salt"), log_cost=log_cost)
    try:
        inside = key.unseal(_bytes(told, "nonce"), _bytes(told, "sealed"))
    except (InvalidTag, ValueError) as error:
        raise BackupRefusedError(
            _("La frase segreta non è quella con cui è stata sigillata la chiave di questa copia.")
        ) from error
    if inside["manifest"] != hashlib.sha256(manifest).hexdigest():
        raise BackupRefusedError(_("Qualcuno ha cambiato la copia dopo che è stata fatta."))
    return inside["secrets"]


def _read(file: bytes) -> dict[str, Any]:
    try:
        told = json.loads(file)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise BackupRefusedError(_("La chiave sigillata è danneggiata."))
    return told


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(told: dict[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(told[name], validate=True)
    except (KeyError, TypeError, ValueError) as error:
        raise BackupRefusedError(_("La chiave sigillata è danneggiata.")) from error
