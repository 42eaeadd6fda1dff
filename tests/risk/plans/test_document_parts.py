"""The parts of the document of a plan: chosen, looked at first, kept by the body under a name."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from docx import Document

from registry.models import Job, TrailRecord, User
from registry.services.jobs import job_files
from risk.content.plan_parts import PART_NAMES
from risk.models import DocumentChoice
from tests.people import client_of, people_of
from tests.register import complete_annex, make_body
from tests.risk.plans.test_bound import pages_read

pytestmark = pytest.mark.django_db
TICKED = {
    "parte": ["graduatoria", "sintesi", "allegati"],
    "posto-sintesi": "2",
    "posto-graduatoria": "1",
    "colonna": ["graduatoria.motivazione"],
    "version": "0",
}


@pytest.fixture
def world():
    annex = complete_annex()
    plan = annex.plan
    people = {name: client_of(person) for name, person in people_of(annex).items()}
    address = reverse("risk:plan_parts", args=[plan.administration.ipa_code, plan.slug])
    return plan, people, address


def test_a_choice_is_kept_changed_by_two_and_taken_away(world):
    plan, people, address = world
    rpct = people["rpct"]
    saved = rpct.post(address, {**TICKED, "name": "per la Giunta", "atto": "salva"}, follow=True)
    assert "Salvata la scelta «per la Giunta»." in saved.content.decode()
    choice = DocumentChoice.objects.get()
    assert choice.parts == "graduatoria,sintesi,allegati"
    assert choice.left_out == (
        "sintesi.codici,graduatoria.misure,graduatoria.manca,graduatoria.codici"
    )
    assert TrailRecord.objects.filter(kind="document-choice", outcome="done").count() == 1
    own = reverse("risk:plan_choice", args=[plan.administration.ipa_code, plan.slug, choice.uid])
    shown = people["auditor"].get(own).content.decode()
    assert shown.index("Graduatoria dei processi: c’è") < shown.index(
        "Sintesi per i cittadini: c’è"
    )
    assert "Salva la scelta" not in shown
    # two open it: what both have changed is asked, and nothing is lost meanwhile
    shown_first = {**TICKED, "version": str(choice.version), "name": choice.name, "atto": "salva"}
    assert rpct.post(own, {**shown_first, "parte": ["glossario"]}).status_code == 302
    both = rpct.post(own, {**shown_first, "parte": ["programma"]}).content.decode()
    assert "Hai modificato gli stessi dati" in both
    assert "Tieni la versione salvata: <strong>Glossario" in " ".join(both.split())
    choice.refresh_from_db()
    assert choice.parts == "glossario"
    assert rpct.post(own, {**shown_first, "atto": "togli"}, follow=True).status_code == 200
    assert not DocumentChoice.objects.exists()
    assert choice.history.count() == 3


def test_what_is_wrong_is_said_where_it_is_and_nothing_is_kept(world):
    plan, people, address = world
    other = DocumentChoice.objects.create(
        administration=make_body("c_b002"), name="per la Giunta", parts="sintesi"
    )
    DocumentChoice.objects.create(
        administration=plan.administration, name="per il sito", parts="sintesi"
    )
    wrong = (
        ({"parte": []}, "Un documento ha almeno una parte: scegline una."),
        ({"parte": ["prefazione"]}, "Parte «prefazione» sconosciuta. Ci sono: capitoli,"),
        (
            {"posto-sintesi": "x"},
            "Il posto di «Sintesi per i cittadini» è un numero: «x» non lo è.",
        ),
        ({"name": ""}, "obbligatorio"),
        ({"name": "per il sito"}, "C’è già una scelta con questo nome."),
    )
    for changed, sentence in wrong:
        asked = {**TICKED, "name": "per il NIV", "atto": "salva", **changed}
        page = people["rpct"].post(address, asked).content.decode()
        assert sentence in page, (changed, sentence)
        # without a script the next press would stay at the preview, where the last has led
        assert f'action="{address}#parti"' in page
    assert DocumentChoice.objects.filter(administration=plan.administration).count() == 1
    for name, code in (("auditor", 404), ("head", 404)):
        asked = {**TICKED, "name": "per il NIV", "atto": "salva"}
        assert people[name].post(address, asked).status_code == code
    body = plan.administration.ipa_code
    for route in ("plan_choice", "plan_choice_document"):
        foreign = reverse(f"risk:{route}", args=[body, plan.slug, other.uid])
        assert people["rpct"].post(foreign, TICKED).status_code == 404


def test_what_was_chosen_is_gone_back_to_from_its_document_with_all_that_was_ticked(world):
    _plan, people, address = world
    auditor = people["auditor"]
    auditor.post(address, {**TICKED, "atto": "prepara"})
    ((words, back),) = Job.objects.get().result["links"]
    assert words == "Cambia le parti"
    page = auditor.get(back).content.decode()
    assert page.index("Graduatoria dei processi: c’è") < page.index("Sintesi per i cittadini: c’è")
    ticked = re.findall(r'value="([\w.-]+)"[^>]*?\schecked', page)
    # the columns of a part that is not there wait for it
    waiting = ("programma.", "uffici-e-aree.")
    assert [name for name in ticked if not name.startswith(waiting)] == [
        "graduatoria",
        "graduatoria.motivazione",
        "sintesi",
        "allegati",
    ]
    # nothing is kept by it, and what is made up is let alone
    assert not DocumentChoice.objects.exists()
    assert auditor.get(f"{address}?parti=prefazione,,x&senza=y").status_code == 200
    # what was prepared is told with its pages, also where the annexes are among them
    told = " ".join(auditor.get(address).content.decode().split())
    assert "Sintesi per i cittadini da pag. 4, Allegati degli uffici da pag. 5)." in told
    assert told.count("Il documento è pronto: ") == 1
    # who keeps the body sees what its people have asked for, they what they have asked for
    assert "Preparati di recente" in people["rpct"].get(address).content.decode()
    Job.objects.update(by=User.objects.get(username="rpct"))
    assert "Preparati di recente" not in auditor.get(address).content.decode()


def test_the_document_has_the_parts_in_their_order_and_says_which_are_empty(world, tmp_path):
    plan, people, address = world
    before = {**TICKED, "parte": ["graduatoria", "sintesi"], "atto": "prepara"}
    answer = people["auditor"].post(address, before)
    job = Job.objects.get()
    assert answer.url == reverse("registry:job", args=[job.uid])
    assert job.result["message"] == (
        "Il documento è pronto: 4 pagine (Graduatoria dei processi da pag. 3, "
        "Sintesi per i cittadini da pag. 4)."
    )
    content = people["auditor"].get(reverse("registry:job_file", args=[job.uid]))
    _cover, contents, ranking, _summary = pages_read(b"".join(content.streaming_content))
    assert "Motivazione" in ranking
    assert "Che cosa manca" not in ranking
    assert "Allegato" not in contents
    # the command knows the names that are kept, and tells which words it does not know
    DocumentChoice.objects.create(
        administration=plan.administration, name="per la Giunta", parts="misure,glossario"
    )
    file = tmp_path / "piano.pdf"
    ask = {"plan": plan.title, "format": "pdf", "output": str(file)}
    call_command("export_plan", parts="Per la GIUNTA", **ask)
    pages = pages_read(file.read_bytes())
    assert "Il piano non ha misure che valgono per tutti gli uffici." in " ".join(
        " ".join(pages).split()
    )
    for parts, said in (
        ("sintesi,prefazione", "Parte «prefazione» sconosciuta"),
        (" ", "una parte"),
    ):
        with pytest.raises(CommandError, match=said) as refused:
            call_command("export_plan", parts=parts, **ask)
        assert refused.value.returncode == 2
    assert PART_NAMES[-1] == "allegati"


def file_of(job: Job) -> bytes:
    with job_files().open(job.result["file"]) as file:
        return file.read()


def test_a_choice_is_a_text_too_which_says_where_links_lead_only_where_they_do(world):
    plan, people, address = world
    auditor = people["auditor"]
    for parts, is_led in ((["sintesi", "uffici-e-aree", "allegati"], True), (["sintesi"], False)):
        asked = {**TICKED, "parte": parts}
        for act in ("prepara", "docx"):
            auditor.post(address, {**asked, "atto": act})
        drawn, written = Job.objects.order_by("pk")[Job.objects.count() - 2 :]
        pages = " ".join(" ".join(pages_read(file_of(drawn))).split())
        assert ("si va alla scheda completa" in pages) == is_led
        assert ("Ogni ufficio porta al suo allegato" in pages) == is_led
        assert (written.kind, written.result["links"]) == ("write-plan-text", drawn.result["links"])
        docx = Document(io.BytesIO(file_of(written)))
        told = "\n".join(one.text for one in docx.paragraphs)
        headings = [one.text for one in docx.paragraphs if one.style.name == "Heading 1"]
        assert headings[0] == "Sintesi per i cittadini"
        assert ("Allegato 1 – Tributi" in headings) == is_led
        # its links are words, and both are one content all the same
        assert not re.search("si va alla|porta al suo", told)
        assert re.search("Versione ([0-9a-f]{12})", pages)[1] in told
    choice = DocumentChoice.objects.create(
        administration=plan.administration, name="per la Giunta", parts="glossario"
    )
    names = [plan.administration.ipa_code, plan.slug, choice.uid]
    for suffix, code in (("odt", 302), ("rtf", 404)):
        own = reverse("risk:plan_choice_text", args=[*names, suffix])
        assert (own in auditor.get(address).content.decode()) == (code == 302)
        assert auditor.post(own).status_code == code
    job = Job.objects.order_by("pk").last()
    assert (job.arguments["parts"], job.result["file_name"]) == (["glossario"], f"{plan.slug}.odt")
    told = auditor.get(address).content.decode()
    assert told.count("Il documento è pronto come testo DOCX.") == 2
