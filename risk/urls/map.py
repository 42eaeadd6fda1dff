"""Addresses of the process map of an annex, of its rows and of what is pasted into them."""

from django.urls import path

from risk.views import maps, pastes

urlpatterns = [
    path("allegati/<uuid:uid>/mappa/", maps.page, name="map"),
    path("allegati/<uuid:uid>/mappa/aggiungi/", maps.add, name="map_add"),
    path("allegati/<uuid:uid>/mappa/rinumera/", maps.renumber_all, name="map_renumber"),
    path("allegati/<uuid:uid>/mappa/incolla/", pastes.processes, name="map_paste"),
    path("processi/<uuid:uid>/riga/", maps.save, name="row_save"),
    path("processi/<uuid:uid>/riga/<slug:verb>/", maps.row_act, name="row_act"),
    path("processi/<uuid:uid>/fasi/incolla/", pastes.phases, name="phases_paste"),
]
