"""The pages about people: who opens them, what they do, what they cost."""

import datetime
import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from registry.models import Membership, Office, User
from registry.views.people import ROWS_A_PAGE
from tests.people import START, client_of, make_member, make_person
from tests.register import make_body
from tests.statements import at_most

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
INVITATION = {
    "email": "ada@esempio.it",
    "first_name": "Ada",
    "last_name": "Neri",
    "role": "editor",
    "starts_on": "01/01/2021",
}


@pytest.fixture
def body(annex):
    return annex.plan.administration


@pytest.fixture
def head_row(people):
    return people["head"].memberships.get()


@pytest.fixture
def rpct(people):
    return client_of(people["rpct"])


def addresses(body, row) -> list[str]:
    of_row = ("end_membership", "hand_over", "name_deputy")
    return [
        reverse("registry:people_of", args=[body.ipa_code]),
        reverse("registry:invite", args=[body.ipa_code]),
        *(reverse(f"registry:{name}", args=[row.pk]) for name in of_row),
    ]


@pytest.mark.parametrize(
    ("who", "of_body", "of_row"),
    [
        ("rpct", 200, 200),
        ("keeper", 200, 200),
        ("head", 403, 404),
        ("editor", 403, 404),
        ("auditor", 403, 404),
        ("colleague", 403, 404),
        ("stranger", 404, 404),
        ("rpct elsewhere", 404, 404),
    ],
)
def test_who_opens_what(people, body, head_row, who, of_body, of_row):
    people["keeper"] = make_person("custode", is_superuser=True)
    people["rpct elsewhere"] = make_member("altrove", "rpct", body=make_body("c_x002"))
    client = client_of(people[who])

    codes = [client.get(address).status_code for address in addresses(body, head_row)]
    posted = [client.post(address).status_code for address in addresses(body, head_row)[1:]]
    again = client.post(reverse("registry:invite_again", args=[head_row.pk])).status_code

    assert codes == [of_body] * 2 + [of_row] * 3
    assert posted == [of_body] + [of_row] * 3
    assert again == (302 if of_row == 200 else 404)
    assert Membership.objects.filter(ends_on__isnull=False).count() == 0


def test_the_way_in_is_shown_to_who_keeps_people(people, rpct, body):
    assert 'href="/persone/"' in rpct.get("/").content.decode()
    assert 'href="/persone/"' not in client_of(people["editor"]).get("/").content.decode()
    assert rpct.get("/persone/").url == f"/persone/{body.ipa_code}/"
    assert client_of(people["editor"]).get("/persone/").status_code == 403


def test_several_bodies_are_chosen_from(people, body):
    other = make_body("c_x002")
    keeper = make_person("custode", is_superuser=True)

    page = client_of(keeper).get("/persone/").content.decode()

    assert str(body) in page
    assert str(other) in page


@pytest.mark.parametrize("more", [0, 30])
def test_what_the_list_costs(rpct, body, annex, more, django_assert_max_num_queries):
    for number in range(more):
        make_member(f"penna{number}", "editor", body=body, office=annex.office)

    with django_assert_max_num_queries(MOST_QUERIES):
        page = rpct.get(f"/persone/{body.ipa_code}/").content.decode()
    assert page.count('<th role="rowheader"') == 5 + more


def names_on(page) -> list[str]:
    heads = r'<th role="rowheader"[^>]*>\s*(.*?)\s*<div'
    return re.findall(heads, page.content.decode(), flags=re.DOTALL)


def test_many_people_are_on_several_pages_each_once(rpct, body, annex):
    for number in range(2 * ROWS_A_PAGE):
        # all alike but for the name they sign in with: the order must part them
        person = User.objects.create(username=f"penna{number}", last_name="Prova")
        values = {"administration": body, "office": annex.office, "starts_on": START}
        Membership.objects.create(user=person, role="editor", **values)
    address = f"/persone/{body.ipa_code}/"

    with at_most(MOST_QUERIES):
        first = rpct.get(address)
    assert "Pagina 1 di 3" in first.content.decode()
    assert "205 ruoli" in first.content.decode()
    assert 'rel="next"' in first.content.decode()
    pages = [rpct.get(f"{address}?tutte&pagina={number}") for number in (1, 2, 3)]
    assert [len(names_on(page)) for page in pages] == [100, 100, 5]
    assert "?tutte=&amp;pagina=2" in pages[0].content.decode()
    keys = [row.pk for page in pages for row in page.context["page"]]
    assert len(set(keys)) == 205
    # the file is the whole list, from whatever page it is asked for
    file = rpct.get(f"{address}?pagina=2&formato=json")
    assert len(json.loads(file.getvalue())) == 205


