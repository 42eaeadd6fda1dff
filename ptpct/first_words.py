"""Finding the view of an address by its first word, not by trying all addresses one by one.

The site has two hundred addresses, and nearly all begin with a word that a dozen share. To try them
in their order was a sixth of all that was done for a public file.
"""

from functools import cache
from typing import Any

from django.urls import ResolverMatch, URLPattern, URLResolver, include
from django.urls.resolvers import RoutePattern

_OPENS = "<"
"""How a part of a route begins that is not the same in every address."""


class FirstWordResolver(URLResolver):
    """Resolves as Django does, among the addresses that can begin as what is asked for.

    Those that begin with no word of their own are tried for any, in the order all stand in.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._among = cache(self._resolver_of)
        self._words = cache(self._known_words)

    def resolve(self, path: str) -> ResolverMatch:
        """Return what answers an address. Raises `Resolver404` where nothing does."""
        word = str(path).partition("/")[0]
        return self._among(word if word in self._words() else None).resolve(path)

    def _known_words(self) -> set[str]:
        return {word for entry in self.url_patterns if (word := first_word(entry)) is not None}

    def _resolver_of(self, word: str | None) -> URLResolver:
        """Return the resolver of the addresses that may begin with a word; None: one none has."""
        among = URLResolver(
            self.pattern, self.urlconf_name, self.default_kwargs, self.app_name, self.namespace
        )
        entries = self.url_patterns
        among.url_patterns = [entry for entry in entries if first_word(entry) in (None, word)]
        return among


def first_word(entry: URLPattern | URLResolver) -> str | None:
    """Return the word all addresses of an entry begin with; None where they may begin otherwise."""
    if not isinstance(entry.pattern, RoutePattern):
        return None
    word, slash, _rest = str(entry.pattern).partition("/")
    is_whole = bool(slash) or isinstance(entry, URLPattern)
    return word if is_whole and _OPENS not in word else None


def found_by_first_word(module: str) -> FirstWordResolver:
    """Return the addresses of a module for the list of the site, as `path("", include(module))`."""
    urlconf, app_name, namespace = include(module)
    pattern = RoutePattern("", is_endpoint=False)
    return FirstWordResolver(pattern, urlconf, {}, app_name, namespace)
