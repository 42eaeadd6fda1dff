"""A pasted block in the register: matched, previewed, taken whole or not at all."""

import pytest
from django.urls import reverse

from registry.enums import AliasKind
from registry.models import Alias, Phase, Process
from risk.services.mapping.paste.blocks import PasteRefused
from risk.services.mapping.paste.phases import preview_phases, take_phases
from risk.services.mapping.paste.processes import preview_processes, take_processes
from tests.risk.mapping.conftest import make_processes

pytestmark = pytest.mark.django_db

PUBLISHED_BLOCK = (
    "Processi di supporto/processi primari\tFunzioni istituzionali\tMACRO PROCESSO\tPROCESSO\t"
    "Area di rischio\tUfficio\r\n"
    "Processo primario\tServizi istituzionali, generali e di gestione\t"
    "Servizi istituzionali, generali e di gestione: Altri servizi generali\t"
    '"n. 1 Gestione S.I. e rete:\nAnalisi dei fabbisogni"\tS) Agenda Digitale (specificata)\t'
    "SERVIZI INFORM ATIVI\r\n"
    "Processo di supporto\t\tOrgani istituzionali\tn. 2 Sviluppo software\tD\t"
    "SERVIZI INFORMATICI\r\n"
)


@pytest.fixture
def alias(world):
    return Alias.objects.create(
        administration=world.body,
        kind=AliasKind.OFFICE,
        text="SERVIZI INFORMATICI",
        office=world.office,
    )


def test_the_catalogue_is_read_as_it_was_published(world, alias):
    preview = preview_processes(annex=world.annex, text=PUBLISHED_BLOCK)
    assert preview.problems == []
    taken = take_processes(
        annex=world.annex, text=PUBLISHED_BLOCK, digest=preview.digest, by=world.editor
    )
    first, second = Process.objects.order_by("position")
    assert [row.pk for row in taken] == [first.pk, second.pk]
    assert first.title == "Gestione S.I. e rete: Analisi dei fabbisogni"
    assert (first.number, first.kind, first.macroprocess) == (1, "primary", world.general)
    assert (first.risk_area, second.risk_area) == (world.digital, world.contracts)
    assert (second.macroprocess, second.kind) == (world.organs, "support")
    assert first.folded.startswith("gestione s.i.")
    marks = {row.history.get().history_change_reason for row in taken}
    assert len(marks) == 1
    assert marks.pop().startswith("paste:")
    assert first.history.get().history_user == world.editor


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ("\t\t\tTitolo\tZ", "area di rischio", "non è in elenco"),
        ("forse\t\t\tTitolo", "tipo di processo", "forse"),
        ("\t\t\t", None, None),
        ("\t\tOrgani\tTitolo", "macroprocesso", "Organi istituzionali"),
        ("\t\t\t" + "x" * 1001, "processo", "1.001"),
        ("\t\t\tTitolo\t\tTributi", "ufficio", "altro ufficio"),
        ("p\t\t\t\tS", "processo", "Manca la denominazione"),
        ("\t\t\tn. 0 Titolo", "processo", "fra 1"),
    ],
)
def test_a_cell_that_is_not_understood_says_where_and_why(world, cells, column, words):
    if column is None:
        with pytest.raises(PasteRefused):
            preview_processes(annex=world.annex, text=cells)
        return
    (problem,) = preview_processes(annex=world.annex, text=f"\t\t\tBuono\n{cells}").problems
    assert (problem.row, str(problem.column)) == (2, column)
    assert words in problem.message


def test_one_wrong_cell_and_nothing_is_taken(world):
    text = "\t\t\tBuono\n\t\t\tCattivo\tZ"
    digest = preview_processes(annex=world.annex, text=text).digest
    with pytest.raises(PasteRefused):
        take_processes(annex=world.annex, text=text, digest=digest, by=world.editor)
    assert not Process.objects.exists()


def test_a_function_that_is_not_the_macroprocess_s_is_pointed_out(world):
    other = type(world.function).objects.create(
        administration=world.body, code="08", label="Assetto del territorio"
    )
    text = f"\t{other.label}\tOrgani istituzionali\tTitolo"
    (problem,) = preview_processes(annex=world.annex, text=text).problems
    assert str(problem.column) == "funzioni istituzionali"


