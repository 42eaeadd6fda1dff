"""Addresses in templates are those Django finds; what one looks like is found once."""

from uuid import uuid4

import pytest
from django.template import Engine, NodeList, RequestContext, engines
from django.template.defaulttags import URLNode
from django.urls import NoReverseMatch, set_script_prefix

from ptpct.addresses import AddressNode

OURS = ["ptpct.addresses"]
ROWS = {"uid": uuid4(), "other": uuid4(), "said": str(uuid4()), "view": "risk:desk", "n": 7}
ADDRESSES = [
    '{% url "risk:desk" %}',
    '{% url "risk:process_sheet" uid %}',
    '{% url "risk:process_sheet" said %}',
    '{% url "risk:measure_remove" uid other %}',
    '{% url "risk:measure_remove" uid uid %}',
    '{% url "risk:process_sheet" uid=uid %}',
    '{% url "risk:process_sheet" uid as sheet %}[{{ sheet }}]',
    '{% url "risk:process_sheet" nobody as sheet %}[{{ sheet }}]',
    '{% url "risk:there_is_none" uid as sheet %}[{{ sheet }}]',
    '{% url "risk:plan" "ente-co" "piano" %}',
    "{% url view %}",
    '{% url "admin:index" %}',
]


def said(text: str, rf, *, builtins: list[str]) -> str:
    template = Engine(builtins=builtins).from_string(text)
    return template.render(RequestContext(rf.get("/"), ROWS))


@pytest.fixture
def rf(rf):
    plain = rf.get

    def get(path):
        request = plain(path)
        request.resolver_match = None
        return request

    rf.get = get
    return rf


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_the_one_django_finds(text, rf):
    theirs = said(text, rf, builtins=[])

    assert [said(text, rf, builtins=OURS) for _time in range(2)] == [theirs, theirs]


def test_an_address_that_is_not_there_is_an_error(rf):
    with pytest.raises(NoReverseMatch, match="there_is_none"):
        said('{% url "risk:there_is_none" uid %}', rf, builtins=OURS)


def test_it_begins_where_the_site_does(rf):
    text = '{% url "risk:process_sheet" uid %}'
    here = said(text, rf, builtins=OURS)
    try:
        set_script_prefix("/registro/")
        assert said(text, rf, builtins=OURS) == f"/registro{here}"
    finally:
        set_script_prefix("/")


def test_the_templates_of_the_site_have_it():
    template = engines["django"].get_template("risk/process_sheet/page.html").template
    found = NodeList(template.nodelist).get_nodes_by_type(URLNode)

    assert {type(node) for node in found} == {AddressNode}
