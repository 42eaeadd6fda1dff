"""From what a person types into one field to the office or the person it names, among many.

Unlike `lookup`, which reads a list once for a thousand cells, this asks the database for one text;
and the offices may be those of several bodies.
"""

import difflib
import re
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from registry.models import Annex, Office, User
from registry.normalise import fold

MOST_OFFERED = 20
"""Rows a page is given while somebody types: more nobody reads."""
LONGEST = 700
_MENTIONED = 3
_CLOSE_ENOUGH = 0.55
_IN_BRACKETS = re.compile(r"^(?P<name>.*?)\s*\((?P<mark>[^()]+)\)$", re.DOTALL)


class NotOneError(LookupError):
    """What was typed names no row, or several; the sentence says which it may have been."""


def plain(typed: str) -> str:
    """Return a typed text as it can be looked for: no database has a null character in a text."""
    return typed.replace("\x00", " ").strip()


def office_text(office: Office, *, with_body: bool) -> str:
    """Return how an office is typed: its name, with the IPA code of its body where others are."""
    return f"{office.name} ({office.administration.ipa_code})" if with_body else office.name


def offices_with(offices: QuerySet[Office], typed: str) -> QuerySet[Office]:
    """Return the offices that have this code, or all the words in their names; all without any."""
    words = Q()
    for word in fold(plain(typed)[:LONGEST]).split():
        words &= Q(folded__contains=word)
    if words:
        # without words all are meant: no word would be nothing beside the code
        words |= Q(code__iexact=plain(typed))
    return offices.filter(words).order_by("folded", "pk")


def office_called(offices: QuerySet[Office], typed: str, *, with_body: bool = False) -> Office:
    """Return the one office a text names: by name, code or another spelling.

    The code of a body behind it says of which; `with_body` tells of which those are that are
    mentioned. Raises `NotOneError` with a sentence for whoever typed it.
    """
    narrowed, name = offices, plain(typed)
    if marked := _IN_BRACKETS.match(name):
        of_body = offices.filter(administration__ipa_code__iexact=marked["mark"])
        if of_body.exists():
            narrowed, name = of_body, marked["name"]
    found = [] if len(typed) > LONGEST else list(narrowed.answering_to(name)[: _MENTIONED + 1])
    if len(found) == 1:
        return found[0]

    def near() -> Sequence[Office]:
        with_words = list(offices_with(narrowed, name)[:_MENTIONED]) if name else []
        return with_words or _like(narrowed, fold(name))

    raise not_one(typed, found, near, lambda row: office_text(row, with_body=with_body))


def annex_text(annex: Annex) -> str:
    """Return how an annex is typed: its office, as printed, and its plan."""
    return f"{annex.printed_office_name} – {annex.plan.title}"


def annexes_with(annexes: QuerySet[Annex], typed: str) -> QuerySet[Annex]:
    """Return the annexes of the offices with this code, or with all the words in their names."""
    words = Q()
    for word in fold(plain(typed)[:LONGEST]).split():
        words &= Q(office__folded__contains=word) | Q(plan__folded__contains=word)
    if words:
        words |= Q(office__code__iexact=plain(typed))
    return annexes.filter(words).order_by("-plan__first_year", "office__folded", "pk")


def annex_called(annexes: QuerySet[Annex], typed: str) -> Annex:
    """Return the one annex a text names: by its office, and by its plan where there are several.

    Raises `NotOneError` with a sentence for whoever typed it.
    """
    name, _dash, title = plain(typed).partition(" – ")
    of_office = Q(office__in=Office.objects.answering_to(name)) | Q(office_name__iexact=name)
    found = annexes.filter(of_office, **({"plan__title__iexact": title} if title else {}))
    rows = [] if len(typed) > LONGEST else list(found[: _MENTIONED + 1])
    if len(rows) == 1:
        return rows[0]
    raise not_one(typed, rows, lambda: list(annexes_with(annexes, name)[:_MENTIONED]), annex_text)


def person_text(person: User) -> str:
    """Return how a person is typed: the name and the address, which tells namesakes apart."""
    return f"{person} ({person.email or person.username})"


def people_with(people: QuerySet[User], typed: str) -> list[User]:
    """Return the people who have all the words in name or address, at most `MOST_OFFERED`."""
    words = fold(typed[:LONGEST]).split()
    rows = people.order_by("last_name", "first_name", "username")
    # names have no folded column: a body’s people are few, and both engines find the same
    found = (row for row in rows if all(word in fold(person_text(row)) for word in words))
    return [row for _n, row in zip(range(MOST_OFFERED), found, strict=False)]


def person_called(people: QuerySet[User], typed: str) -> User:
    """Return the one person a text names: by address, or by a name that no other has.

    Raises `NotOneError` with a sentence for whoever typed it.
    """
    marked = _IN_BRACKETS.match(plain(typed))
    mark = marked["mark"] if marked else plain(typed)
    found = list(people.filter(Q(email__iexact=mark) | Q(username=mark))[:2])
    if not found and len(typed) <= LONGEST:
        wanted = fold(typed)
        near = people_with(people, typed)
        found = [row for row in near if fold(str(row)) == wanted] or near[:1] * (len(near) == 1)
    if len(found) == 1:
        return found[0]
    raise not_one(typed, found, lambda: people_with(people, typed), person_text)


def _like(offices: QuerySet[Office], folded: str) -> list[Office]:
    names = list(offices.order_by("folded").values_list("folded", flat=True))
    like = difflib.get_close_matches(folded, names, n=_MENTIONED, cutoff=_CLOSE_ENOUGH)
    return list(offices.filter(folded__in=like)[:_MENTIONED]) if like else []


def not_one(
    typed: str,
    found: Sequence[Any],
    near: Callable[[], Sequence[Any]],
    text_of: Callable[[Any], str],
    *,
    absent: str = "",
) -> NotOneError:
    """Return what is said to a text that names none of some rows, or several.

    Those it may mean are mentioned: the ones `found`, else those that are `near`. `absent` is said
    of the text where there are none, instead of the common sentence.
    """
    shown = plain(typed) if len(typed) <= 80 else f"{plain(typed)[:79]}…"
    mentioned = (found or near())[:_MENTIONED]
    values = {"text": shown, "names": "; ".join(f"«{text_of(row)}»" for row in mentioned)}
    if found:
        return NotOneError(_("«%(text)s» può essere: %(names)s.") % values)
    if mentioned:
        return NotOneError(_("«%(text)s» non è in elenco. Forse: %(names)s.") % values)
    return NotOneError((absent or _("«%(text)s» non è in elenco.")) % values)
