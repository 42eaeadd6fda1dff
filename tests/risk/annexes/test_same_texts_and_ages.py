"""Texts that stand in another office or the library too, and how old the words of a copy are."""

import uuid
from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from registry.models import Annex, ExecutorRole, Phase, Process
from risk.content.reconfirmed import reconfirmed_of
from risk.content.row_ages import UNKNOWN
from risk.content.same_texts import SameTexts, same_texts
from risk.models import LibraryProcess, PlannedMeasure, ProcessContent
from risk.services.annexes.contents import kept_annexes
from risk.services.annexes.reconfirmation import annex_standings, reread_of
from tests.people import client_of, people_of
from tests.register import complete_annex, make_process
from tests.risk.annexes.reconfirming import (
    confirm,
    copy_of_four,
    fresh,
    named,
    next_edition,
    unread,
)
from tests.statements import at_most

pytestmark = pytest.mark.django_db

LONG = "Verifica a campione delle istanze con riscontro documentale."


@pytest.fixture
def copied() -> Annex:
    return copy_of_four()


def ages(annex: Annex) -> list[int | None]:
    return [row.kept.since for row in annex_standings(fresh(annex))]


def rows_of(annex: Annex, place: int) -> dict[str, list[str]]:
    """Return the rows of another age than their process, by the key of the plan."""
    annex_standings(fresh(annex))
    return ProcessContent.objects.get(process=named(annex, place)).ages


def test_of_a_copy_whose_ancestor_is_gone_the_histories_tell_the_age(copied):
    first = copied.plan.origin
    Process.objects.filter(annex=copied).update(origin=None)
    changed = Process.objects.get(pk=named(copied, 1).pk)
    changed.description = "Altro."
    changed.save()
    Process.objects.filter(pk=named(copied, 2).pk).update(origin_uid=uuid.uuid4())
    import_module("risk.migrations.0029_ages_and_texts").fill_ages(apps, None)
    known = [first.pk, copied.plan.pk, None, first.pk]
    assert ages(copied) == known
    rows = import_module("risk.migrations.0044_row_ages")
    rows.fill_ages(apps, None)
    assert ages(copied) == known
    phases = [named(copied, place).phases.first() for place in range(4)]
    assert str(phases[1].uid) in rows_of(copied, 1)[str(first.pk)]
    assert str(phases[3].uid) not in str(rows_of(copied, 3))
    # of a row whose history is gone nobody knows
    Phase.objects.filter(process=named(copied, 3)).update(origin_uid=uuid.uuid4())
    rows.fill_ages(apps, None)
    assert ages(copied) == known
    assert str(phases[3].uid) in rows_of(copied, 3)[UNKNOWN]
    # what is written from then on is told without histories
    Process.objects.filter(pk=named(copied, 3).pk).update(description="Nuovo.")
    assert ages(copied) == [*known[:3], copied.plan.pk]


def test_each_row_keeps_the_edition_its_words_changed_in(copied):
    """Three editions: a phase changes in the second, the description in the third."""
    first, second = copied.plan.origin, copied.plan
    phase = named(copied).phases.first()
    Phase.objects.filter(pk=phase.pk).update(title="Esame nuovo")
    third = next_edition(second, "PTPCT 2023/2025", first_year=2023, last_year=2025)
    process = named(third)
    phase, behaviour = process.phases.first(), process.behaviours.first()
    assert annex_standings(fresh(third))[0].kept.since == second.pk
    older = rows_of(third, 0)
    assert older.keys() == {str(first.pk)}
    assert {str(process.uid), str(behaviour.uid)} < set(older[str(first.pk)])
    Process.objects.filter(pk=process.pk).update(description="Altro.")
    new = process.phases.create(position=2, title="Nuova")
    now = rows_of(third, 0)
    assert now[str(second.pk)] == [str(phase.uid)]
    assert str(behaviour.uid) in now[str(first.pk)]
    # of its own edition nothing is told apart
    assert not {str(process.uid), str(new.uid)} & {uid for uids in now.values() for uid in uids}
    assert rows_of(third, 1) == {}


