"""Addresses of the process sheet."""

from django.urls import path

from risk.views.process_sheet import behaviours, description, page, phases, reconfirm

_PROCESS = "processi/<uuid:uid>"
_PHASE = f"{_PROCESS}/fasi/<uuid:row>"
_ACTION = f"{_PROCESS}/azioni/<uuid:row>"
_BEHAVIOUR = f"{_PROCESS}/comportamenti/<uuid:row>"

urlpatterns = [
    path(f"{_PROCESS}/", page.sheet, name="process_sheet"),
    path(f"{_PROCESS}/presenti/", page.present, name="process_sheet_present"),
    path(f"{_PROCESS}/descrizione/<slug:part>/", description.part, name="process_sheet_part"),
    path(f"{_PROCESS}/riconferma/", reconfirm.of_process, name="reconfirm_process"),
    path(f"{_PROCESS}/fasi/", phases.add, name="phase_add"),
    path(f"{_PHASE}/", phases.save, name="phase"),
    path(f"{_PHASE}/dividi/", phases.split, name="phase_split"),
    path(f"{_PHASE}/unisci/", phases.merge, name="phase_merge"),
    path(f"{_PHASE}/elimina/", phases.remove, name="phase_remove"),
    path(f"{_PHASE}/azioni/", phases.action_add, name="action_add"),
    path(f"{_ACTION}/", phases.action_save, name="action"),
    path(f"{_ACTION}/elimina/", phases.action_remove, name="action_remove"),
    path(f"{_PROCESS}/comportamenti/", behaviours.add, name="behaviour_add"),
    path(f"{_BEHAVIOUR}/", behaviours.save, name="behaviour"),
    path(f"{_BEHAVIOUR}/elimina/", behaviours.remove, name="behaviour_remove"),
    path(f"{_PROCESS}/matrice/", behaviours.matrix, name="matrix"),
]
