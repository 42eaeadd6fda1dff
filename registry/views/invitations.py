"""An invitation to another body: its page for whoever was invited, and taking it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from registry.models import Invitation
from registry.services import invitations


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, uid: str) -> HttpResponse:
    """Show an invitation to whoever was invited; with POST take the answer."""
    rows = Invitation.objects.waiting().filter(user=request.user)
    row = get_object_or_404(rows.select_related("administration", "office", "by"), uid=uid)
    if request.method == "POST":
        is_accepted = "accetta" in request.POST
        try:
            invitations.answer(invitation=row, is_accepted=is_accepted, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            said = _("Accettato: %(role)s.") if is_accepted else _("Rifiutato: %(role)s.")
            messages.success(request, said % {"role": row})
        return redirect("registry:profile")
    return render(request, "registry/people/invitation.html", {"row": row})


@require_POST
def withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    """Take an invitation back."""
    rows = Invitation.objects.visible_to(request.user).select_related("administration")
    row = get_object_or_404(rows, uid=uid)
    try:
        invitations.withdraw(invitation=row, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Invito ritirato."))
    return redirect("registry:people_of", row.administration.ipa_code)