def test_numbers_twice_are_refused_beside_the_cell(world):
    make_processes(world.annex, 2)
    text = "processo\nn. 2 Doppio\nn. 7 Uno\nn. 7 Due\nSenza numero"
    preview = preview_processes(annex=world.annex, text=text)
    assert [problem.row for problem in preview.problems] == [2, 4]
    assert "Processo 2" in preview.problems[0].message
    assert preview.lines[-1].cells["process"].shown == "n. 8 Senza numero"


def test_numbers_can_follow_on(world):
    make_processes(world.annex, 2)
    preview = preview_processes(annex=world.annex, text="processo\nn. 2 Doppio", follow_on=True)
    assert preview.problems == []
    assert preview.lines[0].cells["process"].value == (3, "Doppio")


def test_what_is_confirmed_is_what_was_previewed(world):
    text = "processo\nNuovo"
    digest = preview_processes(annex=world.annex, text=text).digest
    take_processes(annex=world.annex, text=text, digest=digest, by=world.editor)
    # the second of two identical confirmations would give another number
    with pytest.raises(PasteRefused, match="qualcosa è cambiato"):
        take_processes(annex=world.annex, text=text, digest=digest, by=world.editor)
    assert Process.objects.count() == 1


def test_the_queries_do_not_grow_with_the_rows(world, django_assert_max_num_queries):
    for count in (3, 300):
        text = "".join(f"p\t\tOrgani istituzionali\tTitolo {n}\tS\n" for n in range(count))
        digest = preview_processes(annex=world.annex, text=text).digest
        with django_assert_max_num_queries(16):
            take_processes(annex=world.annex, text=text, digest=digest, by=world.editor)
    assert Process.objects.count() == 303


def test_phases_are_matched_to_roles_and_offices(world):
    (process,) = make_processes(world.annex, 1)
    text = (
        "Fase\tDescrizione\tEsecutore\n1. Rilevazione\tPrima\nrigo\tDirigente\n"
        '2) Collaudo\t"due\nrighe"\tDirigente, Tributi\n3 Chiusura\t\ttributi\n'
    ).replace("Prima\nrigo", "Prima")
    preview = preview_phases(process=process, text=text)
    assert preview.problems == []
    take_phases(process=process, text=text, digest=preview.digest, by=world.editor)
    rows = list(Phase.objects.order_by("position"))
    assert [row.title for row in rows] == ["Rilevazione", "Collaudo", "3 Chiusura"]
    assert [row.position for row in rows] == [1, 2, 3]
    assert rows[1].description == "due\nrighe"
    assert [row.printed_executor for row in rows] == ["Dirigente", "Dirigente, Tributi", "Tributi"]
    with pytest.raises(PasteRefused):
        take_phases(process=process, text=text, digest=preview.digest, by=world.editor)


def test_phases_are_read_under_the_heads_of_the_sheet(world):
    (process,) = make_processes(world.annex, 1)
    text = "Fase o azione\tEsecutore\tUfficio esecutore\nCollaudo\tDirigente\tTributi\n"
    preview = preview_phases(process=process, text=text)
    take_phases(process=process, text=text, digest=preview.digest, by=world.editor)
    assert process.phases.get().printed_executor == "Dirigente, Tributi"


def test_an_unknown_executor_is_a_problem(world):
    (process,) = make_processes(world.annex, 1)
    (problem,) = preview_phases(process=process, text="Chiusura\t\tDirigenti tutti").problems
    assert str(problem.column) == "esecutore"


def test_the_page_previews_and_takes(editor, world, alias):
    address = reverse("risk:mapping_paste", args=[world.annex.uid])
    assert editor.get(address).status_code == 200
    page = editor.post(address, {"testo": PUBLISHED_BLOCK})
    assert not Process.objects.exists()
    digest = page.context["preview"].digest
    data = {"testo": PUBLISHED_BLOCK, "digest": digest, "conferma": "1"}
    answer = editor.post(address, data)
    assert (answer.status_code, Process.objects.count()) == (302, 2)
    again = editor.post(address, data)
    assert (again.status_code, Process.objects.count()) == (200, 2)
    assert "qualcosa è cambiato" in again.content.decode()


