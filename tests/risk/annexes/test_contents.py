"""What is kept of the contents of an annex is what there is, whoever wrote it by whichever way."""

import datetime
import json
import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from registry import triggers
from registry.guards import append_only
from registry.models import InstitutionalFunction, Phase
from registry.triggers import declared_markers
from registry.waiting import write_if_free
from risk.content.build import build_document
from risk.content.canonical import OF_DIGESTS, content_digest, digest_like, digest_of
from risk.content.reading import read_annex
from risk.enums import Verb
from risk.models import (
    EnablingFactor,
    LegalReference,
    MatrixCell,
    Measure,
    MeasureTypology,
    PlannedMeasure,
    ProcessContent,
)
from risk.services.annexes import contents
from risk.services.annexes.approvals import approve_annex, approve_process
from risk.services.annexes.contents import ContentChangedError, kept_annex, kept_data
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import MoveRefusedError, move_annex
from risk.services.annexes.weighed import missing_now
from risk.services.completeness.points import missing_points
from tests.concurrency import race
from tests.load_once import made_once
from tests.people import make_member
from tests.register import add_complete_process, make_phase, use_method
from tests.risk.annexes import every_row
from tests.risk.annexes.missing_lists import assert_weighed_is_true, fresh
from tests.risk.annexes.sheets import assert_drawn_is_true, drawn
from tests.soak import rounds
from tests.statements import at_most

pytestmark = pytest.mark.django_db

BESIDE = {"registry_annex", "registry_plan", "registry_administration", "risk_textblock"}
"""Read of an annex beside its processes, each time."""
KEPT_STATEMENTS = 6


@pytest.fixture
@made_once
def one():
    one = every_row.build()
    plan, method = one.annex.plan, one.assessment.method
    if not plan.methods.exists():
        use_method(one.annex, method)
    one.function = InstitutionalFunction.objects.create(code="01", label="Servizi generali")
    of(one.process.macroprocess).update(function=one.function)
    one.factor = EnablingFactor.objects.create(code="FA", label="Opacità")
    one.behaviour.categories.add(one.category.__class__.objects.create(code="CE2", label="Altra"))
    one.other_behaviour = one.spare_process.behaviours.get()
    one.typology = MeasureTypology.objects.create(code="T", label="Controllo")
    one.measure.measure.typologies.add(MeasureTypology.objects.create(code="U", label="Regole"))
    one.question = question = method.indicators.create(code="DOM", position=2, label="Domanda")
    answer = question.answers.create(position=1, label="Sì", score=3)
    one.rating.assessment.ratings.create(indicator=question, answer=answer)
    low, high = method.levels.filter(scale="indicator")
    axes = {"probability": low, "impact": high, "result": one.assessment.level}
    one.cell = MatrixCell.objects.create(method=method, **axes)
    for name, scope, annex in (("of_annex", "annex", one.annex), ("of_plan", "plan", None)):
        measure = Measure.objects.create(code=name[:8], label=f"Misura {name}", character="general")
        row = PlannedMeasure.objects.create(plan=plan, annex=annex, measure=measure, scope=scope)
        setattr(one, name, row)
    kept_annex(fresh(one.annex))
    # kept before each edit, it would be found old after it
    missing_now(fresh(one.annex))
    assert_drawn_is_true(one.annex)
    return one


def of(row, *rows):
    """Return the rows as a query, which writes them past services and histories."""
    return row.__class__.objects.filter(pk__in=[one.pk for one in (row, *rows)])


def rebuilt(annex) -> set[int]:
    """Return the keys of the processes whose content was not kept any more, and is again."""
    before = dict(ProcessContent.objects.values_list("process", "stamp"))
    kept_annex(fresh(annex))
    after = dict(ProcessContent.objects.values_list("process", "stamp"))
    return {pk for pk, stamp in after.items() if before.get(pk) != stamp}


def assert_kept_is_true(annex) -> str:
    """Fail unless what is kept is what would be built of the rows; return its digest."""
    kept = kept_annex(fresh(annex))
    told = [(point.rule.code, point.full_sentence) for point in missing_points(kept)]
    ProcessContent.objects.all().delete()
    anew = kept_annex(fresh(annex))
    assert kept.digest == anew.digest == digest_like(OF_DIGESTS, read_annex(fresh(annex)))
    assert told == [(point.rule.code, point.full_sentence) for point in missing_points(anew)]
    assert_weighed_is_true(annex)
    return kept.digest


# --- all that is printed is marked --------------------------------------------------------------


