"""The likely answer of a question is marked, one answer may serve many; the person says so."""

import pytest

from registry.models import Office, Process, RiskArea
from risk.models import RegisterImport
from risk.services.imports.ledger import Choice, QuestionKind
from risk.services.imports.resolve.suggestions import are_unlike, suggested
from tests.people import client_of
from tests.register import make_area
from tests.risk.imports.pages import address, take, text_of, upload

OFFICES = (
    "GARE E CONTRATTI",
    "SERVIZI INFORMATIVI",
    "SERVIZI TECNICI ICT",
    "UFFICIO TECNICO LAVORI PUBBLICI",
    "SERVIZI FINANZIARI E RAGIONERIA",
    "TRIBUTI",
)
THREE = ("BASSO", "MEDIO", "ALTO")
MEASURES = ("Rotazione del personale", "Rotazione ordinaria del personale", "Formazione")


def likely(kind, text, labels):
    found = suggested(kind, text, [Choice(label, label) for label in labels])
    return found.label if found else ""


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Uff. Gare e Contratti", "GARE E CONTRATTI"),
        ("Gare-Contratti", "GARE E CONTRATTI"),
        ("Serv. Informativi", "SERVIZI INFORMATIVI"),
        ("Serv. Tecnici I.C.T.", "SERVIZI TECNICI ICT"),
        ("Ragioneria", "SERVIZI FINANZIARI E RAGIONERIA"),
        ("Ufficio Tributi", "TRIBUTI"),
        # two offices have the word, or none, or it is a word of any office
        ("Tecnico", ""),
        ("Polizia locale", ""),
        ("Ufficio", ""),
    ],
)
def test_an_office_is_told_by_the_words_only_it_has(text, office):
    assert likely(QuestionKind.OFFICE, text, OFFICES) == office


AREAS = (
    "Attività funebri e cimiteriali",
    "Controlli, verifiche, ispezioni e sanzioni",
    "Gestione delle entrate, delle spese e del patrimonio",
)


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("Altre attività", ""),
        ("Attività di controllo", AREAS[1]),
        ("Gestione del patrimonio", AREAS[2]),
        ("Gestione", ""),
        ("Attività cimiteriali", AREAS[0]),
    ],
)
def test_an_area_is_not_told_by_a_word_of_many(text, area):
    assert likely(QuestionKind.RISK_AREA, text, AREAS) == area


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Rotazione del personale (dirigenti)", ""),
        ("Formazione", "Formazione"),
        ("Formazione obbligatoria del personale", ""),
        ("Rotazioni ordinarie di personale", "Rotazione ordinaria del personale"),
    ],
)
def test_a_measure_only_by_nearly_all_of_its_words(text, measure):
    assert likely(QuestionKind.MEASURE, text, MEASURES) == measure


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Trascurabile", "BASSO"),
        ("B-", "BASSO"),
        ("Rischio moderato", "MEDIO"),
        ("Critico", "ALTO"),
        ("A+", "ALTO"),
        ("Discreto", ""),
    ],
)
def test_a_level_by_the_words_for_the_ends_of_a_scale(text, level):
    assert likely(QuestionKind.LEVEL, text, THREE) == level


def test_the_middle_of_four_levels_is_nobodys():
    assert likely(QuestionKind.LEVEL, "Moderato", (*THREE, "ALTISSIMO")) == ""


def test_titles_of_two_processes_have_hardly_a_word_in_common():
    assert are_unlike("Permessi di costruire", "Sviluppo software: installazione")
    assert not are_unlike("Affidamento diretto sotto soglia", "Affidamento diretto di forniture")


ONE = "Processo;Area di rischio\nUno;Entrate comunali\n"
MANY = "".join(f"Processo {n};Mai vista {n}\n" for n in range(40))


@pytest.fixture
def rpct(annex, people):
    return client_of(people["rpct"])


pytestmark = pytest.mark.django_db


def test_a_proposal_is_marked_and_taken_only_when_it_is_sent(annex, rpct):
    upload(rpct, annex.plan, ONE, office=annex.office.code)
    page = rpct.get(address("import_values"))
    assert "risposta proposta" in text_of(page)
    assert page.context["form"]["risposta-0"].initial == "is:F"
    assert RegisterImport.objects.get().answers == {}
    refused = rpct.post(address("import_values"), {})
    assert "Scegli una risposta." in text_of(refused)
    # refused, the same questions begin: the hand goes to the one without an answer
    assert all(
        'data-begins="1 Entrate comunali"' in one.content.decode() for one in (page, refused)
    )


def test_an_entry_of_the_list_counts_more_than_what_was_marked(annex, rpct):
    make_area(annex.plan.administration, "D", "Contratti pubblici")
    upload(rpct, annex.plan, ONE, office=annex.office.code)
    rpct.post(address("import_values"), {"risposta-0": "is:F", "voce-0": "D"})
    answers = RegisterImport.objects.get().answers
    assert answers == {"risk_area": {"Entrate comunali": {"is": "D"}}}


