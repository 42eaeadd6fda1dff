"""Editions of the plan and the annexes of the offices. Their states are moved by services only."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.admin.base import RegisterAdmin, RegisterInline, SaveRefused
from registry.admin.office_filter import OfficeFilter
from registry.models import Annex, Plan, PlanDeadline
from registry.services.plans import open_annex


class DeadlineInline(RegisterInline, admin.TabularInline):
    """The days of a plan; one that is there is moved on the plan’s own page, with a reason."""

    model = PlanDeadline
    fields = ("due_on", "kind", "label", "source")

    def has_change_permission(self, request, obj=None):
        return False

    def has_add_permission(self, request, obj=None):
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_change_permission(request, obj)


class PlanAdmin(RegisterAdmin):
    """An edition; its row is added by the service, which copies the body's texts."""

    view_right = "registry.view_plan"
    change_right = "registry.change_plan"
    added_by_service = True
    list_display = ("title", "administration", "kind", "years", "state")
    list_filter = ("state", "kind", ("administration", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("administration",)
    search_fields = ("folded",)
    fixed_fields = ("administration", "document", "kind")
    # the act is written by the adoption, the publication by its own move
    readonly_fields = ("state", "origin", "act_kind", "act_number", "act_date") + (
        "act_effective_on",
        "act_link",
        "published_on",
        "publication_link",
    )
    fieldsets = (
        (
            None,
            {
                "fields": ("administration", "title", "document", "kind")
                + ("first_year", "last_year", "state", "origin")
            },
        ),
        (
            _("Atto di adozione"),
            {
                "fields": ("adopting_organ", "act_kind", "act_number", "act_date")
                + ("act_effective_on", "act_link", "published_on", "publication_link")
            },
        ),
    )

    @admin.display(description=_("anni"), ordering="first_year")
    def years(self, row: Plan) -> str:
        """The triennium in one cell: a year is no amount, with its thousands apart."""
        return f"{row.first_year}–{row.last_year}"


@admin.register(PlanDeadline)
class PlanDeadlineAdmin(RegisterAdmin):
    view_right = "registry.view_plan"
    change_right = "registry.change_plan"
    parent_field = rights_of = "plan"
    # moved on the page of the plan, with a reason
    fixed_fields = ("plan", "due_on")
    list_display = ("label", "kind", "due_on", "plan", "source")
    list_filter = (
        "kind",
        ("plan", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("plan",)
    search_fields = ("label", "plan__folded")
    fieldsets = ((None, {"fields": ("plan", "due_on", "kind", "label", "source")}),)


@admin.register(Annex)
class AnnexAdmin(RegisterAdmin):
    view_right = "registry.view_annex"
    change_right = "registry.change_annex"
    add_right = "registry.open_annex"
    delete_right = "registry.delete_annex"
    added_by_service = True
    names_need = ("office", "plan")
    list_display = ("__str__", "office", "plan", "state", "printed_head")
    list_filter = (
        "state",
        ("plan", admin.RelatedOnlyFieldListFilter),
        ("office", OfficeFilter),
    )
    list_select_related = ("office", "plan")
    search_fields = ("office__folded", "plan__folded", "head_surname")
    search_help_text = _("Ufficio, piano o cognome del responsabile.")
    fixed_fields = ("plan", "office")
    readonly_fields = ("state",)
    fieldsets = (
        (None, {"fields": ("plan", "office", "state")}),
        (
            _("Come stampato"),
            {"fields": ("office_name", "head_title", "head_surname", "head_name")},
        ),
    )

    add_fieldsets = ((None, {"fields": ("plan", "office")}),)

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def save_model(self, request, obj, form, change):
        """A new annex is opened by the service, which knows when a plan takes one."""
        if change:
            super().save_model(request, obj, form, change)
            return
        values = {name: form.cleaned_data[name] for name in ("plan", "office")}
        try:
            opened = open_annex(by=request.user, **values)
        except ValidationError as error:
            raise SaveRefused(" ".join(error.messages)) from error
        obj.__dict__.update(opened.__dict__)

    @admin.display(description=_("responsabile"), ordering="head_surname")
    def printed_head(self, annex):
        return annex.printed_head or None
