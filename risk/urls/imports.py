"""Addresses of the way of a file into the register."""

from django.urls import path

from risk.views.imports import outcome, start, steps

_IMPORT = "importazioni/<uuid:uid>"

urlpatterns = [
    path("piani/<slug:ipa_code>/<slug:title>/importa/", start.page, name="import_start"),
    path(f"{_IMPORT}/", outcome.page, name="import"),
    path(f"{_IMPORT}/leggi/", steps.read_again, name="import_read"),
    path(f"{_IMPORT}/colonne/", steps.columns, name="import_columns"),
    path(f"{_IMPORT}/valori/", steps.values, name="import_values"),
    path(f"{_IMPORT}/anteprima/", steps.preview, name="import_preview"),
    path(f"{_IMPORT}/ufficio/", steps.office, name="import_office"),
    path(f"{_IMPORT}/problemi.<str:suffix>", outcome.problems, name="import_problems"),
    path(f"{_IMPORT}/scarta/", outcome.discard, name="import_discard"),
    path(f"{_IMPORT}/annulla/", outcome.undo, name="import_undo"),
]
