"""What a contribution speaks of, and what changed because of it: the rows of a plan by their names.

They are named by their uids: an office by that of its annex.
"""

import uuid
from collections.abc import Iterator
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.models import Annex, Office, Plan, Process
from registry.normalise import fold, short
from registry.readable import grouped
from registry.services.rows_called import (
    LONGEST,
    MOST_OFFERED,
    NotOneError,
    office_called,
    plain,
)
from risk.enums import ContributionSubject
from risk.models import Chapter, PlannedMeasure
from risk.models.contributions import MOST_CHANGED, ChangedRow

Kind = ContributionSubject
_MOST_NAMED = 3
_SEVERAL = "several"


class Offered(NamedTuple):
    """A row that is offered to whoever types: how it is told, how it is typed (`short`)."""

    text: str
    short: str


class Topic(NamedTuple):
    """What a contribution speaks of; `annex` is the uid of the annex whose office reads it."""

    kind: Kind = Kind.PLAN
    uid: uuid.UUID | None = None
    label: str = ""
    annex: uuid.UUID | None = None

    @property
    def key(self) -> str:
        """What stands in a form for it: "annex-83753665-…", "" for the whole plan."""
        return f"{self.kind}-{self.uid}" if self.uid else ""


def topics_of(plan: Plan) -> list[Topic]:
    """Return what everybody is offered: the whole plan, its chapters, its offices. Two queries."""
    annexes = plan.annexes.filter(exemption=None).select_related("office")
    offices = map(_annex, annexes.order_by("office__folded", "pk"))
    return [*topics_but_offices(plan), *offices]


def topics_but_offices(plan: Plan) -> list[Topic]:
    """Return the whole plan and its chapters: a list that does not grow with the body."""
    chapters = Chapter.objects.filter(plan=plan).order_by("position")
    return [
        Topic(label=str(Kind.PLAN.label)),
        *(Topic(Kind.CHAPTER, uid, title) for uid, title in chapters.values_list("uid", "title")),
    ]


def office_topic(plan: Plan, text: str) -> Topic:
    """Return the office of a plan that a text names; `ValidationError` for none or several."""
    offices = Office.objects.filter(annexes__plan=plan)
    try:
        office = office_called(offices, text)
    except NotOneError as error:
        raise ValidationError(str(error)) from error
    return _annex(plan.annexes.select_related("office").get(office=office))


def _annex(row: Annex) -> Topic:
    return Topic(Kind.ANNEX, row.uid, row.printed_office_name, row.uid)


def process_topic(process: Process) -> Topic:
    """Return a process as what a contribution speaks of."""
    label = f"{process.annex.printed_office_name}, {process.printed}"
    return Topic(Kind.PROCESS, process.uid, short(label, 690), process.annex.uid)


def topic_called(plan: Plan, key: str) -> Topic | None:
    """Return what a key of a form means in a plan; None for what is not there, or not any more."""
    kind, _dash, uid = key.partition("-")
    if not key:
        return Topic(label=str(Kind.PLAN.label))
    if kind == Kind.PROCESS:
        rows = Process.objects.in_use().filter(annex__plan=plan, annex__exemption=None)
        found = rows.select_related("annex__office").filter(uid__in=_uids(uid)).first()
        return process_topic(found) if found else None
    return next((row for row in topics_of(plan) if row.key == key), None)


def _uids(text: str) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text)]
    except ValueError:
        return []


def process_called(plan: Plan, text: str) -> Process:
    """Return the process of a plan with this code or title; `ValidationError` for none or more."""
    rows = Process.objects.in_use().filter(annex__plan=plan).select_related("annex__office")
    by_code = list(rows.filter(code__iexact=text.strip()).exclude(code="")[:2])
    found = by_code or list(rows.filter(folded=fold(text)).order_by("pk")[: _MOST_NAMED + 1])
    if len(found) == 1:
        return found[0]
    if found:
        offices = "; ".join(row.annex.printed_office_name for row in found[:_MOST_NAMED])
        raise ValidationError(
            _("«%(text)s» è un processo di più uffici (%(offices)s): scrivi il suo codice.")
            % {"text": short(text), "offices": offices},
            code=_SEVERAL,
        )
    raise ValidationError(
        _("Nel piano non c’è un processo con codice o titolo «%(text)s».") % {"text": short(text)}
    )


def changed_called(plan: Plan, typed: str) -> list[ChangedRow]:
    """Return the rows that lines name: chapters and measures by title, processes by code or title.

    Raises `ValidationError` with a sentence for each line that names nothing in the plan.
    """
    lines = list(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))
    if len(lines) > MOST_CHANGED:
        sentence = _("Si indicano al massimo %(n)s righe cambiate.")
        raise ValidationError(sentence % {"n": grouped(MOST_CHANGED)})
    rows, errors = [], []
    for line in lines:
        try:
            rows.append(_changed(plan, line))
        except ValidationError as error:
            errors.extend(error.messages)
    if errors:
        raise ValidationError(errors)
    return rows


