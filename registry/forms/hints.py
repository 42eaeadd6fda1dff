"""Help beside a field, of which a part is true only where scripts run."""

from typing import Any

from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString


def _hint(always: Any, scripted: Any) -> SafeString:
    return format_html('{} <span class="house-scripted">{}</span>', always, scripted)


scripted_hint = lazy(_hint, SafeString)
"""A text that is always said, and one that is said only where scripts run."""
