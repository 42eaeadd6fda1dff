"""Two bodies with one row of every kind (or more) each, and the people who look at them."""

import datetime
import uuid
from dataclasses import dataclass
from types import SimpleNamespace

from django.utils import timezone

from registry import trail
from registry.models import (
    Action,
    Administration,
    Alias,
    AnacArea,
    Annex,
    DirectoryRule,
    ExecutorRole,
    InstitutionalFunction,
    Macroprocess,
    Membership,
    Office,
    Phase,
    Plan,
    PlanDeadline,
    Process,
    RiskArea,
    User,
)
from risk.models import (
    Answer,
    Assessment,
    Chapter,
    ChapterTitle,
    Consultation,
    ConsultationPaper,
    Contribution,
    ContributionSender,
    Coverage,
    EnablingFactor,
    EventCategory,
    ImplementationStep,
    Indicator,
    LegalReference,
    Level,
    LibraryAction,
    LibraryBehaviour,
    LibraryCopy,
    LibraryPhase,
    LibraryProcess,
    MatrixCell,
    Measure,
    MeasureTarget,
    MeasureTypology,
    Method,
    Objective,
    ObjectiveIndicator,
    PendingContribution,
    PlanMethod,
    PlannedMeasure,
    ProgressIndicator,
    Rating,
    Remark,
    RemarkAnswer,
    RiskBehaviour,
    TextBlock,
)
from tests.load_once import made_once
from tests.risk.admin.asked import make_asked, make_item, make_round

START = datetime.date(2020, 1, 1)
CATALOGUES = (
    *(RiskArea, InstitutionalFunction, Macroprocess, ExecutorRole, EventCategory),
    *(EnablingFactor, MeasureTypology, Measure, LibraryProcess, LegalReference),
    ChapterTitle,
)


@dataclass
class World:
    """Body A with its people, body B, and the rows of each by model."""

    a: SimpleNamespace
    b: SimpleNamespace
    people: dict[str, User]


def person(name: str, **options) -> User:
    return User.objects.create(username=name, last_name=name, **options)


@made_once
def build() -> World:
    """Build both bodies, with one row of every kind in each."""
    a, b = body("c_a001"), body("c_b002")
    people = {name: person(name) for name in ("head", "editor", "rpct", "auditor", "stranger")}
    people["superuser"] = person("superuser", is_superuser=True)
    for name, office, home in (
        ("head", a.office, a),
        ("editor", a.office, a),
        ("rpct", None, a),
        ("auditor", None, a),
        ("stranger", b.office, b),
    ):
        Membership.objects.create(
            user=people[name],
            administration=home.administration,
            office=office,
            role="editor" if name == "stranger" else name,
            starts_on=START,
        )
    return World(a=a, b=b, people=people)


def body(ipa_code: str) -> SimpleNamespace:
    """Build one administration; the first row of every model stands under the model's name."""
    administration = Administration.objects.create(ipa_code=ipa_code, name=ipa_code)
    one = SimpleNamespace(administration=administration)
    _catalogues(one, 1)
    _method(one, 1)
    _annex(one, 1)
    return one


def enlarge(world: World, numbers: tuple[int, ...] = (2, 3)) -> None:
    """Give the lists a row more for each number, and the first row of each as much under it."""
    one = world.a
    for number in numbers:
        _catalogues(one, number)
        _method(one, number)
        _annex(one, number)
        _objective(one, one.plan, number)
        extra = Process(annex=one.annex, position=number, number=number, title=f"Altro {number}")
        extra.save()
        _under(one, number, extra)
        make_asked(one.annex, one.measure, number)
        body(f"c_z00{number}")
        name = f"nuovo{number}"
        for user in (person(name), world.people["head"]):
            Membership.objects.create(
                user=user,
                administration=one.administration,
                office=one.office,
                role="editor",
                starts_on=START + datetime.timedelta(days=number),
            )
    TextBlock.objects.get_or_create(
        administration=one.administration, layout="catalogo", slot="title", text="Titolo"
    )


