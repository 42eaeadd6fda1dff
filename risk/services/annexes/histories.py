"""The history of a process with all its parts, and of an annex: who changed what, and how.

Parts are found through their own histories, so that what was removed is told too.
"""

from django.db.models import Q

from registry.models import Action, Annex, Phase, Process
from registry.services.history import HistoryEntry, entries_of_records
from risk.models import (
    Assessment,
    Coverage,
    ImplementationStep,
    PlannedMeasure,
    ProgressIndicator,
    Rating,
    RiskBehaviour,
)


def history_of_process(process: Process) -> list[HistoryEntry]:
    """Return the saves of a process, its phases, behaviours and assessments, the last one first."""
    phases = Phase.history.filter(process=process.pk)
    behaviours = RiskBehaviour.history.filter(process=process.pk)
    of_behaviours = behaviours.values("id")
    assessments = Assessment.history.filter(Q(process=process.pk) | Q(behaviour__in=of_behaviours))
    return _merged(
        {
            Process: Process.history.filter(id=process.pk),
            Phase: phases,
            Action: Action.history.filter(phase__in=phases.values("id")),
            RiskBehaviour: behaviours,
            Coverage: Coverage.history.filter(behaviour__in=of_behaviours),
            Assessment: assessments,
            Rating: Rating.history.filter(assessment__in=assessments.values("id")),
        }
    )


def history_of_annex(annex: Annex) -> list[HistoryEntry]:
    """Return the saves of an annex, its processes and its measures, the last one first.

    What happened inside a process is told by the history of the process.
    """
    measures = PlannedMeasure.history.filter(annex=annex.pk)
    of_measures = measures.values("id")
    return _merged(
        {
            Annex: Annex.history.filter(id=annex.pk),
            Process: Process.history.filter(annex=annex.pk),
            PlannedMeasure: measures,
            ImplementationStep: ImplementationStep.history.filter(planned_measure__in=of_measures),
            ProgressIndicator: ProgressIndicator.history.filter(planned_measure__in=of_measures),
        }
    )


def _merged(histories: dict) -> list[HistoryEntry]:
    entries = [
        entry
        for model, records in histories.items()
        for entry in entries_of_records(model, records)
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)
