"""The tags of translation, which look their words up once: when a template is loaded.

The site speaks one language, and looking up every text at every look was a tenth of a page. Where
`LANGUAGES` has more than one they are Django's own. Templates load them as they load those
(`{% load i18n %}`): the settings put this library in their place.
"""

import re
from typing import Any

from django.conf import settings
from django.template import Context, Library, Node
from django.template.base import (
    Parser,
    TextNode,
    Token,
    TokenType,
    Variable,
    render_value_in_context,
)
from django.templatetags import i18n
from django.utils import translation
from django.utils.safestring import SafeString

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)

_NAME = re.compile(r"%\(([^)]*)\)s")


class SaidAsNode(Node):
    """Gives a name to words that are known."""

    child_nodelists = ()

    def __init__(self, name: str, said: str) -> None:
        self.name, self.said = name, said

    def render(self, context: Context) -> SafeString:
        context[self.name] = self.said
        return SafeString()


class SaidAroundNode(Node):
    """Words that are known around values that are not."""

    child_nodelists = ()

    def __init__(self, node: i18n.BlockTranslateNode, message: str) -> None:
        self.given, self.name = tuple(node.extra_context.items()), node.asvar
        # words, name, words, name, … words
        first, *rest = _NAME.split(message)
        self.first, self.rest = first, tuple(zip(rest[::2], rest[1::2], strict=True))

    def render(self, context: Context) -> SafeString:
        given = {name: value.resolve(context) for name, value in self.given}
        said = [self.first]
        for name, words in self.rest:
            value = given[name] if name in given else _value_of(name, context)
            said += (render_value_in_context(value, context), words)
        whole = SafeString("".join(said))
        if not self.name:
            return whole
        context[self.name] = whole
        return SafeString()


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """Compile a text: words that are written out are looked up now."""
    node = i18n.do_translate(parser, token)
    said = node.filter_expression
    is_written_out = isinstance(said.var, Variable) and isinstance(said.var.literal, str)
    if not is_settled() or node.message_context or said.filters or not is_written_out:
        return node
    context = Context()
    with translation.override(settings.LANGUAGE_CODE):
        text = node.render(context)
    return SaidAsNode(node.asvar, context[node.asvar]) if node.asvar else TextNode(text)


@register.tag("blocktranslate")
@register.tag("blocktrans")
def block_translate(parser: Parser, token: Token) -> Node:
    """Compile a text around values: its words are looked up now, unless they follow a number."""
    node = i18n.do_block_translate(parser, token)
    words = [part.contents for part in node.singular if part.token_type == TokenType.TEXT]
    # a percent sign among the words is written otherwise in what is looked up
    if not is_settled() or node.plural or node.message_context or "%" in "".join(words):
        return node
    with translation.override(settings.LANGUAGE_CODE):
        return SaidAroundNode(node, translation.gettext(node.render_token_list(node.singular)[0]))


def is_settled() -> bool:
    """Return whether the language of a page is known before anybody asks for it."""
    return [code for code, _name in settings.LANGUAGES] == [settings.LANGUAGE_CODE]


def _value_of(name: str, context: Any) -> Any:
    """Return what a name stands for, or what the engine says in the place of one that is not."""
    if name in context:
        return context[name]
    invalid = context.template.engine.string_if_invalid
    return invalid % name if "%s" in invalid else invalid
