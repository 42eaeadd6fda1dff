"""The pages of a plan: for the RPCT all, for the others to read, for strangers what is public."""

import datetime
import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from registry.models import Annex, Job, Office, Plan, TrailRecord
from risk.models import Confirmation, Exemption, PlanIssue
from tests.people import client_of
from tests.register import adopt, close, make_annex
from tests.statements import at_most

pytestmark = pytest.mark.django_db

ROLES = ("rpct", "head", "editor", "auditor", "colleague")


def address(plan, name="plan", *more) -> str:
    return reverse(f"risk:{name}", args=[plan.administration.ipa_code, plan.slug, *more])


def fresh(plan) -> Plan:
    return Plan.objects.get(pk=plan.pk)


ACT = {
    "adopting_organ": "Giunta",
    "act_kind": "Deliberazione",
    "act_number": "12",
    "act_date": "2021-01-29",
    "act_effective_on": "",
    "act_link": "",
}


def test_who_sees_the_plan_and_who_may_move_it(annex, people):
    for who in ROLES:
        answer = client_of(people[who]).get(address(annex.plan))
        assert answer.status_code == 200
        assert ("Apri la consultazione" in answer.content.decode()) == (who == "rpct")
    assert client_of(people["stranger"]).get(address(annex.plan)).status_code == 404


def test_the_page_tells_that_something_stops_the_adoption(annex, people):
    words = "Il piano non si adotta finché manca qualcosa."
    rpct = client_of(people["rpct"])
    assert words in rpct.get(address(annex.plan)).content.decode()
    propose(annex, people)
    assert words not in rpct.get(address(annex.plan)).content.decode()


def test_a_move_and_a_refusal_on_the_page(annex, people):
    rpct = client_of(people["rpct"])
    assert rpct.post(address(annex.plan), {"verb": "consult"}).status_code == 302
    assert fresh(annex.plan).state == "consultation"
    answer = rpct.post(address(annex.plan), {"verb": "back", "reason": ""})
    assert answer.status_code == 409
    assert "Scrivi il motivo" in answer.content.decode()
    assert client_of(people["head"]).post(address(annex.plan), {"verb": "back"}).status_code == 409
    assert rpct.post(address(annex.plan), {"verb": "boh"}).status_code == 404


@pytest.mark.parametrize("name", ["plan_adopt", "plan_confirm", "plan_copy", "plan_annex_open"])
def test_acts_are_found_by_the_rpct_only(annex, people, name):
    for who in ("head", "editor", "auditor", "colleague", "stranger"):
        client = client_of(people[who])
        assert client.get(address(annex.plan, name)).status_code in (404, 405)
        assert client.post(address(annex.plan, name), {}).status_code == 404


def test_exempting_and_taking_it_back(annex, people):
    page = address(annex.plan, "plan_exempt", annex.uid)
    rpct = client_of(people["rpct"])
    refused = rpct.post(page, {"reason": ""})
    # where the refusal is read: at the head of the page
    assert refused.headers["Location"] == address(annex.plan)
    assert not Exemption.objects.exists()
    rpct.post(page, {"reason": "Ufficio soppresso."})
    told = rpct.get(address(annex.plan)).content.decode()
    assert "Ufficio soppresso." in told
    assert ">esonerato</span>" in told
    assert ">bozza</span>" not in told
    assert client_of(people["head"]).post(page, {"revoca": "1"}).status_code == 404
    rpct.post(page, {"revoca": "1"})
    assert not Exemption.objects.exists()


def test_an_office_without_annex_gets_one(annex, people):
    rpct = client_of(people["rpct"])
    assert "Altro ufficio" in rpct.get(address(annex.plan)).content.decode()
    rpct.post(address(annex.plan, "plan_annex_open"), {"office": "ALTRO"})
    assert Annex.objects.filter(plan=annex.plan, office__code="ALTRO").exists()


def test_all_offices_without_annex_get_one_when_they_are_counted_and_confirmed(annex, people):
    rpct, page = client_of(people["rpct"]), address(annex.plan, "plan_annex_open")
    Office.objects.create(administration=annex.plan.administration, code="Z", name="Zootecnia")
    shown = rpct.get(address(annex.plan)).content.decode()
    assert "Apri gli allegati di tutti i 2…" in shown
    asked = rpct.post(page, {"offices": "tutti"}).content.decode()
    assert "<strong>2 uffici.</strong>" in asked
    assert Annex.objects.count() == 1
    done = rpct.post(page, {"offices": "tutti conferma"}, follow=True).content.decode()
    assert "Aperti gli allegati di 2 uffici." in done
    assert "Apri l’allegato" not in done
    assert Annex.objects.count() == 3
    none = rpct.post(page, {"spuntati": "1"}, follow=True).content.decode()
    assert "Spunta almeno un ufficio." in none


def propose(annex, people) -> Client:
    close(annex, "validated")
    rpct = client_of(people["rpct"])
    rpct.post(reverse("risk:workflow", args=[annex.uid]), {"verb": "issue"})
    for verb in ("consult", "propose"):
        rpct.post(address(annex.plan), {"verb": verb})
    return rpct


