"""The admin site: the back office of the register, behind the same door as the pages."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class RegisterAdminSite(AdminSite):
    """Django's admin with Italian titles and without a sign-in page of its own."""

    site_title = _("Registro dei rischi corruttivi")
    site_header = _("Registro dei rischi corruttivi")
    index_title = _("Gestione del registro")
    site_url = "/"
    empty_value_display = "—"

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether the person has a role today, or keeps the installation.

        Never by Django's `is_staff`: a role may come in many ways, and ends by itself
        (docs/decisions/0023).
        """
        return request.user.has_perm("registry.enter_back_office")

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """Refuse at once whoever is signed in and has no right here: what they sent is recorded."""
        known = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return known(request, *args, **kwargs)

        return update_wrapper(inner, known)

    def _build_app_dict(self, request: HttpRequest, label: str | None = None) -> dict[str, Any]:
        """Name the lists once: to sort them, Django translates two names at each comparison.

        They stand beside every page, and took an eighth of its time.
        """
        found = super()._build_app_dict(request, label)
        for app in found.values():
            for listed in app["models"]:
                listed["name"] = str(listed["name"])
        return found

    def register(self, model_or_iterable, admin_class=None, **options: Any) -> None:
        """Take no list of the sign-in library: its pages know nothing of the rights of the house,
        and one of them would show the secrets of the second factor.
        """
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        own = [model for model in models if not model.__module__.startswith("allauth.")]
        super().register(own, admin_class, **options)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None):
        """Send strangers to the sign-in page of the site, with the way back.

        Whoever is signed in but has no right here gets 403: the sign-in page would send them back
        for ever.
        """
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        if request.user.is_authenticated:
            raise PermissionDenied
        destination = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return redirect_to_login(destination, login_url=resolve_url(settings.LOGIN_URL))

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign out (POST only, as on the pages) and show the sign-in page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        logout(request)
        return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))

    logout.is_only_sent_to = True