def _under(one, number, process):
    """More rows under the first process, phase, behaviour, assessment, measure, plan and method."""
    phase = Phase.objects.create(
        process=one.process,
        position=number,
        title=f"Fase {number}",
        executor_role=one.executorrole,
        executor_office=one.office,
    )
    action = Action.objects.create(
        phase=one.phase, position=number, title=f"Azione {number}", executor_role=one.executorrole
    )
    other = one.riskbehaviour.coverages.model
    other.objects.create(behaviour=one.riskbehaviour, phase=phase)
    other.objects.create(behaviour=one.riskbehaviour, action=action)
    indicator = Indicator.objects.create(
        method=one.method, code=f"I{number}", position=number, label=f"Indicatore {number}"
    )
    Answer.objects.create(indicator=one.indicator, position=number, label="No", score=0)
    Rating.objects.create(assessment=one.assessment, indicator=indicator, level=one.level)
    MeasureTarget.objects.create(planned_measure=one.plannedmeasure, process=process)
    step = ImplementationStep.objects.create(
        planned_measure=one.plannedmeasure,
        position=number,
        description=f"Passo {number}",
        responsible_role=one.executorrole,
    )
    ProgressIndicator.objects.create(
        planned_measure=one.plannedmeasure,
        position=number,
        label=f"Indicatore {number}",
        kind="quantity",
        step=step,
        is_master=False,
    )
    PlanDeadline.objects.create(plan=one.plan, due_on=START, kind="other", label=f"Data {number}")
    method = Method.objects.get(administration=one.administration, code=f"M{number}")
    PlanMethod.objects.create(plan=one.plan, method=method)
    Alias.objects.create(
        kind="office", office=one.office, text=f"Grafia {number}", administration=one.administration
    )
    LibraryBehaviour.objects.filter(process=one.libraryprocess).last().phases.add(one.libraryphase)


def _keep(one, row):
    name = row._meta.model_name
    if not hasattr(one, name):
        setattr(one, name, row)
    return row


def _catalogues(one, number):
    owner = {"administration": one.administration}
    for model in CATALOGUES:
        needs = {"kind": "general"} if model is RiskArea else {}
        needs |= {"character": "general"} if model is Measure else {}
        needs |= {"document": "ptpct"} if model is ChapterTitle else {}
        needs |= {"spellings": f"art. {number}"} if model is LegalReference else {}
        row = model(code=f"C{number}", label=f"Qualità e città {number}", **owner, **needs)
        if model is Macroprocess:
            row.function = one.institutionalfunction
        row.save()
        _keep(one, row)
    code = f"{one.administration.ipa_code}-{number}"
    _keep(one, AnacArea.objects.create(code=code, label=code, kind="general"))
    owned = {"process": one.libraryprocess, "position": number}
    _keep(one, LibraryPhase.objects.create(**owned, title="Fase tipo"))
    _keep(one, LibraryBehaviour.objects.create(**owned, text="Testo"))
    action = LibraryAction(phase=one.libraryphase, position=number, title="Azione tipo")
    action.save()
    _keep(one, action)


def _method(one, number):
    method = Method.objects.create(
        code=f"M{number}", name="Metodo", kind="matrix", administration=one.administration
    )
    levels = {
        scale: Level.objects.create(method=method, scale=scale, ordinal=1, code="L", label="Basso")
        for scale in ("overall", "indicator", "probability", "impact")
    }
    indicator = Indicator.objects.create(method=method, code="I", position=1, label="Indicatore")
    cell = MatrixCell.objects.create(
        method=method,
        probability=levels["probability"],
        impact=levels["impact"],
        result=levels["overall"],
    )
    answer = Answer.objects.create(indicator=indicator, position=1, label="Sì", score=1)
    for row in (method, levels["overall"], indicator, cell, answer):
        _keep(one, row)


def _annex(one, number):
    owner = {"administration": one.administration}
    office = _keep(one, Office.objects.create(code=f"U{number}", name=f"Ufficio {number}", **owner))
    if number > 1:
        # the people of the first office reach the others too, so that lists have many rows
        office.parent = one.office
        office.save()
    _keep(one, Alias.objects.create(kind="office", office=office, text=f"Uff. {number}", **owner))
    rule = DirectoryRule(group=f"Gruppo {number}", role="editor", office=office, **owner)
    rule.save()
    _keep(one, rule)
    plan = Plan(title=f"PTPCT {number}", first_year=2021, last_year=2023, **owner)
    plan.save()
    _keep(one, plan)
    _keep(
        one,
        PlanDeadline.objects.create(plan=plan, due_on=START, kind="transmission", label="Invio"),
    )
    _keep(one, PlanMethod.objects.create(plan=plan, method=one.method, is_default=True))
    _keep(
        one,
        TextBlock.objects.create(plan=plan, layout="catalogo", slot="note", text="Nota", **owner),
    )
    _objective(one, plan, 1)
    _keep(one, make_round(plan, 1))
    annex = _keep(one, Annex.objects.create(plan=plan, office=office))
    process = Process(
        annex=annex,
        position=1,
        number=1,
        title=f"Gestione della qualità {number}",
        risk_area=one.riskarea,
        macroprocess=one.macroprocess,
    )
    process.save()
    _keep(one, process)
    _rows(one, process)


