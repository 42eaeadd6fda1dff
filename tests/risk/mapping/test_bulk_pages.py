"""The pages of the acts on many rows: tick, preview, confirm, take back."""

import pytest
from django.urls import reverse

from registry.models import Process
from risk.forms.mapping.bulk import ROWS_A_PAGE
from risk.models import Measure, PlannedMeasure
from risk.views.mapping.bulk import CHANGES_A_PAGE
from tests.people import client_of
from tests.register import make_annex, make_area, make_method, make_process, use_method
from tests.taking_back import button_of, take_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return make_annex()


def address(annex, kind="processi") -> str:
    return reverse("risk:bulk", args=[annex.uid, kind])


def test_tick_preview_confirm_and_take_back(annex, people):
    make_area(annex.plan.administration)
    process = make_process(annex)
    client = client_of(people["editor"])
    data = {"righe": [str(process.uid)], "atto": "area", "area": "F"}
    preview = client.post(address(annex), data)
    assert "F) Entrate (generale)" in preview.content.decode()
    assert Process.objects.get().risk_area is None
    digest = preview.context["proposal"].digest
    answer = client.post(address(annex), {**data, "digest": digest}, follow=True)
    assert Process.objects.get().risk_area.code == "F"
    answer = take_back(client, answer)
    assert "Operazione annullata" in answer.content.decode()
    assert Process.objects.get().risk_area is None


def test_a_measure_of_the_body_stands_for_the_national_one_of_its_code(annex, people):
    body = annex.plan.administration
    fields = {"code": "ROT", "label": "Rotazione", "character": "general"}
    Measure.objects.create(**fields)
    own = Measure.objects.create(administration=body, **fields)
    process = make_process(annex)
    data = {"righe": [str(process.uid)], "atto": "misura", "misura": "ROT"}
    client = client_of(people["editor"])
    preview = client.post(address(annex), data)
    client.post(address(annex), {**data, "digest": preview.context["proposal"].digest})
    assert PlannedMeasure.objects.get().measure == own


def test_a_confirmation_of_something_else_is_shown_again(annex, people):
    make_area(annex.plan.administration)
    process = make_process(annex)
    data = {"righe": [str(process.uid)], "atto": "area", "area": "F", "digest": "altro"}
    answer = client_of(people["editor"]).post(address(annex), data)
    assert "anteprima aggiornata" in answer.content.decode()
    assert Process.objects.get().risk_area is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"atto": "area", "area": "F"}, "Spunta almeno una riga."),
        ({"righe": "uid", "atto": "area"}, "Serve per ciò che hai scelto di fare."),
        ({"righe": "uid", "atto": "livello", "livello": "A"}, "Serve per ciò che hai scelto"),
        ({"righe": "uid", "atto": "inventato"}, "Scegli"),
        ({"righe": "00000000-0000-0000-0000-000000000000", "atto": "area"}, "Scegli"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(annex, people, data, message):
    make_area(annex.plan.administration)
    use_method(annex, make_method())
    process = make_process(annex)
    data = {**data, **({"righe": str(process.uid)} if data.get("righe") == "uid" else {})}
    answer = client_of(people["editor"]).post(address(annex), data)
    assert message in answer.content.decode()
    assert Process.objects.get().version == 1


@pytest.mark.parametrize(
    ("who", "read", "write"),
    [
        ("head", 200, 200),
        ("editor", 200, 200),
        ("rpct", 200, 200),
        ("auditor", 200, 403),
        ("colleague", 404, 404),
        ("stranger", 404, 404),
    ],
)
@pytest.mark.parametrize("kind", ["processi", "fasi", "comportamenti"])
def test_who_may(annex, people, who, read, write, kind):
    client = client_of(people[who])
    assert client.get(address(annex, kind)).status_code == read
    assert client.post(address(annex, kind), {}).status_code == write


def test_only_its_author_takes_an_act_back(annex, people):
    make_area(annex.plan.administration)
    process = make_process(annex)
    editor = client_of(people["editor"])
    data = {"righe": [str(process.uid)], "atto": "area", "area": "F"}
    digest = editor.post(address(annex), data).context["proposal"].digest
    answer = editor.post(address(annex), {**data, "digest": digest}, follow=True)
    undo, posted = button_of(answer.content.decode())
    assert client_of(people["head"]).post(undo, posted).status_code == 403
    assert client_of(people["auditor"]).post(undo, posted).status_code == 403
    assert client_of(people["stranger"]).post(undo, posted).status_code == 404
    assert editor.post(undo, {"act": "x"}).status_code == 403
    assert Process.objects.get().risk_area.code == "F"


def test_rows_are_ticked_on_several_pages(annex, people):
    make_area(annex.plan.administration)
    rows = [make_process(annex, f"Processo {n}") for n in range(1, ROWS_A_PAGE + 4)]
    client = client_of(people["editor"])
    first = client.get(address(annex))
    assert first.content.decode().count('type="checkbox"') == ROWS_A_PAGE
    assert "Righe da 1 a 50 di 53." in first.content.decode()
    ticked = {"righe": [str(rows[0].uid), str(rows[4].uid)], "atto": "area", "area": "F"}
    second = client.post(address(annex), {**ticked, "pagina": "2"})
    text = second.content.decode()
    assert text.count('type="checkbox"') == 3
    assert "Altre 2 righe sono spuntate in altre pagine." in text
    assert text.count('<input type="hidden" name="righe"') == 2
    assert '<option value="F" selected>' in text
    assert "house-field-error" not in text
    back = client.post(
        address(annex), {"righe": [*ticked["righe"], str(rows[52].uid)], "pagina": "1"}
    )
    assert back.content.decode().count("checked") == 2
    assert "Un’altra riga è spuntata in altre pagine." in back.content.decode()
    chosen = {**ticked, "righe": [*ticked["righe"], str(rows[52].uid)]}
    preview = client.post(address(annex), chosen)
    assert [change.row.number for change in preview.context["proposal"].changes] == [1, 5, 53]


def test_a_page_of_rows_that_is_none_is_the_nearest(annex, people):
    make_process(annex)
    client = client_of(people["editor"])
    for number in ("9", "x", "-1", ""):
        assert client.post(address(annex), {"pagina": number}).status_code == 200
        assert client.get(address(annex), {"pagina": number}).status_code == 200


def test_what_would_change_is_shown_some_at_a_time_and_done_whole(annex, people):
    area = make_area(annex.plan.administration)
    rows = [make_process(annex, f"Processo {n}") for n in range(1, CHANGES_A_PAGE + 4)]
    Process.objects.filter(pk=rows[0].pk).update(risk_area=area)
    client = client_of(people["editor"])
    data = {"righe": [str(row.uid) for row in rows], "atto": "area", "area": "F"}

    first = client.post(address(annex), data)
    second = client.post(address(annex), {**data, "cambi": "2"})

    texts = [page.content.decode() for page in (first, second)]
    assert [text.count('<th scope="row">') for text in texts] == [CHANGES_A_PAGE, 3]
    assert "52 righe cambiano" in texts[1]
    assert "1 riga è già così" in texts[1]
    assert "Righe da 51 a 53 di 53." in texts[1]
    digest = second.context["proposal"].digest
    assert digest == first.context["proposal"].digest
    client.post(address(annex), {**data, "digest": digest})
    assert Process.objects.filter(risk_area=area).count() == len(rows)
