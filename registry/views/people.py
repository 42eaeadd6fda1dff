"""The people of an administration: who they are, inviting, ending, handing over, standing in."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.forms.people import (
    ActForm,
    DeputyForm,
    EndForm,
    HandOverForm,
    InviteForm,
    PeopleFilter,
)
from registry.models import Administration, Invitation, Membership
from registry.responses.list_files import asked_format, list_file
from registry.services import invitations, people
from registry.services.list_heads import people_heads
from registry.services.listings import people_table
from registry.services.row_pages import page_of_rows
from registry.services.rows_called import plain
from registry.services.sorting import Sorting
from registry.trail.subjects import body_subject
from registry.views.undo import say_kept

ROWS_A_PAGE = 100
RIGHT = "registry.manage_members"
NOT_SENT = gettext_lazy(
    "La persona c’è, ma l’invito non è partito: la posta non risponde. Più tardi, rimandalo."
)
INVITED = gettext_lazy(
    "Invito mandato a %(person)s: %(role)s dal %(day)s. Se lavora già per un’altra "
    "amministrazione, "
    "il ruolo è suo quando lo accetta."
)


def _bodies(user):
    """Administrations whose people this person keeps."""
    return Administration.objects.kept_by(user)


def _body(user, ipa_code: str) -> Administration:
    """Return an administration of this person; not found when foreign, refused to its readers."""
    body = get_object_or_404(Administration.objects.visible_to(user), ipa_code=ipa_code)
    if not user.has_perm(RIGHT, body):
        raise PermissionDenied
    return body


def _membership(user, pk: int) -> Membership:
    rows = Membership.objects.visible_to(user).select_related("administration", "office", "user")
    return get_object_or_404(rows, pk=pk)


def _list(body: Administration) -> HttpResponse:
    return redirect("registry:people_of", body.ipa_code)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the people of the one administration, or let choose among several."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    bodies = list(_bodies(request.user))
    if len(bodies) == 1:
        return _list(bodies[0])
    return render(request, "registry/people/bodies.html", {"bodies": bodies})


@require_safe
def people_of(request: HttpRequest, ipa_code: str) -> HttpResponse:
    """List who belongs to the administration now and from a later day; all, when asked."""
    body = _body(request.user, ipa_code)
    today, everything = timezone.localdate(), "tutte" in request.GET
    rows = Membership.objects.filter(administration=body)
    if not everything:
        rows = rows.exclude(ends_on__lt=today)
    filters = PeopleFilter(request.GET)
    rows = filters.apply(rows).select_related("user", "office", "deputy_for__user")
    names = ("user__last_name", "user__first_name")
    # the whole administration first: no office comes before any office on both engines
    rows = rows.order_by(
        F("office__folded").asc(nulls_first=True), "role", *names, "-starts_on", "pk"
    )
    sorting = Sorting(request.GET, people_heads())
    rows = sorting.apply(rows)
    if suffix := asked_format(request):
        table, subject = people_table(body, rows), body_subject(body)
        return list_file(request, table, suffix, name="people", subject=subject)
    context = {
        "body": body,
        "filters": filters,
        "sorting": sorting,
        "page": page_of_rows(rows, request.GET, size=ROWS_A_PAGE),
        "today": today,
        "everything": everything,
        "invitations": Invitation.objects.waiting()
        .filter(administration=body)
        .select_related("user", "office", "administration"),
    }
    return render(request, "registry/people/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, ipa_code: str) -> HttpResponse:
    """Invite somebody, or give another role to somebody who is already there."""
    body = _body(request.user, ipa_code)
    of_office = body.offices.in_use().filter(code=plain(request.GET.get("ufficio", "")))
    initial = {"office": of_office.first()} if "ufficio" in request.GET else {}
    form = InviteForm(request.POST or None, administration=body, initial=initial)
    if request.method == "POST" and form.is_valid():
        is_known = people.is_of_body(form.cleaned_data["email"], body)
        try:
            made = invitations.invite(**form.cleaned_data, administration=body, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        except OSError:
            messages.warning(request, NOT_SENT)
            return _list(body)
        else:
            _tell_invited(request, made, is_known=is_known)
            return _list(body)
    return _page(request, body, form, _("Invita una persona"), act=_("Invita"))


def _tell_invited(request: HttpRequest, made: Membership | Invitation, *, is_known: bool) -> None:
    """Say what was done, and that the office has two heads from now on, if so it is.

    Of whoever was not of the body the same, new or registered with another one.
    """
    person = made.user if is_known else made.user.email
    names = {
        "person": person,
        "role": made.get_role_display(),
        "day": made.starts_on.strftime("%d/%m/%Y"),
    }
    said = _("%(person)s: %(role)s dal %(day)s.") if is_known else INVITED
    if is_known:
        say_kept(request, made.administration, said % names)
    else:
        # a button that takes it back would tell who is registered with another body
        messages.success(request, said % names)
    if others := people.other_heads(invitations.as_role(made)):
        warning = _(
            "%(office)s ha già un responsabile: %(others)s. Ora ciascuno approva da solo. "
            "Se %(person)s prende il suo posto, fa’ finire l’altro incarico; "
            "per un’assenza, nomina un sostituto."
        )
        names |= {"office": made.office, "others": ", ".join(str(other.user) for other in others)}
        messages.warning(request, warning % names)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a membership end on a day."""
    return _act(
        request,
        pk,
        EndForm,
        lambda row, values: people.end_membership(membership=row, **values, by=request.user),
        title=_("Fine dell’appartenenza"),
        act=_("Salva"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Pass a membership to a successor."""
    return _act(
        request,
        pk,
        HandOverForm,
        lambda row, values: people.hand_over(membership=row, **values, by=request.user),
        title=_("Subentro"),
        act=_("Passa l’incarico"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def deputy(request: HttpRequest, pk: int) -> HttpResponse:
    """Name who stands in for a head."""
    return _act(
        request,
        pk,
        DeputyForm,
        lambda row, values: people.name_deputy(head=row, **values, by=request.user),
        title=_("Sostituto"),
        act=_("Nomina"),
    )


@require_POST
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail the invitation once more."""
    row = _membership(request.user, pk)
    try:
        people.send_invitation(membership=row, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except OSError:
        messages.error(request, NOT_SENT)
    else:
        messages.success(request, _("Invito rimandato a %(email)s.") % {"email": row.user.email})
    return _list(row.administration)


def _act(
    request: HttpRequest,
    pk: int,
    form_class: type[ActForm],
    do: Callable[[Membership, dict], Membership],
    *,
    title: str,
    act: str,
) -> HttpResponse:
    """Ask what an act on a membership needs, and do it."""
    row = _membership(request.user, pk)
    form = form_class(request.POST or None, membership=row)
    if request.method == "POST" and form.is_valid():
        try:
            do(row, form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            names = {"what": title[:1].lower() + title[1:], "who": row}
            say_kept(request, row.administration, _("Fatto: %(what)s, %(who)s.") % names)
            return _list(row.administration)
    return _page(request, row.administration, form, title, act=act, row=row)


def _page(request, body, form, title, *, act, row=None) -> HttpResponse:
    context = {"body": body, "form": form, "title": title, "act": act, "row": row}
    return render(request, "registry/people/form.html", context)