def test_five_megabytes_are_refused_with_the_text_kept(editor, world):
    address = reverse("risk:mapping_paste", args=[world.annex.uid])
    page = editor.post(address, {"testo": "abcde\t" * 900_000})
    assert page.status_code == 200
    assert "Incolla meno righe" in page.content.decode()


def test_phases_have_their_page(editor, world):
    (process,) = make_processes(world.annex, 1)
    address = reverse("risk:phases_paste", args=[process.uid])
    page = editor.post(address, {"testo": "Rilevazione\nChiusura"})
    digest = page.context["preview"].digest
    editor.post(address, {"testo": "Rilevazione\nChiusura", "digest": digest, "conferma": "1"})
    assert process.phases.count() == 2


@pytest.mark.parametrize(("person", "status"), [("stranger", 404), ("auditor", 403), ("head", 200)])
@pytest.mark.parametrize("method", ["get", "post"])
def test_rights(client, world, person, status, method):
    (process,) = make_processes(world.annex, 1)
    client.force_login(getattr(world, person))
    for name, uid in (("mapping_paste", world.annex.uid), ("phases_paste", process.uid)):
        address = reverse(f"risk:{name}", args=[uid])
        assert getattr(client, method)(address, {"testo": "a"}).status_code == status


def test_a_block_begins_with_the_column_it_is_pasted_into(editor, world):
    address = reverse("risk:mapping_paste", args=[world.annex.uid])
    text = "Rilascio carte\tprimario\tOrgani istituzionali"

    page = editor.post(address, {"testo": text, "inizio": "title"})

    keys = [column.key for column in page.context["preview"].columns]
    assert keys == ["process", "kind", "macroprocess"]
    assert not page.context["preview"].problems
    # what is confirmed begins there too
    digest = page.context["preview"].digest
    data = {"testo": text, "inizio": "title", "digest": digest, "conferma": "1"}
    assert editor.post(address, data).status_code == 302
    (process,) = Process.objects.all()
    assert (process.title, process.kind, process.macroprocess) == (
        "Rilascio carte",
        "primary",
        world.organs,
    )


