"""Addresses of a provider that speaks SAML, where one is configured."""

from django.urls import path

from ptpct.signin import saml

_PROVIDER = "accedi/saml/<slug:organization_slug>"

urlpatterns = [
    path(f"{_PROVIDER}/", saml.login, name="saml_login"),
    path(f"{_PROVIDER}/ritorno/", saml.take, name="saml_acs"),
    path(f"{_PROVIDER}/entra/", saml.finish, name="saml_finish_acs"),
    path(f"{_PROVIDER}/metadati/", saml.metadata, name="saml_metadata"),
    path(f"{_PROVIDER}/uscita/", saml.sign_out, name="saml_sls"),
]
