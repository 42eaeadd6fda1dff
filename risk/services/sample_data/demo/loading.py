"""The demonstration data: an invented municipality whose annexes are worth printing.

The rows are files (fixtures/demo/), the body and its plan are made by the same services as real
ones. Passwords are never in the files.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from registry import guards as registry_guards
from registry import trail, triggers
from registry.acts import act
from registry.enums import PlanFormat, PlanKind
from registry.hanging import on_annexes, paths_of
from registry.models import (
    Administration,
    Annex,
    DirectoryRule,
    ExecutorRole,
    InstitutionalFunction,
    Invitation,
    Job,
    Macroprocess,
    Membership,
    Office,
    Phase,
    Plan,
    Process,
    RiskArea,
    User,
)
from registry.services.rows import store
from risk import guards as risk_guards
from risk.enums import RequestedList
from risk.models import (
    Chapter,
    ChapterRemark,
    ChapterTitle,
    ColumnMapping,
    DocumentChoice,
    Emblem,
    EnablingFactor,
    EventCategory,
    FollowUp,
    LegalReference,
    LibraryProcess,
    Measure,
    MeasureTypology,
    Method,
    PlannedMeasure,
    Remark,
    RiskAlias,
    TextBlock,
)
from risk.services.administrations import create_administration
from risk.services.entry_requests.asking import ask_entry
from risk.services.plans.chapter_review import add_chapter_remark, approve_chapter
from risk.services.plans.emblems import set_emblem
from risk.services.plans.making import create_plan
from risk.services.sample_data.demo.names import MAIL_DOMAIN, PUBLIC_PASSWORD
from risk.services.sample_data.demo.offices import call_as_before, change_as_now
from risk.services.sample_data.demo.past import make_past_edition
from risk.services.sample_data.demo.rounds import make_rounds
from risk.services.sample_data.reference import load_reference

DEMO = settings.BASE_DIR / "fixtures" / "demo"
PEOPLE = "01_people.json"
IPA_CODE = "c_x999"
NAME = "Comune di Valdoro"
PLAN_TITLE = "PTPCT 2021/2023"
ASKED_BY, ASKED_OF = "referente-ict", "617e86ec-5d81-525e-a6c5-f58ff23f8738"
"""Who asks for an entry of a list in the demo, and for which process."""

CHAPTERS_READ_BY = ("responsabile-gare", "referente-gare")
"""Who approves a chapter in the demo, and who remarks on another."""
CHAPTER_REMARK = "Manca chi sostituisce il responsabile di un ufficio quando è assente."

MEASURES_LIMIT = 12
"""So many measures the body wants of an office: that of tenders has more, one programmed twice."""

OWNED = (
    Job,
    ColumnMapping,
    RiskAlias,
    LegalReference,
    ChapterTitle,
    LibraryProcess,
    TextBlock,
    DocumentChoice,
    Emblem,
    DirectoryRule,
    Invitation,
    Membership,
    Measure,
    MeasureTypology,
    EventCategory,
    EnablingFactor,
    Method,
    Macroprocess,
    InstitutionalFunction,
    RiskArea,
    ExecutorRole,
    Office,
)
"""What a body keeps besides its plans, in an order in which it can be deleted."""


class DemoRefusedError(Exception):
    """The demo data may not be loaded here; the message says why, in Italian."""


@dataclass(frozen=True)
class DemoOutcome:
    """Whether the data was `loaded` now; if not, it was already there and nothing was touched."""

    loaded: bool
    annexes: int
    processes: int


def load_demo(*, password: str, reset: bool = False, with_past: bool = True) -> DemoOutcome:
    """Make the demo body with its people, plan and annexes, in one transaction.

    Then, each step an act of its own, the adopted edition before it, unless `with_past` is false.

    Where the body is already there nothing is changed, so people's edits stay, unless `reset` is
    true: then the body is removed and made again, and other bodies are untouched. The history of
    removed rows stays. All demo people get `password`.

    Raises `DemoRefusedError` when the installation's rules refuse the password, the reference data
    is missing, or a real person already has the user name of a demo one.
    """
    present = Administration.objects.filter(ipa_code=IPA_CODE).first()
    if present and not reset:
        return _outcome(loaded=False)
    _check_password(password)
    with act("demo", by=None) as opened:
        if present:
            _remove(present, opened.detail)
        body = _create()
        _give_password(password)
        if with_past:
            opened.detail["offices"] = call_as_before(body)
    if with_past:
        plans = Plan.objects.select_related("administration")
        past = make_past_edition(plans.get(administration__ipa_code=IPA_CODE, title=PLAN_TITLE))
        make_rounds(past)
        change_as_now(past)
    return _outcome(loaded=True)


def demo_people() -> list[User]:
    """Return the demo people, the keeper of the installation first, with their memberships."""
    people = User.objects.filter(email__endswith=MAIL_DOMAIN).order_by("-is_superuser", "pk")
    return list(people.prefetch_related("memberships__office"))


def demo_annexes() -> models.QuerySet[Annex]:
    """Return the annexes of the demo body in the edition being prepared."""
    annexes = Annex.objects.with_names().filter(plan__administration__ipa_code=IPA_CODE)
    return annexes.filter(plan__title=PLAN_TITLE).order_by("office__folded")


def _outcome(*, loaded: bool) -> DemoOutcome:
    annexes = demo_annexes()
    processes = Process.objects.filter(annex__in=annexes.order_by())
    return DemoOutcome(loaded=loaded, annexes=annexes.count(), processes=processes.count())


def _check_password(password: str) -> None:
    # nobody may choose it, but on one machine the demo comes with it
    if password == PUBLIC_PASSWORD and not settings.NAMED_HOSTS:
        return
    try:
        validate_password(password)
    except ValidationError as error:
        reasons = " ".join(error.messages)
        raise DemoRefusedError(_("Password dimostrativa rifiutata. %s") % reasons) from error


def _create() -> Administration:
    methods = {method.code: method for method in _national_methods()}
    administration = create_administration(
        ipa_code=IPA_CODE, name=NAME, adopting_organ="Giunta comunale", by=None
    )
    create_plan(
        administration=administration,
        title=PLAN_TITLE,
        first_year=2021,
        last_year=2023,
        document=PlanFormat.PTPCT,
        kind=PlanKind.ORDINARY,
        methods=list(methods.values()),
        default_method=methods["PNA2019"],
        by=None,
    )
    _refuse_real_people()
    load_reference(folder=DEMO)
    shield = (DEMO / "stemma.svg").read_bytes()
    set_emblem(body=administration, content=shield, alternative=f"Stemma del {NAME}", by=None)
    administration.measures_limit = MEASURES_LIMIT
    store(administration)
    _ask_for_an_entry()
    _read_the_chapters(administration)
    return administration


def _read_the_chapters(body: Administration) -> None:
    """Let a head approve the first chapter of the plan, and an officer miss something in another.

    A third waits for whoever tries it.
    """
    rows = Chapter.objects.filter(plan__administration=body).order_by("position")
    first, second = rows.select_related("plan__administration")[:2]
    head, officer = (User.objects.get(username=name) for name in CHAPTERS_READ_BY)
    approve_chapter(row=first, seen=first.content_digest, by=head)
    add_chapter_remark(row=second, text=CHAPTER_REMARK, by=officer)


def _ask_for_an_entry() -> None:
    """Let an office miss an executor: the request waits, and the phase stays without."""
    phases = Phase.objects.filter(executor_role=None, executor_office=None)
    phases = phases.select_related("process__annex__plan__administration")
    phase = phases.order_by("process__position", "position").filter(process__uid=ASKED_OF)[0]
    ask_entry(
        annex=phase.process.annex,
        kind=RequestedList.EXECUTOR_ROLE,
        text="Responsabile del rilascio",
        reason="Chi mette in produzione un servizio non è fra gli esecutori.",
        phase=phase,
        by=User.objects.get(username=ASKED_BY),
    )


def _national_methods() -> list[Method]:
    codes = ("PNA2019", "PNA2013")
    methods = Method.objects.filter(administration__isnull=True, code__in=codes, edition="1")
    if len(methods) != len(codes):
        raise DemoRefusedError(
            _("Mancano i dati di riferimento: prima va eseguito «manage.py load_reference».")
        )
    return list(methods)


def _refuse_real_people() -> None:
    """Refuse to take over a real account that has the user name of a demo person."""
    entries = json.loads((DEMO / PEOPLE).read_text(encoding="utf-8"))
    names = [entry["fields"]["username"] for entry in entries]
    real = User.objects.filter(username__in=names).exclude(email__endswith=MAIL_DOMAIN)
    if taken := sorted(real.values_list("username", flat=True)):
        raise DemoRefusedError(
            _("Esistono già persone vere con questi nomi utente: %s.") % ", ".join(taken)
        )


def _remove(administration: Administration, detail: dict[str, Any]) -> None:
    """Delete the demo body and all that is its own; deletions leave history rows where there are.

    Its issued and adopted editions too, which nobody else may delete: without guards, for this
    transaction. `detail` is that of the record, which names those of them that were written once.
    """
    guards = [*registry_guards.GUARDS, *risk_guards.GUARDS]
    frozen = [guard for guard in guards if "DELETE" in guard.events or "UPDATE" in guard.events]
    triggers.remove(frozen)
    plans = Plan.objects.filter(administration=administration)
    FollowUp.objects.filter(round__plan__in=plans).delete()
    written = trail.written_models()
    # what is part of another row that is written once before that row
    for model in sorted(written, key=lambda one: not _kept_by(one) & set(written)):
        of_body = on_annexes(model, plan__in=plans) if paths_of(model) else models.Q()
        if not paths_of(model) or hasattr(model, "BODY_PATH"):
            of_body |= models.Q(**{f"{getattr(model, 'BODY_PATH', 'plan')}__in": plans})
        rows = model._default_manager.filter(of_body)
        trail.bind_gone_rows(detail, rows)
        rows.delete()
    Remark.objects.filter(annex__plan__in=plans).delete()
    ChapterRemark.objects.filter(chapter__plan__in=plans).delete()
    PlannedMeasure.objects.filter(plan__in=plans).delete()
    # the newest edition first: it remembers the one before
    for plan in plans.order_by("-first_year"):
        Process.objects.filter(annex__plan=plan).delete()
        Annex.objects.filter(plan=plan).delete()
        plan.delete()
    for model in OWNED:
        rows = model.objects.filter(administration=administration)
        # A row protects the one it points to, even when both go.
        for link in ("parent", "replaces"):
            if hasattr(model, link):
                rows.update(**{link: None})
        rows.delete()
    administration.delete()
    triggers.install(frozen)


def _kept_by(model: type[models.Model]) -> set[Any]:
    """Return the models whose rows a row of a model holds."""
    keys = (field for field in model._meta.concrete_fields if field.remote_field)
    return {key.related_model for key in keys} - {model}


def _give_password(password: str) -> None:
    # One hash for all: hashing is slow on purpose, and the password is one anyway.
    User.objects.filter(email__endswith=MAIL_DOMAIN).update(password=make_password(password))
