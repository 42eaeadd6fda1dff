"""The rules of what an annex still misses that read its free texts, one function each.

What is looked for comes from the database, in one query a rule whatever the size of the annex, and
is part of what is kept: what was found with other words is looked for again.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import QuerySet
from django.utils import formats

from registry import clock
from registry.kept_statements import KeptStatement
from registry.models import Membership, Process
from registry.normalise import fold
from risk.content.canonical import digest_of
from risk.content.kept import Gap
from risk.content.reading import AnnexContent
from risk.models import LegalReference
from risk.services.completeness.rules import MEASURE, assessments_of, own_measures

DESCRIBED = (
    *("title", "objective", "description", "input", "output", "times", "constraints"),
    *("resources", "interrelations", "criticalities"),
)
"""Texts of a process that its description asks for."""


def texts_of(content: AnnexContent) -> Iterator[tuple[Process, str, str]]:
    """Yield every text written for the annex: its process, where it is mended, the text folded.

    Texts of catalogues and of the plan's own measures are not the annex's, and are left out.
    """
    for process in content.processes:
        for anchor, text in _texts_of_process(process):
            yield process, anchor, fold(text)
    for process, measure in own_measures(content):
        texts = [measure.notes, *(row.label for row in measure.progress_indicators.all())]
        for step in measure.steps.all():
            texts += [step.description, step.timing]
        for text in texts:
            yield process, f"{MEASURE}{measure.uid}", fold(text)


@dataclass(frozen=True)
class SoughtWords:
    """What is looked for in the texts of a body on one day.

    `names` stand by their first word: the words in a row, and who it is.
    """

    repealed: tuple[LegalReference, ...]
    names: Mapping[str, list[tuple[tuple[str, ...], str]]]

    @cached_property
    def digest(self) -> str:
        """While it is the same, so is what was found."""
        repealed = [
            (row.pk, row.version, row.label, row.spellings, row.advice, str(row.repealed_on))
            for row in self.repealed
        ]
        return digest_of(repr((repealed, sorted(self.names.items()))))


def words_sought(administration_id: int) -> SoughtWords:
    """Return what is looked for in the texts of a body today; two queries."""
    repealed = _REPEALED(administration_id, clock.today())
    return SoughtWords(repealed=tuple(repealed), names=_names(administration_id))


def _repealed(body: int, on: date) -> QuerySet[LegalReference]:
    return LegalReference.objects.offered_to(body).filter(repealed_on__lte=on)


def _people(body: int) -> QuerySet:
    members = Membership.objects.filter(administration=body, user__pseudonymised_on__isnull=True)
    return members.values_list("user__first_name", "user__last_name")


_REPEALED, _PEOPLE = KeptStatement(_repealed), KeptStatement(_people)


def _texts_of_process(process: Process) -> Iterator[tuple[str, str]]:
    for name in DESCRIBED:
        yield "descrizione", getattr(process, name)
    yield "presenza", process.risk_presence_reason
    for phase in process.phases.all():
        for row in (phase, *phase.actions.all()):
            yield f"fase-{phase.uid}", row.title
            yield f"fase-{phase.uid}", row.description
    for behaviour in process.behaviours.all():
        yield f"comportamento-{behaviour.uid}", behaviour.text
    for assessment in assessments_of(process):
        yield "valutazione", assessment.motivation
        for rating in assessment.ratings.all():
            yield "valutazione", rating.motivation
            yield "valutazione", rating.evidence


def repealed_article(content: AnnexContent, words: SoughtWords) -> Iterator[Gap]:
    """Yield citations of what is repealed on the day the installation lives in, one a place.

    A citation is found in the spellings its reference lists: points, blanks and capitals do not
    matter, and “c.p.p.” is not “c.p.”.
    """
    sought = [(row, _citation(row)) for row in words.repealed]
    if not sought:
        return
    seen = set()
    for process, anchor, text in texts_of(content):
        for row, citation in sought:
            key = (process.pk, anchor, row.pk)
            if key not in seen and citation.search(text):
                seen.add(key)
                day = formats.date_format(row.repealed_on, "d/m/Y")
                values = {"reference": row.label, "day": day, "advice": row.advice}
                yield Gap(process, anchor, values)


def _citation(row: LegalReference) -> re.Pattern[str]:
    spellings = [re.findall(r"\w+", fold(text)) for text in row.spellings.splitlines()]
    alternatives = "|".join(_spelling(words) for words in spellings if words)
    # nothing at all is found where no spelling has a word
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w|\.\w\b)" if alternatives else r"(?!)")


def _spelling(words: list[str]) -> str:
    """Return the expression of one spelling; only figures need something between them."""
    pattern = re.escape(words[0])
    for before, word in zip(words, words[1:], strict=False):
        both_figures = before[-1].isdigit() and word[0].isdigit()
        pattern += (r"\W{1,3}" if both_figures else r"\W{0,3}") + re.escape(word)
    return pattern


def person_named(content: AnnexContent, words: SoughtWords) -> Iterator[Gap]:
    """Yield names of people who are or were of the body, one a place; roles go there instead.

    A name is surname and first name in either order, whole words next to each other; of more first
    names the first is enough. A surname alone is not sought: too many are common words.
    """
    sought = words.names
    if not sought:
        return
    seen = set()
    for process, anchor, text in texts_of(content):
        written = re.findall(r"\w+", text)
        for place, word in enumerate(written):
            for name, person in sought.get(word, ()):
                key = (process.pk, anchor, person)
                if key not in seen and tuple(written[place : place + len(name)]) == name:
                    seen.add(key)
                    yield Gap(process, anchor, {"person": person})


def _names(administration_id: int) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Return the names sought by their first word: the words in a row, and who it is."""
    names: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for first, last in sorted(set(_PEOPLE(administration_id))):
        given, surname = (re.findall(r"\w+", fold(part)) for part in (first, last))
        if not given or not surname:
            continue
        # "Rosa Maria Verdi" is written whole or as "Rosa Verdi"; "Verdi Rosa" begins both
        orders = {(*given, *surname), (*given[:1], *surname), (*surname, *given[:1])}
        for order in sorted(orders):
            names[order[0]].append((order, f"{first} {last}"))
    return names
