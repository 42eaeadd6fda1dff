"""Coming back to a page whose access has ended: who is in now, and the mark of its forms."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_safe

from ptpct.signin.kept_forms import kept_form, shown_again

EXPIRED = "X-Form-Expired"
"""Header of the answer to a form whose mark is that of an access that has ended."""


@require_safe
def who_is_in(request: HttpRequest) -> HttpResponse:
    """Tell a script who is signed in, and the mark of the forms; a person, that they are.

    The mark is one any page of the person holds; no other site can read the answer.
    """
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"person": request.user.pk, "token": get_token(request)})
    return render(request, "account/back.html")


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form whose mark does not hold (`CSRF_FAILURE_VIEW`), and tell a script why.

    What a person had typed on a page of this site is shown to them, to be sent again.
    """
    kept = kept_form(request)
    answer = shown_again(request, kept) if kept else csrf_failure(request, reason=reason)
    answer.headers[EXPIRED] = "1"
    return answer
