"""The page where the RPCT writes the protocol of an issue; who is not the RPCT finds no page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.models import Annex
from registry.permissions import is_rpct_of_annex
from risk.forms.annexes.workflow import ProtocolForm
from risk.models import AnnexIssue
from risk.services.annexes.protocol import set_protocol


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, uid):
    """Ask number and day of the protocol, and go back to the issues."""
    issues = AnnexIssue.objects.filter(annex__in=Annex.objects.visible_to(request.user))
    issues = issues.select_related("annex__office", "annex__plan").defer("data", "html", "pdf")
    issue = get_object_or_404(issues, uid=uid)
    if not is_rpct_of_annex(request.user, issue.annex):
        raise Http404
    initial = {name: getattr(issue, name) for name in ("protocol_number", "protocol_date")}
    form = ProtocolForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        written = form.cleaned_data
        try:
            set_protocol(
                issue=issue,
                number=written["protocol_number"],
                day=written["protocol_date"],
                by=request.user,
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Fatto: il protocollo è registrato."))
            return redirect("risk:workflow", issue.annex.uid)
    context = {"annex": issue.annex, "issue": issue, "form": form}
    return render(request, "risk/annexes/workflow/protocol.html", context)
