"""Assessments: texts are edited here, levels and grades only on the pages (docs/decisions/0033)."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registry.admin.annexes import AnnexRowAdmin
from registry.admin.base import RegisterInline
from risk.models import Assessment, Rating

GRADES = ("level", "answer", "score")


class RatingInline(RegisterInline, admin.StackedInline):
    model = Rating
    fields = ("indicator", *GRADES, "motivation", "evidence")
    readonly_fields = GRADES
    names_need = ("assessment",)

    def limited(self, db_field, request, parent):
        rows = super().limited(db_field, request, parent)
        return rows.filter(method=parent.method_id) if db_field.name == "indicator" else rows


@admin.register(Assessment)
class AssessmentAdmin(AnnexRowAdmin):
    list_display = ("subject", "method", "moment", "level", "assessed_on")
    list_filter = (
        ("method", admin.RelatedOnlyFieldListFilter),
        "moment",
        ("level", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("process", "behaviour", "method", "level")
    names_need = ("process", "behaviour", "level")
    search_fields = ("process__folded", "behaviour__folded", "behaviour__process__folded")
    search_help_text = _("Processo o comportamento.")
    fixed_fields = ("process", "behaviour", "method", "moment")
    readonly_fields = ("level",)
    autocomplete_fields = ("process", "behaviour")
    inlines = (RatingInline,)
    fieldsets = (
        (None, {"fields": ("process", "behaviour", "method", "moment")}),
        (_("Giudizio"), {"fields": ("level", "motivation", "assessed_on")}),
    )

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    @admin.display(description=_("oggetto"))
    def subject(self, assessment):
        return assessment.process or assessment.behaviour


@admin.register(Rating)
class RatingAdmin(AnnexRowAdmin):
    parent_field = "assessment"
    list_display = ("subject", "indicator", "level", "answer", "score")
    list_display_links = ("subject", "indicator")
    list_filter = (("indicator__method", admin.RelatedOnlyFieldListFilter),)
    list_select_related = (
        *("assessment__process", "assessment__behaviour"),
        *("indicator", "level", "answer"),
    )
    search_fields = (
        "indicator__label",
        "assessment__process__folded",
        "assessment__behaviour__folded",
    )
    fixed_fields = ("assessment", "indicator")
    readonly_fields = GRADES
    autocomplete_fields = ("assessment",)
    fieldsets = (
        (None, {"fields": ("assessment", "indicator", *GRADES, "motivation", "evidence")}),
    )

    @admin.display(description=_("oggetto"))
    def subject(self, rating):
        return rating.assessment.process or rating.assessment.behaviour
