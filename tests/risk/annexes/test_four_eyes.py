"""Who edited last does not approve, whatever they wrote and by whatever way.

In a body of one person they do, and the paper says it.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from registry.hanging import content_models
from risk.content.build import build_document
from risk.content.reading import read_annex
from risk.enums import RowKind, Verb
from risk.services.annexes.approvals import approve_annex, approve_process
from risk.services.annexes.edits import last_editor
from risk.services.annexes.moves import MoveRefusedError, move_annex
from risk.services.annexes.remarks import add_remark, answer_remark, close_remark
from risk.services.plans.exemptions import exempt_annex
from tests.risk.annexes import ways
from tests.risk.annexes.every_row import build, fresh, mend, written_by
from tests.risk.annexes.ways import WORDS, Desk, office_of
from tests.statements import at_most

pytestmark = pytest.mark.django_db

SENTENCE = "Chi ha modificato per ultimo l’allegato non lo approva: serve un’altra persona."
PARTS = "Process Phase Action RiskBehaviour Coverage"
MEASURES = "PlannedMeasure MeasureTarget"

PAGES = {
    ways.page_process: "Process",
    ways.page_phase: "Phase",
    ways.page_action: "Action",
    ways.page_behaviour: "RiskBehaviour",
    ways.page_list_of_behaviour: "RiskBehaviour",
    ways.page_coverage: "Coverage",
    ways.page_assessment: "Assessment",
    ways.page_rating: "Assessment Rating",
    ways.page_measure: "PlannedMeasure",
    ways.page_target: "MeasureTarget",
    ways.page_step: "ImplementationStep",
    ways.page_indicator: "ProgressIndicator",
}
TABLE: dict[str, dict[Callable, str]] = {
    "page": PAGES,
    "fragment": {**PAGES, ways.fragment_target: MEASURES},
    "deletion": {
        ways.gone_process: "Process Phase RiskBehaviour Coverage Assessment",
        ways.gone_phase: "Phase Action Coverage",
        ways.gone_action: "Action",
        ways.gone_behaviour: "RiskBehaviour Coverage Assessment MeasureTarget",
        ways.gone_coverage: "Coverage",
        ways.gone_assessment: "Assessment",
        ways.gone_rating: "Rating",
        ways.gone_measure: f"{MEASURES} ImplementationStep ProgressIndicator",
        ways.gone_target: "MeasureTarget",
        ways.gone_step: "ImplementationStep",
        ways.gone_indicator: "ProgressIndicator",
    },
    "bulk": {
        ways.bulk_area: "Process",
        ways.bulk_level: "Assessment",
        ways.bulk_measure: MEASURES,
    },
    "paste": {ways.paste_processes: "Process", ways.paste_phases: "Phase"},
    "library": {ways.library: f"{PARTS} {MEASURES}"},
    "import": {
        ways.file_new: f"{PARTS} Assessment Rating {MEASURES}",
        ways.file_motivation: "Assessment",
        ways.file_grade: "Rating",
    },
    "command": {
        ways.command_new: f"{PARTS} Assessment Rating {MEASURES}",
        ways.command_motivation: "Assessment",
        ways.command_grade: "Rating",
    },
    "list": {
        ways.list_process: "Process",
        ways.list_phase: "Phase",
        ways.list_action: "Action",
        ways.list_behaviour: "RiskBehaviour",
        ways.list_measure: "PlannedMeasure",
        ways.list_measure_elsewhere: "PlannedMeasure",
    },
    "back office": {
        office_of("annex", head_title="Dott."): "Annex",
        office_of("process", objective=WORDS): "Process",
        office_of("phase", description=WORDS): "Phase",
        office_of("action", description=WORDS): "Action",
        office_of("behaviour", text=WORDS): "RiskBehaviour",
        office_of("coverage", phase="spare_phase"): "Coverage",
        office_of("assessment", motivation=WORDS): "Assessment",
        office_of("rating", evidence=WORDS): "Rating",
        office_of("measure", notes=WORDS): "PlannedMeasure",
        office_of("target", behaviour="spare_behaviour"): "MeasureTarget",
        office_of("step", timing=WORDS): "ImplementationStep",
        office_of("indicator", unit="numero"): "ProgressIndicator",
    },
    "undo": {
        **{ways.undone(way): models for way, models in PAGES.items()},
        ways.import_undone: f"{PARTS} Assessment Rating {MEASURES}",
    },
}
"""By way and act, the models whose rows the act writes."""

ONLY_OFFICE = "no page writes the names of an annex but the back office; the rest are its moves"
ROWS = "of programmings a file, a typical process or an act on many rows brings none"
NOT_THERE = {
    **{("Annex", way): ONLY_OFFICE for way in TABLE if way not in ("back office", "deletion")},
    ("Annex", "deletion"): "an annex that is gone is approved by nobody",
    **{
        (model, way): ROWS
        for model in ("ImplementationStep", "ProgressIndicator")
        for way in ("bulk", "paste", "library", "import", "command", "list")
    },
    **{
        (model, "bulk"): "many rows are given an area, a level or a measure"
        for model in ("Phase", "Action", "RiskBehaviour", "Coverage", "Rating")
    },
    **{
        (model, "paste"): "processes or phases are pasted, nothing else"
        for model in ("Action", "RiskBehaviour", "Coverage", "Assessment", "Rating")
    },
    **{(model, "paste"): "as the others" for model in MEASURES.split()},
    **{
        (model, "library"): "a typical process is judged by nobody"
        for model in ("Assessment", "Rating")
    },
    **{
        ("Reconfirmation", way): "this annex is of a first edition: see test_reconfirmation"
        for way in TABLE
    },
    **{
        (model, "list"): "the back office brings it neither in nor out"
        for model in ("Coverage", "Assessment", "Rating", "MeasureTarget")
    },
}
"""What cannot be, and why."""


@dataclass(frozen=True)
class Edit:
    """One act by a way; its name is that of the test."""

    way: str
    make: Callable
    models: frozenset[str]

    def __str__(self) -> str:
        return f"{self.way}: {self.make.__name__}"


EDITS = [
    Edit(way, make, frozenset(models.split()))
    for way, acts in TABLE.items()
    for make, models in acts.items()
]


def test_every_model_is_written_by_every_way_or_the_reason_is_said():
    names = [model.__name__ for model in content_models()]
    there = {(model, edit.way) for edit in EDITS for model in edit.models}

    assert there.isdisjoint(NOT_THERE)
    assert there | set(NOT_THERE) == set(itertools.product(names, TABLE))


@pytest.fixture
def one():
    return build()


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_who_wrote_it_last_does_not_approve(one, edit):
    head = one.people["head"]
    edit.make(Desk(one, head, htmx=edit.way == "fragment"))
    assert written_by(head) == edit.models
    mend(one)
    move_annex(annex=fresh(one.annex), verb=Verb.SUBMIT, by=one.people["editor"])

    assert refusal(approve_process, process=one.process, by=head) == SENTENCE
    assert refusal(approve_annex, annex=fresh(one.annex), by=head) == SENTENCE

    one.body.is_one_person = True
    one.body.save()
    assert approve_annex(annex=fresh(one.annex), by=head).is_one_person
    assert build_document(read_annex(fresh(one.annex))).is_one_person


def refusal(approve: Callable, **asked) -> str:
    """Return the one reason for which an approval is refused."""
    with pytest.raises(MoveRefusedError) as refused:
        approve(**asked)
    (reason,) = refused.value.reasons
    return reason


def test_what_is_no_edit_leaves_the_approval_to_the_head(one):
    head, rpct = one.people["head"], one.people["rpct"]
    row = {"row": one.process, "kind": RowKind.PROCESS, "process": one.process}
    remark = add_remark(annex=one.annex, text="Manca un vincolo.", by=head, **row)
    answer_remark(remark=remark, text="Ora c’è.", by=head)
    close_remark(remark=remark, by=head)
    exempt_annex(annex=one.annex, reason="Ufficio soppresso.", by=rpct)
    assert last_editor(one.annex) is None
    move_annex(annex=fresh(one.annex), verb=Verb.SUBMIT, by=head)
    assert last_editor(one.annex) is None
    assert not approve_annex(annex=fresh(one.annex), by=head).is_one_person


def test_a_measure_of_the_whole_plan_is_the_content_of_no_annex(one):
    plan = one.annex.plan
    wide = plan.planned_measures.create(measure=one.measure.measure, scope="plan", position=1)
    wide.notes, wide._history_user = WORDS, one.people["rpct"]
    wide.save()
    assert last_editor(one.annex) is None


def test_a_later_edit_by_another_gives_the_approval_back(one):
    ways.page_assessment(Desk(one, one.people["head"]))
    assert last_editor(one.annex) == one.people["head"]
    ways.page_phase(Desk(one, one.people["editor"]))
    assert last_editor(one.annex) == one.people["editor"]
    move_annex(annex=fresh(one.annex), verb=Verb.SUBMIT, by=one.people["head"])
    assert not approve_annex(annex=fresh(one.annex), by=one.people["head"]).is_one_person


def test_all_histories_are_asked_in_one_statement(one):
    ways.page_rating(Desk(one, one.people["head"]))
    with at_most(2):
        assert last_editor(one.annex) == one.people["head"]
