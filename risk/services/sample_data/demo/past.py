"""The edition before the demo's own, adopted and published by the same services as a real one.

The office of tenders is issued with the content of its annex of the next edition, a few words
apart, but for a process that another office had, which was merged into it since; the two offices of
the published documents are exempted, because of those editions nothing is known. Rows of the next
edition remember their ancestors here.
"""

import datetime
from typing import Any

from registry.acts import act
from registry.clock import later
from registry.models import Annex, Plan, Process, User
from registry.services.bulk import relink_in_bulk, update_in_bulk
from registry.services.plans import open_annex
from registry.services.rows import store
from risk.enums import ContributionOutcome as Outcome
from risk.enums import ContributionWay as Way
from risk.enums import PlanVerb, Verb
from risk.enums import SenderKind as Sender
from risk.models import ImplementationStep, PlanMethod, PlannedMeasure, ProgressIndicator
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import move_annex
from risk.services.plans.contribution_rows import Topic, changed_called, process_topic
from risk.services.plans.contributions import add_contribution, answer_contribution
from risk.services.plans.edition_copy import EditionCopy
from risk.services.plans.exemptions import exempt_annex
from risk.services.plans.homes import Homes
from risk.services.plans.issues import AdoptionAct, adopt_plan
from risk.services.plans.making import create_plan
from risk.services.plans.moves import move_plan
from risk.services.sample_data.demo.offices import MERGED

TITLE = "PTPCT 2020/2022"
OFFICE = "GARE"
PROCESS_OF_MERGED = 6
EXEMPT = {
    "SI": "La mappatura dell’ufficio comincia con l’edizione 2021/2023.",
    "ICT": "Ufficio istituito nel corso del 2020.",
}
ACT = AdoptionAct(
    adopting_organ="Giunta comunale",
    act_kind="Deliberazione",
    act_number="7",
    act_date=datetime.date(2020, 1, 28),
    act_effective_on=datetime.date(2020, 2, 8),
)
PUBLISHED_ON = datetime.date(2020, 1, 31)
HEARD = (
    (
        Sender.ASSOCIATION,
        Way.MAIL,
        datetime.date(2020, 1, 9),
        True,
        "Nei tempi del processo non è detto entro quando si risponde agli acquisti urgenti: le "
        "piccole imprese non sanno quando ripresentarsi.",
        Outcome.ACCEPTED,
        "È vero: il termine c’era e non era scritto. Ora è nella scheda.",
    ),
    (
        Sender.CITIZEN,
        Way.FORM,
        datetime.date(2020, 1, 13),
        False,
        "Chiedo che l’elenco degli affidamenti diretti si pubblichi ogni mese e non ogni anno.",
        Outcome.IN_PART,
        "Si pubblica ogni tre mesi: ogni mese chiederebbe una persona in più nell’ufficio.",
    ),
    (
        Sender.STAFF,
        Way.MEETING,
        datetime.date(2020, 1, 15),
        True,
        "Si tolga la doppia firma sugli ordini sotto i 1.000 euro, che rallenta gli acquisti.",
        Outcome.NOT_ACCEPTED,
        "La doppia firma è la misura che tiene separati chi chiede e chi ordina: resta.",
    ),
)
"""What was said of the draft: who, how, when, on the first process or the plan, the answer."""
TIMES_BEFORE = "45 giorni dalla richiesta completa dell’ufficio; 10 per gli acquisti urgenti."


def make_past_edition(current: Plan) -> Plan:
    """Make the adopted edition before `current`, whose office of tenders gives the content.

    Each step is an act of the demo person whose it is; return the plan, published.
    """
    with act("demo", by=None):
        past = _write(current)
    rpct = _person("rpct")
    for code in (OFFICE, MERGED):
        _issue(past, code, rpct)
    for code, reason in EXEMPT.items():
        exempted = Annex.objects.with_names().get(plan=past, office__code=code)
        exempt_annex(annex=exempted, reason=reason, by=rpct)
    move_plan(plan=_fresh(past), verb=PlanVerb.CONSULT, by=rpct)
    _hear(_fresh(past), by=rpct)
    move_plan(plan=_fresh(past), verb=PlanVerb.PROPOSE, by=rpct)
    adopt_plan(plan=_fresh(past), act=ACT, by=rpct)
    move_plan(plan=_fresh(past), verb=PlanVerb.PUBLISH, by=rpct, published_on=PUBLISHED_ON)
    return _fresh(past)


