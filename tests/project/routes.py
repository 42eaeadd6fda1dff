"""The addresses of the site as the resolver knows them, for the tests that walk them all."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One address: its name with its name space, its pattern, and the parts one fills in."""

    name: str
    pattern: str
    parts: tuple[str, ...]


def routes() -> list[Route]:
    """Return every address of the site by its name, the back office's catch-alls left out."""
    return sorted(_walk(get_resolver(), "", ""), key=lambda route: route.name)


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, pattern, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield Route(f"{space}{entry.name}", pattern, tuple(entry.pattern.converters))
