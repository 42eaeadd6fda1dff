"""What leaves the register as a file, and what comes in, is on the trail; refused files too."""

import pytest
from django.urls import reverse

from registry.models import Office, RiskArea, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.models import TextBlock
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import move_annex
from tests.people import client_of, people_of
from tests.register import complete_annex, make_annex, make_process
from tests.risk.admin.test_files import confirmed, exported, imported, sheet
from tests.risk.admin.world import build

pytestmark = pytest.mark.django_db

HEADS = ["Amministrazione", "Codice", "Denominazione", "Tipo"]


@pytest.fixture
def world():
    return build()


@pytest.fixture
def rpct(world, client):
    client.force_login(world.people["rpct"])
    return client


def records_of(kind: str) -> list[TrailRecord]:
    assert verify_trail() == []
    return list(TrailRecord.objects.filter(kind=kind).order_by("pk"))


def test_a_draft_that_leaves_as_a_file(client):
    annex = make_annex()
    make_process(annex)
    editor = people_of(annex)["editor"]

    answer = client_of(editor).get(reverse("risk:annex_file", args=[annex.uid, "catalogo", "html"]))

    (record,) = records_of("export")
    assert answer.status_code == 200
    assert (record.subject, record.person) == (f"annex {annex.uid}", editor.trail_token)
    assert record.detail == {"format": "html", "layout": "catalogo"}
    assert record.outcome == "done"


def test_a_file_that_cannot_be_drawn_is_a_refused_export():
    annex = make_annex()
    body = annex.plan.administration
    TextBlock.objects.create(
        administration=body, plan=annex.plan, layout="catalogo", slot="title", text="{{chissà}}"
    )
    client = client_of(people_of(annex)["editor"])

    answer = client.get(reverse("risk:annex_file", args=[annex.uid, "catalogo", "pdf"]))

    (record,) = records_of("export")
    assert answer.status_code == 409
    assert record.outcome == "refused"
    assert "chissà" in record.detail["reason"]


def test_what_is_not_found_is_no_export():
    annex = make_annex()
    client = client_of(people_of(annex)["stranger"])

    assert client.get(reverse("risk:annex_file", args=[annex.uid, "catalogo", "html"])).status_code
    assert records_of("export") == []


def test_an_issue_that_is_fetched():
    annex = complete_annex()
    people = people_of(annex)
    for verb, who in (("submit", "editor"), ("approve", "head"), ("validate", "rpct")):
        move_annex(annex=annex, verb=verb, by=people[who])
    annex.refresh_from_db()
    issue = issue_annex(annex=annex, by=people["rpct"])

    client_of(people["auditor"]).get(reverse("risk:issue_file", args=[issue.uid, "json"]))

    (record,) = records_of("export")
    assert record.subject == f"issue {issue.uid}"
    assert record.detail == {"format": "json", "annex": str(annex.uid), "number": 1}


def test_a_list_that_leaves_says_how_many_rows(world, rpct):
    exported(rpct, RiskArea, "0")

    (record,) = records_of("export")
    assert record.subject == "list registry.riskarea"
    assert record.detail == {"format": "xlsx", "rows": 1}


def test_an_import_is_one_record_with_its_counts(world, rpct):
    own = world.a.administration.ipa_code
    file = sheet(HEADS, [own, "C1", "Nuovo nome", "generale"], [own, "N", "Nuova", "specifica"])

    confirmed(rpct, RiskArea, imported(rpct, RiskArea, file, "0"))

    (record,) = records_of("import")
    assert (record.subject, record.row_count) == ("list registry.riskarea", 2)
    assert record.detail == {"new": 1, "update": 1, "skip": 0, "delete": 0}


def test_an_import_that_changes_nothing_is_a_record_too(world, rpct):
    confirmed(rpct, RiskArea, imported(rpct, RiskArea, exported(rpct, RiskArea, "0"), "0"))

    (record,) = records_of("import")
    assert (record.row_count, record.detail["skip"]) == (0, 1)


def test_a_refused_file_is_a_refused_import(world, rpct):
    own = world.a.administration.ipa_code

    imported(rpct, RiskArea, sheet(HEADS, [own, "M", "Area strana", "speciale"]), "0")

    (record,) = records_of("import")
    assert record.outcome == "refused"
    assert "Riga 2, Tipo" in record.detail["reason"]


def test_a_file_refused_when_confirmed_leaves_nothing_but_the_refusal(world, rpct):
    own = world.a.administration.ipa_code
    heads = ["Amministrazione", "Codice", "Denominazione", "Ufficio superiore"]
    Office.objects.create(administration=world.a.administration, code="T", name="Temporaneo")
    file = sheet(heads, [own, "PR", "Primo", ""], [own, "NU", "Nuovo", "T"])
    page = imported(rpct, Office, file, "0")
    Office.objects.filter(code="T").delete()

    confirmed(rpct, Office, page)

    (record,) = records_of("import")
    assert record.outcome == "refused"
    assert "Riga 3, Ufficio superiore" in record.detail["reason"]
    assert not Office.objects.filter(code__in=["PR", "NU"]).exists()
