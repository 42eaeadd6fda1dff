"""Addresses of the requests for an entry of a list."""

from django.urls import path

from risk.views import entry_requests

urlpatterns = [
    path("allegati/<uuid:uid>/richieste/", entry_requests.ask, name="entry_ask"),
    path("processi/<uuid:uid>/richieste/", entry_requests.wanted, name="entries_wanted"),
    path("richieste/", entry_requests.listed, name="entry_requests"),
    path("richieste/<uuid:uid>/", entry_requests.one, name="entry_request"),
]
