"""Error pages are the house's own, in Italian, and need nothing that may be broken."""

import pytest
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, permission_denied, server_error


@pytest.mark.django_db
def test_an_unknown_address_answers_in_italian(client):
    answer = client.get("/non-esiste/")

    assert answer.status_code == 404
    assert "Pagina non trovata" in answer.content.decode()


@pytest.mark.django_db
def test_an_expired_form_says_what_to_do():
    answer = Client(enforce_csrf_checks=True).post("/accedi/", {"username": "x", "password": "y"})

    assert answer.status_code == 403
    assert "ricaricare la pagina" in answer.content.decode()


# No database here: these pages must not ask for it.
@pytest.mark.parametrize(
    ("view", "arguments", "text"),
    [
        (server_error, (), "Errore del server"),
        (bad_request, (Exception(),), "Richiesta non valida"),
        (permission_denied, (Exception(),), "Pagina non permessa"),
    ],
)
def test_the_pages_of_failure_need_no_database(view, arguments, text):
    page = view(RequestFactory().get("/"), *arguments).content.decode()

    assert f"<h1>{text}</h1>" in page
