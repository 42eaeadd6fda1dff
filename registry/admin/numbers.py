"""Numbers of the back office without zeros nobody typed: 2, where Django writes 2,000.

Django pads a number with all the places its column has, and gives no way of its own to leave them
out: neither a field nor a page is asked how it is shown.
"""

from decimal import Decimal

from django.contrib.admin import helpers
from django.contrib.admin.templatetags import admin_list
from django.contrib.admin.utils import display_for_field

from registry.readable import readable


def display_plainly(value, field, empty_value_display, avoid_link=False):
    """Return what a page of the back office shows of a value."""
    if isinstance(value, Decimal) and not getattr(field, "flatchoices", None):
        return readable(value)
    return display_for_field(value, field, empty_value_display, avoid_link=avoid_link)


helpers.display_for_field = admin_list.display_for_field = display_plainly
