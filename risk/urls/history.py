"""Addresses of the histories."""

from django.urls import path

from risk.views import history

urlpatterns = [
    path("processi/<uuid:uid>/storia/", history.of_process, name="process_history"),
    path("allegati/<uuid:uid>/storia/", history.of_annex, name="annex_history"),
]
