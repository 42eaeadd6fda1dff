"""Templates: all used, none with anything the content security policy would refuse."""

import re
from pathlib import Path

import pytest

from tests.project.files import files_under, read

TEMPLATES = files_under("templates", ending=".html")
# A file that is read away from the site: it carries its own style and asks for nothing.
STANDALONE = {
    "risk/paper/standalone.html",
    "risk/paper/plan/standalone.html",
    "risk/paper/plan/bound.html",
    "risk/paper/plan/comparison.html",
    "risk/paper/plan/signs.html",
    "risk/paper/round/standalone.html",
    "risk/plans/archive_page.html",
    "risk/reporting/pack.html",
}
# Django and the libraries ask for these by name themselves.
FOUND_BY_NAME = re.compile(
    r"^(?:admin|registration|account|mfa|socialaccount|import_export|simple_history|concurrency)/"
)
FOUND_BY_STATUS = {
    "400.html",
    "403.html",
    "403_csrf.html",
    "404.html",
    "409.html",
    "429.html",
    "500.html",
}

INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\b(?:src=|type=\"application/json\"))", re.IGNORECASE)
HANDLER = re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[\w:-]*)\s*=", re.IGNORECASE)
SCRIPT_ADDRESS = re.compile(r"javascript:", re.IGNORECASE)
EXTERNAL = re.compile(r"(?:src|srcset|action)\s*=\s*[\"'](?:https?:)?//|<link[^>]+//", re.I)
REFUSED = {
    "inline style": INLINE_STYLE,
    "inline script": INLINE_SCRIPT,
    "event handler": HANDLER,
    "javascript: address": SCRIPT_ADDRESS,
    "external address": EXTERNAL,
}


def inside(path: Path) -> str:
    """Return the name by which Django knows a template."""
    return path.relative_to("templates").as_posix()


def refused_in(text: str) -> list[str]:
    """Return the names of what the policy would refuse in a template."""
    without_comments = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", text, flags=re.S)
    return [name for name, pattern in REFUSED.items() if pattern.search(without_comments)]


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if inside(path) not in STANDALONE], ids=str
)
def test_no_template_holds_what_the_policy_refuses(path):
    assert refused_in(read(path)) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('<p style="color: red">', "inline style"),
        ("<script>alert(1)</script>", "inline script"),
        ('<a class="x" onclick="go()">', "event handler"),
        ('<a href="javascript:go()">', "javascript: address"),
        ('<img src="https://esempio.it/x.png">', "external address"),
    ],
)
def test_the_search_sees_each_kind(text, name):
    assert refused_in(text) == [name]


def test_the_search_lets_honest_markup_pass():
    honest = (
        '<script src="{% static \'a.js\' %}" defer></script><p class="style">una tantum</p>'
        '<a href="https://www.anticorruzione.it/">ANAC</a>'
    )

    assert refused_in(honest) == []


def test_every_template_is_used():
    sources = "\n".join(
        read(path)
        for ending in (".py", ".html")
        for path in files_under("ptpct", "registry", "risk", "templates", ending=ending)
    )
    unused = [
        name
        for name in map(inside, TEMPLATES)
        if name not in FOUND_BY_STATUS
        and not FOUND_BY_NAME.match(name)
        and not any(f"{quote}{name}{quote}" in sources for quote in "\"'")
    ]

    assert unused == []
