"""A process at risk, measures to treat it with, and three people."""

import pytest
from model_bakery import baker

from registry.enums import MembershipRole, RiskPresence
from registry.models import AnacArea, ExecutorRole, Membership, RiskArea
from risk.models import EnablingFactor, EventCategory, Measure
from tests.register import (
    assess,
    make_annex,
    make_behaviour,
    make_method,
    make_phase,
    make_process,
    use_method,
)


def member(annex, role, *, office=True, username=None):
    user = baker.make("registry.User", username=username or f"{role}.prova", is_active=True)
    Membership.objects.create(
        user=user,
        administration=annex.plan.administration,
        office=annex.office if office else None,
        role=role,
        starts_on="2020-01-01",
    )
    return user


def make_measure(code, label, *, character="specific", **fields):
    return Measure.objects.create(code=code, label=label, character=character, **fields)


@pytest.fixture
def annex(db):
    return make_annex()


@pytest.fixture
def process(annex):
    contracts = AnacArea.objects.create(code="G2", label="Contratti pubblici", kind="general")
    area = RiskArea.objects.create(
        administration=annex.plan.administration,
        code="D",
        label="Contratti",
        kind="general",
        anac_area=contracts,
    )
    process = make_process(annex, risk_presence=RiskPresence.PRESENT, risk_area=area)
    phase = make_phase(process, "Istruttoria")
    make_phase(process, "Decisione")
    phase.actions.create(position=1, title="Controllo dei documenti")
    make_behaviour(process, "Favorire un utente", [phase])
    make_behaviour(process, "Ritardare la pratica", [phase])
    return process


@pytest.fixture
def high(annex, process):
    """The process at the level that asks for a specific measure."""
    method = make_method()
    use_method(annex, method)
    return assess(process, method, "Alto", "Molti casi.")


@pytest.fixture
def measures(process):
    """One general measure and four specific ones; three are suggested, one for another area."""
    category = EventCategory.objects.create(code="CE7", label="Conflitto di interessi")
    factor = EnablingFactor.objects.create(code="FA01", label="Assenza di controlli")
    first, second = process.behaviours.order_by("position")
    first.categories.add(category)
    second.factors.add(factor)
    rows = {
        "general": make_measure("MG01", "Codice di comportamento", character="general"),
        "by_category": make_measure("MS01", "Dichiarazione per ogni pratica"),
        "by_factor": make_measure("MS02", "Controllo a campione"),
        "by_area": make_measure("MS03", "Registro degli affidamenti"),
        "elsewhere": make_measure("MS04", "Prove estratte a sorte"),
    }
    rows["by_category"].event_categories.add(category)
    rows["by_factor"].enabling_factors.add(factor)
    rows["by_area"].anac_areas.add(process.risk_area.anac_area)
    rows["elsewhere"].anac_areas.add(
        AnacArea.objects.create(code="G1", label="Personale", kind="general")
    )
    rows["elsewhere"].event_categories.add(category)
    return rows


@pytest.fixture
def role(db):
    return ExecutorRole.objects.create(code="RUP", label="Responsabile del procedimento")


@pytest.fixture
def editor(annex):
    return member(annex, MembershipRole.EDITOR)


@pytest.fixture
def auditor(annex):
    return member(annex, MembershipRole.AUDITOR, office=False)


@pytest.fixture
def stranger(annex):
    other = make_annex(annex.plan.administration, office="Anagrafe")
    return member(other, MembershipRole.EDITOR, username="estranea.prova")


@pytest.fixture
def as_editor(client, editor):
    client.force_login(editor)
    return client
