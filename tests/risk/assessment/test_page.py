"""The assessment page: who may, what it refuses, what it says, how much it asks the database."""

import pytest
from django.urls import reverse

from registry.enums import RiskPresence
from risk.models import Assessment
from risk.services.annexes.contents import kept_annex
from risk.services.completeness.points import missing_points
from tests.register import close, make_behaviour
from tests.risk.assessment.conftest import typed
from tests.statements import at_most

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
TRAIL = 3
"""Statements of an act’s record in the trail and of its lock, over those of the save itself."""


@pytest.fixture
def address(process):
    return reverse("risk:assessment", args=[process.uid])


@pytest.fixture
def as_editor(client, editor):
    client.force_login(editor)
    return client


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_the_editor_saves_and_comes_back(as_editor, address, page_of, process):
    data = typed(page_of(process), DISCR="M") | {"level": "M", "motivation": "Pochi margini."}

    answer = as_editor.post(address, data, follow=True)

    row = Assessment.objects.get()
    assert (row.level.label, row.motivation) == ("MEDIO", "Pochi margini.")
    assert row.assessed_on is not None
    assert answer.redirect_chain
    assert "Valutazione salvata." in text_of(answer)


def test_with_htmx_the_answer_is_the_part_alone(as_editor, address, page_of, process):
    data = typed(page_of(process), DISCR="M")

    answer = as_editor.post(address, data, headers=HTMX, follow=True)

    assert "<html" not in text_of(answer)
    assert "Valutazione salvata." in text_of(answer)
    assert "Livello proposto:" in text_of(answer)


def test_a_level_without_motivation_is_kept_and_said_beside_the_field(
    as_editor, address, page_of, process, annex
):
    data = typed(page_of(process), DISCR="M") | {"level": "M", "i1-grade": "B"}

    answer = as_editor.post(address, data, follow=True)

    assert set(answer.context["form"].missing) == {"motivation", "i1-motivation"}
    assert text_of(answer).count("Manca: scrivi perché.") == 2
    assert "Mancano 2 motivazioni" in text_of(answer)
    assert Assessment.objects.get().level.label == "MEDIO"
    codes = {point.rule.code: point.blocks for point in missing_points(kept_annex(annex))}
    assert (codes["assessment-motivation"], codes["rating-motivation"]) == (True, False)
    data |= {"version": "1", "motivation": "Pochi margini.", "i1-motivation": "Interessi minimi."}
    answer = as_editor.post(address, data, follow=True)
    assert not answer.context["form"].missing
    codes = {point.rule.code for point in missing_points(kept_annex(annex))}
    assert not codes & {"assessment-motivation", "rating-motivation"}


def test_shared_words_stand_with_each_level_that_has_none(as_editor, address, page_of, process):
    grades = {f"i{n}-grade": "M" for n in range(1, 7)}
    data = typed(page_of(process)) | grades | {"level": "M", "shared": "Margini ampi."}
    data |= {"i2-motivation": "Interessi di rilievo."}

    answer = as_editor.post(address, data, headers=HTMX)

    ratings = Assessment.objects.get().ratings.order_by("indicator__position")
    own = "Interessi di rilievo."
    assert [row.motivation for row in ratings] == ["Margini ampi.", own, *["Margini ampi."] * 4]
    assert Assessment.objects.get().motivation == "Margini ampi."
    assert answer.context["form"].missing == {}
    said = {note.field.name: note.saved for note in answer.context["form"].field_notes}
    assert (said["shared"], said["i1-motivation"], said["i2-motivation"]) == (
        "",
        "Margini ampi.",
        own,
    )


def test_shared_words_that_a_level_may_still_want_stay_typed(as_editor, address, page_of, process):
    data = typed(page_of(process)) | {"i1-grade": "M", "shared": "Margini ampi."}

    answer = as_editor.post(address, data, headers=HTMX)

    assert Assessment.objects.get().ratings.get().motivation == "Margini ampi."
    said = {note.field.name: note.saved for note in answer.context["form"].field_notes}
    assert said["shared"] is None


def test_shared_words_for_no_level_are_kept_on_the_page(as_editor, address, page_of, process):
    answer = as_editor.post(address, typed(page_of(process)) | {"shared": "Margini ampi."})

    assert answer.status_code == 200
    assert "finora non ce ne sono" in text_of(answer)
    assert answer.context["form"]["shared"].value() == "Margini ampi."
    assert not Assessment.objects.exists()


def test_a_lower_choice_than_the_proposal_names_prudence(as_editor, address, page_of, process):
    data = typed(page_of(process), DISCR="A") | {"level": "B"}

    answer = as_editor.post(address, data, follow=True)

    assert "criterio di prudenza" in answer.context["form"].missing["motivation"]

    data |= {"version": "1", "motivation": "L’unico margine è già tolto dal regolamento."}
    as_editor.post(address, data)
    assert Assessment.objects.get().level.label == "BASSO"
    assert not as_editor.get(address).context["form"].missing


def test_what_is_wrong_stays_typed_and_the_rest_is_saved(as_editor, address, page_of, process):
    data = typed(page_of(process), DISCR="M") | {"assessed_on": "31/02/2021", "level": "M"}

    answer = as_editor.post(address, data)

    assert set(answer.context["form"].errors) == {"assessed_on"}
    assert 'value="31/02/2021"' in text_of(answer)
    assert Assessment.objects.get().level.label == "MEDIO"