def _objective(one, plan, number):
    """A chapter and an objective of a plan, and a further indicator of the first one.

    Beside them a consultation that is over.
    """
    over = Consultation.objects.create(plan=plan, ends_on=START, withdrawn_at=timezone.now())
    _keep(one, over)
    drawn = {"content": b"%PDF", "drawn_at": timezone.now()}
    _keep(one, ConsultationPaper.objects.create(consultation=over, **drawn))
    told = {"sender": "citizen", "about": "plan", "text": "Testo.", "email": "ivo@example.org"}
    _keep(one, PendingContribution.objects.create(uid=uuid.uuid4(), consultation=over, **told))
    named = {"code": f"OB.{number}", "name": "Più trasparenza"}
    words = [{"type": "paragraph", "runs": [{"text": "Il contesto è questo."}]}]
    told = {"title": f"Il contesto {number}", "blocks": words}
    _keep(one, Chapter.objects.create(plan=plan, position=number, **told))
    _keep(one, Objective.objects.create(plan=plan, position=number, **named))
    place = one.objective.indicators.count() + 1
    indicator = ObjectiveIndicator(objective=one.objective, position=place, label="Accessi")
    indicator.save()
    _keep(one, indicator)


def other_office(one) -> SimpleNamespace:
    """Build a second office of the same body, beside the first, with one row of every kind."""
    shared = ("administration", "plan", "method", "level", "indicator", "measure", "riskarea")
    shared = (*shared, "chapter", "objective", "objectiveindicator")
    shared = (*shared, "consultation", "consultationpaper", "pendingcontribution")
    shared = (*shared, "monitoringround")
    names = (*shared, "macroprocess", "executorrole", "eventcategory", "libraryprocess")
    other = SimpleNamespace(**{name: getattr(one, name) for name in names})
    owner = {"administration": one.administration}
    other.office = Office.objects.create(code="ALTRO", name="Altro ufficio", **owner)
    other.annex = Annex.objects.create(plan=one.plan, office=other.office)
    fields = {"risk_area": one.riskarea, "macroprocess": one.macroprocess}
    other.process = Process.objects.create(
        annex=other.annex, position=1, number=1, title="Di un altro ufficio", **fields
    )
    _rows(other, other.process)
    return other


def _contribution(annex):
    """An answered contribution on an office."""
    return Contribution.objects.create(
        plan=annex.plan,
        number=annex.plan.contributions.count() + 1,
        sender="citizen",
        way="mail",
        received_on=START,
        about="annex",
        about_uid=annex.uid,
        about_label="Ufficio",
        annex_uid=annex.uid,
        text="Serve più chiarezza.",
        outcome="accepted",
        reason="È giusto.",
        decided_on=START,
    )


def _rows(one, process):
    """Everything that hangs from one process."""
    _keep(
        one,
        LibraryCopy.objects.create(process=process, library_process=one.libraryprocess, label="T"),
    )
    who = {"executor_role": one.executorrole, "executor_office": process.annex.office}
    heard = _contribution(process.annex)
    _keep(one, heard)
    _keep(one, ContributionSender.objects.create(contribution=heard, name="Ivo Nardi"))
    phase = Phase.objects.create(process=process, position=1, title="Fase", **who)
    action = Action.objects.create(phase=phase, position=1, title="Azione", **who)
    behaviour = RiskBehaviour.objects.create(process=process, position=1, text="Omesso controllo")
    behaviour.categories.add(one.eventcategory)
    rows = [phase, action, behaviour]
    rows.append(Coverage.objects.create(behaviour=behaviour, phase=phase))
    assessment = Assessment.objects.create(process=process, method=one.method, level=one.level)
    rows.append(assessment)
    rows.append(Rating.objects.create(assessment=assessment, indicator=one.indicator))
    planned = PlannedMeasure.objects.create(
        plan=process.annex.plan, annex=process.annex, measure=one.measure, scope="processes"
    )
    rows.append(planned)
    rows.append(MeasureTarget.objects.create(planned_measure=planned, process=process))
    step = ImplementationStep.objects.create(planned_measure=planned, position=1, description="Uno")
    rows.append(step)
    rows.append(
        ProgressIndicator.objects.create(
            planned_measure=planned, position=1, label="Quanti", kind="quantity"
        )
    )
    who, _made = User.objects.get_or_create(username="osserva", last_name="Osserva")
    at = {"annex": process.annex, "process": process, "row_kind": "process"}
    rows += make_item(planned, process.annex.office)
    remark = Remark.objects.create(row_uid=process.uid, text="Manca un controllo.", by=who, **at)
    rows += [remark, _answer(remark, who)]
    for row in rows:
        _keep(one, row)


def _answer(remark, who):
    """Answer as the service does, whatever the rights: `verify_trail` misses one nobody told of."""
    answer = RemarkAnswer.objects.create(remark=remark, text="Fatto.", by=who)
    detail = {}
    trail.bind_row(detail, answer)
    trail.write(kind="remark-answer", by=who, subject=f"annex {remark.annex.uid}", detail=detail)
    return answer
