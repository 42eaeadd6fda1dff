"""What is said of a text beside the field it is typed in."""

from django import template

from registry.validators import long_word_warning

register = template.Library()


@register.filter
def long_word(text: object) -> str:
    """Return the warning for a text with a word too long to be one, "" for all others."""
    return long_word_warning(text)