def test_people_are_found_by_name_as_a_clerk_writes_it(rpct, body, annex):
    office = Office.objects.create(administration=body, code="SUAP", name="Attività produttive")
    person = make_member("nicolò", "editor", body=body, office=office).username
    User.objects.filter(username=person).update(email="n.prova@esempio.it")
    address = f"/persone/{body.ipa_code}/"

    def names_for(words) -> list[str]:
        return names_on(rpct.get(address, {"q": words}))

    assert names_for("NICOLO") == ["Nicolò Prova"]
    assert names_for("prova nicolò") == ["Nicolò Prova"]
    assert names_for("n.prova@") == ["Nicolò Prova"]
    assert names_for("attivita") == ["Nicolò Prova"]
    assert names_for("nicolò tributi") == []
    assert len(names_for(" ")) == 6
    assert "Nessuna riga risponde ai filtri" in rpct.get(f"{address}?q=nessuno").content.decode()
    file = rpct.get(f"{address}?q=nicolo&formato=json")
    assert [row["Nome"] for row in json.loads(file.getvalue())] == ["Nicolò"]


def test_the_search_and_what_is_over_go_together(rpct, body, head_row):
    head_row.ends_on = head_row.starts_on
    head_row.save()
    address = f"/persone/{body.ipa_code}/"

    assert names_on(rpct.get(f"{address}?q=testa")) == []
    page = rpct.get(f"{address}?q=testa&tutte")
    assert names_on(page) == ["Testa Prova"]
    # each way out drops its own part only
    assert f'href="{address}?q=testa"' in page.content.decode()
    assert f'href="{address}?tutte="' in page.content.decode()
    without = rpct.get(f"{address}?q=testa").content.decode()
    assert re.search(rf'href="{address}\??">Togli i filtri', without)
    assert '<input type="hidden" name="tutte" value="">' in page.content.decode()


def test_what_is_over_is_shown_when_asked(rpct, body, head_row):
    head_row.ends_on = head_row.starts_on
    head_row.save()
    address = f"/persone/{body.ipa_code}/"

    assert "Testa Prova" not in rpct.get(address).content.decode()
    page = rpct.get(f"{address}?tutte").content.decode()
    assert "Testa Prova" in page
    assert "finita" in page


