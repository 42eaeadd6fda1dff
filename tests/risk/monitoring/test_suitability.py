"""How fit measures are, a year as a whole, and what the next edition makes of both."""

import datetime
import io
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from registry.acts import RuleRefused
from registry.services.trail_rows import written_findings
from risk.content.year_parts import state_parts
from risk.models import (
    Assessment,
    EditionProposal,
    Fact,
    MeasureTarget,
    PlannedMeasure,
    Suitability,
    YearlyReview,
)
from risk.services.monitoring.facts import record_fact
from risk.services.monitoring.levels import levels_of_year
from risk.services.monitoring.rounds import create_round
from risk.services.monitoring.suitability import missing, years_of
from risk.services.monitoring.yearly import (
    PAPERS,
    write_review,
    year_pdf,
    year_report,
    year_workbook,
)
from risk.services.notices.suitability import unjudged_plans
from risk.services.plans.proposals import (
    decide_proposal,
    proposal_for,
    proposals_of,
    review_proposal,
    seen_of,
)
from tests.people import client_of
from tests.register import (
    adopt,
    assess,
    make_behaviour,
    make_method,
    make_process,
    use_method,
)
from tests.risk.monitoring.acts import closed
from tests.risk.monitoring.conftest import ROUND
from tests.risk.monitoring.judging import WEAK, YEAR, judge, next_edition, of, undecided
from tests.statements import at_most


@pytest.fixture(autouse=True)
def in_2021(settings):
    settings.TODAY = datetime.date(YEAR, 12, 1)


