"""What changed between two editions: each act is listed once, and nothing else is."""

import random

import pytest
from django.db.models import F
from django.utils import timezone

from registry.models import Annex, Office, Phase, Plan, Process
from risk.content.edition_values import MeasureCounts
from risk.enums import EditionChange
from risk.formatted.typed import read_typed
from risk.models import RiskBehaviour, TextBlock
from risk.services.plans.comparison.making import compare_plans, summed, told_of
from tests.register import adopt, close, make_behaviour, make_phase, make_process
from tests.risk.plans.two_editions import adopted_plan, move, next_of, of
from tests.statements import at_most

pytestmark = pytest.mark.django_db
KIND = EditionChange


@pytest.fixture
def adopted() -> Plan:
    return adopted_plan()


def told(before: Plan, after: Plan) -> dict[str, set]:
    """What happened, by the title of the process."""
    offices = compare_plans(before, after).opened()
    return {row.title: set(row.kinds) for one in offices for row in one.processes}


def test_an_untouched_copy_is_the_same(adopted):
    after = next_of(adopted)
    comparison = compare_plans(adopted, after)

    assert all(one.is_still for one in comparison.opened())
    total = summed(list(comparison.counted().offices.values()))
    assert (total.processes, total.unchanged, total.is_still) == (4, 4, True)
    assert comparison.frame.own == ()
    assert comparison.frame.measures.carried == 1
    assert comparison.frame.by_ancestor


def test_each_act_is_told_by_its_name(adopted):
    after = next_of(adopted)
    annex = Annex.objects.get(plan=after, office__name="Tributi")
    other = Annex.objects.get(plan=after, office__name="Anagrafe")
    of(after, "Rimborso di tributi").phases.update(title="Istruttoria della domanda")
    sgravi = of(after, "Sgravi")
    Process.objects.filter(pk=sgravi.pk).update(
        retired_on=timezone.localdate(), retired_reason="Non si fa più."
    )
    riscossione = of(after, "Riscossione")
    assessment = riscossione.assessments.get()
    assessment.level = assessment.method.levels.get(label="Alto")
    assessment.save()
    move(of(after, "Certificati"), annex, title="Certificati e copie")
    make_process(other, "Carte d’identità")

    assert told(adopted, after) == {
        "Rimborso di tributi": {KIND.CHANGED},
        "Riscossione": {KIND.LEVEL_UP, KIND.CHANGED},
        "Certificati e copie": {KIND.MOVED, KIND.RENAMED, KIND.CHANGED},
        "Carte d’identità": {KIND.NEW},
        "Sgravi": {KIND.DROPPED},
    }
    rows = {
        row.title: row for one in compare_plans(adopted, after).opened() for row in one.processes
    }
    assert rows["Certificati e copie"].moved_from == "Anagrafe"
    assert rows["Sgravi"].reason == "Non si fa più."
    assert rows["Riscossione"].level_before == "Basso"
    phase, behaviour = rows["Rimborso di tributi"].changes
    assert [(one.before, one.after) for one in phase.fields] == [
        ("Istruttoria", "Istruttoria della domanda")
    ]
    assert behaviour.row == "Comportamento a rischio"  # which names the phase


def test_year_one_meets_year_three(adopted):
    second = next_of(adopted)
    of(second, "Riscossione").phases.update(title="Esame")
    make_process(Annex.objects.get(plan=second, office__name="Anagrafe"), "Carte d’identità")
    for annex in second.annexes.all():
        close(annex, "issued")
    adopt(second)
    third = next_of(Plan.objects.get(pk=second.pk), 2023)
    of(third, "Carte d’identità").phases.create(position=1, title="Rilascio")
    of(third, "Sgravi").delete()
    tributi = Annex.objects.get(plan=third, office__name="Tributi")
    move(of(third, "Certificati"), tributi, title="Certificati")

    assert told(adopted, third) == {
        "Riscossione": {KIND.CHANGED},
        "Carte d’identità": {KIND.NEW},
        "Sgravi": {KIND.DROPPED},
        "Certificati": {KIND.MOVED, KIND.CHANGED},
    }
    assert told(second, third) == {
        "Carte d’identità": {KIND.CHANGED},
        "Sgravi": {KIND.DROPPED},
        "Certificati": {KIND.MOVED, KIND.CHANGED},
    }