def test_answers_of_pna_2013_need_no_motivation(as_editor, address, page_of, process):
    page = page_of(process, method="PNA2013")
    data = typed(page)
    data |= {f"{question.key}-grade": "1" for question in page.sheet.questions}

    answer = as_editor.post(f"{address}?metodo=naz:PNA2013:1", data, follow=True)

    assert Assessment.objects.get().ratings.count() == 10
    assert "probabilità 1,17 × impatto 0,75 = 0,88" in text_of(answer)


def test_a_level_of_another_method_and_a_long_text_are_refused(
    as_editor, address, page_of, process
):
    data = typed(page_of(process)) | {"level": "AA", "i1-grade": "9", "motivation": "a" * 100_000}

    answer = as_editor.post(address, data)

    assert set(answer.context["form"].errors) == {"level", "i1-grade", "motivation"}
    assert not Assessment.objects.exists()


def test_a_double_click_saves_once(as_editor, address, page_of, process):
    data = typed(page_of(process), DISCR="M") | {"level": "M", "motivation": "Uno."}
    as_editor.post(address, data)
    as_editor.post(address, data)

    assert Assessment.objects.get().version == 1


def test_a_stale_form_shows_both_versions_and_saves_the_choice(
    as_editor, address, page_of, process, head, client
):
    first = typed(page_of(process)) | {"level": "B", "motivation": "La mia."}
    as_editor.post(address, typed(page_of(process)) | {"level": "A", "motivation": "La sua."})

    answer = as_editor.post(address, first)

    assert [clash.label for clash in answer.context["form"].clashes] == [
        "livello di rischio",
        "motivazione",
    ]
    assert "La sua." in text_of(answer)
    assert Assessment.objects.get().motivation == "La sua."
    choice = first | {"version": "1", "tieni-level": "suo", "tieni-motivation": "mio"}
    as_editor.post(address, choice)
    row = Assessment.objects.get()
    assert (row.level.code, row.motivation) == ("A", "La mia.")


def test_strangers_find_nothing_and_readers_may_not_save(
    client, address, page_of, process, stranger, auditor, head
):
    data = typed(page_of(process), DISCR="M")
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    assert client.post(address, data).status_code == 404
    client.force_login(auditor)
    page = client.get(address)
    assert page.status_code == 200
    assert "<form id" not in text_of(page)
    assert client.post(address, data).status_code == 403
    assert not Assessment.objects.exists()
    client.force_login(head)
    assert client.post(address, data).status_code == 302


def test_a_closed_annex_is_read_only(as_editor, address, page_of, process, annex):
    close(annex)

    assert "assessment-form" not in text_of(as_editor.get(address))
    assert as_editor.post(address, typed(page_of(process), DISCR="M")).status_code == 403


@pytest.mark.parametrize(
    ("presence", "said"),
    [
        (RiskPresence.ABSENT, "Nessun contatto con l’esterno."),
        (RiskPresence.TO_ASSESS, "Accerta la presenza del rischio"),
    ],
)
def test_only_a_present_risk_is_assessed(as_editor, address, process, presence, said):
    process.risk_presence = presence
    process.risk_presence_reason = "Nessun contatto con l’esterno."
    process.save()

    page = text_of(as_editor.get(address))

    assert said in page
    assert "assessment-form" not in page
    as_editor.post(address, {"level": "A", "motivation": "x", "version": "0"})
    assert not Assessment.objects.exists()


def test_a_plan_without_method_says_who_chooses_it(as_editor, address, annex):
    annex.plan.methods.all().delete()

    assert "lo sceglie il RPCT" in text_of(as_editor.get(address))


def test_a_save_answers_with_the_proposal_and_beside_each_field(
    as_editor, address, page_of, process
):
    data = typed(page_of(process)) | {"i1-grade": "B", "i2-grade": "A", "i3-grade": "?"}

    answer = text_of(as_editor.post(address, data, headers=HTMX))

    assert "ALTO" in answer
    assert "2 su 6" in answer
    assert answer.count('<span class="house-saved">') == 2
    assert 'value="1" id="id_version"' in answer


@pytest.mark.parametrize("behaviours", [1, 38])
@pytest.mark.parametrize("method", ["PNA2019", "PNA2013", "MATRICE5"])
def test_the_page_and_the_save_ask_little(as_editor, address, page_of, process, behaviours, method):
    for number in range(behaviours):
        make_behaviour(process, f"Comportamento {number}")
    where = f"{address}?metodo=naz:{method}:1"
    page = page_of(process, method=method)
    first = {
        question.indicator.code: next(iter(question.grades)) for question in page.sheet.questions
    }
    last = {question.indicator.code: list(question.grades)[-1] for question in page.sheet.questions}
    data = typed(page, **first) | {"level": "B", "motivation": "Prima."}
    with at_most(15 + TRAIL):
        assert as_editor.post(where, data).status_code == 302
    data = typed(page_of(process, method=method), **last) | {"level": "A", "motivation": "Dopo."}
    with at_most(15 + TRAIL):
        assert as_editor.post(where, data).status_code == 302
    with at_most(12):
        assert as_editor.get(where).status_code == 200
    data |= {"version": "2", "level": "B", "motivation": "Ancora."}
    with at_most(15 + TRAIL):
        assert as_editor.post(where, data, headers=HTMX).status_code == 200