def test_every_table_a_content_is_read_from_marks_it(one):
    with CaptureQueriesContext(connection) as captured:
        build_document(read_annex(fresh(one.annex)))
        missing_points(kept_annex(fresh(one.annex)))
    sql = " ".join(query["sql"] for query in captured if "contentmark" not in query["sql"])
    read = {
        table
        for table in re.findall(r'(?:FROM|JOIN) "((?:registry|risk)_\w+)"', sql)
        if not table.startswith("risk_processcontent")
    }
    marked = {marker.table for marker in declared_markers()}
    words = {"risk_legalreference", "registry_membership", "registry_user", "risk_remark"}
    assert {"registry_phase", "risk_rating", "risk_level", "risk_measuretarget"} <= read
    assert read - marked - BESIDE - words == {"risk_transition"} & read


BOTH, ONE, OTHER = ("process", "spare_process"), ("process",), ("spare_process",)


def written_at_once(one) -> None:
    """Write several rows of each of two processes in one statement, and change all in another."""
    Phase.objects.bulk_create(
        Phase(process=process, position=place, title=f"Fase {place}", folded="fase")
        for process in (one.process, one.spare_process)
        for place in (7, 8, 9)
    )
    Phase.objects.filter(process__annex=one.annex).update(description="Scritta con le altre")


EDITS = {
    "registry_process": [(ONE, lambda one: of(one.process).update(title="Altro titolo"))],
    "registry_phase": [
        (ONE, lambda one: of(one.phase).update(title="Altra fase")),
        (ONE, lambda one: make_phase(one.process, "Fase nuova")),
        (BOTH, lambda one: written_at_once(one)),
        (ONE, lambda one: of(one.spare_phase.actions.get(), one.spare_phase).delete()),
    ],
    "registry_action": [
        (ONE, lambda one: of(one.action).update(executor_role=None)),
        (ONE, lambda one: of(one.spare_action).delete()),
        (ONE, lambda one: one.phase.actions.create(position=2, title="Altra azione")),
    ],
    "risk_riskbehaviour": [(ONE, lambda one: of(one.behaviour).update(text="Altro rischio"))],
    "risk_riskbehaviour_categories": [
        (ONE, lambda one: one.behaviour.categories.add(one.category)),
        (ONE, lambda one: one.behaviour.categories.through.objects.all().delete()),
    ],
    "risk_riskbehaviour_factors": [(ONE, lambda one: one.behaviour.factors.add(one.factor))],
    "risk_coverage": [(ONE, lambda one: of(one.coverage).delete())],
    "risk_assessment": [
        (ONE, lambda one: of(one.assessment).update(motivation="Altro motivo")),
        (ONE, lambda one: of(one.spare_assessment).update(motivation="Altro motivo")),
    ],
    "risk_rating": [(ONE, lambda one: of(one.rating).update(motivation="Altro motivo"))],
    "risk_measuretarget": [
        (ONE, lambda one: of(one.target).delete()),
        (OTHER, lambda one: one.spare_measure.targets.create(behaviour=one.other_behaviour)),
    ],
    "risk_plannedmeasure": [
        (ONE, lambda one: of(one.spare_measure).update(notes="Altre note")),
        (BOTH, lambda one: of(one.of_annex).update(notes="Altre note")),
        (BOTH, lambda one: of(one.of_plan).update(notes="Altre note")),
        (BOTH, lambda one: of(one.of_plan).delete()),
    ],
    "risk_implementationstep": [
        (ONE, lambda one: of(one.step).update(timing="domani")),
        (BOTH, lambda one: one.of_plan.steps.create(position=1, description="Avvio")),
    ],
    "risk_progressindicator": [(ONE, lambda one: of(one.indicator).update(label="Altro"))],
    "risk_planmethod": [
        (BOTH, lambda one: one.annex.plan.methods.update(is_default=False)),
    ],
    "risk_objective": [(BOTH, every_row.wanted), (BOTH, every_row.renamed)],
    "registry_office": [(BOTH, lambda one: of(one.annex.office).update(name="Ufficio nuovo"))],
    "registry_riskarea": [(BOTH, lambda one: of(one.process.risk_area).update(label="Altra"))],
    "registry_macroprocess": [
        (BOTH, lambda one: of(one.process.macroprocess).update(label="Altro")),
    ],
    "registry_institutionalfunction": [(BOTH, lambda one: of(one.function).update(label="Altra"))],
    "registry_executorrole": [(BOTH, lambda one: of(one.role).update(label="Altro ruolo"))],
    "risk_eventcategory": [(BOTH, lambda one: of(one.category).update(label="Altra"))],
    "risk_enablingfactor": [(BOTH, lambda one: of(one.factor).update(label="Altro"))],
    "risk_method": [(BOTH, lambda one: of(one.assessment.method).update(name="Altro metodo"))],
    "risk_level": [(BOTH, lambda one: of(one.assessment.level).update(label="Altissimo"))],
    "risk_indicator": [(BOTH, lambda one: of(one.rating.indicator).update(label="Altro"))],
    "risk_answer": [
        (BOTH, lambda one: one.question.answers.update(label="Altra risposta")),
    ],
    "risk_matrixcell": [(BOTH, lambda one: of(one.cell).delete())],
    "risk_measure": [(BOTH, lambda one: of(one.measure.measure).update(label="Altra misura"))],
    "risk_measure_typologies": [
        (BOTH, lambda one: one.measure.measure.typologies.add(one.typology)),
    ],
    "risk_measuretypology": [(BOTH, lambda one: of(one.typology).update(label="Altra"))],
}
"""What is written of each table, past services and histories, and whose contents that makes old."""

