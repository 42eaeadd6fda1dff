"""Values of templates, written by a shorter way than Django's where the longer says the same.

A sheet has 1,600 values, and the engine's way to each was a fifth of a page: it looks for a key
where there are none, by an error it then catches, and asks of every text what language, time zone
and kind of text it is. Here the plain cases – a name of the context, an attribute, a method without
arguments; a text, a small number – are done at once, and all others are Django's own.
"""

from collections.abc import Iterable
from html import escape
from typing import Any
from unicodedata import is_normalized

from django.template import Context, RequestContext, Template
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    TextNode,
    Variable,
    VariableDoesNotExist,
    VariableNode,
    render_value_in_context,
)
from django.template.defaultfilters import truncatechars
from django.template.loader_tags import IncludeNode, construct_relative_path
from django.template.loaders.cached import Loader
from django.utils.safestring import SafeString

_CONTEXTS = {Context, RequestContext}
_NO_KEY = (TypeError, AttributeError, KeyError, ValueError, IndexError)
"""What tells that a thing has no such key, as Django takes it."""
_LOST = "Failed lookup for key [%s] in %r"
_GROUPED_FROM = 1_000
"""The first number that the separator of thousands is in."""


class QuickVariable(Variable):
    """A name of a template, with attributes after it."""

    __slots__ = ()

    def resolve(self, context: Any) -> Any:
        """Return what it stands for. Raises `VariableDoesNotExist`."""
        if self.lookups is None or self.translate or type(context) not in _CONTEXTS:
            return super().resolve(context)
        first, *rest = self.lookups
        for scope in reversed(context.dicts):
            if first in scope:
                value = scope[first]
                break
        else:
            if hasattr(context, first):
                return super().resolve(context)
            raise VariableDoesNotExist(_LOST, (first, context))
        try:
            return _of(value, rest)
        except Exception:  # noqa: BLE001 - whatever it was, Django's way finds it again and says it
            return super().resolve(context)


class QuickExpression(FilterExpression):
    """A value of a template with the filters it goes through, which mostly are none."""

    __slots__ = ()

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        """Return the value."""
        if self.filters or not self.is_var:
            return super().resolve(context, ignore_failures)
        try:
            return self.var.resolve(context)
        except VariableDoesNotExist:
            # of a condition nothing more is asked
            return None if ignore_failures else super().resolve(context)


class QuickNodeList(NodeList):
    """A part of a template, each node of which is asked for what it writes and no more.

    Where templates are debugged Django notes besides in which node an error was.
    """

    def render(self, context: Context) -> SafeString:
        """Return what is written."""
        return SafeString(
            "".join([node.s if type(node) is TextNode else node.render(context) for node in self])
        )


class _NotPlainError(Exception):
    """What only Django's way knows."""


def _of(value: Any, attributes: list[str]) -> Any:
    if callable(value):
        value = _called(value)
    for name in attributes:
        if hasattr(type(value), "__getitem__"):
            try:
                value = value[name]
            except _NO_KEY:
                value = getattr(value, name)
        else:
            value = getattr(value, name)
        if callable(value):
            value = _called(value)
    return value


def _called(value: Any) -> Any:
    if getattr(value, "do_not_call_in_templates", False):
        return value
    if getattr(value, "alters_data", False):
        raise _NotPlainError
    return value()


class QuickNode(VariableNode):
    """A value of a template, as it is written into the page."""

    def render(self, context: Context) -> SafeString:
        """Return what is written."""
        expression = self.filter_expression
        if not expression.is_var or not context.autoescape:
            return super().render(context)
        if expression.filters:
            value = expression.resolve(context)
        else:
            try:
                value = expression.var.resolve(context)
            except Exception:  # noqa: BLE001 - as above
                return super().render(context)
        kind = type(value)
        if kind is SafeString:
            return value
        if kind is str:
            return SafeString(escape(value))
        if kind is int and -_GROUPED_FROM < value < _GROUPED_FROM:
            return SafeString(value)
        return render_value_in_context(value, context)


def short_text(value: Any, longest: Any) -> Any:
    """Return what `truncatechars` does, which goes through a text sign by sign, long or not."""
    is_short = type(value) is str and type(longest) is int and len(value) <= longest
    if is_short and (value.isascii() or is_normalized("NFC", value)):
        return value
    return truncatechars(value, longest)


short_text.is_safe = True  # type: ignore[attr-defined]
_SHORTER = {truncatechars: short_text}
"""Filters that have a shorter way."""


class QuickInclude(IncludeNode):
    """A template named in another one, which is looked for once and not each time it is written."""

    def render(self, context: Context) -> str:
        """Return what is written."""
        template = vars(self).get("found")
        if template is None or type(context) not in _CONTEXTS or context.template is None:
            return self._first(context)
        values = {name: value.resolve(context) for name, value in self.extra_context.items()}
        rendering = context.render_context
        around, rendering.template = rendering.template, template
        rendering.push()
        try:
            with context.push(**values):
                return template._render(context)
        finally:
            rendering.template = around
            rendering.pop()

    def _first(self, context: Context) -> str:
        name = self.template.var
        if isinstance(name, str) and not self.template.filters and not self.isolated_context:
            whole = construct_relative_path(self.origin.template_name, name)
            self.found = context.template.engine.get_template(whole)
        return super().render(context)


class QuickLoader(Loader):
    """Keeps templates as Django's loader does, with values written by the shorter way."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """Return a template, as Django does."""
        is_new = self.cache_key(template_name, skip) not in self.get_template_cache
        template = super().get_template(template_name, skip)
        if is_new:
            quicken(template.nodelist, set(), debug=self.engine.debug)
        return template


def quicken(part: Any, done: set[int], *, debug: bool = False) -> None:
    """Give all values in a part of a template, and whatever it has, the shorter way."""
    if id(part) in done:
        return
    inside: Iterable[Any] = ()
    if isinstance(part, list | tuple):
        inside = part
        if type(part) is NodeList and not debug:
            part.__class__ = QuickNodeList
    elif isinstance(part, dict):
        inside = part.values()
    elif type(part) is Variable:
        part.__class__ = QuickVariable
    elif isinstance(part, FilterExpression):
        part.__class__ = QuickExpression
        part.filters = [(_SHORTER.get(use, use), given) for use, given in part.filters]
        inside = (part.var, part.filters)
    elif isinstance(part, Node) or _is_condition(part):
        done.add(id(part))
        if type(part) is VariableNode:
            part.__class__ = QuickNode
        elif type(part) is IncludeNode:
            part.__class__ = QuickInclude
        inside = vars(part).values()
    for one in inside:
        quicken(one, done, debug=debug)


def _is_condition(part: Any) -> bool:
    """Tell whether this is an operator or a value in a condition (`{% if %}`)."""
    return hasattr(part, "lbp") and hasattr(part, "__dict__")
