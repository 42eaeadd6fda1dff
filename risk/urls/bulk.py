"""Addresses of the acts on many rows, and of undoing one."""

from django.urls import path, register_converter

from risk.forms.bulk import SCOPES
from risk.views import bulk


class ListConverter:
    """One of the lists whose rows are ticked."""

    regex = "|".join(SCOPES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ListConverter, "ticked")

urlpatterns = [
    path("allegati/<uuid:uid>/insieme/<ticked:kind>/", bulk.page, name="bulk"),
    path("allegati/<uuid:uid>/annulla/", bulk.undo_act, name="undo"),
]
