"""The page that tells anybody what a file is."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from risk.forms.verification import VerifyForm
from risk.services.verification.verifying import verify_file


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request):
    """Tell anybody whether a file was issued or adopted; the file is not kept."""
    if request.method == "POST" and not ratelimit.consume(request, action="verify"):
        return ratelimit.respond_429(request)
    form = VerifyForm(request.POST or None, request.FILES or None)
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        file, signature = form.cleaned_data["file"], form.cleaned_data["signature"]
        detached = signature.read() if signature else None
        context["verification"] = verify_file(file.read(), name=file.name, detached=detached)
    return render(request, "risk/verification/page.html", context)
