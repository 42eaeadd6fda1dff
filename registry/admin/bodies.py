"""Administrations, offices and the other spellings under which files know them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registry.admin.base import RegisterAdmin, RegisterInline
from registry.admin.catalogues import InUseFilter
from registry.admin.portable import PortableAdmin
from registry.models import Alias, Office
from registry.resources import OfficeResource


class AdministrationAdmin(RegisterAdmin):
    """A body; its row is added by the service, which gives it its own catalogues (ruling 7)."""

    view_right = "registry.view_administration"
    change_right = "registry.keep_administrations"
    list_display = ("name", "ipa_code", "tax_code", "adopting_organ")
    search_fields = ("folded", "ipa_code", "tax_code")
    search_help_text = _("Denominazione, codice IPA o codice fiscale.")
    fixed_fields = ("ipa_code",)
    fieldsets = ((None, {"fields": ("ipa_code", "name", "tax_code", "adopting_organ")}),)


class AliasInline(RegisterInline, admin.TabularInline):
    """Other spellings of the office."""

    model = Alias
    fk_name = "office"
    fields = ("text", "note")
    verbose_name_plural = _("altre grafie")


@admin.register(Office)
class OfficeAdmin(PortableAdmin):
    resource_classes = (OfficeResource,)
    list_display = ("name", "code", "parent", "administration", "retired_on")
    list_filter = (("administration", admin.RelatedOnlyFieldListFilter), InUseFilter)
    list_select_related = ("administration", "parent")
    search_fields = ("folded", "code", "aliases__folded")
    search_help_text = _("Denominazione, codice o altra grafia.")
    fixed_fields = ("administration",)
    autocomplete_fields = ("parent",)
    fieldsets = (
        (None, {"fields": ("administration", "code", "name", "parent")}),
        (_("Uso"), {"fields": ("retired_on", "retired_reason")}),
    )
    inlines = (AliasInline,)

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def save_formset(self, request, form, formset, change):
        """The spellings of an office are of its kind and of its administration."""
        for row in formset.save(commit=False):
            row.kind, row.administration = "office", form.instance.administration
        super().save_formset(request, form, formset, change)


@admin.register(Alias)
class AliasAdmin(RegisterAdmin):
    list_display = ("text", "kind", "target", "administration")
    list_filter = ("kind", ("administration", admin.RelatedOnlyFieldListFilter))
    list_select_related = (
        *("administration", "office", "risk_area", "function"),
        *("macroprocess__function", "executor_role"),
    )
    search_fields = ("folded",)
    fixed_fields = ("administration", "kind")
    autocomplete_fields = ("office", "risk_area", "function", "macroprocess", "executor_role")
    fieldsets = (
        (None, {"fields": ("administration", "kind", "text", "note")}),
        (
            _("Voce indicata"),
            {"fields": ("office", "risk_area", "function", "macroprocess", "executor_role")},
        ),
    )

    @admin.display(description=_("voce indicata"))
    def target(self, alias):
        return alias.target
