"""Addresses of the lists an RPCT keeps."""

from django.urls import path

from risk.views import catalogues

_LIST = "liste/<slug:ipa_code>/<slug:word>"

urlpatterns = [
    path("liste/", catalogues.index, name="catalogues"),
    path("liste/<slug:ipa_code>/", catalogues.of_body, name="catalogues_of"),
    path(f"{_LIST}/", catalogues.entries, name="catalogue"),
    path(f"{_LIST}/nuova/", catalogues.add, name="catalogue_add"),
    path(f"{_LIST}/<int:key>/", catalogues.entry, name="catalogue_entry"),
]
