"""The provider of the body that speaks SAML 2: the library's views, as this house needs them.

Read only where one is configured: its libraries are not part of every installation.
"""

from http import HTTPStatus

from allauth.account.internal.decorators import login_not_required
from allauth.core.internal import ratelimit
from allauth.socialaccount.providers.saml import views
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ptpct.signin.refusals import refuse

LARGEST = 256 * 1024
"""Bytes of an answer of a provider: it is kept until the browser comes back for it."""

login, metadata = views.login, views.metadata
UNREADABLE = (KeyError, SyntaxError, TypeError, ValueError)


@csrf_exempt
@login_not_required
@require_POST
def take(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Take what the provider has the browser bring; too much, or too often, is refused."""
    refused = ratelimit.consume_or_429(request, app="allauth.account", action="login")
    if refused:
        return refused
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return views.acs(request, organization_slug=organization_slug)


@login_not_required
def finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Let somebody in, or say why not."""
    try:
        return views.finish_acs(request, organization_slug=organization_slug)
    except PermissionDenied:
        # the answer to a request of another browser, or to one that was answered before
        return refuse(request, "late").response
    except UNREADABLE:
        return refuse(request, "unreadable", status=HTTPStatus.BAD_GATEWAY).response


@login_not_required
def sign_out(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Tell that nobody is signed out from elsewhere: the library wants an address for it."""
    raise Http404
