"""For whoever watches over the installation: who that is, and what they are told apart from."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from registry.tracing import current_trace

NAMES = ("health", "metrics")


class WithoutPersonMiddleware:
    """Answers these addresses to nobody in particular: whose session it is would ask the database,
    and they have to answer when it is away.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.paths = {reverse(name) for name in NAMES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, having forgotten what the browser sent along."""
        if request.path_info in self.paths:
            request.COOKIES = {}
        return self.get_response(request)


def is_operator(request: HttpRequest) -> bool:
    """Tell whether a request comes from who may see how the installation is.

    By the token, as "Authorization: Bearer …", or from an address that was named; by neither where
    the installation names none.
    """
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    token = settings.OPERATOR_TOKEN
    if token and scheme.lower() == "bearer" and constant_time_compare(given.strip(), token):
        return True
    address = current_trace().address
    if not address:
        return False
    return any(ipaddress.ip_address(address) in network for network in settings.OPERATOR_NETWORKS)