UNPRINTED = {
    f"risk_measure_{name}" for name in ("event_categories", "enabling_factors", "anac_areas")
}
"""Lists of a measure that no annex prints; they are marked with all others."""


def test_all_that_is_marked_is_written_below():
    assert {marker.table for marker in declared_markers()} == {*EDITS, *UNPRINTED}


@pytest.mark.parametrize(
    ("table", "place"), [(table, place) for table in EDITS for place in range(len(EDITS[table]))]
)
def test_whatever_is_written_makes_old_what_it_is_part_of_and_nothing_else(one, table, place):
    whose, edit = EDITS[table][place]
    edit(one)
    assert rebuilt(one.annex) == {getattr(one, name).pk for name in whose}
    assert_kept_is_true(one.annex)
    assert_drawn_is_true(one.annex)


def test_what_is_not_printed_of_a_process_makes_nothing_old(one):
    of(one.process).update(number=7, version=99)
    before = assert_kept_is_true(one.annex)
    kept_annex(fresh(one.annex))
    assert rebuilt(one.annex) == set()
    of(one.spare_process).update(retired_on=datetime.date(2021, 1, 1), retired_reason="Non più.")
    assert rebuilt(one.annex) == set()
    assert assert_kept_is_true(one.annex) != before


def test_a_number_and_an_order_are_of_the_annex(one):
    before = assert_kept_is_true(one.annex)
    of(one.process).update(number=7)
    assert assert_kept_is_true(one.annex) != before
    assert_drawn_is_true(one.annex)
    assert "Processo n. 7" in drawn(one.annex)


def test_a_measure_that_goes_over_to_the_whole_annex_makes_old_both_sides(one):
    one.spare_measure.targets.all().delete()
    of(one.spare_measure).update(scope="annex")
    assert rebuilt(one.annex) == {one.process.pk, one.spare_process.pk}
    assert_kept_is_true(one.annex)


def test_who_is_of_the_body_and_what_is_repealed_is_looked_for_again(one):
    of(one.process).update(objective="Lo firma Rosa Prati, a norma del D.Lgs. 50/2016.")
    assert "text-person" not in codes(one.annex)
    member = make_member("prati", "editor", body=one.body, office=one.annex.office)
    of(member).update(first_name="Rosa", last_name="Prati")
    assert "text-person" in codes(one.annex)
    LegalReference.objects.create(
        code="X", label="D.Lgs. 50/2016", spellings="D.Lgs. 50/2016", repealed_on="2019-07-01"
    )
    assert "text-repealed" in codes(one.annex)
    assert_kept_is_true(one.annex)


def codes(annex) -> set[str]:
    return {point.rule.code for point in missing_points(kept_annex(fresh(annex)))}


# --- what it costs ------------------------------------------------------------------------------


def test_to_look_at_an_annex_is_not_to_build_it(one):
    for number in range(5):
        add_complete_process(one.annex, f"Altro {number}")
    kept_annex(fresh(one.annex))
    annex = fresh(one.annex)
    with at_most(KEPT_STATEMENTS):
        kept_annex(annex)


def test_what_was_built_under_another_reckoning_is_built_again(one, monkeypatch):
    monkeypatch.setattr(contents, "RECKONING", contents.RECKONING + 1)
    ((told, old),) = contents.last_known([fresh(one.annex)])
    assert (told.processes, old) == ((), 2)
    assert rebuilt(one.annex) == {one.process.pk, one.spare_process.pk}


