"""A small library: one national process with phases, an action, behaviours and measures."""

import pytest

from registry.models import ExecutorRole, Macroprocess, RiskArea
from risk.models import (
    EnablingFactor,
    EventCategory,
    LibraryAction,
    LibraryBehaviour,
    LibraryPhase,
    LibraryProcess,
    Measure,
)


def make_library_process(code: str, label: str, administration=None, **fields) -> LibraryProcess:
    return LibraryProcess.objects.create(
        administration=administration, code=code, label=label, kind="support", **fields
    )


@pytest.fixture
def tender(db) -> LibraryProcess:
    """Three phases, the second with an action; two behaviours; a general and a specific measure."""
    row = make_library_process(
        "CP-01",
        "Affidamento diretto",
        objective="Acquisire ciò che serve",
        risk_area=RiskArea.objects.create(code="D", label="Contratti", kind="general"),
        macroprocess=Macroprocess.objects.create(code="01.03", label="Provveditorato"),
    )
    role = ExecutorRole.objects.create(code="RUP", label="RUP")
    titles = ("Fabbisogno", "Scelta dell’operatore", "Stipula")
    phases = [
        LibraryPhase.objects.create(process=row, position=place, title=title, executor_role=role)
        for place, title in enumerate(titles, start=1)
    ]
    action = LibraryAction.objects.create(phase=phases[1], position=1, title="Indagine sui prezzi")
    favour = LibraryBehaviour.objects.create(process=row, position=1, text="Favorire un operatore")
    split = LibraryBehaviour.objects.create(process=row, position=2, text="Frazionare la spesa")
    favour.categories.add(EventCategory.objects.create(code="CE6", label="Pilotamento"))
    favour.factors.add(EnablingFactor.objects.create(code="FA04", label="Esclusività"))
    favour.phases.add(phases[1], phases[2])
    favour.actions.add(action)
    split.phases.add(phases[0])
    general = Measure.objects.create(code="MG10", label="Formazione", character="general")
    specific = Measure.objects.create(code="MS20", label="Registro", character="specific")
    favour.measures.add(general, specific)
    split.measures.add(specific)
    return row
