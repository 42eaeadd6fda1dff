"""Catalogues: read by every member, written by the RPCT; the national rows by the installation."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registry.admin.base import RegisterAdmin
from registry.admin.portable import PortableAdmin
from registry.models import (
    AnacArea,
    ExecutorRole,
    InstitutionalFunction,
    Macroprocess,
    RiskArea,
)
from registry.resources import (
    ExecutorRoleResource,
    InstitutionalFunctionResource,
    MacroprocessResource,
    RiskAreaResource,
)


class InUseFilter(admin.SimpleListFilter):
    """Rows in use, or retired."""

    title = _("uso")
    parameter_name = "uso"

    def lookups(self, request, model_admin):
        return [("si", _("in uso")), ("no", _("non più in uso"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(retired_on__isnull=self.value() == "si")


class CatalogueAdmin(PortableAdmin):
    """A list of codes and labels, national or of a body."""

    details = ()
    """Fields of the list of their own, beside code and label."""
    list_display = ("code", "label", "administration", "retired_on")
    list_display_links = ("code", "label")
    list_filter = (("administration", admin.RelatedOnlyFieldListFilter), InUseFilter)
    list_select_related = ("administration",)
    search_fields = ("code", "folded")
    search_help_text = _("Codice o denominazione.")
    fixed_fields = ("administration",)
    autocomplete_fields = ("replaces",)

    @property
    def fieldsets(self):
        """What names the row, what the list adds to it, and whether it is still in use."""
        names = ["administration", "code", "label", *self.details, "position", "source"]
        return [
            (None, {"fields": names}),
            (_("Uso"), {"fields": ["retired_on", "retired_reason", "replaces"]}),
        ]


@admin.register(AnacArea)
class AnacAreaAdmin(RegisterAdmin):
    """The areas as ANAC names them, kept by the installation."""

    view_right = "registry.view_reference"
    change_right = "registry.keep_administrations"
    list_display = ("code", "label", "kind", "body_type")
    list_display_links = ("code", "label")
    list_filter = ("kind",)
    search_fields = ("code", "folded")
    fieldsets = ((None, {"fields": ("code", "label", "kind", "body_type", "position", "source")}),)


@admin.register(RiskArea)
class RiskAreaAdmin(CatalogueAdmin):
    resource_classes = (RiskAreaResource,)
    details = ("kind", "anac_area", "is_mandatory")
    list_display = ("code", "label", "kind", "anac_area", "administration", "retired_on")
    list_filter = ("kind", *CatalogueAdmin.list_filter)
    list_select_related = ("administration", "anac_area")


@admin.register(InstitutionalFunction)
class InstitutionalFunctionAdmin(CatalogueAdmin):
    resource_classes = (InstitutionalFunctionResource,)


@admin.register(Macroprocess)
class MacroprocessAdmin(CatalogueAdmin):
    resource_classes = (MacroprocessResource,)
    details = ("function",)
    names_need = ("function",)
    list_display = ("code", "label", "function", "administration", "retired_on")
    list_select_related = ("administration", "function")


@admin.register(ExecutorRole)
class ExecutorRoleAdmin(CatalogueAdmin):
    resource_classes = (ExecutorRoleResource,)
