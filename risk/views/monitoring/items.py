"""One measure of a round: what was asked, answered, measured, proved and found."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from registry.forms.people import ActForm
from registry.permissions import is_rpct_of_plan
from registry.responses.uploads import takes_files
from risk.enums import ItemState, RoundState
from risk.forms.monitoring.follow_ups import AfterCheckForm
from risk.forms.monitoring.grid import RowMeasurementForm, RowProofForm
from risk.forms.monitoring.rounds import (
    CheckForm,
    EvidenceForm,
    MeasurementForm,
    NotDueForm,
    answer_form,
)
from risk.models import Evidence, ProgressIndicator, RoundItem
from risk.services.monitoring.answers import (
    add_measurement,
    answers_for,
    may_answer,
    missing_of,
    why_closed,
)
from risk.services.monitoring.checking import changed_since, check_answer, set_not_due
from risk.services.monitoring.evidence import add_evidence
from risk.services.monitoring.evidence_files import BroughtFile, file_of
from risk.services.monitoring.follow_ups import add_follow_up
from risk.services.monitoring.page import next_to_check, one_item
from risk.services.monitoring.progress import counting
from risk.services.monitoring.rounds import last_day
from risk.services.monitoring.rules import oddities
from risk.services.monitoring.seen import UNSEEN, stamp_of
from risk.views.monitoring.answers import SAVED, save
from risk.workflow import ANSWERABLE

FILES_READ = 20
"""Files of one request that are read: of more than an answer takes it is told beside the field."""
_CHECKED = (ItemState.CONFIRMED, ItemState.VERIFIED)


def _item(request, uid) -> RoundItem:
    """Return a measure of a round the person may read, with all said of it; else Http404."""
    return get_object_or_404(one_item(RoundItem.objects.visible_to(request.user)), uid=uid)


def _written(request, uid) -> RoundItem:
    """Return a measure the person answers for; 403 for who only reads it."""
    item = _item(request, uid)
    if not answers_for(request.user, item):
        raise PermissionDenied
    return item


@require_http_methods(["GET", "HEAD", "POST"])
def item(request, uid):
    """Show a measure of a round, or with POST save its answer."""
    if request.method == "POST":
        rows = RoundItem.objects.visible_to(request.user).select_related(*SAVED)
        row = get_object_or_404(rows, uid=uid)
        if not answers_for(request.user, row):
            raise PermissionDenied
        return save(request, row)
    return _shown(request, _item(request, uid))


def _shown(request, row: RoundItem, sent: ActForm | None = None) -> HttpResponse:
    can_edit = may_answer(request.user, row)
    is_rpct = is_rpct_of_plan(request.user, row.round.plan)
    checks = is_rpct and row.round.is_answering
    context = {
        "item": row,
        "round": row.round,
        "plan": row.round.plan,
        "form": answer_form(row),
        "odd": oddities(row.round, [row])[row.pk],
        "missing": missing_of(row.answer),
        "can_edit": can_edit,
        "answerable": ANSWERABLE,
        "corrections": row.corrections.order_by("pk"),
        "corrects": is_rpct and row.round.state == RoundState.ISSUED,
        "closed": why_closed(row) if answers_for(request.user, row) else "",
        "measuring": [_measuring(row, one, sent) for one in _indicators(row)] if can_edit else [],
        "proving": _of(EvidenceForm, sent) if can_edit else None,
        "checking": _of(CheckForm, sent) if checks and row.state in _CHECKED else None,
        "seen": stamp_of(row, request.user, checks=True),
        "following": _of(AfterCheckForm, sent) if checks and row.state in _CHECKED else None,
        "next_one": next_to_check(row) if checks else None,
        "excusing": _of(NotDueForm, sent) if checks and row.state not in _CHECKED else None,
    }
    return render(request, "risk/monitoring/item.html", context)


def _of(kind: type[ActForm], sent: ActForm | None) -> ActForm:
    """Return the form of a kind: the one that was sent, or an empty one."""
    return sent if isinstance(sent, kind) else kind()


def _indicators(row: RoundItem) -> list[ProgressIndicator]:
    return list(row.planned_measure.progress_indicators.all())


def _measuring(row: RoundItem, indicator: ProgressIndicator, sent=None, data=None):
    if isinstance(sent, MeasurementForm) and sent.indicator == indicator:
        return sent
    measured = {one.indicator_id for one in row.measurements.all()}
    return MeasurementForm(
        data,
        indicator=indicator,
        is_correction=indicator.pk in measured,
        day=last_day(row.round),
    )


@require_POST
def measure(request, uid, row):
    """Write a measurement of an indicator of the measure."""
    served = _written(request, uid)
    indicator = next((one for one in _indicators(served) if one.uid == row), None)
    if indicator is None:
        return redirect("risk:round_item", uid)
    if request.htmx:
        return _measured_in_grid(request, served, indicator)
    form = _measuring(served, indicator, data=request.POST)
    values = {"item": served, "indicator": indicator}
    return _done(request, served, form, add_measurement, _("Misurazione scritta."), **values)


def _measured_in_grid(request, served: RoundItem, indicator: ProgressIndicator) -> HttpResponse:
    """Answer the save of a row of the grid: what is wrong or missing beside its fields."""
    rows = (one for one in served.measurements.all() if not hasattr(one, "replaced_by"))
    last = next((one for one in rows if one.indicator_id == indicator.pk), None)
    form = RowMeasurementForm(request.POST, item=served, indicator=indicator, last=last)
    form.submit(by=request.user)
    if form.was_written:
        # drawn with what was just written
        form.indicator = ProgressIndicator.objects.prefetch_related(counting()).get(pk=indicator.pk)
    said = _("Non ancora scritta: manca qualcosa.") if form.missing else ""
    return render(request, "risk/monitoring/_measured.html", {"form": form, "said": said})


def _proved_in_grid(request, served: RoundItem) -> HttpResponse:
    """Answer a proof added in the grid with its block, or with what is wrong beside its fields."""
    form = RowProofForm(request.POST, request.FILES, item=served)
    if not form.submit(by=request.user) or not form.has_changed():
        return render(request, "registry/_saved.html", {"form": form, "said": " "})
    served = _item(request, served.uid)
    context = {"form": RowProofForm(item=served), "item": served}
    answered = render(request, "risk/monitoring/_proved.html", context)
    return reswap(retarget(answered, f"#prova-{served.uid}"), "outerHTML")


@takes_files(FILES_READ)
@require_POST
def prove(request, uid):
    """Keep files that prove the answer, or say where a proof is found."""
    served = _written(request, uid)
    if request.htmx:
        return _proved_in_grid(request, served)
    form = EvidenceForm(request.POST, request.FILES)
    return _done(request, served, form, _prove, _("Prova scritta."), item=served)


def _prove(*, files: list[UploadedFile], **values) -> None:
    add_evidence(files=[BroughtFile(one.name or "", one) for one in files], **values)


@require_safe
def evidence_file(request, uid):
    """Give the file of a proof to whoever reads the answer; it is never shown in the browser."""
    rows = Evidence.objects.filter(item__in=RoundItem.objects.visible_to(request.user))
    row = get_object_or_404(rows.exclude(file_digest=""), uid=uid)
    content = file_of(row)
    if content is None:
        said = _("Il file «%(name)s» non è più quello che è stato caricato: avvisa il gestore.")
        messages.error(request, said % {"name": row.file_name})
        return redirect("risk:round_item", row.item.uid)
    response = HttpResponse(content, content_type=row.file_kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, row.file_name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def check(request, uid):
    """Write what the RPCT found, ask for more, or say that the measure was not due."""
    served = _item(request, uid)
    if not is_rpct_of_plan(request.user, served.round.plan):
        raise PermissionDenied
    if "resta" in request.POST:
        form = AfterCheckForm(request.POST)
        said = _("Seguito scritto.")
        values = {"row": served.round, "office": served.office, "item": served}
        return _done(request, served, form, _follow, said, **values)
    if "dovuta" in request.POST:
        set_due(request, served)
        return redirect("risk:round_item", uid)
    if "perche" in request.POST:
        return _done(request, served, NotDueForm(request.POST), _excuse, _("Fatto."), item=served)
    form, seen = CheckForm(request.POST), request.POST.get("visto") or UNSEEN
    if not form.is_valid() and seen != stamp_of(served, request.user, checks=True):
        # shown again it is as it is now: that it was otherwise before is said too
        form.add_error(None, changed_since())
    values = {"item": served, "seen": seen}
    said = _("Verifica scritta.")
    if request.POST.get("request", "").strip():
        said = _("Richiesta scritta: la risposta è tornata all’ufficio, senza un esito.")
    return _done(request, served, form, check_answer, said, **values)


def _follow(*, resta: str, **values) -> None:
    add_follow_up(asked=resta, **values)


def set_due(request, served: RoundItem) -> None:
    """Take back that a measure was not due."""
    try:
        set_not_due(item=served, reason="", by=request.user)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])


def _excuse(*, item: RoundItem, perche: str, by) -> None:
    set_not_due(item=item, reason=perche, by=by)


def _done(request, served: RoundItem, form: ActForm, act, said: str, **values) -> HttpResponse:
    """Do what a form says, or show the page again with the reason beside its field."""
    if form.is_valid():
        try:
            act(by=request.user, **values, **form.cleaned_data)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            messages.success(request, said)
            return redirect("risk:round_item", served.uid)
    return _shown(request, served, form)