@pytest.mark.parametrize(
    ("table", "written", "is_new"),
    [
        ("measure", {"notes": "Altro modo."}, True),
        ("measure", {"monitoring_mode": "Si guarda altro."}, True),
        ("measure", {"start_state": "in_progress"}, False),
        ("step", {"description": "Altro passo"}, True),
        ("step", {"due_on": date(2022, 11, 30)}, False),
        ("indicator", {"label": "Altri controlli"}, True),
        ("indicator", {"baseline": 3, "target": 12}, False),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, dict) else None,
)
def test_a_measure_is_of_the_edition_that_programmed_it_in_other_words(table, written, is_new):
    annex = complete_annex()
    process, role = annex.processes.get(), ExecutorRole.objects.get()
    measure = annex.planned_measures.get().measure
    planned = PlannedMeasure.objects.create(
        plan=annex.plan, annex=annex, measure=measure, scope="processes", responsible_role=role
    )
    planned.targets.create(process=process)
    planned.steps.create(position=1, description="Controlli", timing="ogni mese")
    planned.progress_indicators.create(position=1, label="Controlli fatti", kind="quantity")
    copied = next_edition(annex.plan)
    assert rows_of(copied, 0) == {}
    planned = copied.planned_measures.get(scope="processes")
    rows = {
        "measure": planned,
        "step": planned.steps.get(),
        "indicator": planned.progress_indicators.get(),
    }
    for name, value in written.items():
        setattr(rows[table], name, value)
    rows[table].save()
    told = {str(copied.plan.pk): [str(planned.uid)]} if is_new else {}
    assert rows_of(copied, 0) == told
    # the process is of the edition before, and still to be read again
    assert ages(copied) == [annex.plan.pk]
    assert len(unread(copied)) == 1


def test_texts_that_stand_elsewhere_are_counted_and_said():
    first = complete_annex()
    first.processes.update(objective=LONG, input="Breve.")
    copied = next_edition(first.plan)
    office = copied.plan.administration.offices.create(code="B", name="Ufficio B")
    process = make_process(copied.plan.annexes.create(office=office), "Altro")
    Process.objects.filter(pk=process.pk).update(objective=f" {LONG.upper()}", input="Breve.")
    LibraryProcess.objects.create(code="LP", label="Prova").phases.create(position=1, title=LONG)
    kept_annexes(list(Annex.objects.with_names().filter(plan=copied.plan)))
    with at_most(7):
        found = same_texts(copied)
    assert found == SameTexts(elsewhere=1, library=1)
    assert not same_texts(copied, only=[]).sentence
    assert reread_of(fresh(copied)).same == found
    people = people_of(copied)
    sentence = "Testi uguali a quelli di un altro ufficio: 1; uguali a quelli della libreria: 1."
    assert found.sentence == sentence
    rpct = client_of(people["rpct"])
    for page, uid in (("completeness", copied.uid), ("process_sheet", named(copied).uid)):
        assert sentence in rpct.get(reverse(f"risk:{page}", args=[uid])).content.decode(), page
    # the map and the acts on many rows find those processes
    make_process(copied, "Senza testi")
    way, narrowed = reverse("risk:mapping", args=[copied.uid]), {"riconferma": "testi-altrui"}
    assert "1 processo" in rpct.get(way, narrowed).content.decode()
    way = reverse("risk:bulk", args=[copied.uid, "processi"])
    page = rpct.get(way, {"solo": "testi-altrui"})
    assert [row.title for row in page.context["form"].page] == [named(copied).title]
    # which they are is named; the sheet of another office is opened by who reads the whole body
    first, other = named(copied), process.printed
    pairs = {(one.process, one.other, one.typical, one.count) for one in found.places}
    assert pairs == {(first, process, "", 1), (first, None, "Prova", 1)}
    for who, is_there in (("rpct", True), ("editor", False)):
        page = client_of(people[who]).get(reverse("risk:completeness", args=[copied.uid]))
        told = " ".join(page.content.decode().split())
        assert "come in «Ufficio B»" in told
        assert "come nel processo tipo «Prova»" in told
        assert (other in told) is is_there
    confirm(copied, people["editor"])
    assert reconfirmed_of(fresh(copied))[-1] == sentence
