"""Editions of the plan and the annexes of the offices. Their states are moved by services only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registry.admin.base import RegisterAdmin, RegisterInline
from registry.models import Annex, PlanDeadline


class DeadlineInline(RegisterInline, admin.TabularInline):
    model = PlanDeadline
    fields = ("due_on", "label", "source")


class PlanAdmin(RegisterAdmin):
    """An edition; its row is added by the service, which copies the body's texts (ruling 12)."""

    view_right = "registry.view_plan"
    change_right = "registry.change_plan"
    list_display = ("title", "administration", "kind", "first_year", "last_year", "state")
    list_filter = ("state", "kind", ("administration", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("administration",)
    search_fields = ("folded",)
    fixed_fields = ("administration", "document", "kind")
    readonly_fields = ("state", "origin")
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
                + ("act_effective_on", "act_link")
            },
        ),
    )


@admin.register(PlanDeadline)
class PlanDeadlineAdmin(RegisterAdmin):
    view_right = "registry.view_plan"
    change_right = "registry.change_plan"
    parent_field = rights_of = "plan"
    fixed_fields = ("plan",)
    list_display = ("label", "due_on", "plan", "source")
    list_filter = (("plan", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("plan",)
    search_fields = ("label", "plan__folded")
    fieldsets = ((None, {"fields": ("plan", "due_on", "label", "source")}),)


@admin.register(Annex)
class AnnexAdmin(RegisterAdmin):
    view_right = "registry.view_annex"
    change_right = "registry.change_annex"
    add_right = "registry.open_annex"
    delete_right = "registry.delete_annex"
    annex_path = ""
    names_need = ("office", "plan")
    list_display = ("__str__", "office", "plan", "state", "printed_head")
    list_filter = (
        "state",
        ("plan", admin.RelatedOnlyFieldListFilter),
        ("office", admin.RelatedOnlyFieldListFilter),
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

    @admin.display(description=_("responsabile"), ordering="head_surname")
    def printed_head(self, annex):
        return annex.printed_head or None
