"""Addresses of the annexes as workbooks: of one, of a whole plan, and empty ones."""

from django.urls import path

from risk.views import workbooks

_ANNEX = "allegati/<uuid:uid>/<layout:layout>"
_PLAN = "piani/<slug:ipa_code>/<slug:title>"

urlpatterns = [
    path(f"{_ANNEX}.xlsx", workbooks.annex_workbook, name="annex_workbook"),
    path(f"{_ANNEX}/foglio/", workbooks.prepare_workbook, name="prepare_workbook"),
    path(f"{_PLAN}/<layout:layout>.xlsx", workbooks.plan_workbook, name="plan_workbook"),
    path(
        f"{_PLAN}/<layout:layout>/foglio/",
        workbooks.prepare_plan_workbook,
        name="prepare_plan_workbook",
    ),
    path(f"{_PLAN}/vuoto/<layout:layout>.xlsx", workbooks.empty_workbook, name="empty_workbook"),
]
