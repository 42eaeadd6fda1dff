"""An identity provider of the body that speaks SAML 2, off unless its metadata are named."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from ptpct import env
from ptpct.settings.apps import INSTALLED_APPS
from ptpct.settings.signin import OIDC_NAME, SOCIALACCOUNT_PROVIDERS

APP = "allauth.socialaccount.providers.saml"
SLUG = "ente"
_MAIL = (
    *("mail", "email", "urn:oid:0.9.2342.19200300.100.1.3"),
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
)


def read_saml() -> dict[str, Any]:
    """Return what the sign-in library is told, nothing where no provider is named.

    Raises `ImproperlyConfigured` for missing libraries and for metadata that say no address of
    sign-in or no certificate.
    """
    path = env.text("PTPCT_SAML_METADATA", default="")
    if not path:
        return {}
    app = {
        "provider_id": "ente-saml",
        "name": env.text("PTPCT_SAML_NAME", default=OIDC_NAME),
        "client_id": SLUG,
        "settings": {
            "attribute_mapping": {"email": list(_MAIL)},
            "idp": _identity_provider(path),
            # an assertion that nobody has signed is anybody's
            "advanced": {
                "want_assertion_signed": True,
                "reject_idp_initiated_sso": True,
                # in an office a machine has a name without dots
                "allow_single_label_domains": True,
            },
            # the provider is the body's own, and says nothing about verification
            "trusts_addresses": True,
            "groups_claim": env.text("PTPCT_SAML_GROUPS", default=""),
            "no_groups": env.choice("PTPCT_SAML_NO_GROUPS", default="keep", among=("keep", "end")),
        },
    }
    return {
        "INSTALLED_APPS": [*INSTALLED_APPS, APP],
        "SOCIALACCOUNT_PROVIDERS": {**SOCIALACCOUNT_PROVIDERS, "saml": {"APPS": [app]}},
    }


def _identity_provider(path: str) -> dict[str, str]:
    """Return name, address and certificate of the provider whose metadata stand in a file."""
    try:
        # read where a provider is named: most installations do without
        from onelogin.saml2 import idp_metadata_parser as library  # noqa: PLC0415
    except ImportError as error:
        raise ImproperlyConfigured(
            "PTPCT_SAML_METADATA: mancano le librerie di SAML. Installarle con «pip install "
            "--require-hashes -r requirements-directory.txt»."
        ) from error
    parser = library.OneLogin_Saml2_IdPMetadataParser
    try:
        found = parser.parse(Path(path).read_bytes())["idp"]
        return {
            "entity_id": found["entityId"],
            "sso_url": found["singleSignOnService"]["url"],
            "x509cert": found.get("x509cert") or found["x509certMulti"]["signing"][0],
        }
    except (OSError, KeyError, ValueError, SyntaxError) as error:
        raise ImproperlyConfigured(
            f"PTPCT_SAML_METADATA: «{path}» non è un file con i metadati di un identity provider "
            f"({error})."
        ) from error


globals().update(read_saml())
