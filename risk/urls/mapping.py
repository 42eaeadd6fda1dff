"""Addresses of the process map: its rows, what is pasted into them, acts on many of them."""

from django.urls import path

from risk.views.mapping import bulk, outline, page, paste, whole

_ANNEX = "allegati/<uuid:uid>"
_PROCESS = "processi/<uuid:uid>"

urlpatterns = [
    path(f"{_ANNEX}/mappa/", whole.page, name="mapping"),
    path(f"{_ANNEX}/mappa/aggiungi/", page.add, name="mapping_add"),
    path(f"{_ANNEX}/mappa/rinumera/", page.renumber_all, name="mapping_renumber"),
    path(f"{_ANNEX}/mappa/elenco/", outline.outline, name="mapping_outline"),
    path(f"{_ANNEX}/mappa/incolla/", paste.processes, name="mapping_paste"),
    path(f"{_PROCESS}/riga/", page.save, name="row_save"),
    path(f"{_PROCESS}/riga/<slug:verb>/", page.row_act, name="row_act"),
    path(f"{_PROCESS}/fasi/incolla/", paste.phases, name="phases_paste"),
    path(f"{_PROCESS}/misure/incolla/", paste.measures, name="measures_paste"),
    path(f"{_ANNEX}/insieme/<ticked:kind>/", bulk.page, name="bulk"),
]