def test_what_a_column_contains_is_chosen(editor, world):
    address = reverse("risk:mapping_paste", args=[world.annex.uid])
    text = "Sigla\tDenominazione interna\tNota\nS\tRilascio carte\tx"

    refused = editor.post(address, {"testo": text})
    assert refused.context["offered"]
    assert not refused.context["has_titles"]
    # one head that is known tells that the row is one of titles
    named = editor.post(address, {"testo": text.replace("Nota", "Processo")})
    assert named.context["has_titles"]
    assert [one.key for one in named.context["offered"]] == ["", "", "process"]
    fields = {"colonna-0": "area", "colonna-1": "process", "colonna-2": "", "titoli": "on"}
    page = editor.post(address, {"testo": text, **fields})

    assert [column.key for column in page.context["preview"].columns] == ["area", "process"]
    assert [one.key for one in page.context["offered"]] == ["area", "process", ""]
    digest = page.context["preview"].digest
    data = {"testo": text, **fields, "digest": digest, "conferma": "1"}
    # another column, or the titles as a row, is not what was shown
    for other in ({"colonna-2": "objective"}, {"titoli": None}):
        wrong = {key: value for key, value in {**data, **other}.items() if value is not None}
        assert editor.post(address, wrong).status_code == 200
    assert not Process.objects.exists()
    editor.post(address, data)
    assert [(row.title, row.risk_area) for row in Process.objects.all()] == [
        ("Rilascio carte", world.digital)
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"colonna-0": "process", "colonna-1": "process"}, "per due colonne"),
        ({"colonna-0": "", "colonna-1": ""}, "almeno una colonna"),
        ({"colonna-0": "altro", "colonna-1": "password"}, "almeno una colonna"),
        ({"colonna-0": "area"}, "Manca la colonna «processo»"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_the_choice_kept(editor, world, fields, words):
    address = reverse("risk:mapping_paste", args=[world.annex.uid])

    page = editor.post(address, {"testo": "a\tb", **fields})

    assert words in page.content.decode()
    assert page.context["offered"][0].key == fields["colonna-0"]
    assert page.context["text"] == "a\tb"


def test_a_wrong_cell_is_mended_in_place(editor, world):
    address = reverse("risk:mapping_paste", args=[world.annex.uid])
    text = '"Rilascio\n""carte"""\tzzz\n\nChiusura\tS'
    start = {"inizio": "title", "colonna-0": "process", "colonna-1": "area"}

    page = editor.post(address, {"testo": text, **start})
    assert 'name="cella-1-1"' in page.content.decode()
    page = editor.post(address, {"testo": text, **start, "cella-1-1": "S", "cella-9-1": "x"})

    preview = page.context["preview"]
    assert not preview.problems
    assert [line.row for line in preview.lines] == [1, 3]
    data = {"testo": page.context["text"], **start, "digest": preview.digest, "conferma": "1"}
    editor.post(address, data)
    assert sorted(Process.objects.values_list("title", flat=True)) == [
        "Chiusura",
        'Rilascio "carte"',
    ]


def test_columns_and_cells_of_phases_too(editor, world):
    (process,) = make_processes(world.annex, 1)
    address = reverse("risk:phases_paste", args=[process.uid])
    fields = {"colonna-0": "executor", "colonna-1": "title"}

    page = editor.post(address, {"testo": "Nessuno\tRilevazione", **fields})
    assert 'name="cella-1-0"' in page.content.decode()
    page = editor.post(
        address, {"testo": "Nessuno\tRilevazione", **fields, "cella-1-0": "Dirigente"}
    )
    digest = page.context["preview"].digest
    data = {"testo": page.context["text"], **fields, "digest": digest, "conferma": "1"}
    editor.post(address, data)

    (phase,) = process.phases.all()
    assert (phase.title, phase.executor_role) == ("Rilevazione", world.role)


def test_the_first_wrong_cells_are_mended_in_place_the_others_in_the_text(editor, world):
    address = reverse("risk:mapping_paste", args=[world.annex.uid])
    text = "\n".join(f"Processo\tzzz{number}" for number in range(300))
    fields = {"colonna-0": "process", "colonna-1": "area"}

    page = editor.post(address, {"testo": text, **fields}).content.decode()

    # every field is sent with the next preview
    assert page.count('name="cella-') == 200
    assert page.count('class="map-typed"') == 100


def test_a_column_of_codes_is_pasted_with_its_processes(world):
    text = "Codice\tProcesso\r\nA1\tGare\r\n4 bis\tAtti\r\n\tEsiti\r\n"
    preview = preview_processes(annex=world.annex, text=text)
    assert preview.problems == []
    taken = take_processes(annex=world.annex, text=text, digest=preview.digest, by=world.editor)

    assert [(row.code, row.title) for row in taken] == [
        ("A1", "Gare"),
        ("4 bis", "Atti"),
        ("", "Esiti"),
    ]
    (problem,) = preview_processes(
        annex=world.annex, text="Codice\tProcesso\r\n" + "x" * 41 + "\tGare"
    ).problems
    assert "40" in problem.message


def test_what_stands_among_numbers_and_is_a_code_is_the_code_of_its_process(world):
    text = "N.\tProcesso\r\nA1\tGare\r\n4 bis\tAtti\r\n9\tEsiti\r\nn. 5.2\tPermessi\r\n"
    preview = preview_processes(annex=world.annex, text=text)
    assert preview.problems == []
    taken = take_processes(annex=world.annex, text=text, digest=preview.digest, by=world.editor)

    first = taken[0].number
    assert [(row.number, row.code, row.title) for row in taken] == [
        (first, "A1", "Gare"),
        (first + 1, "4 bis", "Atti"),
        (9, "", "Esiti"),
        (first + 2, "5.2", "Permessi"),
    ]
    wrong = "N.\tProcesso\r\ndue\tGare\r\nA1 e A2\tAtti"
    found = [one.message for one in preview_processes(annex=world.annex, text=wrong).problems]
    assert found == ["«due» non è un numero.", "«A1 e A2» non è un numero."]
