"""A SAML identity provider in the tests' own process: pysaml2, signing with Debian's xmlsec1."""

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAMEID_FORMAT_TRANSIENT, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

ENTITY = "https://accesso.esempio.it/saml"


def make_key(folder: Path, name: str) -> None:
    """Write a key and the certificate its owner has made of it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    text = serialization.Encoding.PEM
    (folder / f"{name}.crt").write_bytes(certificate.public_bytes(text))
    form = serialization.PrivateFormat.TraditionalOpenSSL
    plain = serialization.NoEncryption()
    (folder / f"{name}.key").write_bytes(key.private_bytes(text, form, plain))


class IdentityProvider:
    """Says who somebody is, to sites whose metadata it has."""

    def __init__(self, folder: Path, *, site: bytes = b"", key: str = "idp") -> None:
        (folder / "site.xml").write_bytes(site)
        told = {
            "entityid": ENTITY,
            "xmlsec_binary": "/usr/bin/xmlsec1",
            "key_file": str(folder / f"{key}.key"),
            "cert_file": str(folder / f"{key}.crt"),
            "service": {
                "idp": {
                    "endpoints": {
                        "single_sign_on_service": [
                            ("https://accesso.esempio.it/entra", BINDING_HTTP_REDIRECT)
                        ]
                    },
                    "sign_assertion": True,
                    "policy": {"default": {"lifetime": {"minutes": 5}, "name_form": None}},
                }
            },
        }
        if site:
            told["metadata"] = {"local": [str(folder / "site.xml")]}
        self._configuration = IdPConfig().load(told)

    def metadata(self) -> str:
        """Return what a site is told of it."""
        return str(entity_descriptor(self._configuration))

    def answer(self, request: str, **options) -> str:
        """Return the answer to a request that a browser brought, as the browser takes it back.

        `identity`: the attributes it says; `asked`, `site`, `place`: what it says instead of the
        request, the site and the address it answers to.
        """
        server = Server(config=self._configuration)
        read = server.parse_authn_request(request, BINDING_HTTP_REDIRECT).message
        place = read.assertion_consumer_service_url
        made = server.create_authn_response(
            options.get("identity", {"mail": ["Testa@esempio.it"]}),
            in_response_to=options.get("asked", read.id),
            destination=options.get("place", place),
            sp_entity_id=options.get("site", read.issuer.text),
            name_id=NameID(format=NAMEID_FORMAT_TRANSIENT, text="una-persona"),
            authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"},
            sign_assertion=options.get("signs", True),
            sign_response=False,
            # its own default is SHA-1
            sign_alg=None if options.get("weak") else SIG_RSA_SHA256,
            digest_alg=DIGEST_SHA256,
        )
        page = server.apply_binding(BINDING_HTTP_POST, str(made), place, response=True)
        return page["data"].split('name="SAMLResponse" value="')[1].split('"')[0]
