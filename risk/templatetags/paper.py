"""How texts that people typed are set on paper, and on the pages that show it."""

from django import template

from risk.content.typography import with_apostrophes

register = template.Library()
register.filter("apostrophes", with_apostrophes)
