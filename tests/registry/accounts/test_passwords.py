"""Weak passwords are refused in words, those people can keep are taken."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from risk.services.sample_data.demo.names import PUBLIC_PASSWORD
from tests.people import make_person, people_of
from tests.register import make_annex, make_body

ROW, REPEATS, HOUSE = "tasti vicini", "ripete pochi caratteri", "parole a cui tutti pensano"


def reasons(password: str, user=None) -> str:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("corta", "almeno 12 caratteri"),
        ("492837465019", "interamente numerica"),
        ("passwordpassword", REPEATS),
        ("aaaaaaaaaaaaaaab", REPEATS),
        ("abc123abc123abc123", REPEATS),
        ("qwertyuiopasdfgh", ROW),
        ("Abcdefghijklmn", ROW),
        ("poiuytrewqlkjh", ROW),
        ("1234567890qwerty", ROW),
        ("AmministratorePTPCT2027!", HOUSE),
        ("Registro-Rischi-2027", HOUSE),
        ("Anticorruzione2027", HOUSE),
        ("Primavera-2027-Comune", HOUSE),
        ("password-\u202eetatirovni", "non si vede"),
        ("password\u200b-inventata", "non si vede"),
    ],
)
def test_what_anybody_would_try_is_refused(password, sentence):
    assert sentence in reasons(password)


@pytest.mark.parametrize(
    "password",
    ["quattro-parole-a-caso", "un-altra-frase-lunga", "mela stufa lontra vento", "Zt8#kQ!v92mWx"],
)
def test_what_only_its_owner_thinks_of_is_taken(password):
    assert reasons(password) == ""


@pytest.mark.django_db
def test_the_name_of_the_body_is_no_password_of_its_people(annex, people):
    annex.plan.administration.name = "Comune di Roccaverde"
    annex.plan.administration.save()

    assert HOUSE in reasons("Roccaverde-2027", people["head"])
    assert reasons("Roccaverde-2027", make_person("altrove")) == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password",
    ["mela-Roccaverde-stufa-91", "lontraroccaverdevento", "stufa-c_r999-vento"],
)
def test_nor_is_a_password_that_contains_it(password):
    annex = make_annex(make_body("c_r999"))
    people = people_of(annex)
    body = annex.plan.administration
    body.name = "Unione delle valli di Roccaverde"
    body.save()

    assert "nome dell’amministrazione" in reasons(password, people["head"])
    assert reasons(password, make_person("altrove")) == ""
    assert reasons("favola-delle-unioni-e-mele", people["head"]) == ""


def test_nor_is_one_that_contains_the_name_of_the_site(settings):
    assert reasons("mela-esempietto-stufa") == ""
    settings.NAMED_HOSTS = ["registro.comune.esempietto.it"]

    assert "«esempietto»" in reasons("mela-esempietto-stufa")
    assert reasons("mela-lontra-stufa") == ""


@pytest.mark.parametrize("hosts", [[], ["registro.esempio.it"]])
@pytest.mark.parametrize("password", [PUBLIC_PASSWORD, PUBLIC_PASSWORD.upper()])
def test_nobody_chooses_the_public_password(settings, hosts, password):
    settings.NAMED_HOSTS = hosts

    assert "pubblica della dimostrazione" in reasons(password)