def _issue(past: Plan, code: str, rpct: User) -> None:
    """Bring the annex of an office from its draft to its issue."""
    annex = Annex.objects.with_names().get(plan=past, office__code=code)
    for verb, by in (
        (Verb.SUBMIT, _person("referente-gare")),
        (Verb.APPROVE, _person("responsabile-gare")),
        (Verb.VALIDATE, rpct),
    ):
        move_annex(annex=annex, verb=verb, by=by)
        annex = Annex.objects.with_names().get(pk=annex.pk)
    issue_annex(annex=annex, by=rpct)


def _hear(past: Plan, *, by: User) -> None:
    """Take down what was said of the draft, and what became of it."""
    first = Process.objects.select_related("annex__office").get(
        annex__plan=past, annex__office__code=OFFICE, number=1
    )
    for sender, way, day, is_on_process, text, outcome, reason in HEARD:
        row = add_contribution(
            plan=past,
            sender=sender,
            way=way,
            text=text,
            topic=process_topic(first) if is_on_process else Topic(),
            received_on=day,
            by=by,
        )
        changes = outcome != Outcome.NOT_ACCEPTED and is_on_process
        changed = changed_called(past, first.title) if changes else []
        told = {"published": "", "changed": changed, "version": row.version, "by": by}
        answer_contribution(row=row, outcome=outcome, reason=reason, **told)


def _write(current: Plan) -> Plan:
    methods = list(PlanMethod.objects.filter(plan=current).select_related("method"))
    past = create_plan(
        administration=current.administration,
        title=TITLE,
        first_year=current.first_year - 1,
        last_year=current.last_year - 1,
        document=current.document,
        methods=[row.method for row in methods],
        default_method=next(row.method for row in methods if row.is_default),
    )
    source = Annex.objects.filter(plan=current, office__code=OFFICE)
    homes = _homes(current)
    copy = EditionCopy(
        source=current, annexes=source, target=past, by=None, remembers=False, homes=homes
    )
    copy.annexes_whole()
    # what is said for all of the office was said there alone, and is asked of it
    PlannedMeasure.objects.filter(plan=past, annex__office__code=MERGED).delete()
    _date_back(past)
    for code in EXEMPT:
        open_annex(plan=past, office=current.administration.offices.get(code=code))
    first = Process.objects.get(annex__plan=past, annex__office__code=OFFICE, number=1)
    first.times = TIMES_BEFORE
    store(first)
    current.origin = past
    store(current)
    _remember(copy)
    return past


def _date_back(past: Plan) -> None:
    """Bring back by a year what the copy leaves: where indicators began, days told in words."""
    for indicator in ProgressIndicator.objects.filter(
        planned_measure__plan=past, baseline_on__isnull=False
    ):
        indicator.baseline_on = later(indicator.baseline_on, -1)
        store(indicator)
    year = str(past.first_year)
    for step in ImplementationStep.objects.filter(
        planned_measure__plan=past, timing__contains=str(past.first_year + 1)
    ):
        step.timing = step.timing.replace(str(past.first_year + 1), year)
        store(step)


def _homes(current: Plan) -> Homes:
    """Return whose each process was: one of them, that no measure is tied to, of another office."""
    offices = dict(current.administration.offices.values_list("code", "pk"))
    rows = Process.objects.filter(annex__plan=current, annex__office__code=OFFICE)
    homes = {row.pk: offices[MERGED if row.number == PROCESS_OF_MERGED else OFFICE] for row in rows}
    return Homes(processes=homes, split=frozenset({offices[OFFICE]}))


def _remember(copy: EditionCopy) -> None:
    """Link the rows of the next edition to the copies made of them, as a real copy would have."""
    with act("demo", by=None) as opened:
        for model, made in copy.made.items():
            if not hasattr(model, "origin_uid"):
                continue
            rows: list[Any] = list(model.objects.filter(pk__in=made))
            copies = model.objects.in_bulk(made.values())
            for row in rows:
                row.origin = copies[made[row.pk]]
                row.origin_uid = row.origin.uid
            update_in_bulk(rows, fields=["origin", "origin_uid"], opened=opened)
            relink_in_bulk(rows, {}, opened=opened)


def _person(name: str) -> User:
    return User.objects.get(username=name)


def _fresh(plan: Plan) -> Plan:
    return Plan.objects.select_related("administration").get(pk=plan.pk)
