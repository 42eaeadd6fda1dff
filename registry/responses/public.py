"""What anybody may keep a copy of: pages and files that are published."""

import functools
from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control

SECONDS = 300
"""For how long a copy is given without asking: a plan that is withdrawn is gone five minutes on."""
_KEPT = frozenset({HTTPStatus.OK, HTTPStatus.NOT_MODIFIED})

View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """Let a view be read by strangers, and its answers be kept by whatever stands between.

    Whoever is signed in is told to keep nothing all the same (`ptpct.signin.sessions`).
    """

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: object, **parts: object) -> HttpResponseBase:
        response = view(request, *args, **parts)
        if response.status_code in _KEPT:
            patch_cache_control(response, public=True, max_age=SECONDS)
        return response

    return login_not_required(answer)
