"""Address of what an annex still misses."""

from django.urls import path

from risk.views import completeness

urlpatterns = [
    path("allegati/<uuid:uid>/mancanze/", completeness.missing, name="completeness"),
]
