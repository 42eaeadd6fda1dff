"""Where whoever signs in goes on: to the page they were at, never to an address without a page."""

import inspect
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from ptpct.signin.kept_forms import kept_form, shown_again

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends strangers to the sign-in page, with the way back to the page they were at."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        """Return the way to the sign-in page; a fragment then sends the whole page there.

        Whoever has typed something on a page of this site finds it, to be sent again.
        """
        if kept := kept_form(request):
            return shown_again(request, kept)
        door = resolve_url(self.get_login_url(view_func))
        answer = redirect_to_login(
            way_back(request, view_func), door, self.get_redirect_field_name(view_func)
        )
        if request.htmx:
            return HttpResponseClientRedirect(answer.url)
        return answer


def way_back(request: HttpRequest, view: Callable) -> str:
    """Return the page to come back to after the sign-in.

    What was asked for, if it is a page; of what was sent the page it was sent from, which the
    browser tells of this site alone, else the start page.
    """
    if request.htmx:
        shown = request.htmx.current_url_abs_path or ""
    elif request.method in SAFE and has_page(view):
        return request.get_full_path()
    else:
        shown = _sent_from(request)
    return shown if shown and is_page(shown) else settings.LOGIN_REDIRECT_URL


def is_page(path: str) -> bool:
    """Tell whether an address of this site shows something, and is not the way in itself.

    One that does not exist does: that there is nothing.
    """
    parts = urlsplit(path)
    if parts.path == settings.LOGIN_URL:
        return False
    try:
        return has_page(resolve(parts.path).func)
    except Resolver404:
        return True


def has_page(view: Callable | None) -> bool:
    """Tell whether a view answers GET: by Django's decorators, its own methods, or what it says."""
    while view is not None:
        if getattr(view, "is_only_sent_to", False):
            return False
        view_class = getattr(view, "view_class", None)
        if view_class is not None:
            return hasattr(view_class, "get") and "get" in view_class.http_method_names
        if inspect.isfunction(view):
            allowed = inspect.getclosurevars(view).nonlocals.get("request_method_list")
            if allowed is not None and "GET" not in allowed:
                return False
        view = getattr(view, "__wrapped__", None)
    return True


def _sent_from(request: HttpRequest) -> str:
    """Return the page of this site a request was sent from, "" where the browser tells none."""
    told = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        told, {request.get_host()}, require_https=request.is_secure()
    ):
        return ""
    parts = urlsplit(told)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