def test_adoption_from_the_page_to_the_published_files(annex, people):
    rpct = propose(annex, people)
    page = address(annex.plan, "plan_adopt")
    future = {**ACT, "act_date": "2999-01-01"}
    assert "data futura" in rpct.post(page, future).content.decode()
    answer = rpct.post(page, ACT)
    assert answer.url == reverse("registry:job", args=[Job.objects.get(kind="adopt-plan").uid])
    assert fresh(annex.plan).state == "adopted"
    assert rpct.get(page).status_code == 404

    anonymous = Client()
    public = address(annex.plan, "published_plan")
    assert anonymous.get(public).status_code == 404
    assert anonymous.get(address(annex.plan, "published_file", "pdf")).status_code == 404
    assert annex.plan.title not in anonymous.get("/pubblicati/").content.decode()
    rpct.post(address(annex.plan), {"verb": "publish", "publication_link": ""})
    assert annex.plan.title in anonymous.get("/pubblicati/").content.decode()
    assert "Deliberazione n. 12 del 29/01/2021" in anonymous.get(public).content.decode()
    pdf = anonymous.get(address(annex.plan, "published_file", "pdf"))
    assert pdf.content == bytes(PlanIssue.objects.get().pdf)
    archive = anonymous.get(address(annex.plan, "published_file", "zip"))
    with zipfile.ZipFile(io.BytesIO(archive.getvalue())) as files:
        assert len(files.namelist()) == 6
        assert "index.html" in files.namelist()
    assert anonymous.get(address(annex.plan, "published_file", "json")).status_code == 404


@pytest.mark.parametrize("suffix", ["pdf", "html", "json", "zip"])
def test_the_people_of_the_body_have_the_adopted_files_and_it_is_on_the_trail(
    annex, people, suffix
):
    adopt(annex.plan)
    page = address(annex.plan, "plan_file", suffix)
    answer = client_of(people["auditor"]).get(page)
    assert answer.status_code == 200
    content = answer.getvalue()
    assert content
    if suffix == "zip":
        # its data are of no format this version reads, and the files are there
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            assert {"ptpct-2021-2023.pdf", "SHA256SUMS"} == set(files.namelist()) - {
                "ptpct-2021-2023.html",
                "ptpct-2021-2023.json",
            }
    assert TrailRecord.objects.filter(kind="export", detail__format=suffix).count() == 1
    assert client_of(people["stranger"]).get(page).status_code == 404
    assert client_of(people["auditor"]).get(f"{page}x").status_code == 404


def test_confirming_from_the_page(annex, people):
    adopt(annex.plan, "published")
    rpct = client_of(people["rpct"])
    page = address(annex.plan, "plan_confirm")
    data = {
        "year": "2022",
        "staff": "30",
        "organ": "Giunta",
        "act_kind": "Deliberazione",
        "act_number": "4",
        "act_date": "2022-01-20",
        "act_link": "",
        "no_corruption_facts": "on",
        "no_organisational_change": "on",
        "no_strategic_change": "on",
    }
    refused = rpct.post(page, data)
    assert "ricorre ogni condizione" in refused.content.decode()
    # beside what it is about, and nowhere else
    assert [*refused.context["form"].errors] == ["no_other_section_change"]
    refused = rpct.post(page, {**data, "no_other_section_change": "on", "staff": "50"})
    assert [*refused.context["form"].errors] == ["staff"]
    assert not Confirmation.objects.exists()
    assert rpct.post(page, {**data, "no_other_section_change": "on"}).status_code == 302
    told = rpct.get(address(annex.plan)).content.decode()
    assert "<strong>2022</strong>" in told
    assert "2021–2023" in told


def test_an_adopted_file_is_verified_by_anybody(annex, people):
    rpct = propose(annex, people)
    rpct.post(address(annex.plan, "plan_adopt"), ACT)
    file = io.BytesIO(bytes(PlanIssue.objects.get().pdf))
    file.name = "piano.pdf"
    answer = Client().post("/verifica/", {"file": file}).content.decode()
    assert "<strong>Emesso</strong>" in answer
    assert str(annex.plan) in answer
    assert "Deliberazione n. 12" in answer
    assert "Il piano e i suoi dati" not in answer

    rpct.post(address(annex.plan), {"verb": "publish"})
    file.seek(0)
    answer = Client().post("/verifica/", {"file": file}).content.decode()
    assert f'<a href="{address(annex.plan, "published_plan")}">Il piano e i suoi dati</a>' in answer


def test_whoever_is_not_signed_in_finds_what_is_public():
    page = Client().get("/accedi/").content.decode()
    assert f'<a href="{reverse("risk:published")}">' in page
    assert f'<a href="{reverse("risk:verify")}">' in page


def test_the_next_edition_from_the_page(annex, people):
    adopt(annex.plan)
    rpct = client_of(people["rpct"])
    page = address(annex.plan, "plan_copy")
    assert 'value="PTPCT 2022/2024"' in rpct.get(page).content.decode()
    data = {"kind": "ordinary", "title": "PTPCT 2022/2024", "first_year": 2022, "last_year": 2024}
    answer = rpct.post(page, data)
    made = Plan.objects.select_related("administration").get(title="PTPCT 2022/2024")
    assert (answer.status_code, answer.url) == (302, address(made, "plan"))
    assert made.origin == annex.plan
    assert rpct.post(page, data).status_code == 200


def test_the_page_costs_the_same_for_any_number_of_annexes(annex, people):
    for number in range(12):
        make_annex(annex.plan.administration, office=f"Ufficio {number}")
    client = client_of(people["rpct"])
    client.get(address(annex.plan))
    with at_most(25):
        client.get(address(annex.plan))


def test_today_is_the_day_of_the_installation(annex, people, settings):
    settings.TODAY = datetime.date(2021, 1, 1)
    rpct = propose(annex, people)
    answer = rpct.post(address(annex.plan, "plan_adopt"), ACT)
    assert "data futura: oggi è il 01/01/2021." in answer.content.decode()
