"""Addresses of the things of a plan, and the look of levels and counts."""

from functools import lru_cache
from urllib.parse import quote_plus

from django import template
from django.forms import BaseForm
from django.urls import reverse

register = template.Library()


@register.simple_tag
def own_row_url(name: str, plan, row) -> str:
    """Return an address of a row of a plan: `{% own_row_url "plan_chapter" plan row %}`."""
    return reverse(f"risk:{name}", args=[plan.administration.ipa_code, plan.slug, row.uid])


@register.simple_tag
def plan_url(name: str, plan) -> str:
    """Return the address of a page of a plan: `{% plan_url "plan_processes" plan %}`."""
    return reverse(f"risk:{name}", args=[plan.administration.ipa_code, plan.slug])


@register.simple_tag
def rows_url(base: str, cell, office: str = "") -> str:
    """Return the address of the rows a cell of figures counts, in the list that is at `base`."""
    filters = {"ufficio": office, **cell.filters}
    kept = "&".join(f"{key}={_quoted(value)}" for key, value in filters.items() if value)
    return f"{base}?{kept}"


_quoted = lru_cache(maxsize=2000)(quote_plus)
"""Codes of areas, levels and offices: a page of figures names each of them in dozens of cells."""


@register.simple_tag
def missing_url(point, annex) -> str:
    """Return the address of the place where a missing point is mended."""
    if point.remark is not None:
        return reverse("risk:remark", args=[point.remark])
    if point.anchor.startswith("/"):
        return point.anchor
    if point.place is None:
        return f"{reverse('risk:mapping', args=[annex.uid])}{point.anchor}"
    return f"{reverse('risk:process_sheet', args=[point.place.uid])}#{point.anchor}"


@register.filter
def is_asked(filters: BaseForm) -> bool:
    """Return whether an address asks for one of the filters of a list, even for nothing in it."""
    return any(name in filters.data for name in filters.fields)
