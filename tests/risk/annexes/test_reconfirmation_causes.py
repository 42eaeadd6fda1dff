"""What has moved since a process was copied, and what the annex says on paper."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry import clock
from registry.acts import RuleRefused
from registry.models import Annex, Office, User
from risk.content.build import build_document
from risk.content.canonical import restore, snapshot
from risk.content.reading import read_annex
from risk.enums import Layout
from risk.enums import ReconfirmationState as State
from risk.models import (
    Fact,
    LegalReference,
    Measure,
    PlannedMeasure,
    Reconfirmation,
    RoundAnswer,
    RoundTransition,
    Suitability,
)
from risk.paper.annex_blocks import annex_book
from risk.paper.blocks import Paragraph
from risk.paper.html import render_html
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.reconfirmation import (
    annex_standings,
    standing_of,
)
from risk.services.completeness.causes import CAUSES
from risk.services.completeness.reconfirmation import standings_of
from risk.services.reporting.open_data.plans import annex_line
from tests.people import people_of
from tests.register import (
    add_complete_process,
    complete_annex,
    make_phase,
    make_process,
)
from tests.risk.annexes.reconfirming import (
    confirm,
    confirm_all,
    fresh,
    named,
    next_edition,
    states,
    unread,
)

pytestmark = pytest.mark.django_db


# --- What has moved -------------------------------------------------------------------------------


def old_judgement(annex: Annex) -> None:
    named(annex).assessments.update(assessed_on="2010-03-12")


def repealed(annex: Annex) -> None:
    LegalReference.objects.create(
        code="ABR", label="art. 323 c.p.", spellings="art. 323 c.p.", repealed_on="2021-08-25"
    )


def office_gone(annex: Annex) -> None:
    Office.objects.filter(code="ES").update(retired_on="2021-12-31", retired_reason="Soppresso.")


def office_renamed(annex: Annex) -> None:
    office = Office.objects.get(code="ES")
    office.name = "Cassa ed economato"
    office.save()


def remark_left(annex: Annex) -> None:
    origin = named(annex).origin
    person = User.objects.create(username="osserva")
    origin.annex.remarks.create(
        process=origin, row_kind="process", row_uid=origin.uid, text="Manca la soglia.", by=person
    )


def measure_late(annex: Annex) -> None:
    planned = PlannedMeasure.objects.get(annex=annex, scope="processes")
    planned.steps.create(position=1, description="Avvio", due_on="2021-06-30")


def contribution_received(annex: Annex) -> None:
    process = named(annex)
    annex.plan.contributions.create(
        number=1,
        sender="citizen",
        way="mail",
        received_on="2021-01-15",
        about="process",
        about_uid=process.uid,
        about_label=process.title,
        annex_uid=annex.uid,
        text="Non si sa entro quando si risponde.",
    )


def badly_monitored(annex: Annex) -> None:
    origin = PlannedMeasure.objects.get(annex=annex, scope="processes").origin
    days = {"answers_by": "2021-07-15", "checks_by": "2021-07-31", "criteria": "Tutte."}
    # of two closed rounds that asked for it the later one counts; one still open says nothing
    for label, day, state, outcome in (
        ("Primo semestre", "2021-06-30", "closed", "done"),
        ("Anno 2021", "2021-12-31", "closed", "not_measured"),
        ("Primavera", "2022-03-31", "open", ""),
    ):
        row = origin.plan.monitoring_rounds.create(label=label, situation_on=day, **days)
        item = row.items.create(planned_measure=origin, office=origin.responsible_office)
        RoundAnswer.objects.create(item=item)
        type(item).objects.filter(pk=item.pk).update(outcome=outcome)
        RoundTransition.objects.create(
            round=row, verb="close", from_state="draft", to_state=state, by=_somebody()
        )
        type(row).objects.filter(pk=row.pk).update(state=state)


def unsuitable(annex: Annex) -> None:
    origin = PlannedMeasure.objects.get(annex=annex, scope="processes").origin
    told = {"planned_measure": origin, "factor": "present", "motivation": "Non basta."}
    # of two years the later counts, and of a year what was judged last
    Suitability.objects.create(year=2020, judgement="remove", by=_somebody(), **told)
    first = Suitability.objects.create(year=2021, judgement="fit", by=_somebody(), **told)
    told |= {"judgement": "strengthen", "replaces": first}
    Suitability.objects.create(year=2021, by=_somebody(), **told)


def fact_recorded(annex: Annex) -> None:
    origin = annex.processes.order_by("position")[0].origin
    told = {"plan": origin.annex.plan, "year": 2021, "was_measure": "no", "by": _somebody()}
    told["named_rows"] = f"{origin.uid}\n"
    first = Fact.objects.create(kind="external", **told)
    Fact.objects.create(kind="disciplinary", replaces=first, outcome="Sanzione.", **told)
    Fact.objects.create(kind="criminal", count=0, **told)


def _somebody() -> User:
    return User.objects.get_or_create(username="osserva")[0]


CAUSED = {
    old_judgement: "un giudizio è del 12/03/2010: il metodo chiede di rivederlo ogni 3 anni",
    repealed: "è citato art. 323 c.p., abrogato",
    office_gone: "l’ufficio «Economato» non c’è più",
    office_renamed: "«Economato» si chiama ora «Cassa ed economato»",
    remark_left: "osservazione lasciata aperta: «Manca la soglia.»",
    contribution_received: "contributo n. 1: «Non si sa entro quando si risponde.»",
    badly_monitored: "misure al monitoraggio – Rotazione: non misurata («Anno 2021»)",
    unsuitable: "idoneità delle misure – Rotazione: da rafforzare (2021)",
    fact_recorded: "fatti registrati che lo riguardano – disciplinare (2021)",
    measure_late: "termini passati senza che sia attuata: Rotazione",
}


@pytest.fixture
def moved() -> Annex:
    """A copied annex of two processes; in the first, things can move."""
    annex = complete_annex()
    add_complete_process(annex, "Rateazione")
    process = annex.processes.order_by("position")[0]
    body = annex.plan.administration
    office = Office(administration=body, code="ES", name="Economato")
    office.save()
    process.phases.update(executor_office=office, title="Denuncia ex art. 323 c.p.")
    measure = Measure.objects.create(code="ROT", label="Rotazione", character="specific")
    planned = PlannedMeasure.objects.create(
        plan=annex.plan,
        annex=annex,
        position=1,
        measure=measure,
        scope="processes",
        responsible_office=office,
    )
    planned.targets.create(process=process)
    return next_edition(annex.plan)


def test_what_is_moved_here_is_every_cause(moved):
    codes = set()
    for move in CAUSED:
        with transaction.atomic():
            move(moved)
            codes |= {one.cause.code for one in annex_standings(fresh(moved))[0].causes}
            transaction.set_rollback(True)
    assert codes == {cause.code for cause in CAUSES}


@pytest.mark.parametrize("move", CAUSED)
def test_what_has_moved_is_told_and_decided_by_itself(moved, move):
    editor = people_of(moved)["editor"]
    move(moved)
    first, second = annex_standings(fresh(moved))
    assert [one.detail for one in first.causes] == [CAUSED[move]]
    assert second.causes == ()
    done = confirm_all(moved, editor)
    assert done.count == 1
    needs_change = move is old_judgement
    refusal = RuleRefused if needs_change else ValidationError
    with pytest.raises(refusal):
        confirm(moved, editor)
    if needs_change:
        with pytest.raises(RuleRefused, match="Non basta"):
            confirm(moved, editor, reason="Guardato.")
        named(moved).assessments.update(assessed_on=clock.today())
        assert states(moved) == [State.CHANGED, State.CONFIRMED]
    else:
        confirm(moved, editor, reason="Guardato con l’ufficio.")
        assert states(moved) == [State.CONFIRMED] * 2
    assert not unread(moved)


def test_what_moves_after_a_confirmation_asks_again(moved):
    editor = people_of(moved)["editor"]
    confirm_all(moved, editor)
    remark_left(moved)
    assert states(moved) == [State.TO_CONFIRM, State.CONFIRMED]


def test_causes_take_as_many_statements_for_many_as_for_two(moved):
    def cost() -> int:
        kept = kept_annex(fresh(moved))
        with CaptureQueriesContext(connection) as captured:
            standings_of([kept])
        return len(captured)

    for move in (
        repealed,
        office_renamed,
        remark_left,
        measure_late,
        badly_monitored,
        unsuitable,
        fact_recorded,
    ):
        move(moved)
    few = cost()
    source = named(moved)
    for place in range(10, 30):
        copy = {"origin": source.origin, "origin_uid": source.origin_uid}
        row = make_process(moved, f"Altro {place}", **copy)
        make_phase(row, executor_office=Office.objects.get(code="ES"))
    assert cost() == few


def test_the_sheet_asks_what_was_looked_at(client, moved):
    remark_left(moved)
    client.force_login(people_of(moved)["editor"])
    process = named(moved)
    page = client.get(reverse("risk:process_sheet", args=[process.uid])).content.decode()
    assert "Osservazione lasciata aperta: «Manca la soglia.»." in page
    assert "Che cosa hai guardato" in page
    way = reverse("risk:reconfirm_process", args=[process.uid])
    sent = {"seen": standing_of(process).kept.digest, "reason": "  "}
    again = client.post(way, sent, follow=True).content.decode()
    assert "Scrivi che cosa hai guardato" in again
    assert not Reconfirmation.objects.exists()


# --- On paper -------------------------------------------------------------------------------------

BLOCK = (
    "Riconfermati in blocco 1 processi su 2 copiati dall’edizione precedente; uno per uno: 1; "
    "modificati: 0; nuovi: 1."
)
PRINTED = BLOCK.replace("Riconfermati in blocco 1 processi", "Riconfermato in blocco 1 processo")
WHY = "Riconfermati uno per uno perché qualcosa era cambiato – osservazione aperta: 1."


@pytest.fixture
def reread(moved) -> Annex:
    editor = people_of(moved)["editor"]
    remark_left(moved)
    confirm_all(moved, editor)
    confirm(moved, editor, reason="Guardato.")
    make_process(moved, "Nuovo")
    kept_annex(fresh(moved))
    return fresh(moved)


def test_the_annex_says_how_it_was_read_again(reread):
    document = build_document(read_annex(reread))
    assert document.reconfirmed == (BLOCK, WHY)
    assert document.reread_told == (PRINTED, WHY)
    for layout in Layout:
        page = render_html(document, layout=layout)
        assert page.count(PRINTED) == page.count(WHY) == 1
    told = [
        block.text
        for block in annex_book(document, Layout.CATALOGUE).blocks
        if isinstance(block, Paragraph)
    ]
    assert {PRINTED, WHY} <= {*told}
    line = json.loads(annex_line(document, None))
    assert line["riconferma"] == [BLOCK, WHY]


def test_what_was_said_is_frozen_with_the_issue_and_read_back(reread):
    data = snapshot(build_document(read_annex(reread)))
    assert restore(data).reconfirmed == (BLOCK, WHY)
    Reconfirmation.objects.all().delete()
    assert restore(data).reconfirmed == (BLOCK, WHY)
    bare = snapshot(build_document(read_annex(reread)))
    # what was issued before there were confirmations says the same as it did
    assert "reconfirmed" not in bare
    assert restore(bare).reconfirmed == ()
