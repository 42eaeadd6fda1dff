"""The treatment of a process: the measures that reach it, and putting new ones on it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.enums import RiskPresence
from registry.models import Action, Phase, Process
from registry.services.lookup import Index
from registry.services.process_lookup import ProcessLookup
from risk.enums import MeasureCharacter
from risk.forms.treatment import GeneralMeasureForm, MeasureOnRowsForm
from risk.models import Measure, PlannedMeasure, RiskBehaviour
from risk.services.annexes.remarks import may_remark
from risk.services.treatment.page import page_of, suggestions, target_names
from risk.services.treatment.programming import add_measure, remove_measure
from risk.views.annexes.undo import say_done

_PROCESS = ProcessLookup(
    lambda rows: rows.select_related("annex__office", "annex__plan__administration", "risk_area")
)


def process_of(user, uid, *, to_read: bool = False) -> Process:
    """Return a process of the person's, with what its pages name; else Http404.

    `to_read` finds those of other offices too, of which the person's offices execute a part.
    """
    return _PROCESS(user, uid, to_read=to_read)


def may_change(user, process: Process) -> bool:
    """Return whether the person may treat the process: its annex is open and it is in use."""
    return not process.is_retired and user.has_perm("registry.change_annex", process)


def _changeable(request, uid) -> Process:
    process = process_of(request.user, uid)
    if not may_change(request.user, process):
        raise PermissionDenied
    return process


def is_fragment(request) -> bool:
    """Return whether htmx asks for the part alone: going back in the browser asks for the page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def _show(request, process: Process, *, form: GeneralMeasureForm | None = None, status: int = 200):
    present = process.risk_presence == RiskPresence.PRESENT
    is_open_to_them = may_change(request.user, process)
    can_edit = present and is_open_to_them
    page = page_of(process)
    index = Index(administration=process.annex.plan.administration)
    context = {
        "process": process,
        "page": page,
        "own": [(row, target_names(row)) for row in page.own],
        "present": present,
        "absent": process.risk_presence == RiskPresence.ABSENT,
        "can_edit": can_edit,
        "is_open_to_them": is_open_to_them,
        "is_fragment": is_fragment(request),
        "may_remark": may_remark(annex=process.annex, process=process, by=request.user),
        "is_elsewhere": not request.user.has_perm("registry.view_annex", process),
    }
    if can_edit:
        context |= {
            "form": form or GeneralMeasureForm(index=index),
            "general_measures": [
                row for row in index.rows(Measure) if row.character == MeasureCharacter.GENERAL
            ],
            "suggestions": suggestions(process, planned=page.measures),
        }
    whole, fragment = "risk/treatment/page.html", "risk/treatment/_panel.html"
    template = fragment if is_fragment(request) else whole
    return render(request, template, context, status=status)


@require_safe
def treatment(request, uid):
    """Show the treatment of a process: the whole page, or its part of the sheet."""
    return _show(request, process_of(request.user, uid, to_read=True))


@require_POST
def add_general(request, uid):
    """Say a general measure once for the whole office of the process."""
    process = _changeable(request, uid)
    index = Index(administration=process.annex.plan.administration)
    form = GeneralMeasureForm(request.POST, index=index)
    if not form.is_valid():
        return _show(request, process, form=form)
    try:
        planned, is_new = add_measure(
            annex=process.annex, measure=form.cleaned_data["misura"], targets=(), by=request.user
        )
    except ValidationError as refused:
        form.add_error("misura", refused.messages)
        return _show(request, process, form=form)
    _say(request, planned, is_new)
    return redirect("risk:treatment", uid=process.uid)


def _say(request, planned: PlannedMeasure, is_new: bool) -> None:
    if is_new:
        text = _("Misura aggiunta: «%(measure)s». Ora va programmata.")
    else:
        text = _("La misura «%(measure)s» c’era già: nulla è cambiato.")
    say_done(request, planned.annex, text % {"measure": planned.measure})


