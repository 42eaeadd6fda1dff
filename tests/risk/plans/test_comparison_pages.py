"""The page of a comparison: which two, how much, office by office; its lists and its PDF."""

import io
import json
import re
from collections import Counter

import pikepdf
import pypdf
import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from registry.models import Annex, Job, Office, Plan, Process
from registry.services.jobs import job_files
from risk.enums import Layout
from risk.models import ProcessContent
from risk.paper.html import render_html
from risk.paper.marked import marked_html, render_marked_pdf
from risk.services.plans.comparison import page as page_service
from risk.services.plans.comparison.document import comparison_document
from risk.services.plans.comparison.marked import marked_document
from tests.conformance import faults
from tests.people import client_of, people_of
from tests.register import make_annex, make_process
from tests.risk.plans.two_editions import adopted_plan, move, next_of, of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """An adopted plan, its next edition with four acts, and the RPCT of the body."""
    before = adopted_plan()
    people = people_of(Annex.objects.get(plan=before, office__name="Tributi"))
    after = next_of(before)
    of(after, "Riscossione").phases.update(title="Istruttoria <b>attenta</b>")
    of(after, "Sgravi").delete()
    tributi = Annex.objects.get(plan=after, office__name="Tributi")
    for number in range(12):
        make_process(tributi, f"Nuovo processo {number}")
    return before, after, people


def address(plan: Plan, name: str = "plan_comparison") -> str:
    return reverse(f"risk:{name}", args=[plan.administration.ipa_code, plan.slug])


def test_the_edition_before_is_compared_by_itself_office_by_office(world):
    before, after, people = world
    rpct = client_of(people["rpct"])
    text = rpct.get(address(after)).content.decode()

    assert f"Da «{before.title}» a «{after.title}»" in text
    assert (
        address(after) in rpct.get(reverse("risk:plan", args=address_parts(after))).content.decode()
    )
    link = re.search(r'href="([^"]*ufficio=[^"]*)"[^>]*>Tributi<', text)[1].replace("&amp;", "&")
    assert "Anagrafe" in text
    assert "ufficio=" not in text.split("Anagrafe")[0].rsplit("<tr", 1)[1]
    first = rpct.get(link).content.decode()
    assert "14 processi cambiati" in first
    assert "Istruttoria" in first
    assert "&lt;b&gt;attenta&lt;/b&gt;" in first
    assert "<ins>" in first
    assert 'rel="next"' in first
    assert "n. 3 Sgravi" in rpct.get(link + "&pagina=2").content.decode()


def test_an_office_whose_processes_went_elsewhere_says_so(world):
    _before, after, people = world
    gone = Annex.objects.get(plan=after, office__name="Anagrafe")
    tributi = Annex.objects.get(plan=after, office__name="Tributi")
    move(of(after, "Certificati"), tributi, title="Certificati")
    gone.delete()
    rpct = client_of(people["rpct"])
    text = rpct.get(address(after)).content.decode()
    link = re.search(r'href="([^"]*ufficio=[^"]*)"[^>]*>Anagrafe<', text)[1].replace("&amp;", "&")
    page = rpct.get(link).content.decode()
    assert "Nessun processo cambiato" in page
    assert "sono passati ad altri uffici" in page


def address_parts(plan: Plan) -> list[str]:
    return [plan.administration.ipa_code, plan.slug]