def test_a_year_has_one_judgement_that_counts(world):
    assert missing(world.plan, YEAR).count() == 3
    first = judge(world)
    assert list(years_of(world.plan))[0] == YEAR
    with pytest.raises(RuleRefused, match="giudicata ora"):
        judge(world)
    second = judge(world, judgement="fit", seen=str(first.uid))
    assert second.replaces == first
    assert missing(world.plan, YEAR).count() == 2
    for who in ("head", "editor", "auditor"):
        with pytest.raises(RuleRefused, match="giudica il RPCT"):
            judge(world, "late", who)
    with pytest.raises(ValidationError, match="Si giudica un anno"):
        judge(world, "late", year=YEAR + 1)
    with pytest.raises(ValidationError, match="motivazione|vuoto"):
        judge(world, "late", motivation=" ")
    told = {**WEAK, "by": world.people["rpct"], "planned_measure": of(world)}
    for change in (
        first.delete,
        lambda: Suitability.objects.update(judgement="remove"),
        lambda: Suitability.objects.create(year=YEAR, **told),
        lambda: Suitability.objects.create(year=YEAR, replaces=first, **told),
        lambda: Suitability.objects.create(year=YEAR - 1, replaces=second, **told),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    mine = [said for _n, said in written_findings() if "idoneità" in said]
    assert mine == []


def test_the_pages_of_a_year(world):
    for_rpct = world.people["rpct"]
    assert unjudged_plans(for_rpct) == [], "no round of the year has ended"
    closed(world)
    listed = reverse(
        "risk:plan_suitability", args=[world.plan.administration.ipa_code, world.plan.slug]
    )
    page = reverse("risk:suitability", args=[of(world).uid])
    sent = {**WEAK, "seen": ""}
    for who, code in (("stranger", 404), ("colleague", 404), ("auditor", 403), ("head", 403)):
        assert client_of(world.people[who]).post(page, sent).status_code == code, who
    rpct = client_of(world.people["rpct"])
    assert "Manca il giudizio di 3 misure" in rpct.get(listed).content.decode()
    desk = rpct.get(reverse("risk:desk")).content.decode()
    assert f"manca il giudizio di 3 misure di {world.plan.title}" in desk
    assert f"{listed}?anno={YEAR}" in desk
    assert unjudged_plans(world.people["auditor"]) == []
    refused = rpct.post(page, {**sent, "motivation": ""}).content.decode()
    assert "Campo obbligatorio" in refused or "obbligatorio" in refused
    assert rpct.post(page, sent).status_code == 302
    told = rpct.get(page).content.decode()
    assert "da rafforzare" in told
    assert "Guarda una pratica sola." in told
    assert [one.measures for one in unjudged_plans(for_rpct)] == [2]
    with at_most(14):
        text = rpct.get(listed).content.decode()
    assert "da rafforzare" in text
    assert "attuata" in text, "the last outcome stands beside the judgement"
    assert rpct.get(f"{listed}?anno=1999").status_code == 404
    colleague = client_of(world.people["colleague"]).get(listed).content.decode()
    assert "Registro degli accessi" in colleague
    assert "Controlli a campione" not in colleague


def test_what_is_to_change_is_a_proposal_that_the_next_edition_answers(world):
    judge(world)
    judge(world, "late", judgement="fit")
    judge(world, "other", judgement="remove")
    edition = next_edition(world, "own", "late")
    with at_most(5):
        found = proposals_of(edition.plan, PlannedMeasure.objects.all())
    assert [row.measure for row in found] == [edition.own, None], "what was not copied is told"
    assert [row.is_open for row in found] == [True, False]
    assert proposal_for(edition.late) is None
    head, colleague = world.people["head"], world.people["colleague"]
    seen = seen_of(proposal_for(edition.own))
    decided = {"measure": edition.own, "is_taken": True, "reason": "Anche le negoziate."}
    with pytest.raises(RuleRefused, match="chi scrive la misura"):
        decide_proposal(**decided, seen=seen, by=colleague)
    with pytest.raises(ValidationError, match="motivo"):
        decide_proposal(**{**decided, "reason": " "}, seen=seen, by=head)
    told = [one.sentence for one in undecided(edition.plan)]
    assert len(told) == 1, "what is kept as it is, or was left out, waits for nobody"
    assert "«Controlli a campione»" in told[0]
    decide_proposal(**decided, seen=seen, by=head)
    assert undecided(edition.plan) == []
    with pytest.raises(RuleRefused, match="è cambiata"):
        decide_proposal(**decided, seen=seen, by=head)
    assert proposal_for(edition.own).decision.is_taken
    again = Suitability.objects.get(planned_measure=of(world))
    judge(world, judgement="simplify", seen=str(again.uid))
    assert proposal_for(edition.own).is_open, "what is proposed now was not decided"
    assert len(undecided(edition.plan)) == 1
    adopt(edition.plan)
    edition.own.plan.refresh_from_db()
    with pytest.raises(RuleRefused, match="adottato"):
        decide_proposal(**decided, seen=seen_of(proposal_for(edition.own)), by=head)
    with pytest.raises(IntegrityError, match="editionproposal_adopted"), transaction.atomic():
        EditionProposal.objects.create(
            plan=edition.plan, suitability=again, is_taken=False, reason="No.", by=head
        )


def test_the_page_of_a_proposal(world):
    judge(world)
    edition = next_edition(world, "own", "late")
    page = reverse("risk:proposal_decide", args=[edition.own.uid])
    listed = reverse(
        "risk:plan_proposals", args=[edition.plan.administration.ipa_code, edition.plan.slug]
    )
    head = client_of(world.people["head"])
    row = reverse("risk:programme", args=[edition.own.uid])
    assert page in head.get(row).content.decode()
    assert head.get(reverse("risk:proposal_decide", args=[edition.late.uid])).status_code == 404
    with at_most(14):
        text = head.get(page).content.decode()
    assert "Guarda una pratica sola." in text
    sent = {"is_taken": "no", "reason": "Basta così.", "seen": seen_of(proposal_for(edition.own))}
    for who, code in (("stranger", 404), ("colleague", 404), ("auditor", 403), ("head", 302)):
        assert client_of(world.people[who]).post(page, sent).status_code == code, who
    assert "non accolta" in head.get(listed).content.decode()
    assert "non accolta" in head.get(page).content.decode().lower()


# --- a year as a whole ----------------------------------------------------------------------------

REVIEW = {"conclusions": "Ha funzionato dove c’erano le persone.", "changes": "Meno misure."}


def review(world, who="rpct", **values):
    values = {"year": YEAR, **REVIEW, **values}
    return write_review(plan=world.plan, by=world.people[who], **values)


def texts(parts) -> str:
    return str(parts)


def test_the_state_of_a_year_is_the_last_outcome_of_each_measure(world):
    closed(world)
    judge(world, judgement="remove")
    late = create_round(plan=world.plan, by=world.people["rpct"], **{**ROUND, "label": "Autunno"})
    with at_most(30):
        told = year_report(world.plan, YEAR)
    assert [one.label for one in told.rounds] == ["Intermedio 2021"], "a draft is no round yet"
    items = {one.planned: one for one in told.report.measures}
    assert items[str(of(world).uid)].outcome == "done"
    assert {one.round for one in told.report.measures} == {"Intermedio 2021"}
    assert len(items) == told.report.planned == 3
    assert [one.judgement for one in told.judged if one.judgement] == ["remove"]
    said = texts(state_parts(told))
    assert "Controlli a campione" in said
    assert "Tutte le misure del piano sono state chieste" not in said, "two were not answered"
    other = year_report(world.plan, YEAR + 1)
    assert other.report.measures == ()
    assert len(other.report.unasked) == 3
    assert "Nessun monitoraggio di questo piano, chiuso nell’anno" in texts(state_parts(other))
    late.delete()


def test_the_review_of_a_year_is_written_once_and_goes_to_the_next_edition(world):
    first = review(world)
    with pytest.raises(RuleRefused, match="scritto ora"):
        review(world)
    with pytest.raises(RuleRefused, match="lo scrive il RPCT"):
        review(world, "head")
    with pytest.raises(ValidationError, match="Si riesamina un anno"):
        review(world, year=YEAR + 1)
    second = review(world, changes="Meno misure, e un corso.", seen=str(first.uid))
    for change in (
        first.delete,
        lambda: YearlyReview.objects.update(changes=""),
        lambda: YearlyReview.objects.create(
            plan=world.plan, year=YEAR - 1, replaces=second, by=world.people["rpct"], **REVIEW
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    edition = next_edition(world)
    rpct, address = client_of(world.people["rpct"]), [world.plan.administration.ipa_code]
    listed = reverse("risk:plan_proposals", args=[*address, edition.plan.slug])
    assert "Meno misure, e un corso." in rpct.get(listed).content.decode()
    (point,) = undecided(edition.plan)
    assert (point.blocks, point.address) == (False, listed)
    sent = {"is_taken": "si", "reason": "Fatto.", "seen": seen_of(review_proposal(edition.plan))}
    for who, code in (("stranger", 404), ("head", 403), ("auditor", 403), ("rpct", 302)):
        assert client_of(world.people[who]).post(listed, sent).status_code == code, who
    assert review_proposal(edition.plan).decision.is_taken
    assert undecided(edition.plan) == []
    assert "è cambiata da quando" in rpct.post(listed, sent).content.decode()


def test_the_papers_of_a_year(world):
    closed(world)
    rpct = client_of(world.people["rpct"])
    address = [world.plan.administration.ipa_code, world.plan.slug]
    page, state = (reverse(f"risk:{name}", args=address) for name in ("plan_review", "plan_state"))
    for who, code in (("stranger", 404), ("head", 404), ("auditor", 403), ("rpct", 302)):
        assert client_of(world.people[who]).post(page, REVIEW).status_code == code, who
    with at_most(40):
        text = rpct.get(page).content.decode()
    assert "Ha funzionato dove c’erano le persone." in text
    assert "Il riesame del 2021" in text, "a year is no number"
    assert "Controlli a campione" in rpct.get(state).content.decode()
    for paper in PAPERS:
        book = load_workbook(io.BytesIO(year_workbook(world.plan, YEAR, paper)))
        told = [str(row) for sheet in book for row in sheet.iter_rows(values_only=True)]
        assert any("Intermedio 2021" in row for row in told), paper
        parts = PAPERS[paper](year_report(world.plan, YEAR))
        assert all(sum(part.widths) == 100 for part in parts if part.lists), paper
    pages = PdfReader(io.BytesIO(year_pdf(world.plan, YEAR, "riesame"))).pages
    said = "".join(page.extract_text() for page in pages)
    assert "Meno misure." in said
    assert "BOZZA" in said


# --- facts ----------------------------------------------------------------------------------------

FACT = {"kind": "disciplinary", "year": YEAR, "count": 1, "area": None, "was_measure": "no"}


def test_a_fact_is_recorded_put_on_rows_and_corrected(world):
    process = world.annex.processes.first()
    rpct, address = client_of(world.people["rpct"]), [world.plan.administration.ipa_code]
    listed = reverse("risk:plan_facts", args=[*address, world.plan.slug])
    sent = {**FACT, "area": "", "outcome": "Sanzione, senza nomi."}
    for who, code in (("stranger", 404), ("head", 404), ("auditor", 404), ("rpct", 302)):
        assert client_of(world.people[who]).post(listed, sent).status_code == code, who
    row = Fact.objects.get()
    page = reverse("risk:fact", args=[row.uid])
    assert "nessun comportamento a rischio" in rpct.get(listed).content.decode()
    with at_most(16):
        text = rpct.get(page, {"cerca": process.title}).content.decode()
    assert str(process.uid) in text
    rpct.post(page, {"righe": "1", "riga": [str(process.uid)]})
    now = Fact.objects.get(replaced_by=None)
    assert (now.replaces, now.uids) == (row, [str(process.uid)])
    stale = rpct.post(page, {"righe": "1"}, follow=True).content.decode()
    assert "l’ha corretto ora" in stale
    refused = rpct.post(
        reverse("risk:fact", args=[now.uid]), {"righe": "1", "riga": "no"}, follow=True
    )
    assert "non è di questo piano" in refused.content.decode()
    rpct.post(reverse("risk:fact", args=[now.uid]), {**sent, "count": "2"})
    last = Fact.objects.get(replaced_by=None)
    assert (last.count, last.uids) == (2, [str(process.uid)]), "its rows go on with it"
    assert ("disciplinare", 2) in year_report(world.plan, YEAR).facts
    for change in (
        last.delete,
        lambda: Fact.objects.update(count=0),
        lambda: Fact.objects.create(plan=next_edition(world).plan, replaces=last, **by_rpct(world)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with pytest.raises(RuleRefused, match="li registra il RPCT"):
        record_fact(plan=world.plan, by=world.people["auditor"], **FACT)
    with pytest.raises(ValidationError, match="adozione"):
        record_fact(plan=world.plan, by=world.people["rpct"], **{**FACT, "year": YEAR + 1})


def by_rpct(world) -> dict:
    return {**FACT, "by": world.people["rpct"]}


def test_a_method_with_arithmetic_has_levels_beside_the_judgement_and_never_in_its_place(world):
    edition = next_edition(world, "own", "late")
    plan, general = edition.plan, edition.own
    annex, day = general.annex, datetime.date(YEAR, 12, 31)
    assert levels_of_year(plan, day, ()) is None, "no method has it"
    process = make_process(annex)
    other = make_process(annex, "Concessioni")
    behaviour, further = (make_behaviour(other, text) for text in ("Favorire", "Tacere"))
    method = make_method("MATRICE5", ("Basso", "Medio", "Alto"))
    use_method(annex, method)
    for subject, level in ((process, "Alto"), (behaviour, "Alto"), (further, "Medio")):
        assess(subject, method, level, "Perché sì.")
    Assessment.objects.filter(method=method).update(assessed_on=day)
    PlannedMeasure.objects.filter(pk=general.pk).update(scope="processes")
    PlannedMeasure.objects.filter(pk=edition.late.pk).update(scope="behaviours")
    MeasureTarget.objects.create(planned_measure=general, process=process)
    MeasureTarget.objects.create(planned_measure=edition.late, behaviour=behaviour)

    def told(on=day, done=()) -> list[tuple[str, str, str]]:
        with at_most(6):
            levels = levels_of_year(plan, on, done)
        parts = state_parts(replace(year_report(world.plan, YEAR), levels=levels))
        (part,) = [one for one in parts if one.name == "livelli"]
        return [tuple(cell[0] for cell in row[1:]) for row in part.lists[0].rows]

    assert sorted(told()) == [("Alto", "Medio", "Alto")] * 2
    assert ("Alto", "Medio", "Medio") in told(done={general.pk})
    later = told(on=datetime.date(YEAR + 4, 1, 1))
    assert later == [("Alto", "indeterminato", "indeterminato")] * 2
    assert not [one for one in state_parts(year_report(world.plan, YEAR)) if one.name == "livelli"]
