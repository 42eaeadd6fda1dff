"""Catalogues of the risk room: categories, factors, typologies and the measures themselves."""

from django.contrib import admin

from registry.admin.catalogues import CatalogueAdmin
from risk.models import (
    ChapterTitle,
    EnablingFactor,
    EventCategory,
    LegalReference,
    Measure,
    MeasureTypology,
)
from risk.resources import (
    ChapterTitleResource,
    EnablingFactorResource,
    EventCategoryResource,
    LegalReferenceResource,
    MeasureResource,
    MeasureTypologyResource,
)


@admin.register(EventCategory)
class EventCategoryAdmin(CatalogueAdmin):
    resource_classes = (EventCategoryResource,)


@admin.register(EnablingFactor)
class EnablingFactorAdmin(CatalogueAdmin):
    resource_classes = (EnablingFactorResource,)


@admin.register(MeasureTypology)
class MeasureTypologyAdmin(CatalogueAdmin):
    resource_classes = (MeasureTypologyResource,)
    details = ("indicator_examples",)


@admin.register(Measure)
class MeasureAdmin(CatalogueAdmin):
    resource_classes = (MeasureResource,)
    details = (
        *("character", "description", "typologies"),
        *("event_categories", "enabling_factors", "anac_areas"),
    )
    list_display = ("code", "label", "character", "administration", "retired_on")
    list_filter = ("character", *CatalogueAdmin.list_filter)


@admin.register(LegalReference)
class LegalReferenceAdmin(CatalogueAdmin):
    """What texts cite; a repeal is a row, and the list of what is missing finds the citations."""

    resource_classes = (LegalReferenceResource,)
    details = ("spellings", "in_force_from", "repealed_on", "advice")
    list_display = ("code", "label", "repealed_on", "administration", "retired_on")


@admin.register(ChapterTitle)
class ChapterTitleAdmin(CatalogueAdmin):
    """The chapters plans of a kind usually have; those of a plan are its own."""

    resource_classes = (ChapterTitleResource,)
    details = ("document",)
    list_display = ("code", "label", "document", "administration", "retired_on")
