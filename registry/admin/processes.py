"""The map of an office: processes, phases, actions. Read-only while the annex is not open."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registry.admin.annexes import AnnexRowAdmin
from registry.admin.base import RegisterInline
from registry.admin.catalogues import InUseFilter
from registry.admin.office_filter import OfficeFilter
from registry.admin.portable import PortableAdmin
from registry.models import Action, Phase, Process
from registry.resources import ActionResource, PhaseResource, ProcessResource


class PhaseInline(RegisterInline, admin.TabularInline):
    model = Phase
    fields = ("position", "title", "executor_role", "executor_office")


class ActionInline(RegisterInline, admin.TabularInline):
    model = Action
    fields = ("position", "title", "executor_role", "executor_office")


@admin.register(Process)
class ProcessAdmin(AnnexRowAdmin, PortableAdmin):
    resource_classes = (ProcessResource,)
    list_display = ("number", "title", "office", "plan", "kind", "risk_area", "risk_presence")
    list_display_links = ("number", "title")
    list_filter = (
        ("annex__plan", admin.RelatedOnlyFieldListFilter),
        ("annex__office", OfficeFilter),
        "kind",
        ("risk_area", admin.RelatedOnlyFieldListFilter),
        "risk_presence",
        "annex__state",
        InUseFilter,
    )
    list_select_related = ("annex__office", "annex__plan", "risk_area")
    search_fields = ("folded", "code", "annex__office__folded")
    search_help_text = _("Denominazione o codice del processo, o ufficio.")
    fixed_fields = ("annex",)
    autocomplete_fields = ("annex", "macroprocess")
    inlines = (PhaseInline,)
    fieldsets = (
        (
            None,
            {
                "fields": ("annex", "number", "code", "position", "title", "kind")
                + ("macroprocess", "risk_area")
            },
        ),
        (
            _("Descrizione"),
            {
                "fields": ("objective", "description", "input", "output", "times")
                + ("constraints", "resources", "interrelations", "criticalities")
                + ("responsible", "is_procedure", "digital_state")
            },
        ),
        (_("Presenza del rischio"), {"fields": ("risk_presence", "risk_presence_reason")}),
        (_("Uso"), {"fields": ("retired_on", "retired_reason")}),
    )

    @admin.display(description=_("ufficio"), ordering="annex__office__folded")
    def office(self, process):
        return process.annex.office

    @admin.display(description=_("piano"), ordering="annex__plan__folded")
    def plan(self, process):
        return process.annex.plan


@admin.register(Phase)
class PhaseAdmin(AnnexRowAdmin, PortableAdmin):
    resource_classes = (PhaseResource,)
    list_display = ("position", "title", "process", "office", "executor")
    list_display_links = ("position", "title")
    list_filter = (("process__annex__office", OfficeFilter),)
    list_select_related = ("process__annex__office", "executor_role", "executor_office")
    search_fields = ("folded", "process__folded")
    fixed_fields = ("process",)
    autocomplete_fields = ("process",)
    inlines = (ActionInline,)
    fieldsets = (
        (None, {"fields": ("process", "position", "title", "description")}),
        (_("Chi la svolge"), {"fields": ("executor_role", "executor_office")}),
    )

    @admin.display(description=_("ufficio"), ordering="process__annex__office__folded")
    def office(self, phase):
        return phase.process.annex.office

    @admin.display(description=_("esecutore"))
    def executor(self, phase):
        return phase.printed_executor or None


@admin.register(Action)
class ActionAdmin(AnnexRowAdmin, PortableAdmin):
    resource_classes = (ActionResource,)
    list_display = ("position", "title", "phase", "process", "executor")
    list_display_links = ("position", "title")
    list_filter = (("phase__process__annex__office", OfficeFilter),)
    list_select_related = ("phase__process", "executor_role", "executor_office")
    search_fields = ("folded", "phase__folded", "phase__process__folded")
    fixed_fields = ("phase",)
    autocomplete_fields = ("phase",)
    fieldsets = (
        (None, {"fields": ("phase", "position", "title", "description")}),
        (_("Chi la svolge"), {"fields": ("executor_role", "executor_office")}),
    )

    @admin.display(description=_("processo"), ordering="phase__process__folded")
    def process(self, action):
        return action.phase.process

    @admin.display(description=_("esecutore"))
    def executor(self, action):
        return action.printed_executor or None
