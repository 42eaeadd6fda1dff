"""The lists an RPCT keeps, in the look of the desk: who finds them, what is done to an entry."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Alias, DirectoryRule, ExecutorRole, PlanDeadline, RiskArea, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.models import Measure, MeasureTypology, TextBlock
from risk.services.catalogues.lists import LISTS
from tests.people import client_of
from tests.register import adopt, close, make_annex, make_area, make_process
from tests.statements import COUNTED

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def body(annex):
    return annex.plan.administration


@pytest.fixture
def rpct(people):
    return client_of(people["rpct"])


def at(name, body, *parts) -> str:
    return reverse(f"risk:{name}", args=[body.ipa_code, *parts])


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def told() -> list[str]:
    records = TrailRecord.objects.filter(kind="list-entry", outcome="done").order_by("pk")
    return list(records.values_list("subject", flat=True))


@pytest.mark.parametrize("word", LISTS)
def test_each_list_is_read_and_added_to_by_its_rpct_alone(body, people, word):
    for who, code in (("rpct", 200), ("head", 404), ("editor", 404), ("auditor", 404)):
        client = client_of(people[who])
        assert client.get(at("catalogue", body, word)).status_code == code
        assert client.get(at("catalogue_add", body, word)).status_code == code
        assert client.post(at("catalogue_add", body, word), {}).status_code == code
    assert client_of(people["stranger"]).get(at("catalogue", body, word)).status_code == 404


def test_the_bar_leads_to_the_lists_of_the_rpct_alone(body, people, rpct):
    assert reverse("risk:catalogues") in text(rpct.get("/"))
    assert rpct.get(reverse("risk:catalogues")).url == at("catalogues_of", body)
    page = text(rpct.get(at("catalogues_of", body)))
    assert [at("catalogue", body, word) in page for word in LISTS] == [True] * len(LISTS)
    assert reverse("risk:catalogues") not in text(client_of(people["editor"]).get("/"))


def test_an_entry_is_added_changed_taken_out_of_use_and_back(body, people, rpct):
    answer = rpct.post(
        at("catalogue_add", body, "esecutori"),
        {"code": "RUP", "label": "Responsabile unico", "position": "1", "version": "0"},
        follow=True,
    )
    assert "Aggiunta: «Responsabile unico»." in text(answer)
    row = ExecutorRole.objects.get()
    assert row.administration == body
    page = at("catalogue_entry", body, "esecutori", row.pk)
    data = {"code": "RUP", "label": "Responsabile unico del progetto", "position": "1"}
    assert rpct.post(page, {**data, "version": row.version}).status_code == 302
    row.refresh_from_db()
    assert row.label == "Responsabile unico del progetto"
    assert row.history.first().history_user == people["rpct"]

    refused = rpct.post(page, {"act": "archivia", "reason": " ", "version": row.version})
    assert "Scrivi il motivo." in text(refused)
    rpct.post(page, {"act": "archivia", "reason": "Ora è RUP.", "version": row.version})
    row.refresh_from_db()
    assert (bool(row.retired_on), row.retired_reason) == (True, "Ora è RUP.")
    rpct.post(page, {"act": "riprendi", "version": row.version})
    row.refresh_from_db()
    assert row.retired_on is None
    assert told() == ["list registry.executorrole"] * 4
    assert verify_trail() == []


def test_two_who_change_one_entry_are_shown_both(body, rpct):
    row = make_area(body)
    page = at("catalogue_entry", body, "aree", row.pk)
    shown = row.version
    row.label = "Entrate e tributi"
    row.save()
    data = {"code": row.code, "label": "Tributi", "kind": row.kind, "position": row.position}
    answer = rpct.post(page, {**data, "version": shown})
    assert "Qualcuno ha modificato gli stessi dati" in text(answer)
    assert RiskArea.objects.get().label == "Entrate e tributi"


def test_what_the_list_refuses_is_said_and_what_was_typed_stays(body, rpct):
    make_area(body)
    data = {"code": "F", "label": "Un’altra", "kind": "general", "position": "0", "version": "0"}
    answer = rpct.post(at("catalogue_add", body, "aree"), data)
    assert "Questo codice esiste già per l’amministrazione." in text(answer)
    assert 'value="Un’altra"' in text(answer)
    assert not told()


def test_what_is_used_is_not_removed_and_what_is_not_is(body, annex, rpct):
    used, unused = make_area(body), make_area(body, "Z", "Mai usata")
    make_process(annex, risk_area=used)
    for row in (used, unused):
        page = at("catalogue_entry", body, "aree", row.pk)
        answer = rpct.post(page, {"act": "togli"}, follow=True)
    assert "Tolta: «Z) Mai usata (generale)»." in text(answer)
    assert RiskArea.objects.get() == used
    assert TrailRecord.objects.filter(kind="list-entry", outcome="refused").count() == 1


def test_what_a_closed_annex_uses_stays_as_it_is_and_is_replaced(annex, body, rpct):
    area = make_area(body)
    make_process(annex, risk_area=area)
    close(annex)
    page = at("catalogue_entry", body, "aree", area.pk)
    shown = text(rpct.get(page))
    assert "resta com’è" in shown
    assert 'name="label"' not in shown
    data = {"code": area.code, "label": "Altro", "kind": area.kind, "position": "0"}
    answer = rpct.post(page, {**data, "version": area.version})
    assert answer.status_code == 200
    assert RiskArea.objects.get(pk=area.pk).label == area.label
    add = f"{at('catalogue_add', body, 'aree')}?sostituisce={area.pk}"
    assert f'value="{area.label}"' in text(rpct.get(add))
    rpct.post(add, {**data, "code": "N", "version": "0"})
    assert RiskArea.objects.get(code="N").replaces == area


def test_the_lists_of_a_measure_change_by_what_was_ticked_here(body, rpct):
    kinds = [
        MeasureTypology.objects.create(administration=body, code=code, label=code)
        for code in ("controllo", "rotazione", "formazione")
    ]
    first, second, third = (str(kind.pk) for kind in kinds)
    data = {"code": "M", "label": "Doppia firma", "character": "specific", "position": "0"}
    rpct.post(at("catalogue_add", body, "misure"), {**data, "version": "0", "typologies": [first]})
    measure = Measure.objects.get()
    # ticked by somebody else since the page was shown: it stays
    measure.typologies.add(kinds[2])
    page = at("catalogue_entry", body, "misure", measure.pk)
    ticked = {"typologies": [second], "era-typologies": first, "version": measure.version}
    assert rpct.post(page, {**data, **ticked}).status_code == 302
    found = set(measure.typologies.values_list("code", flat=True))
    assert found == {"rotazione", "formazione"}
    wrong = {**data, **ticked, "era-typologies": "1 x"}
    assert "non è più valida" in text(rpct.post(page, wrong))


def test_a_text_of_a_layout_is_changed_for_the_next_plans_not_for_an_adopted_one(body, annex, rpct):
    place = {"administration": body, "layout": "catalogo", "slot": "title"}
    of_body = TextBlock.objects.create(**place, text="Catalogo")
    of_plan = TextBlock.objects.create(**place, plan=annex.plan, text="Catalogo del piano")
    page = at("catalogue_entry", body, "testi", of_body.pk)
    rpct.post(page, {"text": "Catalogo dei processi", "version": of_body.version})
    of_body.refresh_from_db()
    assert of_body.text == "Catalogo dei processi"
    assert "Catalogo del piano" in text(rpct.get(at("catalogue", body, "testi")))
    adopt(annex.plan)
    assert rpct.get(at("catalogue_entry", body, "testi", of_plan.pk)).status_code == 404


def test_another_spelling_stands_for_an_entry_anybody_names(body, annex, rpct):
    add = at("catalogue_add", body, "modi-di-scriverlo")
    data = {"kind": "office", "text": "Uff. Tributi", "target": "Tributo", "note": ""}
    assert "Forse: «Tributi»" in text(rpct.post(add, data))
    rpct.post(add, {**data, "target": "tributi"})
    assert Alias.objects.get().target == annex.office
    assert "già associato" in text(rpct.post(add, {**data, "target": "tributi"}))
    rpct.post(
        at("catalogue_entry", body, "modi-di-scriverlo", Alias.objects.get().pk), {"act": "togli"}
    )
    assert not Alias.objects.exists()


def test_a_day_is_added_to_a_plan_that_is_prepared(body, annex, rpct):
    add = at("catalogue_add", body, "scadenze")
    data = {"plan": annex.plan.pk, "kind": "transmission", "due_on": "2020-12-18", "label": "Invio"}
    assert rpct.post(add, data).status_code == 302
    assert PlanDeadline.objects.get().plan == annex.plan
    assert "esiste già" in text(rpct.post(add, data))
    adopt(annex.plan)
    assert "Scegli un&#x27;opzione valida" in text(rpct.post(add, data | {"label": "Altra"}))


def test_a_group_of_the_directory_gives_a_role_where_it_has_an_office(body, annex, rpct):
    add = at("catalogue_add", body, "gruppi")
    data = {"group": "CN=Tributi,DC=ente", "role": "head"}
    assert "hanno un ufficio" in text(rpct.post(add, data))
    assert rpct.post(add, {**data, "office": annex.office.pk}).status_code == 302
    rule = DirectoryRule.objects.get()
    assert (rule.administration, rule.office) == (body, annex.office)
    assert "Questa riga c’è già." in text(rpct.post(add, {**data, "office": annex.office.pk}))
    rpct.post(at("catalogue_entry", body, "gruppi", rule.pk), {"act": "togli"})
    assert not DirectoryRule.objects.exists()
    assert told() == ["list registry.directoryrule"] * 2


def test_entries_of_all_and_of_others_are_not_changed(body, people, rpct):
    national = RiskArea.objects.create(code="A", label="Di tutti", kind="general")
    other = make_area(
        make_annex(type(body).objects.create(ipa_code="c_y002", name="Altro")).plan.administration
    )
    assert "Di tutti" in text(rpct.get(at("catalogue", body, "aree")))
    for row in (national, other):
        page = at("catalogue_entry", body, "aree", row.pk)
        assert rpct.get(page).status_code == 404
        assert rpct.post(page, {"act": "togli"}).status_code == 404


def test_a_list_costs_the_same_at_any_size(body, rpct):
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            rpct.get(at("catalogue", body, "aree"))
        return sum(query["sql"].startswith(COUNTED) for query in captured)

    make_area(body)
    statements()
    before = statements()
    for number in range(30):
        make_area(body, f"X{number}", f"Area {number}")
    assert statements() == before