def _offered(process: Process, *, only: list[str] | None = None) -> dict:
    """Return the rows of a process a measure may be put on: "kind:uid" → row and name.

    `only` names those a form sent: tables none of them is in are not read.
    """
    kinds = {"processo", "fasi", "azioni", "comportamenti"}
    if only is not None:
        kinds &= {name.partition(":")[0] for name in only}
    offered = {}
    if "processo" in kinds:
        offered[f"processo:{process.uid}"] = (process, _("Il processo nel suo insieme"))
    if "fasi" in kinds:
        for phase in Phase.objects.filter(process=process).order_by("position"):
            offered[f"fasi:{phase.uid}"] = (phase, f"{phase.position}. {phase.title}")
    if "azioni" in kinds:
        actions = Action.objects.filter(phase__process=process).select_related("phase")
        for action in actions.order_by("phase__position", "position"):
            name = f"{action.phase.position}.{action.position} {action.title}"
            offered[f"azioni:{action.uid}"] = (action, name)
    if "comportamenti" in kinds:
        for behaviour in RiskBehaviour.objects.filter(process=process).order_by("position"):
            offered[f"comportamenti:{behaviour.uid}"] = (behaviour, behaviour.text)
    return offered


def _grouped(form: MeasureOnRowsForm) -> list[tuple[str, list]]:
    """Return the boxes of a form under the kind of row they stand for."""
    names = {
        Process: _("Processo"),
        Phase: _("Fasi"),
        Action: _("Azioni"),
        RiskBehaviour: _("Comportamenti a rischio"),
    }
    groups: dict[type, list] = {}
    rows = form.fields["oggetti"].rows.values()
    for row, box in zip(rows, form["oggetti"], strict=True):
        groups.setdefault(type(row), []).append(box)
    return [(names[kind], boxes) for kind, boxes in groups.items()]


@require_http_methods(["GET", "HEAD", "POST"])
def add_on_rows(request, uid):
    """Put a measure on the process or its parts: by the form, or by one click on a suggestion."""
    process = _changeable(request, uid)
    index = Index(administration=process.annex.plan.administration)
    form = MeasureOnRowsForm(index=index, offered={})
    if request.method == "POST":
        offered = _offered(process, only=request.POST.getlist("oggetti"))
        form = MeasureOnRowsForm(request.POST, index=index, offered=offered)
        if form.is_valid() and (added := _added(process, form, request.user)) is not None:
            _say(request, *added)
            return redirect("risk:treatment", uid=process.uid)
    form.fields["oggetti"].offer(_offered(process))
    context = {
        "process": process,
        "form": form,
        "groups": _grouped(form),
        "measures": index.rows(Measure),
    }
    return render(request, "risk/treatment/add.html", context)


def _added(process: Process, form: MeasureOnRowsForm, user) -> tuple[PlannedMeasure, bool] | None:
    """Put the measure on the rows; None, with the reason in the form, when it is refused."""
    try:
        return add_measure(
            annex=process.annex,
            measure=form.cleaned_data["misura"],
            targets=form.cleaned_data["oggetti"],
            by=user,
        )
    except ValidationError as error:
        form.add_error("oggetti", error.messages)
        return None


@require_POST
def remove(request, uid, measure):
    """Take a measure off the process, or off the office when it was said for all of it."""
    process = _changeable(request, uid)
    rows = PlannedMeasure.objects.filter(annex=process.annex_id).select_related("measure")
    planned = rows.filter(uid=measure).first()
    if planned is not None:
        whole = not planned.targets.exists()
        try:
            remove_measure(planned=planned, process=None if whole else process, by=request.user)
        except ValidationError as closed:
            messages.error(request, closed.messages[0])
        else:
            message = _("Misura tolta: «%(measure)s».") % {"measure": planned.measure}
            say_done(request, process.annex, message)
    return redirect("risk:treatment", uid=process.uid)
