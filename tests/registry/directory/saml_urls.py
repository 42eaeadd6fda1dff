"""The addresses of an installation with a provider that speaks SAML."""

from django.urls import include, path

from ptpct.urls import urlpatterns as ours

urlpatterns = [*ours, path("", include("ptpct.signin.saml_urls"))]
