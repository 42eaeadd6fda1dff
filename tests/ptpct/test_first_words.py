"""An address is found by its first word, and leads where Django's own search leads."""

import re

import pytest
from django.urls import Resolver404, URLResolver, get_resolver, include, path, re_path

from ptpct.first_words import FirstWordResolver, first_word
from tests.project.routes import routes

ROW = "00000000-0000-4000-8000-000000000000"
FILLED = {"uuid": ROW, "int": "7", "slug": "parola", "str": "parola"}
MOST = 40
LISTS = [entry for entry in get_resolver().url_patterns if isinstance(entry, FirstWordResolver)]


def plain(resolver: URLResolver) -> URLResolver:
    """Return the same addresses as Django looks through them."""
    return URLResolver(
        resolver.pattern, resolver.urlconf_name, {}, resolver.app_name, resolver.namespace
    )


def found(resolver: URLResolver, address: str) -> object:
    try:
        match = resolver.resolve(address)
    except Resolver404:
        return None
    return match.func, match.args, match.kwargs, match.view_name, match.route


def filled(pattern: str) -> str:
    """Return an address of a pattern; words we know nothing of stay as they are."""
    return re.sub(r"<(\w+):\w+>", lambda part: FILLED.get(part[1], part[0]), pattern)


def test_every_address_leads_where_it_led():
    addresses = [filled(route.pattern) for route in routes()]
    addresses += [address.rstrip("/") for address in addresses]
    addresses += [f"{address}altro/" for address in addresses]
    addresses += ["", "parola", "parola/", "/", "pubblicati", f"allegati/{ROW}"]
    for resolver in LISTS:
        known = plain(resolver)
        matched = [address for address in addresses if found(known, address)]
        assert matched
        for address in addresses:
            assert found(resolver, address) == found(known, address), address


def test_few_addresses_are_tried():
    for resolver in LISTS:
        for address in ("pubblicati/a/b/c/d/", "allegati/x/y/", "parola/"):
            with pytest.raises(Resolver404) as missed:
                resolver.resolve(address)
            assert len(missed.value.args[0].get("tried", [])) <= MOST, address


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        (path("uno/<int:pk>/", print), "uno"),
        (path("uno", print), "uno"),
        (path("uno/", include([])), "uno"),
        (path("uno", include([])), None),
        (path("", include([])), None),
        (path("", print), ""),
        (path("<int:pk>/uno/", print), None),
        (path("uno-<int:pk>/", print), None),
        (re_path(r"^uno/", print), None),
    ],
)
def test_the_first_word_of_an_entry(entry, word):
    assert first_word(entry) == word
