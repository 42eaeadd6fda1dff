"""One's own profile: who one is here, in which roles, and whether to be written to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.forms.people import NoticesForm
from registry.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show the person's own profile; with POST save whether they want notices."""
    person = User.objects.get(pk=request.user.pk)
    # without the tick nothing at all may be sent: that is an answer too
    form = NoticesForm(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Salvato."))
        return redirect("registry:profile")
    memberships = person.memberships.running().select_related("administration", "office")
    invitations = person.invitations.waiting().select_related("administration", "office")
    context = {"person": person, "form": form, "memberships": memberships}
    context["invitations"] = invitations
    return render(request, "registry/people/profile.html", context)