def test_the_reckoning_is_raised_with_what_is_kept(one):
    """Who changes the sheet of a process, a label or a rule raises `RECKONING` and this digest."""
    row = next(r for r in kept_annex(fresh(one.annex)).processes if r.process == one.process)
    data = kept_data(one.annex, [row])[one.process.pk]
    # keys are those of the engine, and digests tell what stands in the data
    found = re.sub(r"(?<= )\d+|[0-9a-f]{32}", "", json.dumps(row.findings, sort_keys=True))
    nameless = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", data + found)
    assert (contents.RECKONING, digest_of(nameless)[:16]) == (9, "3da77a506378ff21")


# --- others write meanwhile ---------------------------------------------------------------------


def test_data_of_another_digest_is_refused(one):
    kept = kept_annex(fresh(one.annex))
    of(one.phase).update(title="Scritta dopo")
    kept_annex(fresh(one.annex))
    with pytest.raises(ContentChangedError):
        kept_data(one.annex, kept.processes)


def test_data_nobody_has_kept_is_read_again(one):
    kept = kept_annex(fresh(one.annex))
    data = kept_data(one.annex, kept.processes)
    ProcessContent.objects.all().delete()
    assert kept_data(one.annex, kept.processes) == data


@pytest.mark.django_db(transaction=True)
def test_a_process_that_goes_while_it_is_looked_at_is_kept_by_nobody():
    annex = every_row.build().annex
    gone = ProcessContent(process_id=10**6, digest="", edition_digest="", data="", findings={})
    write_if_free(lambda: ProcessContent.objects.bulk_create([gone]))
    assert not ProcessContent.objects.exists()
    assert_kept_is_true(annex)


def test_a_process_that_is_archived_while_it_is_looked_at_is_left_out(one):
    ProcessContent.objects.all().delete()
    away = {"retired_on": datetime.date(2021, 1, 1), "retired_reason": "Passato ad altri."}

    def archiving(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if away and "risk_contentmark" in sql and "registry_process" in sql:
            values = dict(away)
            away.clear()
            of(one.process).update(**values)
        return result

    with connection.execute_wrapper(archiving):
        kept = kept_annex(fresh(one.annex))
    assert one.spare_process in [row.process for row in kept.processes]
    assert_kept_is_true(one.annex)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", rounds(1, soak=50))
def test_what_is_kept_while_others_write_is_not_taken_for_new(round):
    one = every_row.build()

    def look(go):
        go()
        return kept_annex(fresh(one.annex)).digest

    def write(go):
        go()
        with transaction.atomic():
            of(one.phase).update(title=f"Fase {round}")
            of(one.spare_behaviour).update(text=f"Rischio {round}")

    ends = race(look, write, look)
    assert not [end for end in ends if isinstance(end, Exception)]
    assert_kept_is_true(one.annex)


# --- what was approved before -------------------------------------------------------------------


def test_moves_made_with_the_digest_of_all_go_on(annex, people):
    """An annex that was on its way when digests began to be kept goes on to its issue."""
    process = annex.processes.get()
    move_annex(annex=fresh(annex), verb=Verb.SUBMIT, by=people["editor"])
    approve_process(process=process, by=people["head"])
    _as_before(annex)
    move_annex(annex=fresh(annex), verb=Verb.VALIDATE, by=people["rpct"])
    _as_before(annex)
    issue = issue_annex(annex=fresh(annex), by=people["rpct"])
    last = annex.transitions.order_by("-id").first()
    assert last.digest == issue.data_digest == content_digest(read_annex(fresh(annex)))


def test_a_change_after_such_a_move_is_seen(annex, people):
    move_annex(annex=fresh(annex), verb=Verb.SUBMIT, by=people["editor"])
    approve_annex(annex=fresh(annex), by=people["head"])
    _as_before(annex)
    measure = Measure.objects.create(code="M9", label="Altra", character="general")
    PlannedMeasure.objects.create(plan=annex.plan, measure=measure, scope="plan")
    with pytest.raises(MoveRefusedError, match="cambiato dopo"):
        move_annex(annex=fresh(annex), verb=Verb.VALIDATE, by=people["rpct"])


def _as_before(annex) -> None:
    """Give the last move the digest of the whole content, as moves had it before."""
    last = annex.transitions.order_by("-id").first()
    assert last.digest.startswith(OF_DIGESTS)
    triggers.remove(append_only("risk_transition"))
    of(last).update(digest=content_digest(read_annex(fresh(annex))))
    triggers.install(append_only("risk_transition"))
