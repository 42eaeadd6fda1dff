"""A list that sorts by its heads, where these are not seen: a field offers them instead."""

from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token

register = template.Library()

_HEADS = "heads_of_the_list"


class SortableNode(template.Node):
    """What `{% sortable %}` holds: it is drawn first, as its heads say themselves what they are."""

    def __init__(self, sorting: Any, nodelist: NodeList) -> None:
        self.sorting, self.nodelist = sorting, nodelist

    def render(self, context: Any) -> str:
        """Return the field with the heads, before the list they are of."""
        heads: list[tuple[str, Any]] = []
        with context.push(**{_HEADS: heads}):
            content = self.nodelist.render(context)
        if not heads:
            return content
        sorting = self.sorting.resolve(context)
        chosen = context.template.engine.get_template("registry/_order_by.html")
        with context.push(sorting=sorting, heads=heads):
            return chosen.render(context) + content


@register.tag
def sortable(parser: Parser, token: Token) -> SortableNode:
    """Offer the heads of a list in a field on narrow screens: `{% sortable sorting %}…`.

    It ends with `{% endsortable %}`, and stands around the form the list is in, if any.
    """
    _name, sorting = token.split_contents()
    nodelist = parser.parse(("endsortable",))
    parser.delete_first_token()
    return SortableNode(parser.compile_filter(sorting), nodelist)


@register.simple_tag(takes_context=True)
def note_head(context: Any) -> str:
    """Tell the `{% sortable %}` around it of a head: its `head` and `label`."""
    heads, head = context.get(_HEADS), context.get("head")
    # a list in several tables has the same heads in each
    if heads is not None and head and (told := (head.key, context["label"])) not in heads:
        heads.append(told)
    return ""
