"""Addresses of the objectives of a plan, and what is expected of one."""

from django import template
from django.urls import reverse

from risk.content.objective_values import expected_of

register = template.Library()


@register.simple_tag
def indicator_url(name: str, plan, row, indicator) -> str:
    """Return an address of an indicator of an objective."""
    return reverse(
        f"risk:{name}", args=[plan.administration.ipa_code, plan.slug, row.uid, indicator.uid]
    )


@register.filter
def expected(indicator, years) -> str:
    """Return where an indicator starts and what each year is to bring, in one line."""
    return expected_of(indicator, years)
