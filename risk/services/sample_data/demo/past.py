"""The edition before the demo's own, adopted and published by the same services as a real one.

The office of tenders is issued with the content of its annex of the next edition, a few words
apart; the two offices of the published documents are exempted, because of those editions nothing is
known. Rows of the next edition remember their ancestors here.
"""

import datetime
from typing import Any

from registry.acts import act
from registry.models import Annex, Plan, Process, User
from registry.services.bulk import relink_in_bulk, update_in_bulk
from registry.services.plans import open_annex
from registry.services.rows import store
from risk.enums import PlanVerb, Verb
from risk.models import PlanMethod
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import move_annex
from risk.services.plans.edition_copy import EditionCopy
from risk.services.plans.exemptions import exempt_annex
from risk.services.plans.issues import AdoptionAct, adopt_plan
from risk.services.plans.making import create_plan
from risk.services.plans.moves import move_plan

TITLE = "PTPCT 2020/2022"
OFFICE = "GARE"
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
TIMES_BEFORE = "45 giorni dalla richiesta completa dell’ufficio; 10 per gli acquisti urgenti."


def make_past_edition(current: Plan) -> Plan:
    """Make the adopted edition before `current`, whose office of tenders gives the content.

    Each step is an act of the demo person whose it is; return the plan, published.
    """
    with act("demo", by=None):
        past = _write(current)
    annex = Annex.objects.with_names().get(plan=past, office__code=OFFICE)
    rpct = _person("rpct")
    for verb, by in (
        (Verb.SUBMIT, _person("referente-gare")),
        (Verb.APPROVE, _person("responsabile-gare")),
        (Verb.VALIDATE, rpct),
    ):
        move_annex(annex=annex, verb=verb, by=by)
        annex = Annex.objects.with_names().get(pk=annex.pk)
    issue_annex(annex=annex, by=rpct)
    for code, reason in EXEMPT.items():
        exempted = Annex.objects.with_names().get(plan=past, office__code=code)
        exempt_annex(annex=exempted, reason=reason, by=rpct)
    for verb in (PlanVerb.CONSULT, PlanVerb.PROPOSE):
        move_plan(plan=_fresh(past), verb=verb, by=rpct)
    adopt_plan(plan=_fresh(past), act=ACT, by=rpct)
    move_plan(plan=_fresh(past), verb=PlanVerb.PUBLISH, by=rpct, published_on=PUBLISHED_ON)
    return _fresh(past)


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
    copy = EditionCopy(source=current, annexes=source, target=past, by=None, remembers=False)
    copy.annexes_whole()
    for code in EXEMPT:
        open_annex(plan=past, office=current.administration.offices.get(code=code))
    first = Process.objects.get(annex__plan=past, number=1)
    first.times = TIMES_BEFORE
    store(first)
    current.origin = past
    store(current)
    _remember(copy)
    return past


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
