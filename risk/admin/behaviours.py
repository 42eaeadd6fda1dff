"""Risk behaviours and the phases and actions they cover."""

from django.contrib import admin
from django.template.defaultfilters import truncatechars
from django.utils.translation import gettext_lazy as _

from registry.admin.annexes import AnnexRowAdmin
from registry.admin.base import RegisterInline
from registry.admin.office_filter import OfficeFilter
from registry.admin.portable import PortableAdmin
from registry.models import Action, Phase
from risk.models import Coverage, RiskBehaviour
from risk.resources import BehaviourResource
from risk.services.mapping.behaviours import may_touch


class CoverageInline(RegisterInline, admin.TabularInline):
    """Phases and actions of the behaviour's own process."""

    model = Coverage
    fields = ("phase", "action")
    names_need = ("behaviour",)

    def limited(self, db_field, request, parent):
        rows = super().limited(db_field, request, parent)
        ways = {Phase: "process", Action: "phase__process"}
        return rows.filter(**{ways[db_field.related_model]: parent.process_id})


class LeavesExOfficio:
    """Pages that leave alone what the RPCT has added ex officio."""

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj)

    @staticmethod
    def _may_touch(request, obj):
        behaviour = getattr(obj, "behaviour", obj)
        return behaviour is None or may_touch(behaviour=behaviour, by=request.user)


@admin.register(RiskBehaviour)
class RiskBehaviourAdmin(LeavesExOfficio, AnnexRowAdmin, PortableAdmin):
    resource_classes = (BehaviourResource,)
    list_display = ("short_text", "process", "office", "is_ex_officio")
    list_filter = (
        ("process__annex__plan", admin.RelatedOnlyFieldListFilter),
        ("process__annex__office", OfficeFilter),
        ("categories", admin.RelatedOnlyFieldListFilter),
        ("factors", admin.RelatedOnlyFieldListFilter),
        "is_ex_officio",
    )
    list_select_related = ("process__annex__office",)
    search_fields = ("folded", "process__folded")
    fixed_fields = ("process",)
    autocomplete_fields = ("process",)
    inlines = (CoverageInline,)
    fieldsets = (
        (None, {"fields": ("process", "position", "text", "is_ex_officio")}),
        (_("Di che genere è"), {"fields": ("categories", "factors")}),
    )

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    @admin.display(description=_("comportamento a rischio"), ordering="folded")
    def short_text(self, behaviour):
        return truncatechars(behaviour.text, 160)

    @admin.display(description=_("ufficio"), ordering="process__annex__office__folded")
    def office(self, behaviour):
        return behaviour.process.annex.office


@admin.register(Coverage)
class CoverageAdmin(LeavesExOfficio, AnnexRowAdmin):
    """The same rows as on the page of the behaviour, to be found from the phase."""

    parent_field = "behaviour"
    list_display = ("behaviour", "phase", "action")
    list_filter = (("behaviour__process__annex__office", OfficeFilter),)
    list_select_related = ("behaviour", "phase", "action")
    search_fields = ("behaviour__folded", "phase__folded", "action__folded")
    fixed_fields = ("behaviour",)
    autocomplete_fields = ("behaviour", "phase", "action")
    fieldsets = ((None, {"fields": ("behaviour", "phase", "action")}),)
