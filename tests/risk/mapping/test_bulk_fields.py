"""One value for many rows: what each act writes, on whose rows, and what is left as it is."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from registry.enums import ProcessKind, RiskPresence
from registry.models import ExecutorRole, Macroprocess, Office, Phase, Process, TrailRecord
from risk.services.mapping import bulk
from tests.people import client_of, make_person
from tests.register import close, make_annex, make_area, make_body, make_phase, make_process

pytestmark = pytest.mark.django_db

MEANWHILE = "Nel frattempo"


@dataclass(frozen=True)
class Case:
    """An act: what is posted for it, and the column it writes with its value, as text."""

    act: str
    data: dict[str, str]
    columns: dict[str, str]
    kind: str = "processi"
    trail: str = ""


CASES = {
    "area": Case("area", {"area": "F"}, {"risk_area__code": "F"}, trail="bulk-area"),
    "macroprocess": Case(
        "macroprocesso",
        {"macroprocesso": "tributi"},
        {"macroprocess__code": "M1"},
        trail="bulk-macroprocess",
    ),
    "kind": Case("tipo", {"tipo": "support"}, {"kind": "support"}, trail="bulk-kind"),
    "presence": Case(
        "presenza",
        {"presenza": "absent", "motivo": "Nessuna discrezionalità."},
        {"risk_presence": "absent", "risk_presence_reason": "Nessuna discrezionalità."},
        trail="bulk-presence",
    ),
    "executor": Case(
        "esecutore",
        {"ruolo": "dirigente"},
        {"executor_role__code": "DIR"},
        kind="fasi",
        trail="bulk-executor",
    ),
    "office": Case(
        "esecutore",
        {"ufficio": "ragioneria"},
        {"executor_office__code": "RAG"},
        kind="fasi",
        trail="bulk-executor",
    ),
}


@pytest.fixture
def annex():
    annex = make_annex()
    body = annex.plan.administration
    make_area(body)
    Macroprocess.objects.create(administration=body, code="M1", label="Tributi", position=1)
    ExecutorRole.objects.create(administration=body, code="DIR", label="Dirigente", position=1)
    Office.objects.create(administration=body, code="RAG", name="Ragioneria")
    for title in ("Primo", "Secondo", "Terzo"):
        make_phase(make_process(annex, title), f"Fase di {title.lower()}")
    return annex


def rows_of(annex, kind: str) -> list[Any]:
    if kind == "processi":
        return list(annex.processes.order_by("position"))
    return list(Phase.objects.filter(process__annex=annex).order_by("process__position"))


def address(annex, kind: str) -> str:
    return reverse("risk:bulk", args=[annex.uid, kind])


def chosen(annex, case: Case) -> dict[str, Any]:
    rows = [str(row.uid) for row in rows_of(annex, case.kind)]
    return {"righe": rows, "atto": case.act, **case.data}


def said(annex, case: Case) -> list[dict]:
    model = Process if case.kind == "processi" else Phase
    return list(model.objects.order_by("pk").values(*case.columns))


@pytest.mark.parametrize("name", CASES)
def test_each_act_is_shown_done_told_and_taken_back(annex, people, name):
    case = CASES[name]
    client = client_of(people["editor"])
    before = said(annex, case)

    preview = client.post(address(annex, case.kind), chosen(annex, case))
    assert "3 righe cambiano" in preview.content.decode()
    assert said(annex, case) == before
    digest = preview.context["proposal"].digest
    data = {**chosen(annex, case), "digest": digest}
    answer = client.post(address(annex, case.kind), data, follow=True)

    assert said(annex, case) == [case.columns] * 3
    assert "su 3 righe" in answer.content.decode()
    record = TrailRecord.objects.order_by("-pk")[0]
    assert (record.kind, record.row_count) == (case.trail, 3)
    assert [row.history.count() for row in rows_of(annex, case.kind)] == [2, 2, 2]
    client.post(reverse("risk:undo", args=[annex.uid]))
    assert said(annex, case) == before


@pytest.mark.parametrize("name", CASES)
def test_a_row_changed_meanwhile_is_named_and_left(annex, people, name):
    case = CASES[name]
    client = client_of(people["editor"])
    data = chosen(annex, case)
    digest = client.post(address(annex, case.kind), data).context["proposal"].digest
    second = rows_of(annex, case.kind)[1]
    second.title = "Cambiato da un altro"
    second.save()

    answer = client.post(address(annex, case.kind), {**data, "digest": digest}, follow=True)

    done = [row == case.columns for row in said(annex, case)]
    assert done == [True, False, True]
    text = answer.content.decode()
    assert f"{MEANWHILE} è cambiata, e resta com’è" in text
    assert "Cambiato da un altro" in text
    assert "su 2 righe" in text


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_written_into_a_closed_annex(annex, people, name):
    case = CASES[name]
    client = client_of(people["rpct"])
    data = chosen(annex, case)
    digest = client.post(address(annex, case.kind), data).context["proposal"].digest
    before = said(annex, case)
    close(annex)

    answer = client.post(address(annex, case.kind), {**data, "digest": digest})

    assert answer.status_code == 403
    assert said(annex, case) == before


@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        ("processi", {"atto": "tipo"}, "Serve per ciò che hai scelto di fare."),
        ("processi", {"atto": "tipo", "tipo": "altro"}, "Scegli"),
        ("processi", {"atto": "presenza"}, "Serve per ciò che hai scelto di fare."),
        ("processi", {"atto": "presenza", "presenza": "absent"}, "perché il rischio è assente"),
        ("processi", {"atto": "macroprocesso", "macroprocesso": "x"}, "«x» non è in elenco."),
        ("processi", {"atto": "esecutore", "ruolo": "DIR"}, "Scegli"),
        ("fasi", {"atto": "esecutore"}, "Scrivi un esecutore, un ufficio o tutti e due."),
        ("fasi", {"atto": "esecutore", "ufficio": "Nessuno"}, "non è in elenco"),
    ],
)
def test_a_wrong_value_is_said_and_nothing_changes(annex, people, kind, data, message):
    rows = [str(row.uid) for row in rows_of(annex, kind)]
    answer = client_of(people["editor"]).post(address(annex, kind), {"righe": rows, **data})

    assert message in answer.content.decode()
    assert {row.version for row in rows_of(annex, "processi")} == {1}
    assert {row.version for row in rows_of(annex, "fasi")} == {1}


def test_a_reason_stays_with_the_finding_it_is_of(annex):
    by = make_person("anna")
    was = [
        (RiskPresence.PRESENT, "Perché sì."),
        (RiskPresence.ABSENT, "Perché no."),
        (RiskPresence.TO_ASSESS, ""),
    ]
    for row, (presence, reason) in zip(rows_of(annex, "processi"), was, strict=True):
        row.risk_presence, row.risk_presence_reason = presence, reason
        row.save()
    given = {"presence": RiskPresence.PRESENT, "reason": ""}
    rows = rows_of(annex, "processi")
    proposal = bulk.propose_presence(processes=rows, **given)
    assert [change.before for change in proposal.changes] == [
        "presente: Perché sì.",
        "assente: Perché no.",
        "da accertare",
    ]

    digest = proposal.digest
    bulk.apply_presence(annex=annex, processes=rows, **given, digest=digest, by=by)

    reasons = [row.risk_presence_reason for row in rows_of(annex, "processi")]
    assert reasons == ["Perché sì.", "", ""]
    with pytest.raises(ValidationError, match="perché il rischio è assente"):
        bulk.apply_presence(
            annex=annex,
            processes=rows,
            presence=RiskPresence.ABSENT,
            reason=" ",
            digest=digest,
            by=by,
        )


def test_an_executor_of_another_body_is_refused(annex):
    other = make_body("c_x002")
    role = ExecutorRole.objects.create(administration=other, code="X", label="Altro", position=1)
    given = {"phases": rows_of(annex, "fasi"), "role": role, "office": None}
    digest = bulk.propose_executor(**given).digest

    with pytest.raises(ValidationError, match="altra amministrazione"):
        bulk.apply_executor(annex=annex, **given, digest=digest, by=make_person("anna"))


def test_rows_of_another_annex_are_not_touched(annex):
    other = make_process(make_annex(annex.plan.administration, office="Bilancio"))
    given = {"processes": [other], "kind": ProcessKind.PRIMARY}
    digest = bulk.propose_kind(**given).digest

    with pytest.raises(ValidationError, match="Nessuna delle righe"):
        bulk.apply_kind(annex=annex, **given, digest=digest, by=make_person("anna"))

    other.refresh_from_db()
    assert (other.kind, other.version) == ("", 1)


def test_an_act_on_many_rows_costs_what_it_costs_on_few(
    annex, people, django_assert_max_num_queries
):
    client = client_of(people["editor"])
    case = CASES["executor"]
    data = chosen(annex, case)
    client.post(address(annex, "fasi"), data)
    counts = []
    for more in (0, 40):
        process = annex.processes.first()
        for number in range(more):
            make_phase(process, f"Fase {number}")
        for office in ("ragioneria", "tributi"):
            data = {**chosen(annex, case), "ufficio": office}
            with django_assert_max_num_queries(200) as captured:
                preview = client.post(address(annex, "fasi"), data)
                digest = preview.context["proposal"].digest
                client.post(address(annex, "fasi"), {**data, "digest": digest})
        counts.append(len(captured))
    assert counts[0] == counts[1]
