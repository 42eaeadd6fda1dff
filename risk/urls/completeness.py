"""Address of what an annex still misses."""

from django.urls import path

from registry.views.moved import moved
from risk.views import completeness

urlpatterns = [
    path("allegati/<uuid:uid>/che-cosa-manca/", completeness.missing, name="completeness"),
    *moved("allegati/<uuid:uid>/mancanze/", word="mancanze", now="che-cosa-manca"),
]