def test_what_became_of_an_office_is_said_under_it_on_the_page_in_the_list_and_on_paper():
    before = adopted_plan()
    body = before.administration
    Office.objects.create(administration=body, code="TD", name="Transizione digitale")
    rpct = client_of(people_of(Annex.objects.get(plan=before, office__name="Tributi"))["rpct"])
    # the new one stands before the one that was divided, and is none the less new
    lines = (
        "Tributi; diviso; Tributi; ; 1",
        "Tributi; diviso; Transizione digitale; ; 2-3; Riordino",
        "Anagrafe; unito; Tributi",
    )
    after = next_of(before, offices="\n".join(lines))
    divided = "«Tributi» è diviso: vanno a «Transizione digitale» i processi 2-3 (Riordino)"
    merged = "«Anagrafe» è confluito in «Tributi»"
    under = {"Transizione digitale": (divided,), "Tributi": (), "Anagrafe": (merged,)}

    document = comparison_document(before, after)
    assert {one.name: one.became for one in document.offices} == under
    assert [one.name for one in document.offices if one.is_new] == ["Transizione digitale"]
    context = {"document": document, "frame": document.frame}
    paper = render_to_string("risk/paper/plan/comparison.html", context)
    assert paper.count(f"{merged}.</p>") == 1
    text = rpct.get(address(after)).content.decode()
    assert (text.count(merged), text.count(divided)) == (1, 1)
    link = re.search(r'href="([^"]*ufficio=[^"]*)"[^>]*>Anagrafe<', text)[1].replace("&amp;", "&")
    assert f"<p>{merged}.</p>" in rpct.get(link).content.decode()
    rows = listed(rpct, after)
    told = {(row["Ufficio"], row["Testo della riga"]) for row in rows}
    assert {(name, one) for name, some in under.items() for one in some} <= told


def test_from_either_plan_the_older_comes_first(world):
    before, after, people = world
    rpct = client_of(people["rpct"])

    for plan, other in ((before, after), (after, before)):
        text = rpct.get(address(plan), {"con": other.slug}).content.decode()
        assert f"Da «{before.title}» a «{after.title}»" in text


def test_a_day_stands_for_the_plan_adopted_last_before_it(world):
    before, after, people = world
    rpct = client_of(people["rpct"])

    assert (
        f"Da «{before.title}»"
        in rpct.get(address(after), {"giorno": "2021-06-30"}).content.decode()
    )
    early = rpct.get(address(after), {"giorno": "2020-01-01"})
    assert early.status_code == 422
    assert "Il 01/01/2020 non c’era ancora un piano adottato" in early.content.decode()
    wrong = rpct.get(address(after), {"giorno": "ieri"})
    assert wrong.status_code == 422
    assert "«ieri» non è una data." in wrong.content.decode()
    same = rpct.get(address(before), {"giorno": "2021-06-30"})
    assert "valeva questo stesso piano" in same.content.decode()


def test_what_is_none_of_the_body_is_not_found(world):
    _before, after, people = world
    rpct = client_of(people["rpct"])

    assert rpct.get(address(after), {"con": "un-altro-piano"}).status_code == 404
    strange = {"ufficio": "00000000-0000-4000-8000-000000000000"}
    assert rpct.get(address(after), strange).status_code == 404
    assert client_of(people["editor"]).get(address(after)).status_code == 404
    assert client_of(people["stranger"]).get(address(after)).status_code == 404
    posted = client_of(people["editor"]).post(
        address(after, "plan_comparison_document"), {"con": _before.slug}
    )
    assert posted.status_code == 404
    assert client_of(people["auditor"]).get(address(after)).status_code == 200


def test_one_plan_alone_says_what_to_do():
    annex = make_annex()
    text = client_of(people_of(annex)["rpct"]).get(address(annex.plan)).content.decode()

    assert "L’amministrazione ha un solo piano" in text


def test_each_change_is_a_row_of_the_list(world):
    _before, after, people = world
    rpct = client_of(people["rpct"])
    of(after, "Riscossione").phases.update(title="=1+1")
    rows = listed(rpct, after)
    titles = [row["Processo"] for row in rows]

    assert sum("Nuovo processo" in title for title in titles) == 12
    (dropped,) = [row for row in rows if "Sgravi" in row["Processo"]]
    assert dropped["Che cosa è cambiato"] == "non ripreso"
    (phase,) = [row for row in rows if row["Riga"] == "Fase"]
    assert (phase["Prima"], phase["Dopo"]) == ("Istruttoria", "=1+1")
    csv = b"".join(rpct.get(address(after), {"formato": "csv"}).streaming_content).decode(
        "utf-8-sig"
    )
    assert "=1+1" in csv
    assert not re.search(r'(^|[;"])=1\+1', csv)


