"""The key of a backup opens with its passphrase, and with nothing else."""

import base64
import json

import pytest

from ptpct.backup.refusals import BackupRefusedError
from ptpct.backup.sealing import DerivedKey, check_passphrase, check_undamaged, unseal
from tests.ptpct.backup.installation import PASSPHRASE

MANIFEST = b'{"format": 1}'
SECRETS = {"secret_key": "chiave", "variables": {"PTPCT_EMAIL_PASSWORD": "è segreta"}}


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return DerivedKey(PASSPHRASE, log_cost=4).seal(SECRETS, manifest=MANIFEST)


def changed(key: bytes, **values) -> bytes:
    return json.dumps(json.loads(key) | values).encode()


def test_the_passphrase_opens_it(sealed):
    assert unseal(sealed, passphrase=f" {PASSPHRASE}\n", manifest=MANIFEST) == SECRETS
    assert b"chiave" not in sealed
    assert b"segreta" not in sealed


def test_the_cost_of_trying_a_passphrase_is_the_one_asked_for():
    told = json.loads(DerivedKey(PASSPHRASE).seal({}, manifest=b""))
    assert (told["derived_by"], told["log_cost"], told["sealed_by"]) == (
        "scrypt",
        17,
        "AES-256-GCM",
    )


def test_the_same_is_never_sealed_alike(sealed):
    again = DerivedKey(PASSPHRASE, log_cost=4).seal(SECRETS, manifest=MANIFEST)
    for name in ("salt", "nonce", "sealed"):
        assert json.loads(again)[name] != json.loads(sealed)[name]


def test_another_passphrase_is_told(sealed):
    with pytest.raises(BackupRefusedError, match="La frase segreta non è quella"):
        unseal(sealed, passphrase="un’altra frase segreta", manifest=MANIFEST)


def test_a_manifest_changed_together_with_its_digest_is_found_out(sealed):
    """Whoever does not know the passphrase can write every digest anew but the sealed one."""
    other = b'{"format": 1, "files": {}}'
    digest = json.loads(DerivedKey("x", log_cost=1).seal({}, manifest=other))["manifest_sha256"]
    with pytest.raises(BackupRefusedError, match="Qualcuno ha cambiato la copia"):
        unseal(changed(sealed, manifest_sha256=digest), passphrase=PASSPHRASE, manifest=other)


@pytest.mark.parametrize(
    "values",
    [
        {"sealed": base64.b64encode(b"altro").decode()},
        {"sealed": "non è base64"},
        {"sealed": None},
        {"salt": 3},
        {"log_cost": 40},
        {"log_cost": "molto"},
    ],
)
def test_a_damaged_key_is_told_and_costs_nothing(sealed, values):
    with pytest.raises(BackupRefusedError, match="La chiave sigillata è danneggiata"):
        unseal(changed(sealed, **values), passphrase=PASSPHRASE, manifest=MANIFEST)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"null"])
def test_what_is_no_key_is_told(content):
    with pytest.raises(BackupRefusedError, match="La chiave sigillata è danneggiata"):
        check_undamaged(content, manifest=MANIFEST)


def test_a_damaged_manifest_is_told_without_a_passphrase(sealed):
    with pytest.raises(BackupRefusedError, match="Il manifesto è danneggiato"):
        check_undamaged(sealed, manifest=b'{"format": 2}')


@pytest.mark.parametrize("passphrase", ["", "   ", "undici-lett", "  undici-lett  "])
def test_a_short_passphrase_is_refused(passphrase):
    with pytest.raises(BackupRefusedError, match="almeno 12 caratteri"):
        check_passphrase(passphrase)
