"""The programming of measures: what they cover, their steps and what shows their progress."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registry.admin.annexes import AnnexRowAdmin
from registry.admin.base import RegisterInline
from registry.admin.office_filter import OfficeFilter
from registry.admin.portable import PortableAdmin
from registry.hanging import on_annexes
from risk.models import (
    ImplementationStep,
    MeasureTarget,
    PlannedMeasure,
    ProgressIndicator,
)
from risk.resources import PlannedMeasureResource


class TargetInline(RegisterInline, admin.TabularInline):
    """What the measure covers: rows of its annex, of the kind its scope says."""

    model = MeasureTarget
    fields = tuple(MeasureTarget.COLUMNS.values())
    names_need = ("planned_measure__measure",)

    def get_fields(self, request, obj=None):
        column = MeasureTarget.COLUMNS.get(obj.scope) if obj else None
        return (column,) if column else self.fields

    def limited(self, db_field, request, parent):
        rows = super().limited(db_field, request, parent)
        return rows.filter(on_annexes(db_field.related_model, pk=parent.annex_id))


class StepInline(RegisterInline, admin.TabularInline):
    model = ImplementationStep
    fields = (
        *("position", "description", "timing", "due_on"),
        *("responsible_role", "responsible_office"),
    )


class ProgressInline(RegisterInline, admin.StackedInline):
    model = ProgressIndicator
    fields = (
        *("position", "label", "kind", "unit", "step"),
        *("baseline", "baseline_on", "target", "target_on", "is_master"),
    )

    def limited(self, db_field, request, parent):
        rows = super().limited(db_field, request, parent)
        return rows.filter(planned_measure=parent)


@admin.register(PlannedMeasure)
class PlannedMeasureAdmin(AnnexRowAdmin, PortableAdmin):
    resource_classes = (PlannedMeasureResource,)
    names_need = ("measure",)
    list_display = ("measure", "scope", "annex", "plan", "start_state", "responsible")
    list_filter = (
        ("plan", admin.RelatedOnlyFieldListFilter),
        "scope",
        ("annex__office", OfficeFilter),
        "measure__character",
        "start_state",
    )
    list_select_related = (
        *("measure", "plan", "annex__office", "annex__plan"),
        *("responsible_office", "responsible_role"),
    )
    search_fields = ("measure__folded", "measure__code", "annex__office__folded")
    fixed_fields = ("plan", "annex", "scope")
    autocomplete_fields = ("annex", "measure")
    inlines = (TargetInline, StepInline, ProgressInline)
    fieldsets = (
        (None, {"fields": ("plan", "annex", "measure", "scope", "position")}),
        (
            _("Attuazione"),
            {
                "fields": ("start_state", "notes", "responsible_role", "responsible_office")
                + ("monitoring_frequency", "monitoring_mode")
            },
        ),
    )

    def get_inlines(self, request, obj):
        """A measure of the whole plan or of the whole office has no targets."""
        if obj is None:
            return ()
        return self.inlines if obj.scope in MeasureTarget.COLUMNS else self.inlines[1:]

    @admin.display(description=_("responsabile"))
    def responsible(self, planned):
        return planned.printed_responsible or None


class PlannedRowAdmin(AnnexRowAdmin):
    """A row of one programming: the same rows as on the page of the measure."""

    parent_field = "planned_measure"
    fixed_fields = ("planned_measure",)
    autocomplete_fields = ("planned_measure",)
    list_filter = (
        ("planned_measure__plan", admin.RelatedOnlyFieldListFilter),
        ("planned_measure__annex__office", OfficeFilter),
    )
    names_need = ("planned_measure__measure",)
    list_select_related = ("planned_measure__measure",)


@admin.register(MeasureTarget)
class MeasureTargetAdmin(PlannedRowAdmin):
    list_display = ("planned_measure", "process", "phase", "action", "behaviour")
    list_select_related = (
        *("planned_measure__measure", "process", "phase", "action", "behaviour"),
    )
    search_fields = ("planned_measure__measure__folded", "process__folded", "behaviour__folded")
    autocomplete_fields = ("planned_measure", "process", "phase", "action", "behaviour")
    fieldsets = (
        (None, {"fields": ("planned_measure", "process", "phase", "action", "behaviour")}),
    )


@admin.register(ImplementationStep)
class ImplementationStepAdmin(PlannedRowAdmin):
    list_display = ("description", "planned_measure", "timing", "due_on")
    search_fields = ("description", "planned_measure__measure__folded")
    fieldsets = (
        (None, {"fields": ("planned_measure", "position", "description", "timing", "due_on")}),
        (_("Chi ne risponde"), {"fields": ("responsible_role", "responsible_office")}),
    )


@admin.register(ProgressIndicator)
class ProgressIndicatorAdmin(PlannedRowAdmin):
    list_display = ("label", "planned_measure", "kind", "baseline", "target", "is_master")
    search_fields = ("label", "planned_measure__measure__folded")
    autocomplete_fields = ("planned_measure", "step")
    fieldsets = (
        (
            None,
            {
                "fields": ("planned_measure", "step", "position", "label", "kind", "unit")
                + ("baseline", "baseline_on", "target", "target_on", "is_master")
            },
        ),
    )
