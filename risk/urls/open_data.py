"""Addresses of the open data of published plans; others keep them, so they never change."""

from django.urls import path

from risk.views import open_data

_PUBLISHED = "pubblicati/<slug:ipa_code>"
_PLAN = f"{_PUBLISHED}/<slug:title>"

urlpatterns = [
    path("pubblicati/schema-piano-1.json", open_data.schema, name="open_data_schema"),
    path(f"{_PUBLISHED}/catalogo.jsonld", open_data.catalogue, name="open_data_catalogue"),
    path(f"{_PLAN}/dati.json", open_data.whole, name="open_data"),
    path(f"{_PLAN}/dati/<slug:name>.csv", open_data.table, name="open_data_table"),
    path(f"{_PLAN}/dcat.jsonld", open_data.record, name="open_data_record"),
]
