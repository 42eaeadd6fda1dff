"""The library of typical processes."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registry.admin.annexes import AnnexRowAdmin
from registry.admin.base import RegisterAdmin, RegisterInline
from registry.admin.catalogues import CatalogueAdmin
from registry.admin.office_filter import OfficeFilter
from risk.models import (
    LibraryAction,
    LibraryBehaviour,
    LibraryCopy,
    LibraryPhase,
    LibraryProcess,
)
from risk.resources import LibraryProcessResource


class LibraryPhaseInline(RegisterInline, admin.TabularInline):
    model = LibraryPhase
    fields = ("position", "title", "executor_role")


class LibraryActionInline(RegisterInline, admin.TabularInline):
    model = LibraryAction
    fields = ("position", "title", "executor_role")


class LibraryBehaviourInline(RegisterInline, admin.TabularInline):
    model = LibraryBehaviour
    fields = ("position", "text")


@admin.register(LibraryProcess)
class LibraryProcessAdmin(CatalogueAdmin):
    resource_classes = (LibraryProcessResource,)
    details = (
        *("kind", "risk_area", "macroprocess"),
        *("objective", "description", "input", "output", "process_code"),
    )
    list_display = ("code", "label", "kind", "risk_area", "administration", "retired_on")
    list_filter = ("kind", *CatalogueAdmin.list_filter)
    list_select_related = ("administration", "risk_area")
    inlines = (LibraryPhaseInline, LibraryBehaviourInline)

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()


class LibraryRowAdmin(RegisterAdmin):
    """A row of a typical process: the rights are those of the catalogue row."""

    parent_field = rights_of = "process"
    fixed_fields = ("process",)
    autocomplete_fields = ("process",)
    list_filter = (("process", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("process",)


@admin.register(LibraryPhase)
class LibraryPhaseAdmin(LibraryRowAdmin):
    list_display = ("position", "title", "process", "executor_role")
    list_display_links = ("position", "title")
    list_select_related = ("process", "executor_role")
    search_fields = ("title", "process__folded")
    inlines = (LibraryActionInline,)
    fieldsets = ((None, {"fields": ("process", "position", "title", "executor_role")}),)

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()


@admin.register(LibraryAction)
class LibraryActionAdmin(RegisterAdmin):
    parent_field = "phase"
    rights_of = "phase__process"
    fixed_fields = ("phase",)
    autocomplete_fields = ("phase",)
    list_display = ("position", "title", "phase", "executor_role")
    list_display_links = ("position", "title")
    list_filter = (("phase__process", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("phase", "executor_role")
    search_fields = ("title", "phase__title", "phase__process__folded")
    fieldsets = ((None, {"fields": ("phase", "position", "title", "executor_role")}),)


@admin.register(LibraryBehaviour)
class LibraryBehaviourAdmin(LibraryRowAdmin):
    list_display = ("text", "process")
    search_fields = ("text", "process__folded")
    fieldsets = (
        (None, {"fields": ("process", "position", "text")}),
        (_("Che cosa riguarda"), {"fields": ("phases", "actions")}),
        (
            _("Di che genere è e che cosa lo tratta"),
            {"fields": ("categories", "factors", "measures")},
        ),
    )

    def limited(self, db_field, request, parent):
        """Return phases and actions of the same typical process only."""
        rows = super().limited(db_field, request, parent)
        ways = {LibraryPhase: "process", LibraryAction: "phase__process"}
        way = ways.get(db_field.related_model)
        if way is None:
            return rows
        return rows.filter(**{way: parent.process_id}) if parent else rows.none()


@admin.register(LibraryCopy)
class LibraryCopyAdmin(AnnexRowAdmin):
    """Where a process came from: written by the copy, never by hand."""

    parent_field = "process"
    list_display = ("process", "label", "copied_at")
    list_filter = (("process__annex__office", OfficeFilter),)
    list_select_related = ("process",)
    search_fields = ("process__folded", "label")
    readonly_fields = ("process", "library_process", "label", "copied_at")
    fieldsets = ((None, {"fields": ("process", "library_process", "label", "copied_at")}),)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
