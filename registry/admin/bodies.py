"""Administrations, offices and the other spellings under which files know them."""

from contextlib import nullcontext

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registry.admin.base import RegisterAdmin, RegisterInline
from registry.admin.catalogues import InUseFilter
from registry.admin.portable import PortableAdmin
from registry.forms.bodies import RPCT_SETTINGS
from registry.forms.offices import OfficePlaceForm
from registry.models import Alias, Office
from registry.resources import OfficeResource
from registry.services.administrations import settings_act


class AdministrationAdmin(RegisterAdmin):
    """A body; its row is added by the service, which gives it catalogues (docs/decisions/0024).

    Its RPCT changes what `RPCT_SETTINGS` names: whether the body works with one person, whether its
    heads sign in with a second factor, where questions about its open data go, and how many
    measures an office and a person are to answer for at most.
    """

    view_right = "registry.view_administration"
    change_right = "registry.set_one_person"
    add_right = delete_right = keep_right = "registry.keep_administrations"
    list_display = ("name", "ipa_code", "tax_code", "adopting_organ")
    search_fields = ("folded", "ipa_code", "tax_code")
    search_help_text = _("Denominazione, codice IPA o codice fiscale.")
    fixed_fields = ("ipa_code",)
    added_by_service = True
    fieldsets = (
        (None, {"fields": ("ipa_code", "name", "tax_code", "adopting_organ")}),
        (_("Chi approva"), {"fields": ("is_one_person", "heads_have_second_factor")}),
        (_("Dati aperti"), {"fields": ("open_data_contact",)}),
        (_("Piano"), {"fields": ("measures_limit", "measures_limit_person")}),
        (_("Nomi delle persone"), {"fields": ("keeps_people_years",)}),
    )

    def get_fieldsets(self, request, obj=None):
        """Return the fieldsets; a new body begins with four eyes."""
        return super().get_fieldsets(request, obj) if obj else self.fieldsets[:1]

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj)]
        if not self.may(self.keep_right, request, obj):
            shown = admin.utils.flatten_fieldsets(self.get_fieldsets(request, obj))
            own = (*RPCT_SETTINGS, "version")
            fields += [name for name in shown if name not in (*fields, *own)]
        return fields

    def one_act(self, request):
        """Leave the act to what saves a body: it is that of this one body."""
        return nullcontext()

    def save_model(self, request, obj, form, change):
        """Save the body as one act, which says on the trail who may approve from now on."""
        told = {"changed": form.changed_data, "is_one_person": obj.is_one_person}
        with settings_act(obj, **told, by=request.user):
            super().save_model(request, obj, form, change)


class AliasInline(RegisterInline, admin.TabularInline):
    """Other spellings of the office."""

    model = Alias
    fk_name = "office"
    fields = ("text", "note")
    verbose_name_plural = _("altri modi di scriverlo")


@admin.register(Office)
class OfficeAdmin(PortableAdmin):
    resource_classes = (OfficeResource,)
    form = OfficePlaceForm
    list_display = ("name", "code", "parent", "administration", "retired_on")
    list_filter = (("administration", admin.RelatedOnlyFieldListFilter), InUseFilter)
    list_select_related = ("administration", "parent")
    search_fields = ("folded", "code", "aliases__folded")
    search_help_text = _("Denominazione, codice o altro modo di scriverlo.")
    fixed_fields = ("administration",)
    fieldsets = (
        (None, {"fields": ("administration", "code", "name", "parent", "move_told")}),
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
    autocomplete_fields = ("risk_area", "function", "macroprocess", "executor_role")
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
