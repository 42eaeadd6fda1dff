"""The names certificates claim: what a file says of who signed it, and nothing more."""

from typing import Any

from asn1crypto import cms, x509

_MOST_SIGNS = 100


def name_in(signed_data: cms.SignedData, signer: cms.SignerInfo) -> str:
    """Return the common name in the certificate a signature names, "" where it has none."""
    try:
        for choice in signed_data["certificates"] or ():
            certificate = choice.chosen
            if isinstance(certificate, x509.Certificate) and _is_of(certificate, signer["sid"]):
                return shown(certificate.subject.native.get("common_name", ""))
    # a stranger's bytes: a certificate that cannot be read has no name
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    return ""


def name_of(certificate: bytes) -> str:
    """Return the common name in a certificate (DER), "" where it has none or cannot be read."""
    try:
        subject = x509.Certificate.load(certificate).subject
        return shown(subject.native.get("common_name", ""))
    except (ValueError, TypeError, KeyError, AttributeError):
        return ""


def _is_of(certificate: x509.Certificate, sid: cms.SignerIdentifier) -> bool:
    if sid.name == "issuer_and_serial_number":
        wanted = sid.chosen
        same = certificate.serial_number == wanted["serial_number"].native
        return bool(same and certificate.issuer == wanted["issuer"])
    return bool(certificate.key_identifier == sid.chosen.native)


def shown(name: Any) -> str:
    """Return a name as one short line, without signs that are not seen or turn the line round."""
    if isinstance(name, list):
        name = name[0]
    return "".join(sign for sign in str(name) if sign.isprintable())[:_MOST_SIGNS].strip()