def test_two_copies_of_one_edition_meet_in_it(adopted):
    update, other = next_of(adopted), next_of(adopted, 2023)
    of(update, "Sgravi").phases.update(title="Esame")
    of(other, "Riscossione").phases.update(title="Esame")

    assert told(update, other) == {"Sgravi": {KIND.CHANGED}, "Riscossione": {KIND.CHANGED}}


def test_without_a_common_ancestor_by_title_and_number(adopted):
    after = Plan.objects.create(
        administration=adopted.administration,
        title="PTPCT nuovo",
        first_year=2024,
        last_year=2026,
    )
    made = {}
    for was in Annex.objects.filter(plan=adopted):
        annex = Annex.objects.create(plan=after, office=was.office)
        for row in was.processes.order_by("number"):
            process = make_process(annex, row.title, risk_presence=row.risk_presence)
            phase = make_phase(process, executor_role=row.phases.get().executor_role)
            made[row.title] = make_behaviour(process, row.behaviours.get().text, phases=[phase])
    Process.objects.filter(pk=made["Sgravi"].process_id).update(title="Sgravi e discarichi")

    comparison = compare_plans(adopted, after)
    found = {row.title: row for one in comparison.opened() for row in one.processes}

    assert not comparison.frame.by_ancestor
    assert "titolo" in told_of(comparison)
    # typed anew: neither area nor judgement, but the same rows
    assert {row for one in found["Riscossione"].changes for row in [one.row]} == {
        "",
        "Valutazione del processo",
    }
    assert KIND.RENAMED in found["Sgravi e discarichi"].kinds
    assert "Certificati" not in found
    assert not any(row.is_new or row.is_dropped for row in found.values())


@pytest.mark.parametrize("seed", range(4))
def test_random_acts_are_listed_exactly(adopted, seed):
    after, choose = next_of(adopted), random.Random(seed)  # noqa: S311
    for process in list(Process.objects.filter(annex__plan=after)):
        act = choose.choice(("none", "title", "phase", "behaviour", "drop", "new"))
        if act == "title":
            Process.objects.filter(pk=process.pk).update(title=f"{process.title} e altro")
        elif act == "phase":
            make_phase(process, "Archiviazione")
        elif act == "behaviour":
            process.behaviours.update(text="Omettere un controllo")
        elif act == "drop":
            process.delete()
        elif act == "new":
            make_process(process.annex, f"Nuovo accanto a {process.title}")

    listed = told(adopted, after)

    assert {title for title, kinds in listed.items() if kinds & {KIND.CHANGED}} == written(after)
    assert {title for title, kinds in listed.items() if KIND.RENAMED in kinds} == {
        row.title
        for row in Process.objects.filter(annex__plan=after, origin__isnull=False)
        if row.title != row.origin.title
    }
    assert {title for title, kinds in listed.items() if KIND.NEW in kinds} == set(
        Process.objects.filter(annex__plan=after, origin=None).values_list("title", flat=True)
    )
    assert {title for title, kinds in listed.items() if KIND.DROPPED in kinds} == set(
        Process.objects.filter(annex__plan=adopted)
        .exclude(
            pk__in=Process.objects.filter(annex__plan=after, origin__isnull=False).values("origin")
        )
        .values_list("title", flat=True)
    )


def written(plan: Plan) -> set[str]:
    """The processes of a plan with a row below them that is not as its ancestor, by their title."""
    own = Process.objects.filter(annex__plan=plan, origin__isnull=False)
    phases = Phase.objects.filter(process__in=own)
    behaviours = RiskBehaviour.objects.filter(process__in=own)
    rows = [
        *phases.filter(origin=None),
        *phases.filter(origin__isnull=False).exclude(title=F("origin__title")),
        *behaviours.filter(origin=None),
        *behaviours.filter(origin__isnull=False).exclude(text=F("origin__text")),
    ]
    return {row.process.title for row in rows}