@pytest.mark.django_db(transaction=True)
def test_from_the_invitation_to_the_desk(rpct, body, annex, mailoutbox):
    posted = {**INVITATION, "office": annex.office_id}
    assert rpct.post(f"/persone/{body.ipa_code}/invita/", posted).status_code == 302
    # a double click does no harm
    rpct.post(f"/persone/{body.ipa_code}/invita/", posted)
    (mail,) = mailoutbox
    assert mail.to == ["ada@esempio.it"]
    assert "Ada Neri" in mail.body
    assert "referente, Tributi" in mail.body
    assert "&" not in mail.body
    never = rpct.get(f"/persone/{body.ipa_code}/").content.decode().count("mai entrata")

    link = re.search(r"http://127\.0\.0\.1:8000(/password/nuova/\S+)", mail.body)[1]
    ada = Client()
    address = ada.get(link, follow=True).redirect_chain[-1][0]
    new = {"password1": "una-frase-molto-lunga", "password2": "una-frase-molto-lunga"}
    ada.post(address, {"first_name": "Ada", "last_name": "Neri", **new})
    signed = ada.post("/accedi/", {"login": "ada.neri", "password": "una-frase-molto-lunga"})
    assert signed.url == "/"
    assert "Ada Neri" in ada.get("/").content.decode()
    assert ada.get(f"/allegati/{annex.uid}/mappa/").status_code == 200
    page = rpct.get(f"/persone/{body.ipa_code}/").content.decode()
    assert page.count("mai entrata") == never - 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"office": ""}, "Referenti e responsabili hanno un ufficio"),
        ({"role": "rpct"}, "vale per tutta l’amministrazione"),
        ({"first_name": ""}, "Serve per invitare una persona nuova"),
        ({"email": "no"}, "indirizzo email valido"),
        ({"starts_on": "ieri"}, "data valida"),
        ({"starts_on": "0001-01-01"}, "fra il 1900 e il 2999"),
        ({"email": "sospesa@esempio.it"}, "è sospeso"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(rpct, body, annex, changes, words):
    make_person("sospesa", email="sospesa@esempio.it", is_active=False)
    posted = {**INVITATION, "office": annex.office_id, **changes}

    page = rpct.post(f"/persone/{body.ipa_code}/invita/", posted).content.decode()

    assert words in page
    assert 'value="Neri"' in page
    assert not Membership.objects.filter(user__last_name="Neri").exists()


@pytest.mark.parametrize("name", ["end_membership", "hand_over"])
def test_a_last_day_that_has_no_day_after_is_refused(rpct, people, name):
    row = people["rpct"].memberships.get()
    posted = {"on": "9999-12-31", "to": people["head"].pk}

    page = rpct.post(reverse(f"registry:{name}", args=[row.pk]), posted)

    assert "fra il 1900 e il 2999" in page.content.decode()
    row.refresh_from_db()
    assert row.ends_on is None


def test_an_office_of_another_body_is_not_offered(rpct, body):
    foreign = Office.objects.create(administration=make_body("c_x002"), code="F", name="Forestiero")

    page = rpct.post(
        f"/persone/{body.ipa_code}/invita/", {**INVITATION, "office": foreign.pk}
    ).content.decode()

    assert "Forestiero" not in page
    assert not Membership.objects.filter(office=foreign).exists()


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_cannot_leave_is_said(rpct, body, annex, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    answer = rpct.post(
        f"/persone/{body.ipa_code}/invita/",
        {**INVITATION, "office": annex.office_id},
        follow=True,
    )

    assert "l’invito non è partito" in answer.content.decode()
    assert Membership.objects.filter(user__email="ada@esempio.it").exists()


def test_ending_handing_over_and_standing_in(rpct, people, body, head_row):
    colleague = people["colleague"]
    page = f"/persone/appartenenze/{head_row.pk}"

    stood_in = {"deputy": colleague.pk, "starts_on": "2021-02-01", "ends_on": "2021-02-10"}
    assert rpct.post(f"{page}/sostituto/", stood_in).status_code == 302
    everything = rpct.get(f"/persone/{body.ipa_code}/?tutte").content.decode()
    assert "in sostituzione di Testa Prova" in everything

    assert (
        rpct.post(f"{page}/subentro/", {"to": colleague.pk, "on": "2021-03-31"}).status_code == 302
    )
    successor = Membership.objects.get(user=colleague, role="head", deputy_for=None)
    assert successor.starts_on.isoformat() == "2021-04-01"

    address = f"/persone/appartenenze/{successor.pk}/fine/"
    early = rpct.post(address, {"on": "2021-03-01"}).content.decode()
    assert "La fine non può precedere" in early
    assert rpct.post(address, {"on": "2021-12-31"}).status_code == 302
    successor.refresh_from_db()
    assert successor.ends_on.isoformat() == "2021-12-31"


def test_only_people_of_the_body_are_offered(rpct, people, head_row):
    page = rpct.get(f"/persone/appartenenze/{head_row.pk}/subentro/").content.decode()

    assert "Collega Prova" in page
    assert "Estraneo Prova" not in page
    assert "Testa Prova (" not in page


def test_the_last_rpct_stays(rpct, people):
    row = people["rpct"].memberships.get()

    page = rpct.post(f"/persone/appartenenze/{row.pk}/fine/", {"on": "2027-01-01"}).content.decode()

    assert "unico RPCT" in page


def test_a_second_head_of_an_office_comes_with_a_warning(rpct, body, annex):
    second = {**INVITATION, "role": "head", "office": annex.office_id}

    page = rpct.post(f"/persone/{body.ipa_code}/invita/", second, follow=True).content.decode()

    assert "Tributi ha già un responsabile: Testa Prova." in page
    assert "is-warning" in page


def test_a_head_after_the_other_has_left_comes_without(rpct, body, annex, people):
    head = people["head"].memberships.get()
    head.ends_on = datetime.date(2020, 12, 31)
    head.save()
    second = {**INVITATION, "role": "head", "office": annex.office_id}

    page = rpct.post(f"/persone/{body.ipa_code}/invita/", second, follow=True).content.decode()

    assert "ha già un responsabile" not in page
    assert "Ada Neri" in page
