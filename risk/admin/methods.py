"""Methods of assessment: a body's own method is data, made here without code."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registry.admin.base import RegisterAdmin, RegisterInline
from registry.admin.catalogues import InUseFilter
from risk.models import Answer, Indicator, Level, MatrixCell, Method, PlanMethod


class OfMethod(RegisterInline):
    """Choices of the same method only."""

    def limited(self, db_field, request, parent):
        return super().limited(db_field, request, parent).filter(method=parent)


class LevelInline(RegisterInline, admin.TabularInline):
    model = Level
    fields = ("scale", "ordinal", "code", "label", "tone", "min_score", "max_score")


class IndicatorInline(RegisterInline, admin.TabularInline):
    model = Indicator
    fields = ("position", "code", "label", "dimension", "scale")


class MatrixCellInline(OfMethod, admin.TabularInline):
    model = MatrixCell
    fields = ("probability", "impact", "result")


class AnswerInline(RegisterInline, admin.TabularInline):
    model = Answer
    fields = ("position", "label", "score")


@admin.register(Method)
class MethodAdmin(RegisterAdmin):
    list_display = ("name", "code", "edition", "kind", "has_residual", "administration")
    list_filter = ("kind", ("administration", admin.RelatedOnlyFieldListFilter), InUseFilter)
    list_select_related = ("administration",)
    search_fields = ("name", "code")
    fixed_fields = ("administration",)
    inlines = (LevelInline, IndicatorInline, MatrixCellInline)
    fieldsets = (
        (
            None,
            {
                "fields": ("administration", "code", "edition", "name", "kind")
                + ("has_residual", "decimals", "description", "source")
            },
        ),
        (_("Uso"), {"fields": ("retired_on", "retired_reason")}),
    )

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()


class MethodRowAdmin(RegisterAdmin):
    """A part of a method: the rights are those of the method."""

    parent_field = rights_of = "method"
    fixed_fields = ("method",)
    list_filter = (("method", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("method",)


@admin.register(Level)
class LevelAdmin(MethodRowAdmin):
    names_need = ("method",)
    list_display = ("label", "code", "scale", "ordinal", "method", "min_score", "max_score")
    list_filter = ("scale", *MethodRowAdmin.list_filter)
    search_fields = ("label", "code", "method__name")
    fieldsets = (
        (
            None,
            {
                "fields": ("method", "scale", "ordinal", "code", "label", "guidance", "tone")
                + ("min_score", "max_score", "needs_specific_measure")
            },
        ),
    )


@admin.register(Indicator)
class IndicatorAdmin(MethodRowAdmin):
    list_display = ("label", "code", "dimension", "method")
    list_filter = ("dimension", *MethodRowAdmin.list_filter)
    search_fields = ("label", "code", "method__name")
    inlines = (AnswerInline,)
    fieldsets = (
        (
            None,
            {
                "fields": ("method", "position", "code", "label", "dimension", "scale")
                + ("question", "guidance", "source")
            },
        ),
    )

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()


@admin.register(Answer)
class AnswerAdmin(RegisterAdmin):
    parent_field = "indicator"
    rights_of = "indicator__method"
    fixed_fields = ("indicator",)
    list_display = ("label", "score", "indicator", "method")
    list_filter = (("indicator__method", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("indicator__method",)
    search_fields = ("label", "indicator__label")
    autocomplete_fields = ("indicator",)
    fieldsets = ((None, {"fields": ("indicator", "position", "label", "score")}),)

    @admin.display(description=_("metodo"), ordering="indicator__method__name")
    def method(self, answer):
        return answer.indicator.method


@admin.register(MatrixCell)
class MatrixCellAdmin(MethodRowAdmin):
    list_display = ("method", "probability", "impact", "result")
    list_select_related = ("method", "probability", "impact", "result")
    search_fields = ("method__name", "probability__label", "impact__label", "result__label")
    autocomplete_fields = ("probability", "impact", "result")
    fieldsets = ((None, {"fields": ("method", "probability", "impact", "result")}),)


@admin.register(PlanMethod)
class PlanMethodAdmin(RegisterAdmin):
    view_right = "registry.view_plan"
    change_right = "registry.change_plan"
    parent_field = rights_of = "plan"
    fixed_fields = ("plan",)
    list_display = ("plan", "method", "is_default")
    list_filter = (
        ("plan", admin.RelatedOnlyFieldListFilter),
        ("method", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("plan", "method")
    search_fields = ("plan__folded", "method__name")
    fieldsets = ((None, {"fields": ("plan", "method", "is_default")}),)
