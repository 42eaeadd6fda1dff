"""Administrations and plans: added by the services, which give them what they need to work."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.admin.base import RegisterInline, SaveRefused
from registry.admin.bodies import AdministrationAdmin
from registry.admin.plans import DeadlineInline, PlanAdmin
from registry.forms.backoffice import BackOfficeForm
from registry.models import Administration, Plan
from risk.models import Method, PlanMethod
from risk.services.administrations import create_administration
from risk.services.plans.making import create_plan


class PlanMethodInline(RegisterInline, admin.TabularInline):
    """Methods the plan uses."""

    model = PlanMethod
    fields = ("method", "is_default")
    names_need = ("plan",)


class NewPlanForm(BackOfficeForm):
    """A new plan also names its method."""

    method = forms.ModelChoiceField(
        queryset=Method.objects.none(),
        label=_("Metodo di valutazione predefinito"),
        help_text=_("Altri metodi si aggiungono dopo."),
    )


@admin.register(Administration)
class BodyAdmin(AdministrationAdmin):
    def save_model(self, request, obj, form, change):
        """A new body gets its own catalogues, general measures and texts."""
        if change:
            super().save_model(request, obj, form, change)
            return
        names = ("ipa_code", "name", "tax_code", "adopting_organ")
        values = {name: form.cleaned_data[name] for name in names}
        taken_over(obj, create_administration, by=request.user, **values)


@admin.register(Plan)
class EditionAdmin(PlanAdmin):
    inlines = (PlanMethodInline, DeadlineInline)
    add_fieldsets = (
        (
            None,
            {
                "fields": ("administration", "title", "document", "kind")
                + ("first_year", "last_year", "method")
            },
        ),
    )

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is not None:
            return super().get_form(request, obj, change=change, **kwargs)
        names = [name for name in self.add_fieldsets[0][1]["fields"] if name != "method"]
        form = super().get_form(
            request, obj, change=change, **{**kwargs, "form": NewPlanForm, "fields": names}
        )
        form.base_fields["method"].queryset = Method.objects.visible_to(request.user).filter(
            retired_on__isnull=True
        )
        return form

    def save_model(self, request, obj, form, change):
        """A new plan gets the texts of its body and its method."""
        if change:
            super().save_model(request, obj, form, change)
            return
        names = ("administration", "title", "document", "kind", "first_year", "last_year")
        values = {name: form.cleaned_data[name] for name in names}
        method = form.cleaned_data["method"]
        taken_over(
            obj, create_plan, by=request.user, methods=[method], default_method=method, **values
        )


def taken_over(row, service, **values) -> None:
    """Let a service create the row of a form, and go on with what it created."""
    try:
        created = service(**values)
    except ValidationError as error:
        raise SaveRefused(" ".join(error.messages)) from error
    row.__dict__.update(created.__dict__)
