"""The offices of a body and what it says of itself, on the desk: what is done, told and refused."""

import pytest
from django.urls import reverse

from registry.models import Administration, Annex, Membership, Office, TrailRecord
from registry.services.office_acts import MOST_AT_ONCE
from registry.services.trail_verification import verify_trail
from tests.people import START, client_of, make_member, people_of
from tests.register import make_annex

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def people(annex):
    return people_of(annex)


@pytest.fixture
def body(annex):
    return annex.plan.administration


@pytest.fixture
def rpct(people):
    return client_of(people["rpct"])


def at(name, body, *parts) -> str:
    return reverse(f"registry:{name}", args=[body.ipa_code, *parts])


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def told(kind: str = "office") -> list[str]:
    records = TrailRecord.objects.filter(kind=kind, outcome="done").order_by("pk")
    return list(records.values_list("subject", flat=True))


def typed(office: Office, **changes) -> dict:
    values = {"code": office.code, "name": office.name, "parent": office.parent_id or ""}
    return {**values, "version": office.version, "act": "salva", **changes}


def test_an_office_is_added_and_leads_to_who_works_there(body, people, rpct):
    data = {"code": "ANA", "name": "Anagrafe", "parent": "", "version": "0"}

    answer = rpct.post(at("office_add", body), data, follow=True)

    assert "Aggiunto: «Anagrafe»." in text(answer)
    office = Office.objects.get(code="ANA")
    assert office.history.first().history_user == people["rpct"]
    invite = f"{at('invite', body)}?ufficio=ANA"
    assert invite in text(answer)
    assert f'value="{office.pk}" selected' in text(rpct.get(invite))
    assert told() == ["list registry.office"]
    assert verify_trail() == []


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"code": "", "name": "Anagrafe"}, "Questo campo è obbligatorio."),
        ({"code": "ALTRO", "name": "Anagrafe"}, "Un altro ufficio ha già questo codice."),
        ({"code": "X", "name": "TRIBUTI"}, "Un altro ufficio ha già questa denominazione."),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_stays(body, rpct, values, why):
    count = Office.objects.count()

    answer = rpct.post(at("office_add", body), {**values, "parent": "", "version": "0"})

    assert why in text(answer)
    assert f'value="{values["name"]}"' in text(answer)
    assert (Office.objects.count(), told()) == (count, [])


def test_a_move_is_told_before_it_is_saved(annex, body, people, rpct):
    office, above = annex.office, Office.objects.get(code="ALTRO")
    page = at("office", body, office.pk)

    asked = rpct.post(page, typed(office, parent=above.pk))

    said = text(asked)
    assert "Da allora li vede anche: Collega Prova." in said
    mark = said.split('name="move_told" value="')[1].split('"')[0]
    office.refresh_from_db()
    assert office.parent is None
    assert rpct.post(page, typed(office, parent=above.pk, move_told=mark)).status_code == 302
    office.refresh_from_db()
    assert office.parent == above
    # nor under itself, however far
    circle = rpct.post(at("office", body, above.pk), typed(above, parent=office.pk))
    assert circle.status_code == 200
    assert Office.objects.get(pk=above.pk).parent is None


def test_two_who_change_one_office_are_shown_both(annex, body, rpct):
    office = annex.office
    shown = typed(office, name="Tributi e entrate")
    office.name = "Entrate"
    office.save()

    answer = rpct.post(at("office", body, office.pk), shown)

    assert "Qualcuno ha modificato gli stessi dati" in text(answer)
    assert Office.objects.get(pk=office.pk).name == "Entrate"
    late = {"act": "chiudi", "reason": "Accorpato.", "version": shown["version"]}
    office.retired_on, office.retired_reason = START, "Prima."
    office.save()
    answer = rpct.post(at("office", body, office.pk), late, follow=True)
    assert "Qualcuno l’ha cambiato nel frattempo" in text(answer)


def test_an_office_is_closed_with_a_reason_and_taken_back(annex, body, rpct):
    office = annex.office
    page = at("office", body, office.pk)

    assert "Scrivi il motivo." in text(rpct.post(page, {"act": "chiudi", "version": "1"}))
    data = {"act": "chiudi", "reason": "Accorpato.", "version": office.version}
    assert "«Tributi» è chiuso." in text(rpct.post(page, data, follow=True))
    office.refresh_from_db()
    assert (bool(office.retired_on), office.retired_reason) == (True, "Accorpato.")
    assert f">{office.name}<" not in text(rpct.get(at("offices", body)))
    assert f">{office.name}<" in text(rpct.get(at("offices", body) + "?tutti"))
    rpct.post(page, {"act": "riprendi", "version": office.version})
    office.refresh_from_db()
    assert office.retired_on is None
    assert Annex.objects.filter(office=office).exists()
    assert told() == ["list registry.office"] * 2