def _near(plan: Plan, line: str) -> list[Offered]:
    """Return the rows a line may have meant: with all its words, else with the longest."""
    longest = max(fold(plain(line)).split(), key=len, default="")
    found = rows_with(plan, line) or (rows_with(plan, longest) if longest else [])
    return found[:_MOST_NAMED]


def _changed(plan: Plan, line: str) -> ChangedRow:
    for chapter in Chapter.objects.filter(plan=plan):
        if fold(chapter.title) == fold(line):
            return ChangedRow(Kind.CHAPTER.value, str(chapter.uid), chapter.title)
    named = Q(measure__folded=fold(line))
    measure = PlannedMeasure.objects.filter(named, plan=plan).select_related("measure").first()
    if measure is not None:
        # however often it is programmed, it is one measure to a reader
        return ChangedRow(Kind.MEASURE.value, str(measure.uid), measure.measure.label)
    try:
        process = process_called(plan, line)
    except ValidationError as error:
        if error.code == _SEVERAL:
            raise
        sentence = _("Nel piano non c’è un capitolo, una misura o un processo che si chiami «%s».")
        said = sentence % short(line)
        if near := [one.short for one in _near(plan, line)]:
            said = f"{said} {_('Forse')}: {'; '.join(near)}."
        raise ValidationError(said) from None
    label = f"{process.annex.printed_office_name}, {process.printed}"
    return ChangedRow(Kind.PROCESS.value, str(process.uid), label)


def rows_with(plan: Plan, typed: str, *, only_processes: bool = False) -> list[Offered]:
    """Return the first rows of a plan whose names have all the words typed; three statements.

    Chapters first, then measures, then processes, of which one also by its code.
    """
    words = fold(plain(typed)[:LONGEST]).split()
    found: list[Offered] = []
    if not only_processes:
        for title in (
            Chapter.objects.filter(plan=plan).order_by("position").values_list("title", flat=True)
        ):
            if all(word in fold(title) for word in words):
                found.append(Offered(f"{Kind.CHAPTER.label}: {title}", title))
        named = _having(words, "measure__folded")
        labels = PlannedMeasure.objects.filter(named, plan=plan).order_by("measure__folded")
        labels = labels.values_list("measure__label", flat=True).distinct()
        found += [Offered(f"{Kind.MEASURE.label}: {one}", one) for one in labels[:MOST_OFFERED]]
    named = _having(words, "folded") | Q(code__iexact=plain(typed))
    rows = Process.objects.in_use().filter(annex__plan=plan).select_related("annex__office")
    for row in rows.filter(named).order_by("folded", "pk")[:MOST_OFFERED]:
        found.append(Offered(process_topic(row).label, row.code or row.title))
    return found[:MOST_OFFERED]


def _having(words: list[str], column: str) -> Q:
    """Return what is true where a folded column has all the words."""
    having = Q()
    for word in words:
        having &= Q(**{f"{column}__contains": word})
    return having


def typed_again(rows: list[ChangedRow], plan: Plan) -> str:
    """Return rows as they are typed, a line each: processes by their codes, where they have one."""
    uids = [row.uid for row in rows if row.kind == Kind.PROCESS]
    processes = Process.objects.filter(uid__in=uids, annex__plan=plan)
    known = {str(row.uid): row.code or row.title for row in processes} if uids else {}
    return "\n".join(known.get(row.uid, row.label) for row in rows)


def addresses_of(plan: Plan, rows: list[ChangedRow]) -> Iterator[tuple[ChangedRow, str]]:
    """Yield rows each with the address of its page, "" where it is there no more. Two queries."""
    processes = [row.uid for row in rows if row.kind == Kind.PROCESS]
    chapters = [row.uid for row in rows if row.kind == Kind.CHAPTER]
    names = [plan.administration.ipa_code, plan.slug]
    found: dict[str, str] = {}
    if processes:
        for uid in Process.objects.filter(uid__in=processes).values_list("uid", flat=True):
            found[str(uid)] = reverse("risk:process_sheet", args=[uid])
    if chapters:
        for uid in Chapter.objects.filter(uid__in=chapters).values_list("uid", flat=True):
            found[str(uid)] = reverse("risk:plan_chapter", args=[*names, uid])
    for row in rows:
        if row.kind == Kind.MEASURE:
            yield row, reverse("risk:plan_measures", args=names)
        else:
            yield row, found.get(row.uid, "")