def test_what_belongs_to_no_process_is_told_once(adopted):
    after = next_of(adopted)
    annex = Annex.objects.get(plan=after, office__name="Tributi")
    annex.planned_measures.get().steps.update(description="Corso per tutti")
    TextBlock.objects.create(
        plan=after,
        administration=after.administration,
        layout="completo",
        slot="title",
        text="Un titolo",
    )
    after.objectives.create(position=1, code="OB.1", name="Più trasparenza")
    last = after.chapters.count()
    after.chapters.create(position=last + 1, title="Senza testo")
    words = "**Poche** righe:\n\n- con\n\n| Che cosa | Dove |\n| --- | --- |\n| gare | qui |"
    after.chapters.create(position=last + 2, title="Contesto", blocks=read_typed(words))

    comparison = compare_plans(adopted, after)
    # a chapter is told by its words, without the signs it is typed with
    assert comparison.frame.own[-1].fields[-1].after == (
        "Poche righe:\n– con\nChe cosa: gare; Dove: qui"
    )
    offices = {one.name: one for one in comparison.opened()}

    assert [(one.kind, one.row) for one in comparison.frame.own] == [
        ("changed", "Testi"),
        ("added", "Obiettivo"),
        ("added", "Capitolo"),
    ]
    assert [one.row for one in offices["Tributi"].own] == ["Misura"]
    assert not any(one.processes for one in offices.values())


@pytest.mark.parametrize(
    ("offices", "place", "scope"),
    [
        # on what was of the office by now, which is said
        (["TRI; unito; ANA"], "Anagrafe", [("Ambito", "tutto l’ufficio", "processi")]),
        (["TRI; diviso; GARE; ; 1", "TRI; diviso; ICT; ; 2-3"], "Gare", []),
    ],
    ids=["united", "split"],
)
def test_a_measure_that_went_on_elsewhere_is_neither_new_nor_gone(adopted, offices, place, scope):
    body = adopted.administration
    for code, name in (("TRI", "Tributi"), ("ANA", "Anagrafe")):
        Office.objects.filter(administration=body, name=name).update(code=code)
    for code, name in (("GARE", "Gare"), ("ICT", "Reti")):
        Office.objects.create(administration=body, code=code, name=name)
    after = next_of(adopted, offices="\n".join(offices))
    assert measures_told(adopted, after) == (
        MeasureCounts(carried=1),
        {place: scope} if scope else {},
    )

    # what changes in it, and what is taken away, is told where it is
    annex = Annex.objects.get(plan=after, office__name=place)
    annex.planned_measures.get().steps.update(description="Corso per tutti")
    counts, fields = measures_told(adopted, after)
    assert (counts.carried, [*fields]) == (1, [place])
    assert fields[place][-1][0] == "Fasi e tempi di attuazione"
    after.planned_measures.all().delete()
    counts, fields = measures_told(adopted, after)
    assert (counts, [*fields.values()]) == (MeasureCounts(dropped=1), [[]])


def measures_told(before: Plan, after: Plan) -> tuple[MeasureCounts, dict[str, list]]:
    """The counts of measures, and by office what changed in those said once for it."""
    found = compare_plans(before, after)
    told = [(one, [row for row in one.own if row.row == "Misura"]) for one in found.offices]
    return found.frame.measures, {
        one.name: [(field.label, field.before, field.after) for row in own for field in row.fields]
        for one, own in told
        if own
    }


def test_the_statements_do_not_grow(adopted):
    after = next_of(adopted)
    for title in ("Sgravi", "Riscossione", "Certificati"):
        make_phase(of(after, title), "Archiviazione")
    list(compare_plans(adopted, after).opened())  # what is kept of both is up to date

    with at_most(40):
        (before,) = {len(list(compare_plans(adopted, after).opened()))}
    for number in range(30):
        office = Office.objects.create(
            administration=after.administration, code=f"N{number}", name=f"Ufficio {number}"
        )
        make_process(Annex.objects.create(plan=after, office=office), f"Processo {number}")
    list(compare_plans(adopted, after).opened())

    with at_most(40):
        assert len(list(compare_plans(adopted, after).opened())) == before + 30