def test_only_an_office_that_nothing_names_is_removed(annex, body, rpct):
    unused = Office.objects.create(administration=body, code="Z", name="Mai usato")

    for office in (annex.office, unused):
        answer = rpct.post(at("office", body, office.pk), {"act": "togli"}, follow=True)

    assert "Eliminato: «Mai usato»." in text(answer)
    assert Office.objects.filter(pk=annex.office.pk).exists()
    assert not Office.objects.filter(pk=unused.pk).exists()
    assert TrailRecord.objects.filter(kind="office", outcome="refused").count() == 1


def test_a_list_from_a_spreadsheet_adds_a_tree_at_once(body, rpct):
    lines = "Codice\tUfficio\tSopra\nA1\tRagioneria\tA\nA\tArea  economica\t\n\nB\tEconomato\tALTRO"

    answer = rpct.post(at("offices_add", body), {"lines": lines}, follow=True)

    assert "Aggiunti 3 uffici." in text(answer)
    found = Office.objects.filter(code__in=["A1", "A", "B"]).values_list("name", "parent__code")
    assert set(found) == {
        ("Ragioneria", "A"),
        ("Area economica", None),
        ("Economato", "ALTRO"),
    }
    assert told() == ["list registry.office"]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("A; Anagrafe\nB", "Riga 2: servono il codice e la denominazione."),
        ("A; Anagrafe; ; x", "Riga 1: ha più di tre parti."),
        ("A; Anagrafe\nB; Altro ufficio", "Riga 2, «Altro ufficio»: Un altro ufficio ha già"),
        ("A; Uno; Z", "Riga 1, «Uno»: «Z» non è il codice di un ufficio."),
        ("A; Uno; B\nB; Due; A", "Riga 2, «Due»: Un ufficio non sta sotto sé stesso"),
        ("\n".join(f"N{n}; Ufficio {n}" for n in range(MOST_AT_ONCE + 1)), "Sono più di"),
    ],
)
def test_a_wrong_list_adds_nothing_and_says_where(body, rpct, lines, why):
    count = Office.objects.count()

    answer = rpct.post(at("offices_add", body), {"lines": lines})

    assert why in text(answer)
    assert lines.splitlines()[0] in text(answer)
    assert (Office.objects.count(), told()) == (count, [])


def test_the_list_tells_who_heads_each_office_today(annex, body, rpct):
    page = text(rpct.get(at("offices", body), {"q": "trib"}))

    assert "Testa Prova" in page
    assert "Altro ufficio" not in page
    gone = Membership.objects.get(role="head")
    gone.ends_on = gone.starts_on
    gone.save()
    assert "Testa Prova" not in text(rpct.get(at("offices", body)))


def test_the_rpct_changes_three_settings_and_no_other(body, people, rpct):
    data = {"is_one_person": "on", "open_data_contact": "dati@esempio.example", "name": "Altro"}

    page = at("settings", body)
    assert rpct.post(page, {**data, "version": body.version}).status_code == 302

    body.refresh_from_db()
    assert (body.is_one_person, body.open_data_contact) == (True, "dati@esempio.example")
    assert body.name == "Comune c_x001"
    record = TrailRecord.objects.get(kind="administration")
    assert record.detail["is_one_person"] is True
    assert set(record.detail["changed"]) == {"is_one_person", "open_data_contact"}
    # a version that is no longer there: both are shown
    late = {"open_data_contact": "ufficio@esempio.example", "version": 0}
    assert "Hai modificato" in text(rpct.post(page, late))


def test_who_keeps_the_installation_changes_the_others_too(body):
    keeper = make_member("gestore", "auditor", body=body)
    keeper.is_superuser = True
    keeper.save()
    data = {"name": "Comune di Prova", "keeps_people_years": "10", "version": body.version}

    assert client_of(keeper).post(at("settings", body), data).status_code == 302

    assert Administration.objects.get().name == "Comune di Prova"
