"""What a field of a form was called on its page, found again by its name and its address."""

import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.forms import BaseForm
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

_BARE = {
    "motivo": _("Motivo"),
    "elenco": _("Elenco"),
    "testo": _("Righe copiate"),
    "note": _("Note"),
}
"""Fields that pages have of their own, in no form."""


def label_of(name: str, path: str) -> str:
    """Return the label of a field that was sent to an address of this site, "" of one unknown.

    The forms are those the view of the address knows; else any field of that name, where all that
    have it call it the same. Rows of a page have their fields under a name with a dash or a colon
    before.
    """
    last = name.replace(":", "-").rpartition("-")[2]
    try:
        view = inspect.unwrap(resolve(path).func)
    except Resolver404:
        view = None
    for one in dict.fromkeys((name, last)):
        found = _labels_of_view(view).get(one) or _BARE.get(one) or _labels_of_models().get(one)
        if found:
            return str(found).capitalize() if str(found).islower() else str(found)
    return ""


@cache
def _labels_of_view(view: Any) -> dict[str, str]:
    """Return the labels of fields by name: of the forms a view uses, else of all its module knows.

    Of the latter those that mean one thing by their name.
    """
    if view is None or not hasattr(view, "__code__"):
        return {}
    known = vars(inspect.getmodule(view))
    used = [known[name] for name in view.__code__.co_names if name in known]
    return _meaning_one(_forms_in(known.values())) | _meaning_one(_forms_in(used))


def _meaning_one(forms: Iterator[Any]) -> dict[str, str]:
    labels: dict[str, set[str]] = {}
    for form in forms:
        for name, field in form.base_fields.items():
            if field.label:
                labels.setdefault(name, set()).add(str(field.label))
    return {name: found.pop() for name, found in labels.items() if len(found) == 1}


def _forms_in(values: Any, depth: int = 2) -> Iterator[Any]:
    """Yield the classes of forms among values, also those that stand in tables."""
    for value in values:
        if inspect.isclass(value) and issubclass(value, BaseForm):
            yield value
        elif depth and isinstance(value, dict | tuple | list):
            inner = value.values() if isinstance(value, dict) else value
            yield from _forms_in(inner, depth - 1)


@cache
def _labels_of_models() -> dict[str, Any]:
    """Return the labels of the fields of all tables that mean one thing by their name."""
    labels: dict[str, set[str]] = {}
    for model in apps.get_models():
        for field in model._meta.fields:
            labels.setdefault(field.name, set()).add(str(field.verbose_name))
    return {name: found.pop() for name, found in labels.items() if len(found) == 1}
