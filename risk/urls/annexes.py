"""Addresses of an annex: on paper, its way, its approvals, its remarks, its history."""

from django.urls import path

from registry.views.moved import moved
from risk.views.annexes import (
    approvals,
    changes,
    history,
    page,
    protocol,
    remarks,
    review,
    undo,
    workflow,
)

_ANNEX = "allegati/<uuid:uid>"
_PROCESS = "processi/<uuid:uid>"

urlpatterns = [
    path(f"{_ANNEX}/<layout:layout>/", page.annex_page, name="annex"),
    path(f"{_ANNEX}/<layout:layout>/prepara/", page.prepare_annex, name="prepare_annex"),
    path(f"{_ANNEX}/<layout:layout>.<str:suffix>", page.annex_file, name="annex_file"),
    path(f"{_ANNEX}/annulla/", undo.undo_act, name="undo"),
    path(f"{_ANNEX}/annulla/ultima/", undo.last_act_of, name="last_act"),
    path(f"{_ANNEX}/modifiche/", changes.page, name="changes"),
    path(f"{_ANNEX}/modifiche/segni/", changes.marked, name="changes_marked"),
    path(f"{_ANNEX}/da-approvare/", review.page, name="review"),
    path(f"{_ANNEX}/da-approvare/conferma/", review.ask, name="ask_return"),
    path(f"{_ANNEX}/approva/", approvals.of_annex, name="approve_annex"),
    path(f"{_PROCESS}/approva/", approvals.of_process, name="approve_process"),
    path(f"{_PROCESS}/storia/", history.of_process, name="process_history"),
    path(f"{_ANNEX}/storia/", history.of_annex, name="annex_history"),
    path(f"{_ANNEX}/osservazioni/", remarks.of_annex, name="remarks"),
    path(
        f"{_PROCESS}/osservazioni/<row_kind:kind>/<uuid:row>/", remarks.of_row, name="row_remarks"
    ),
    path("osservazioni/<uuid:uid>/", remarks.remark, name="remark"),
    path("osservazioni/<uuid:uid>/chiudi/", remarks.close, name="remark_close"),
    path("processi-di-altri-uffici/", remarks.executed, name="executed"),
    path(f"{_ANNEX}/iter/", workflow.page, name="workflow"),
    path(f"{_ANNEX}/iter/conferma/", workflow.ask, name="ask_move"),
    *moved(f"{_ANNEX}/passaggi/", word="passaggi", now="iter"),
    path("emissioni/<uuid:uid>.<str:suffix>", workflow.issue_file, name="issue_file"),
    path("emissioni/<uuid:uid>/protocollo/", protocol.page, name="protocol"),
]
