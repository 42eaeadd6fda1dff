"""The library of typical processes: look one up, copy one or twenty, keep one of one's own."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from registry.forms.rows_called import FEW
from registry.models import Annex, Process
from registry.readable import grouped
from registry.responses.list_files import asked_format, list_file
from registry.services.row_pages import page_of_rows
from registry.services.rows_called import MOST_OFFERED, annex_text, annexes_with
from registry.services.sorting import Sorting
from risk.forms.library import CopyProcessesForm, LibraryFilter
from risk.models import LibraryBehaviour, LibraryPhase, LibraryProcess
from risk.services.annexes.lookup import visible_annex
from risk.services.library.copying import (
    annexes_to_fill,
    by_keys,
    copied_into,
    copy_to_annex,
    owned_by,
    with_steps,
    words_of,
)
from risk.services.library.saving import save_to_library
from risk.services.reporting.list_heads import LIBRARY
from risk.services.reporting.listings import library_table, streamed
from risk.views.annexes.undo import say_done

ROWS_A_PAGE = 100


def _rows(user) -> QuerySet:
    return LibraryProcess.objects.visible_to(user).in_use()


def _counted(model) -> Coalesce:
    count = model.objects.filter(process=OuterRef("pk")).order_by()
    return Coalesce(Subquery(count.values("process").annotate(n=Count("*")).values("n")), 0)


@require_safe
def library(request):
    """List the typical processes of the person's bodies and the national ones."""
    return _list(request, CopyProcessesForm(keys=[]))


def _list(request, form: CopyProcessesForm):
    """Show the list, with the ticks and the annex of `form`."""
    rows = _rows(request.user)
    filters = LibraryFilter(request.GET, rows=rows)
    counted = filters.apply(rows).annotate(
        phase_count=_counted(LibraryPhase), behaviour_count=_counted(LibraryBehaviour)
    )
    ordered = counted.select_related("administration", "risk_area").order_by(
        # the body's own first; engines disagree on where nothing sorts
        F("administration_id").desc(nulls_last=True),
        "position",
        "code",
    )
    sorting = Sorting(request.GET, LIBRARY, base=reverse("risk:library"))
    ordered = sorting.apply(ordered)
    if suffix := asked_format(request):
        table = library_table(streamed(ordered))
        subject = f"list {LibraryProcess._meta.label_lower}"
        return list_file(request, table, suffix, name="library", subject=subject)
    page = page_of_rows(ordered, request.GET, size=ROWS_A_PAGE)
    annexes = _annexes(request.user)
    annex = _chosen_annex(request, annexes)
    copies = copied_into(annex) if annex else {}
    for row in page:
        row.copied_as = copies.get(row.pk, [])
    context = {
        "filters": filters,
        "sorting": sorting,
        "page": page,
        "form": form,
        "ticked": set(form.data.getlist("processi")) if form.is_bound else set(),
        "annexes": annexes,
        "are_typed": len(annexes) > FEW,
        "annex": annex,
    }
    return render(request, "risk/library/list.html", context)


def _annexes(user) -> list[Annex]:
    """Return the annexes a person may copy into, one more than are shown as a list if any."""
    rows = annexes_to_fill(user).order_by("-plan__first_year", "office__folded", "pk")
    return list(rows[: FEW + 1])


def _chosen_annex(request, annexes: list[Annex]) -> Annex | None:
    """Return the annex to copy into: the one asked for, else the only one there is."""
    asked = request.POST.get("allegato") or request.GET.get("allegato", "")
    if len(annexes) > FEW:
        try:
            return annexes_to_fill(request.user).filter(uid=UUID(asked)).first()
        except ValueError:
            return None
    only = annexes[0] if len(annexes) == 1 else None
    return next((annex for annex in annexes if str(annex.uid) == asked), only)


@require_safe
def library_annexes(request):
    """Give the first annexes one may copy into whose office or plan has the words typed (`q`)."""
    found = annexes_with(annexes_to_fill(request.user), request.GET.get("q", ""))[:MOST_OFFERED]
    texts = [annex_text(annex) for annex in found]
    rows = [{"text": text, "short": text} for text in texts]
    return JsonResponse({"rows": rows, "count": len(rows)})


@require_safe
def library_process(request, owner, code):
    """Show one typical process with all that is copied with it."""
    rows = owned_by(LibraryProcess.objects.visible_to(request.user), owner)
    row = get_object_or_404(with_steps(rows), code=code)
    words = words_of(row)
    for behaviour in row.behaviours.all():
        behaviour.words = words[behaviour.pk]
    annexes = _annexes(request.user)
    context = {
        "row": row,
        "annexes": annexes,
        "are_typed": len(annexes) > FEW,
        "annex": _chosen_annex(request, annexes),
        "form": CopyProcessesForm(keys=[]),
        "may_change": request.user.has_perm("registry.change_catalogue", row),
    }
    return render(request, "risk/library/process.html", context)


@require_POST
def library_copy(request):
    """Copy the ticked typical processes into an annex; nothing at all when one cannot be."""
    rows = _rows(request.user)
    chosen = by_keys(rows, request.POST.getlist("processi"))
    are_typed = len(_annexes(request.user)) > FEW
    form = CopyProcessesForm(
        request.POST,
        keys=[row.key for row in chosen],
        annexes=annexes_to_fill(request.user) if are_typed else None,
    )
    if not form.is_valid():
        return _list(request, form)
    values = form.cleaned_data
    annex = visible_annex(request.user, values["allegato"])
    if not request.user.has_perm("registry.change_annex", annex):
        raise PermissionDenied
    try:
        done = copy_to_annex(
            processes=chosen, annex=annex, request=values["richiesta"], by=request.user
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _list(request, form)
    if done.act is not None:
        count = len(done.processes)
        label = ngettext(
            "%(n)s processo copiato dai processi tipo",
            "%(n)s processi copiati dai processi tipo",
            count,
        ) % {"n": grouped(count)}
        say_done(request, annex, _sentence(label, annex, done.processes))
    query = request.GET.copy()
    query["allegato"] = str(annex.uid)
    return redirect(f"{reverse('risk:library')}?{query.urlencode()}")


def _sentence(label: str, annex: Annex, processes) -> str:
    first, last = processes[0].number, processes[-1].number
    numbers = f"n. {first}" if first == last else f"n. {first}–{last}"
    return _("%(what)s in «%(office)s»: %(numbers)s.") % {
        "what": label,
        "office": annex.printed_office_name,
        "numbers": numbers,
    }


@require_POST
def library_save(request, uid):
    """Keep a process of an annex among the typical ones of its body."""
    processes = Process.objects.visible_to(request.user).select_related(
        "annex__plan__administration", "annex__office__administration"
    )
    process = get_object_or_404(processes, uid=uid)
    if not request.user.has_perm("risk.save_to_library", process):
        raise PermissionDenied
    try:
        row = save_to_library(process=process, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("risk:process_sheet", process.uid)
    messages.success(request, _("Salvato fra i processi tipo dell’amministrazione."))
    return redirect("risk:library_process", row.owner_slug, row.code)
