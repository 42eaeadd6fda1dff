"""Fields of forms, written as Django's own templates of them do, without going through those.

A field is a template that includes a template that goes round its attributes: half of what a form
costs. What is written here is the same to the last character, but for the dashes of no choice; a
test compares the two.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData

EMPTY = "—"
"""What stands for no choice, where the field has no words of its own for it."""

_DASHES = BLANK_CHOICE_DASH[0][1]
_PLACE = "django/forms/widgets/"
_OPTION = f"{_PLACE}select_option.html"
_INPUTS = ("text", "hidden", "number", "email", "url", "date", "time", "password", "checkbox")
_OPTIONS = ("radio_option", "checkbox_option")


class WidgetRenderer(DjangoTemplates):
    """Writes the common fields by itself, and leaves the others to their templates."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        """Return the HTML of a field or of a form."""
        write = _WRITERS.get(template_name)
        written = write(context["widget"]) if write else None
        return super().render(template_name, context, request) if written is None else written


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{_plain(value)}"'
    named = f'type="{widget["type"]}" name="{_said(widget["name"])}"'
    return f"<input {named}{given}{_attributes(widget)}>"


def _option(widget: Mapping[str, Any]) -> str:
    """Return the HTML of one of several buttons, within its label where it has one."""
    if not widget.get("wrap_label"):
        return _input(widget)
    at = widget["attrs"].get("id")
    opened = f'<label for="{_said(at)}">' if at else "<label>"
    return f"{opened}{_input(widget)}\n {_said(widget['label'])}</label>"


def _textarea(widget: Mapping[str, Any]) -> str:
    value = _said(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_said(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>'


def _select(widget: Mapping[str, Any]) -> str | None:
    """Return the HTML of a list to choose from; None where its options have templates of theirs."""
    parts = [f'<select name="{_said(widget["name"])}"{_attributes(widget)}>']
    for name, options, _index in widget["optgroups"]:
        if name:
            parts.append(f'\n  <optgroup label="{_said(name)}">')
        for option in options:
            if option["template_name"] != _OPTION:
                return None
            given = f'value="{_plain(option["value"])}"{_attributes(option)}'
            label = EMPTY if option["label"] == _DASHES else _said(option["label"])
            parts.append(f"\n  <option {given}>{label}</option>\n")
        if name:
            parts.append("\n  </optgroup>")
    return "".join((*parts, "\n</select>"))


def _attributes(widget: Mapping[str, Any]) -> str:
    return "".join(
        f" {_said(name)}" if value is True else f' {_said(name)}="{_plain(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _plain(value: Any) -> str:
    """Return a value as it is sent back, which is not as a person reads it."""
    return str(value) if isinstance(value, SafeData) else escape(str(value))


def _said(value: Any) -> str:
    """Return a value as a person reads it."""
    text = value if isinstance(value, str) else str(localize(value))
    return escape(text) if type(text) is str else conditional_escape(text)


_WRITERS = {f"{_PLACE}{name}.html": _input for name in _INPUTS} | {
    **{f"{_PLACE}{name}.html": _option for name in _OPTIONS},
    f"{_PLACE}textarea.html": _textarea,
    f"{_PLACE}select.html": _select,
}