def test_one_answer_serves_all_of_a_kind_that_have_none(annex, rpct):
    text = f"Processo;Area di rischio\n{MANY}Altro;Entrate comunali\n"
    upload(rpct, annex.plan, text, office=annex.office.code)
    page = rpct.get(address("import_values"))
    assert "Le 40 qui sotto senza risposta" in text_of(page)
    # the first of the page is left empty, the others of the file are new
    answers = {"risposta-0": "skip", "tutte-risk_area": "new"}
    rpct.post(address("import_values"), answers)
    said = RegisterImport.objects.get().answers["risk_area"]
    assert said["Mai vista 0"] == {"skip": True}
    assert [said[f"Mai vista {n}"] for n in range(1, 40)] == [{"new": True}] * 39
    # what is proposed for one beyond the page was not seen yet
    assert "Entrate comunali" not in said
    rpct.post(address("import_values"), {"risposta-0": "is:F"})
    take(rpct)
    assert RiskArea.objects.filter(label__startswith="Mai vista").count() == 39
    assert Process.objects.get(title="Altro").risk_area.code == "F"


def test_an_answer_only_some_may_have_is_not_offered_for_all(annex, people):
    # an editor makes no new entries
    editor = client_of(people["editor"])
    upload(editor, annex.plan, f"Processo;Area di rischio\n{MANY}", office=annex.office.code)
    field = editor.get(address("import_values")).context["form"].fields["tutte-risk_area"]
    assert [key for key, _label in field.choices] == ["", "skip"]
    refused = editor.post(address("import_values"), {"tutte-risk_area": "new"})
    assert "Scegli una risposta." in text_of(refused)


def test_doubts_about_rows_are_answered_in_the_words_of_their_question(annex, editor):
    heads = "Attività;Fasi;Comportamento a rischio;Livello di rischio\n"
    lines = (
        "Gara;Avvio della gara;Favori;Basso",
        ";Valutazione;;",
        ";Verifica;;",
        ";Stipula;;",
        "Contratto;Pubblicazione;Ritardi;Basso",
        ";Avvio del contratto;Omissioni;",
    )
    text = heads + "\n".join(lines)
    upload(editor, annex.plan, text, office=annex.office.code)
    form = editor.get(address("import_values")).context["form"]
    offered = [[one["label"] for one in row["suggestions"]] for row in form.questions]
    assert ["sì, quelli della riga sopra", "no, qui non ce ne sono"] in offered
    assert ["a «Gara»", "a «Contratto»"] in offered
    # four of them: one answer may serve all
    many = dict(form.fields["tutte-order"].choices)
    assert {str(label) for label in many.values()} == {
        "rispondo una per una",
        "alla riga sopra",
        "a questa riga",
    }


PLACES = ("Polizia locale", "Demografici", "Cultura e sport")
UNKNOWN = "Ufficio;Processo\n" + "".join(f"{one};Processo di {one}\n" for one in PLACES)


def offices_said():
    return RegisterImport.objects.get().answers["office"]


def test_one_entry_is_said_once_for_all_offices(annex, rpct):
    body = annex.plan.administration
    Office.objects.create(administration=body, code="SEGR", name="Segreteria generale")
    upload(rpct, annex.plan, UNKNOWN, office=annex.office.code)
    form = rpct.get(address("import_values")).context["form"]
    offered = dict(form.fields["tutte-office"].choices)
    assert list(offered) == ["", f"is:{annex.office.code}", "other"]
    refused = rpct.post(address("import_values"), {"tutte-office": "other"})
    assert text_of(refused).count("Scegli la voce dall’elenco.") == 1
    # whoever has chosen the entry has answered
    rpct.post(
        address("import_values"), {"voce-office": "SEGR", "risposta-1": f"is:{annex.office.code}"}
    )
    assert offices_said() == {
        one: {"is": annex.office.code if n == 1 else "SEGR"} for n, one in enumerate(PLACES)
    }


def test_the_office_of_the_file_is_said_once_for_all(annex, rpct):
    upload(rpct, annex.plan, UNKNOWN, office=annex.office.code)
    rpct.post(address("import_values"), {"tutte-office": f"is:{annex.office.code}"})
    assert offices_said() == {one: {"is": annex.office.code} for one in PLACES}
    take(rpct)
    assert Process.objects.filter(annex=annex).count() == 3


def test_each_gets_the_entry_that_looks_most_like_it(annex, rpct):
    body = annex.plan.administration
    for code, name in (("RAG", "Ragioneria"), ("ANA", "Anagrafe")):
        Office.objects.create(administration=body, code=code, name=name)
    text = "Ufficio;Processo\nRagoneria;Uno\nAngrafe;Due\n"
    upload(rpct, annex.plan, text, office=annex.office.code)
    form = rpct.get(address("import_values")).context["form"]
    firsts = {one["value"]: one["suggestions"][0]["key"] for one in form.questions}
    assert firsts == {"Ragoneria": "RAG", "Angrafe": "ANA"}
    rpct.post(address("import_values"), {"tutte-office": "each"})
    assert offices_said() == {value: {"is": key} for value, key in firsts.items()}
