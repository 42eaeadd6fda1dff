"""Coming in with a name or an address and a password, and choosing a new one by mail."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model

from tests.registry.accounts.sign_in import PASSWORD, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("login", ["testa", "TESTA", "testa@esempio.it", "Testa@Esempio.it"])
def test_a_name_or_an_address_opens(client, people, announced, login):
    answer = sign_in(client, login, next="/accesso/")

    assert (answer.status_code, answer.url) == (302, "/accesso/")
    assert client.session["_auth_user_id"] == str(people["head"].pk)
    assert announced == [("in", "testa")]


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("testa", "sbagliata"),
        ("nessuno", PASSWORD),
        ("nessuno@esempio.it", PASSWORD),
        ("testa", ""),
    ],
)
def test_anything_else_does_not_and_says_the_same(client, people, login, password):
    answer = sign_in(client, login, password)

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session
    if password:
        assert "Nome o password non corretti" in answer.content.decode()


def test_failures_are_announced_without_the_password(client, people, announced):
    sign_in(client, "testa", "sbagliata")

    assert announced == [("failed", "testa")]


def test_the_way_back_leads_to_this_site_only(client, people):
    assert sign_in(client, "testa", next="https://altro.esempio.it/").url == "/"


def test_a_suspended_person_is_told_so_only_with_the_right_password(client, people):
    get_user_model().objects.filter(username="testa").update(is_active=False)

    assert "Nome o password" in sign_in(client, "testa", "sbagliata").content.decode()
    assert sign_in(client, "testa").url == "/accedi/sospeso/"
    assert "sospeso" in client.get("/accedi/sospeso/").content.decode()
    assert "_auth_user_id" not in client.session


def test_after_five_wrong_passwords_even_the_right_one_waits(client, people, announced):
    for _attempt in range(5):
        sign_in(client, "testa", "sbagliata")
    answer = sign_in(client, "testa")

    assert "Riprova fra cinque minuti" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    # the attempt that was stopped is announced like the others; other people are not kept out
    assert announced == [("failed", "testa")] * 6
    assert sign_in(client, "penna").status_code == 302


def test_signing_out_asks_for_post(client, people, announced):
    sign_in(client, "testa")

    assert client.get("/esci/").status_code == 405
    assert client.post("/esci/").url == "/accedi/"
    assert announced == [("in", "testa"), ("out", "testa")]


def test_nobody_signs_up(client, people):
    for address in ("/accounts/signup/", "/signup/", "/accedi/iscriviti/"):
        assert client.get(address).status_code == 404


def link_in(mail) -> str:
    return re.search(r"https?://[^/]+(/password/nuova/\S+)", mail.body)[1]


def test_a_forgotten_password_is_chosen_again_by_mail(client, people, mailoutbox):
    answer = client.post("/password/dimenticata/", {"email": "Testa@esempio.it"})
    assert answer.url == "/password/dimenticata/inviata/"
    (mail,) = mailoutbox
    assert mail.to == ["testa@esempio.it"]
    assert "testa" in mail.body
    assert "Hello" not in mail.body

    page = client.get(link_in(mail), follow=True)
    assert "Scegli la password" in page.content.decode()
    address = page.redirect_chain[-1][0]
    weak = client.post(address, {"password1": "12345", "password2": "12345"})
    assert "almeno 12 caratteri" in weak.content.decode()
    new = {"password1": "un-altra-frase-lunga", "password2": "un-altra-frase-lunga"}
    assert client.post(address, new).url == "/password/nuova/fatta/"

    assert sign_in(client, "testa", "un-altra-frase-lunga").status_code == 302
    # the link opens once; the person is told that the password has changed
    assert "già stato usato" in client.get(link_in(mail)).content.decode()
    assert "Se non sei stato tu" in mailoutbox[-1].body


def test_who_asks_does_not_learn_whose_addresses_exist(client, people, mailoutbox):
    known = client.post("/password/dimenticata/", {"email": "testa@esempio.it"})
    unknown = client.post("/password/dimenticata/", {"email": "nessuno@esempio.it"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [mail.to for mail in mailoutbox] == [["testa@esempio.it"]]


def test_too_many_links_are_refused(client, people, mailoutbox):
    codes = [
        client.post("/password/dimenticata/", {"email": "testa@esempio.it"}).status_code
        for _attempt in range(4)
    ]

    assert codes == [302, 302, 302, 429]
    assert len(mailoutbox) == 3


def test_an_old_address_opens_nothing(client, people, mailoutbox):
    client.post("/password/dimenticata/", {"email": "testa@esempio.it"})
    link = link_in(mailoutbox[0])
    assert EmailAddress.objects.filter(email="testa@esempio.it").exists()

    head = people["head"]
    head.email = "nuovo@esempio.it"
    head.save()

    assert not EmailAddress.objects.filter(email="testa@esempio.it").exists()
    assert "_auth_user_id" not in client.session
    assert sign_in(client, "testa@esempio.it").status_code == 200
    assert "già stato usato" in client.get(link).content.decode()
    client.post("/password/dimenticata/", {"email": "testa@esempio.it"})
    assert len(mailoutbox) == 1


def test_the_password_is_changed_with_the_old_one(client, people, mailoutbox):
    sign_in(client, "testa")
    new = {"password1": "un-altra-frase-lunga", "password2": "un-altra-frase-lunga"}

    wrong = client.post("/password/", {"oldpassword": "sbagliata", **new})
    assert "attuale non è corretta" in wrong.content.decode()
    assert client.post("/password/", {"oldpassword": PASSWORD, **new}).status_code == 302
    assert client.get("/accesso/").status_code == 200
    assert people["head"].__class__.objects.get(username="testa").check_password(new["password1"])
    assert "è stata cambiata" in mailoutbox[0].body


def test_a_mail_that_cannot_leave_stops_nothing(client, people, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    assert client.post("/password/dimenticata/", {"email": "testa@esempio.it"}).status_code == 302
