"""The shorter way to the values of a template writes what Django's way writes, to the letter."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Engine, RequestContext
from django.template.base import VariableNode
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from ptpct.quick_values import QuickNode, QuickVariable, quicken


class Row:
    """A thing with attributes of every sort, which notes what is asked of it."""

    name = "L’atto di «Tributi» & <b>altri</b>"
    rows = ("uno", "due")
    nothing = None

    def __init__(self) -> None:
        self.asked = 0

    @property
    def counted(self) -> int:
        """How often this was asked."""
        self.asked += 1
        return self.asked

    @property
    def broken(self) -> str:
        """Raise."""
        raise AttributeError("manca")

    @property
    def lost(self) -> str:
        """Raise what a template keeps silent of."""
        raise ObjectDoesNotExist

    def method(self) -> str:
        """Return a text."""
        return "<metodo>"

    def asking(self, other: str) -> str:
        """Want an argument."""
        return other

    def delete(self) -> str:
        """Do harm."""
        raise AssertionError("called")

    delete.alters_data = True


class Keyed(Row):
    """The same, with keys before attributes."""

    def __getitem__(self, key: str) -> str:
        """Return it for one key."""
        return {"name": "per chiave"}[key]


class Shown(Row):
    """A class that is not called."""

    do_not_call_in_templates = True


def values() -> dict[str, Any]:
    return {
        "row": Row(),
        "keyed": Keyed(),
        "shown": Shown,
        "lazy_row": SimpleLazyObject(Row),
        "dict": {"name": "<chiave>", "items": "mia", "0": "zero"},
        "list": ["<primo>", {"name": "dentro"}],
        "text": "<i>'\"&",
        "combined": "e\u0301a\u0301o\u0301",
        "safe": mark_safe("<i>&amp;</i>"),
        "lazy": gettext_lazy("Processi & rischi"),
        "numbers": {"a": 0, "b": 999, "c": 1000, "d": -999, "e": -1000, "f": 1234567, "g": True},
        "more": {"a": 1.5, "b": Decimal("1234.50"), "c": None},
        "day": datetime.date(2026, 11, 28),
        "moment": datetime.datetime(2026, 7, 1, 12, tzinfo=datetime.UTC),
        "function": lambda: "<chiamata>",
        "broken_function": lambda: {}["manca"],
        "_row": "nascosto",
    }


EXPRESSIONS = [
    *("row.name", "row.counted", "row.method", "row.asking", "row.delete", "row.rows.1"),
    *("row.nothing", "row.nothing.name", "row.absent", "row.lost", "row.method.upper"),
    *("keyed.name", "keyed.method", "shown", "shown.name", "lazy_row.name", "lazy_row.method"),
    *("dict.name", "dict.items", "dict.keys", "dict.0", "dict.absent", "list.0", "list.1.name"),
    *("text", "safe", "lazy", "text.upper", "text.0", "absent", "absent.name", "function"),
    *(f"numbers.{key}" for key in "abcdefg"),
    *(f"more.{key}" for key in "abc"),
    *("day", "day.year", "moment", "row.name|upper", "text|safe", "list|join:dict.name"),
    *(f"text|truncatechars:{n}" for n in (-1, 0, 3, 6, "more.a")),
    *(
        "safe|truncatechars:40",
        "combined|truncatechars:3",
        "absent|truncatechars:3",
        "None|truncatechars:9",
    ),
    *(
        "day|date:'d/m/Y'",
        "row.absent|default:'<niente>'",
        "numbers.f|truncatechars:3",
        "dict|length",
    ),
    *('"<letterale>"', "12345", "True", "None", "block", "request.path", "dicts"),
]
ROUNDS = [
    "{{{{ {} }}}}",
    "{{% if {} %}}sì{{% else %}}no{{% endif %}}",
    "{{% if not {} and row.name or text == dict.name %}}sì{{% endif %}}",
    "{{% with x={} %}}{{{{ x }}}}{{% endwith %}}",
    "{{% for x in {} %}}{{{{ x }}}}{{{{ forloop.counter }}}}{{% empty %}}-{{% endfor %}}",
    "{{% autoescape off %}}{{{{ {} }}}}{{% endautoescape %}}",
    "{{% firstof {} text %}}",
]


def written(words: str, *, is_quick: bool, with_request: bool) -> str:
    template = Engine(debug=False).from_string(words)
    if is_quick:
        quicken(template.nodelist, set())
    given = values()
    request = RequestFactory().get("/")
    context = RequestContext(request, given) if with_request else Context(given)
    try:
        return f"{template.render(context)} {given['row'].asked}"
    except Exception as error:  # noqa: BLE001 - the same error is the same outcome
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("expression", [*EXPRESSIONS, "row.broken", "broken_function"])
def test_a_value_is_written_as_by_djangos_way(expression):
    for words in ROUNDS:
        told = words.format(expression)
        for with_request in (False, True):
            outcomes = [
                written(told, is_quick=is_quick, with_request=with_request)
                for is_quick in (False, True)
            ]
            assert outcomes[0] == outcomes[1], told


def test_the_pages_of_the_house_have_it():
    nodes = get_template("base.html").template.nodelist.get_nodes_by_type(VariableNode)
    plain = [node for node in nodes if not node.filter_expression.filters]

    assert plain
    assert {type(node) for node in nodes} == {QuickNode}
    named = [node.filter_expression.var for node in nodes]
    assert {type(one) for one in named if not isinstance(one, str)} == {QuickVariable}


PARTS = {
    "whole": "{% block a %}[{{ text }}]{% endblock %}",
    "child": '{% extends "whole" %}{% block a %}({{ block.super }}{{ x }}){% endblock %}',
    "turns": "{% cycle 'a' 'b' %}{{ x }}",
    "same": "{% ifchanged text %}{{ text }}{% endifchanged %}",
    "outer": '{% include "turns" %}{% include "child" with x="<2>" %}{{ x }}',
    "broken": "{{ row.broken }}",
}
INCLUDES = [
    '{% include "whole" %}',
    '{% include "child" with x=text %}{{ x }}',
    '{% include "child" with x=text only %}',
    '{% for x in row.rows %}{% include "turns" %}{% include "same" %}{% endfor %}',
    '{% for x in row.rows %}{% include "outer" %}{% endfor %}{{ x }}',
    '{% with name="turns" %}{% include name %}{% include name|add:"" %}{% endwith %}',
    '{% include "absent" %}',
    '{% include "broken" %}',
    '{% autoescape off %}{% include "whole" %}{% endautoescape %}',
]


@pytest.mark.parametrize("words", INCLUDES)
def test_a_part_is_written_as_by_djangos_way(words):
    outcomes = []
    for is_quick in (False, True):
        loader = ("django.template.loaders.locmem.Loader", PARTS)
        cached = ("ptpct.quick_values.QuickLoader", [loader])
        engine = Engine(loaders=[cached if is_quick else loader])
        template = engine.from_string(words)
        if is_quick:
            quicken(template.nodelist, set())
        for _turn in range(2):
            try:
                outcomes.append(template.render(Context(values())))
            except Exception as error:  # noqa: BLE001 - the same error is the same outcome
                outcomes.append(type(error).__name__)

    assert len(set(outcomes)) == 1, outcomes
