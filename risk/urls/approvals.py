"""Addresses of what changed in an annex, and of the approvals made on it."""

from django.urls import path

from risk.views import approvals, changes

urlpatterns = [
    path("allegati/<uuid:uid>/modifiche/", changes.page, name="changes"),
    path("allegati/<uuid:uid>/approva/", approvals.of_annex, name="approve_annex"),
    path("processi/<uuid:uid>/approva/", approvals.of_process, name="approve_process"),
]
