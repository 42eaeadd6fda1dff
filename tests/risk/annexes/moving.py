"""What may move after a process was copied, each by a function, and how it is told."""

from registry.models import Annex, Office, User
from risk.models import (
    Fact,
    LegalReference,
    Measure,
    PlannedMeasure,
    RoundAnswer,
    RoundTransition,
    Suitability,
)
from tests.register import add_complete_process, complete_annex
from tests.risk.annexes.reconfirming import named


def annex_that_moves() -> Annex:
    """Return an annex of two processes; in the first, things can move once it is copied."""
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
    return annex


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
    origin = first_of(named(annex))
    told = {"row_kind": "process", "row_uid": origin.uid, "text": "Manca la soglia."}
    origin.annex.remarks.create(process=origin, by=somebody(), **told)


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


def monitored(annex: Annex, label: str, day: str, outcome: str, **said) -> None:
    """Let a round ask for the measure as it was first planned; it is open without an outcome."""
    origin = first_of(PlannedMeasure.objects.get(annex=annex, scope="processes"))
    days = {"answers_by": "2021-07-15", "checks_by": "2021-07-31", "criteria": "Tutte."}
    row = origin.plan.monitoring_rounds.create(label=label, situation_on=day, **days)
    item = row.items.create(planned_measure=origin, office=origin.responsible_office)
    RoundAnswer.objects.create(item=item, declared=said.pop("declared", ""))
    type(item).objects.filter(pk=item.pk).update(outcome=outcome, **said)
    state = "closed" if outcome else "open"
    told = {"verb": "close", "from_state": "draft", "to_state": state, "by": somebody()}
    RoundTransition.objects.create(round=row, **told)
    type(row).objects.filter(pk=row.pk).update(state=state)


def badly_monitored(annex: Annex) -> None:
    # of two closed rounds that asked for it the later one counts; one still open says nothing
    monitored(annex, "Primo semestre", "2021-06-30", "done")
    monitored(annex, "Anno 2021", "2021-12-31", "not_measured")
    monitored(annex, "Primavera", "2022-03-31", "")


def unsuitable(annex: Annex) -> None:
    origin = first_of(PlannedMeasure.objects.get(annex=annex, scope="processes"))
    told = {"planned_measure": origin, "factor": "present", "motivation": "Non basta."}
    # of two years the later counts, and of a year what was judged last
    Suitability.objects.create(year=2020, judgement="remove", by=somebody(), **told)
    first = Suitability.objects.create(year=2021, judgement="fit", by=somebody(), **told)
    told |= {"judgement": "strengthen", "replaces": first}
    Suitability.objects.create(year=2021, by=somebody(), **told)


def fact_recorded(annex: Annex) -> None:
    origin = first_of(annex.processes.order_by("position")[0])
    told = {"plan": origin.annex.plan, "year": 2021, "was_measure": "no", "by": somebody()}
    told["named_rows"] = f"{origin.uid}\n"
    first = Fact.objects.create(kind="external", **told)
    Fact.objects.create(kind="disciplinary", replaces=first, outcome="Sanzione.", **told)
    Fact.objects.create(kind="criminal", count=0, **told)


def first_of(row):
    """Return what a row was in the first of the plans it was copied through."""
    return first_of(row.origin) if row.origin else row


def somebody() -> User:
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
