"""What rounds of monitoring ask in the world of the back office, past all checks."""

import datetime
from io import BytesIO

from registry import trail
from registry.models import User
from risk.models import (
    EditionProposal,
    Evidence,
    FollowUp,
    MonitoringRound,
    PlannedMeasure,
    RoundAnswer,
    RoundItem,
    Sample,
    SampleDraw,
    Suitability,
)
from risk.services.monitoring.evidence_files import BroughtFile, check_file, keep_file
from risk.services.plans.moves import subject_of

_DAY = datetime.date(2020, 1, 1)
_MEASURE = "00000000-0000-4000-8000-000000000001"


def make_round(plan, number: int) -> MonitoringRound:
    """A round of monitoring in draft; what it asks of an office is with the rows of the office."""
    days = {"situation_on": _DAY, "answers_by": _DAY, "checks_by": _DAY}
    row = MonitoringRound(plan=plan, label=f"Monitoraggio {number}", criteria="Tutte.", **days)
    row.coverage = "sample"
    row.save()
    by, _made = User.objects.get_or_create(username="osserva", last_name="Osserva")
    told = {"percent": 30, "seed_source": "Il lotto", "seed_known_on": _DAY, "algorithm": "1"}
    lists = {"population": f"{_MEASURE}\tufficio\n", "population_digest": "0" * 64, "size": 1}
    sample = Sample.objects.create(round=row, **told, **lists, by=by)
    drawn = SampleDraw.objects.create(
        sample=sample,
        seed="7 21",
        drawn=f"{_MEASURE}\n",
        drawn_digest="0" * 64,
        drawn_size=1,
        witnesses="Il segretario",
        minutes="Letto.",
        by=by,
    )
    _tell(plan, by, sample, drawn)
    return row


def _tell(plan, by, *rows) -> None:
    """Write rows that are written once on the trail, or `verify_trail` takes them for forged."""
    detail: dict = {}
    trail.bind_row(detail, *rows)
    trail.write(kind="test", by=by, subject=subject_of(plan), detail=detail)


def make_item(planned, office) -> list:
    """A measure asked in the first round of its plan, and its answer, not yet written."""
    row = MonitoringRound.objects.filter(plan=planned.plan_id).order_by("pk").first()
    item = RoundItem.objects.create(round=row, planned_measure=planned, office=office)
    answer = RoundAnswer.objects.create(item=item)
    return [item, answer, _proof(item), _left(item), *_judged(planned)]


def _judged(planned) -> tuple[Suitability, EditionProposal]:
    """How fit a measure was found, and what an edition made of it."""
    by, _made = User.objects.get_or_create(username="osserva")
    told = {"year": 2020, "judgement": "strengthen", "factor": "present", "motivation": "Poco."}
    row = Suitability.objects.create(planned_measure=planned, by=by, **told)
    decided = {"plan": planned.plan, "is_taken": True, "reason": "Si fa.", "by": by}
    proposal = EditionProposal.objects.create(suitability=row, **decided)
    _tell(planned.plan, by, row, proposal)
    return row, proposal


def _left(item) -> FollowUp:
    """What is still to be done about the item."""
    told = {"asked": "Mandare il verbale.", "due_on": _DAY}
    return FollowUp.objects.create(round=item.round, item=item, office=item.office, **told)


def _proof(item) -> Evidence:
    """A file that proves what the item says."""
    by, _made = User.objects.get_or_create(username="osserva", last_name="Osserva")
    file = check_file(BroughtFile("elenco.txt", BytesIO(b"14/2020")))
    keep_file(file)
    told = {"file_digest": file.digest, "file_kind": file.kind, "file_size": file.size}
    row = Evidence.objects.create(item=item, proves="Tutto", file_name=file.name, by=by, **told)
    _tell(item.round.plan, by, row)
    return row


def make_asked(annex, measure, number: int) -> None:
    """One more round of a plan, and one more measure asked in its first."""
    make_round(annex.plan, number)
    further = PlannedMeasure(plan=annex.plan, annex=annex, measure=measure, scope="annex")
    further.save()
    make_item(further, annex.office)
