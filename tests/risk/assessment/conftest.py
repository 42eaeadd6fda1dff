"""One process with two behaviours, a plan with the national methods, four people."""

import shutil

import pytest
from model_bakery import baker

from registry.enums import MembershipRole, RiskPresence
from registry.models import Membership
from risk.enums import Moment
from risk.models import Assessment, Method, PlanMethod, Rating, RiskBehaviour
from risk.services.annexes.contents import kept_annex
from risk.services.assessment import page as assessment_page
from risk.services.assessment.copying import judgements_of
from risk.services.completeness.points import missing_points
from risk.services.sample_data.reference import REFERENCE, load_reference
from tests.load_once import load_once
from tests.register import make_annex, make_behaviour, make_phase, make_process


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


@pytest.fixture(scope="session")
def method_files(tmp_path_factory):
    """The files of the national methods alone: the other lists have no part in these tests."""
    folder = tmp_path_factory.mktemp("methods")
    for name in ("20_method_pna2019", "21_method_pna2013", "22_method_matrix5", "25_method_pxi"):
        shutil.copy(REFERENCE / f"{name}.json", folder)
    return folder


@pytest.fixture
def methods(db, method_files):
    load_once("methods of assessment", lambda: load_reference(folder=method_files))
    return {row.code: row for row in Method.objects.all()}


@pytest.fixture
def annex(methods):
    annex = make_annex()
    for code in ("PNA2019", "PNA2013", "MATRICE5", "PXI"):
        PlanMethod.objects.create(
            plan=annex.plan, method=methods[code], is_default=code == "PNA2019"
        )
    return annex


@pytest.fixture
def process(annex):
    process = make_process(annex, risk_presence=RiskPresence.PRESENT)
    phase = make_phase(process)
    make_behaviour(process, "Favorire un utente", [phase])
    make_behaviour(process, "Ritardare la pratica", [phase])
    return process


@pytest.fixture
def editor(annex):
    return member(annex, MembershipRole.EDITOR)


@pytest.fixture
def head(annex):
    return member(annex, MembershipRole.HEAD)


@pytest.fixture
def auditor(annex):
    return member(annex, MembershipRole.AUDITOR, office=False)


@pytest.fixture
def stranger(annex):
    other = make_annex(annex.plan.administration, office="Anagrafe")
    return member(other, MembershipRole.EDITOR, username="estranea.prova")


@pytest.fixture
def page_of():
    """Return a function that reads an assessment page: method by code, subject by its row."""

    def read(process, *, method="PNA2019", subject=None, moment=""):
        key = method if ":" in method else f"naz:{method}:1"
        uid = str(subject.uid) if subject is not None else ""
        return assessment_page.page_of(process=process, method=key, subject=uid, moment=moment)

    return read


def typed(page, *, motivation="Perché sì.", **grades):
    """Return what the form of a page would send: grades by indicator code, each motivated."""
    by_code = {row.indicator.code: row for row in page.sheet.questions}
    data = {"version": str(page.assessment.version if page.assessment else 0)}
    for name, value in page.values.items():
        data[name] = "" if value is None else str(value)
    for code, value in grades.items():
        key = by_code[code].key
        data[f"{key}-grade"] = value
        data[f"{key}-motivation"] = f"Motivo di {code}" if value else ""
    return data


WORDS = "Ampia discrezionalità nella scelta."
REASON = "Interessi rilevanti."
NAME = "n. 1 Rimborso di tributi · 1. Favorire un utente"


@pytest.fixture
def method(methods):
    return methods["PNA2019"]


@pytest.fixture
def source(process, method) -> RiskBehaviour:
    """A behaviour judged high, with two indicators graded, one of them with evidence."""
    behaviour = process.behaviours.order_by("position")[0]
    high = method.levels.get(scale="overall", code="A")
    row = Assessment.objects.create(
        behaviour=behaviour,
        method=method,
        level=high,
        motivation=WORDS,
        assessed_on="2026-01-31",
        version=1,
    )
    for indicator, words in zip(method.indicators.order_by("position"), (REASON, ""), strict=False):
        level = method.levels.filter(scale=indicator.scale).order_by("-ordinal")[0]
        Rating.objects.create(
            assessment=row,
            indicator=indicator,
            level=level,
            motivation=words,
            evidence="Una sentenza del 2024.",
            version=1,
        )
    return behaviour


@pytest.fixture
def target(process, source) -> RiskBehaviour:
    return process.behaviours.order_by("position")[1]


def judgement(subject, method):
    return judgements_of([subject], method=method, moment=Moment.INHERENT)[subject.pk]


def copied_points(annex) -> list[str]:
    points = missing_points(kept_annex(annex))
    return [one.sentence for one in points if one.rule.code == "motivation-copied" and one.blocks]
