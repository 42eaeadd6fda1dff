"""The tag of addresses, which finds out once what an address looks like.

A page names a hundred of them, and looking through all addresses of the site for each was a
twentieth of it. An address of rows is the same words around their identifiers: those words are
kept, for as long as the process lives. Whatever else is asked for is left to Django's own tag.
"""

import re
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template import Context, Library, Node
from django.template.base import Parser, Token, Variable
from django.template.defaulttags import URLNode, url
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape

register = Library()

_UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class AddressNode(URLNode):
    """Writes an address whose view is named in the template, of rows that are named by uids."""

    def __init__(self, view: str, node: URLNode) -> None:
        super().__init__(node.view_name, node.args, node.kwargs, node.asvar)
        self.view = view

    def render(self, context: Context) -> str:
        rows = [value.resolve(context) for value in self.args]
        words = None
        if all(map(_is_uid, rows)):
            place = (get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
            words = _words_of(self.view, len(rows), _application(context), place)
        if words is None:
            return super().render(context)
        address = "".join(chain(*zip_longest(words, map(str, rows), fillvalue="")))
        if self.asvar:
            context[self.asvar] = address
            return ""
        return conditional_escape(address) if context.autoescape else address


@register.tag("url")
def address(parser: Parser, token: Token) -> Node:
    """Compile an address: where its view is written out, what it looks like is kept."""
    node = url(parser, token)
    named = node.view_name.var
    view = named.literal if isinstance(named, Variable) else named
    if node.kwargs or node.view_name.filters or not isinstance(view, str):
        return node
    return AddressNode(str(view), node)


@lru_cache(maxsize=5_000)
def _words_of(
    view: str, count: int, application: str | None, _place: tuple[Any, str]
) -> tuple[str, ...] | None:
    """Return the words before, between and after so many uids; None where it is not so simple."""
    rows = [UUID(int=n) for n in range(1, count + 1)]
    try:
        rest = reverse(view, args=rows, current_app=application)
    except NoReverseMatch:
        return None
    words = []
    for row in map(str, rows):
        before, found, rest = rest.partition(row)
        if not found:
            return None
        words.append(before)
    return (*words, rest)


def _is_uid(value: Any) -> bool:
    return type(value) is UUID or (isinstance(value, str) and _UID.fullmatch(value) is not None)


def _application(context: Any) -> str | None:
    """Return the site a page belongs to, as Django's own tag finds it."""
    request = getattr(context, "request", None)
    if request is None:
        return None
    if hasattr(request, "current_app"):
        return request.current_app
    match = request.resolver_match
    return match.namespace if match else None
