"""How the programming of a measure is read in a list."""

import re

from django import template

from risk.models import ProgressIndicator
from risk.services.treatment.terms import values_of

register = template.Library()
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=[^\s(→])")


@register.filter
def values(indicator: ProgressIndicator) -> str:
    """Return from which value an indicator starts, and which is to be reached by when.

    No line ends between a number and its unit.
    """
    return _BEFORE_UNIT.sub("\N{NO-BREAK SPACE}", values_of(indicator))
