"""The field an entry was asked from follows what was decided, if nobody has chosen there since."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from registry.acts import Refused
from registry.models import Phase, Process, User
from registry.models.base import CatalogueModel
from registry.services.editing import StaleRow, save_fields
from risk.enums import RequestedList
from risk.models import ListEntryRequest, Measure, RiskBehaviour
from risk.services.entry_requests.asking import FIELDS, WORDS
from risk.services.process_sheet.acts import change_words
from risk.services.treatment.programming import add_measure

_COLUMNS = {kind: column.removesuffix("_id") for kind, column in FIELDS.items()}


def follow(request: ListEntryRequest, entry: CatalogueModel, *, by: User) -> str:
    """Choose the entry where it was asked for; return "" when it is, else in Italian why not.

    What the model or a rule refuses leaves the field as it is and stops nothing.
    """
    row = _row_of(request)
    if row is None:
        # of no field, or of a row that is no more
        return "" if request.process_uid is None else _("La riga non c’è più.")
    if not by.has_perm("registry.change_annex", request.annex):
        return _("L’allegato non è più aperto: il campo è rimasto com’era.")
    try:
        with transaction.atomic():
            return _chosen(request, row, entry, by)
    except (Refused, StaleRow, ValidationError) as refused:
        return _("Il campo è rimasto com’era: %(why)s") % {"why": _sentence(refused)}


def _row_of(request: ListEntryRequest) -> Process | Phase | RiskBehaviour | None:
    if request.kind in WORDS:
        behaviours = RiskBehaviour.objects.filter(process__annex=request.annex_id)
        found = behaviours.filter(uid=request.behaviour_uid).select_related("process__annex")
        return found.first() if request.behaviour_uid else None
    if request.kind == RequestedList.EXECUTOR_ROLE:
        rows = Phase.objects.filter(uid=request.phase_uid, process__annex=request.annex_id)
        return rows.select_related("process__annex").first() if request.phase_uid else None
    rows = Process.objects.filter(uid=request.process_uid, annex=request.annex_id)
    return rows.select_related("annex").first() if request.process_uid else None


def _chosen(request: ListEntryRequest, row, entry: CatalogueModel, by: User) -> str:
    if isinstance(entry, Measure):
        add_measure(annex=request.annex, measure=entry, targets=[row], by=by)
        return ""
    if isinstance(row, RiskBehaviour):
        added = {WORDS[RequestedList(request.kind)]: {entry.code}}
        change_words(behaviour=row, added=added, removed={}, by=by)
        return ""
    column = "executor_role" if isinstance(row, Phase) else _COLUMNS.get(request.kind)
    if column is None:
        return ""
    if getattr(row, f"{column}_id") != request.before:
        return _("Nel frattempo nel campo è stata scelta un’altra voce, che è rimasta.")
    save_fields(row=row, values={column: entry}, version=row.version, kind="entry-followed", by=by)
    return ""


def _sentence(refused: Exception) -> str:
    return " ".join(refused.messages) if isinstance(refused, ValidationError) else str(refused)
