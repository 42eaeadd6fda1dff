"""Addresses of the start page and of the annex on paper."""

from django.urls import path, register_converter

from risk.enums import Layout
from risk.views import annexes, desk, workbooks


class LayoutConverter:
    """A layout of the paper in an address; anything else is no address at all."""

    regex = "|".join(Layout.values)

    def to_python(self, value: str) -> Layout:
        return Layout(value)

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(LayoutConverter, "layout")

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("allegati/<uuid:uid>/<layout:layout>/", annexes.annex_page, name="annex"),
    path(
        "allegati/<uuid:uid>/<layout:layout>/prepara/",
        annexes.prepare_annex,
        name="prepare_annex",
    ),
    path(
        "allegati/<uuid:uid>/<layout:layout>.xlsx", workbooks.annex_workbook, name="annex_workbook"
    ),
    path(
        "allegati/<uuid:uid>/<layout:layout>/foglio/",
        workbooks.prepare_workbook,
        name="prepare_workbook",
    ),
    path("allegati/<uuid:uid>/<layout:layout>.<str:suffix>", annexes.annex_file, name="annex_file"),
]
