"""How the programming of a measure is read in a list."""

from django import template

from risk.models import ProgressIndicator
from risk.services.treatment.terms import values_of

register = template.Library()


@register.filter
def values(indicator: ProgressIndicator) -> str:
    """Return from which value an indicator starts, and which is to be reached by when."""
    return values_of(indicator)
