"""What a body says of itself. Who does not keep it finds no such page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.forms.bodies import settings_form
from registry.models import Administration

KEEPS_ALL = "registry.keep_administrations"


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, ipa_code: str) -> HttpResponse:
    """Show the settings of a body, and save them."""
    body = get_object_or_404(Administration.objects.kept_by(request.user), ipa_code=ipa_code)
    keeps_all = request.user.has_perm(KEEPS_ALL)
    name = body.name
    form = settings_form(keeps_all=keeps_all)(request.POST or None, instance=body)
    if request.method == "POST" and form.is_valid():
        try:
            saved = form.save_settings(by=request.user)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            if saved is not None:
                messages.success(request, _("Salvato."))
                return redirect("registry:settings", ipa_code)
    context = {"body": body, "name": name, "form": form, "keeps_all": keeps_all}
    return render(request, "registry/bodies/settings.html", context)