def written(client, plan: Plan, suffix: str) -> bytes:
    return b"".join(client.get(address(plan), {"formato": suffix}).streaming_content)


def listed(client, plan: Plan) -> list[dict]:
    return json.loads(written(client, plan, "json"))


def test_what_nobody_has_read_is_prepared_apart(world, monkeypatch):
    before, after, people = world
    rpct = client_of(people["rpct"])
    ProcessContent.objects.all().delete()
    monkeypatch.setattr(page_service, "MOST_READ", 2)

    assert "premi «Prepara il confronto»" in rpct.get(address(after)).content.decode()
    asked = rpct.post(address(after, "plan_comparison_document"), {"con": before.slug})
    job = Job.objects.get()
    assert asked.url == reverse("registry:job", args=[job.uid])
    assert job.state == "done", job.result
    assert "Da «" in rpct.get(address(after)).content.decode()


def test_the_pdf_says_the_same_and_conforms(world):
    before, after, people = world
    rpct = client_of(people["rpct"])
    rpct.post(address(after, "plan_comparison_document"), {"con": before.slug})
    job = Job.objects.get()
    assert job.state == "done", job.result
    with job_files().open(job.result["file"]) as file:
        pdf = file.read()

    assert faults(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as book:
        assert book.Root.MarkInfo.Marked
    text = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split()
    )
    assert "Nuovo processo 11" in text
    assert "n. 3 Sgravi" in text
    assert "Non ripreso" in text
    assert "BOZZA" in text


def test_an_annex_is_printed_with_the_signs_of_what_changed(world):
    before, after, people = world
    process = of(after, "Riscossione")
    process.phases.update(title="Istruttoria telematica")
    Process.objects.filter(pk=process.pk).update(objective="Incassare prima.")
    annex = process.annex
    address_of_it = reverse("risk:changes_marked", args=[annex.uid])
    editor = client_of(people["editor"])
    assert editor.post(address_of_it, {"con": after.slug}).status_code == 404
    assert client_of(people["stranger"]).post(address_of_it).status_code == 404
    page = editor.get(reverse("risk:changes", args=[annex.uid])).content.decode()
    assert f'<option value="{before.slug}">' in page
    editor.post(address_of_it, {"con": before.slug})
    job = Job.objects.get()
    assert job.state == "done", job.result
    with job_files().open(job.result["file"]) as file:
        pdf = file.read()

    assert faults(pdf) == []
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert f"Con i segni delle modifiche rispetto a «{before.title}»" in text
    assert "Processi che non ci sono più: n. 3 Sgravi." in text
    document, marks = marked_document(Annex.objects.with_names().get(pk=annex.pk), before)
    html = marked_html(document, marks)
    said = re.findall(r'<span class="paper-mark is-(\w+)">(\w+)</span>', html)
    assert Counter(said) == Counter({("added", "nuovo"): 12, ("changed", "modificato"): 3}), said
    assert re.search(r"modificato</span> <p>Incassare prima", html)
    said_in_each_layout(document, marks)
    # without signs the paper is what it was
    assert "paper-mark" not in render_html(document, layout=Layout.SHEETS)


def said_in_each_layout(document, marks) -> None:
    """The *tabella* says it in its cells, the *catalogo* in its lines, the whole annex in all."""
    said = {}
    for layout in (Layout.RISK_TABLE, Layout.CATALOGUE, Layout.COMPLETE):
        html = marked_html(document, marks, layout)
        found = re.findall(r'<span class="paper-mark is-\w+">(\w+)</span>', html)
        said[layout] = Counter(found)
        # what the signs mean is said once, also where they stand in three parts
        assert html.count("Con i segni delle modifiche") == 1
        assert "paper-mark" not in render_html(document, layout=layout)
    assert said[Layout.RISK_TABLE]["modificato"] == 2
    assert said[Layout.CATALOGUE] == {"nuovo": 12, "modificato": 1}
    assert said[Layout.COMPLETE]["nuovo"] == said[Layout.RISK_TABLE]["nuovo"] + 24
    assert faults(render_marked_pdf(document, marks, Layout.COMPLETE)) == []
