"""An office or a person among many is typed: found by what people write, never guessed."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from registry.forms.rows_called import FEW, OfficeField, PersonField
from registry.models import Administration, Alias, Office, User
from tests.people import client_of, make_member, people_of
from tests.register import make_annex, make_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def body(annex):
    return annex.plan.administration


@pytest.fixture
def offices(body):
    names = [f"Servizio qualità {n:02}" for n in range(FEW)] + ["Anagrafe"]
    for n, name in enumerate(names):
        Office.objects.create(administration=body, code=f"Q{n}", name=name)
    return Office.objects.filter(administration=body)


def office_field(offices, body) -> OfficeField:
    field = OfficeField(required=False)
    field.tells_body = body is None
    field.offer(offices, body=body)
    return field


def refusal(field, typed: str) -> str:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    return refused.value.messages[0]


def test_few_offices_are_a_list_and_many_are_typed(offices, body):
    few = office_field(offices.filter(code__in=("Q1", "Q2")), body)
    many = office_field(offices, body)

    assert isinstance(few.widget, forms.Select)
    assert many.clean("Q20").name == "Anagrafe"
    html = many.widget.render("office", many.prepare_value(offices.get(code="Q20").pk), {"id": "x"})
    assert 'value="Anagrafe"' in html
    assert 'list="elenco-x"' in html
    assert f'data-from="{reverse("registry:suggestions", args=[body.ipa_code, "uffici"])}"' in html
    assert "Servizio" not in html


@pytest.mark.parametrize("typed", ["Anagrafe", " ANAGRAFE ", "q20", "Stato civile"])
def test_an_office_is_found_as_people_write_it(offices, body, typed):
    office = offices.get(code="Q20")
    Alias.objects.create(administration=body, kind="office", office=office, text="Stato civile")

    assert office_field(offices, body).clean(typed) == office


def test_nothing_typed_is_no_office(offices, body):
    assert office_field(offices, body).clean("  ") is None
    assert office_field(offices, body).clean(None) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("qualita 07", "«qualita 07» non è in elenco. Forse: «Servizio qualità 07»."),
        ("Anagrfe", "«Anagrfe» non è in elenco. Forse: «Anagrafe»."),
        ("zzzzzz", "«zzzzzz» non è in elenco."),
        ("Anagrafe (c_altro)", "Forse: «Anagrafe»."),
        ("x" * 800, "non è in elenco"),
        ("\x00", "non è in elenco"),
    ],
)
def test_what_names_no_office_is_answered_with_the_nearest(offices, body, typed, said):
    assert said in refusal(office_field(offices, body), typed)


def test_an_office_that_is_not_offered_is_not_taken(offices, body):
    field = office_field(offices.exclude(code="Q20"), body)

    assert "non è in elenco" in refusal(field, "Q20")


def test_offices_of_several_bodies_are_told_apart_by_their_code(offices, body):
    other = make_body("c_x002")
    twin = Office.objects.create(administration=other, code="Q20", name="Anagrafe")
    field = office_field(Office.objects.select_related("administration"), None)

    assert field.prepare_value(twin) == "Anagrafe (c_x002)"
    assert field.clean("Anagrafe (c_x002)") == twin
    assert field.clean("anagrafe (C_X001)") == offices.get(code="Q20")
    assert "«Anagrafe (c_x001)»; «Anagrafe (c_x002)»" in refusal(field, "Anagrafe")


class TestPeople:
    @pytest.fixture
    def staff(self, body):
        return [make_member(f"persona{n}", "auditor", body=body) for n in range(FEW + 2)]

    def field(self, people=None) -> PersonField:
        field = PersonField()
        field.offer(
            User.objects.all() if people is None else people, body=Administration.objects.get()
        )
        return field

    def test_somebody_is_found_by_address_or_by_a_name_no_other_has(self, staff):
        User.objects.filter(pk=staff[3].pk).update(email="a.prova@esempio.it")
        field = self.field()

        assert field.clean("A.PROVA@esempio.it") == staff[3]
        assert field.clean(field.prepare_value(staff[4].pk)) == staff[4]
        assert field.clean("persona5 prova") == staff[5]

    def test_namesakes_are_told_apart_and_nobody_is_guessed(self, staff):
        User.objects.filter(pk__in=[staff[1].pk, staff[2].pk]).update(first_name="Ada")

        assert "«Ada Prova (persona1)»; «Ada Prova (persona2)»" in refusal(
            self.field(), "ada prova"
        )
        assert "non è in elenco" in refusal(self.field(), "nessuno")

    def test_who_may_not_be_chosen_is_not_found(self, staff):
        field = self.field(User.objects.exclude(pk=staff[0].pk))

        assert "non è in elenco" in refusal(field, "persona0")


def test_people_are_offered_to_who_keeps_them_alone(annex, body):
    people = people_of(annex)
    address = reverse("registry:suggestions", args=[body.ipa_code, "persone"])

    given = client_of(people["rpct"]).get(address, {"q": "PENNA"}).json()
    codes = {name: client_of(people[name]).get(address).status_code for name in people}

    assert [row["text"] for row in given["rows"]] == ["Penna Prova (penna)"]
    assert codes == {**dict.fromkeys(people, 404), "rpct": 200}


def test_the_form_of_an_invitation_does_not_grow_and_keeps_what_was_typed(annex, body, offices):
    client = client_of(people_of(annex)["rpct"])
    address = reverse("registry:invite", args=[body.ipa_code])

    page = client.get(address)
    refused = client.post(address, {"role": "editor", "office": "Anagrfe"}).content.decode()

    assert "Servizio qualità" not in page.content.decode()
    assert "registry/suggestions." in page.content.decode()
    assert 'value="Anagrfe"' in refused
    assert "Forse: «Anagrafe»." in refused.replace("&laquo;", "«")
