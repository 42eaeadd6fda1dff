"""A second factor: set up, asked for, replaced by a recovery code, and required of an RPCT."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.core.management import CommandError, call_command

from ptpct.signin.accounts import SecondFactorAdapter
from registry.clock import today
from registry.models import Membership
from registry.services.people import name_deputy
from tests.people import client_of, make_member, make_person
from tests.register import make_annex, make_body
from tests.registry.accounts.sign_in import PASSWORD, SECRET, code_of, give_second_factor, sign_in
from tests.risk.annexes.test_one_person import post as save_body

pytestmark = pytest.mark.django_db


def test_setting_it_up_and_coming_in_with_it(client, people, announced, mailoutbox):
    sign_in(client, "testa")
    # how one comes in is changed only by who has just shown to be who they are
    asked = client.get("/accesso/app/", follow=True)
    assert asked.redirect_chain == [("/accedi/conferma/?next=%2Faccesso%2Fapp%2F", 302)]
    client.post("/accedi/conferma/", {"password": PASSWORD})

    wrong = client.post("/accesso/app/", {"code": "000000"})
    assert "non è quello atteso" in wrong.content.decode()
    # a wrong code gives a new drawing
    secret = re.search(r"<code>([A-Z2-7]+)</code>", wrong.content.decode())[1]
    answer = client.post("/accesso/app/", {"code": code_of(secret)})
    assert answer.url == "/accesso/codici/"
    codes = re.findall(r"<code>(\d{8})</code>", client.get("/accesso/codici/").content.decode())
    assert len(codes) == 10

    client.post("/esci/")
    announced.clear()
    assert sign_in(client, "testa").url == "/accedi/codice/"
    assert "_auth_user_id" not in client.session
    assert client.post("/accedi/codice/", {"code": "123"}).status_code == 200
    assert announced == [("failed", "testa")]
    assert client.post("/accedi/codice/", {"code": codes[0]}).status_code == 302
    assert announced[-1] == ("in", "testa")
    # a recovery code opens once
    client.post("/esci/")
    sign_in(client, "testa")
    assert client.post("/accedi/codice/", {"code": codes[0]}).status_code == 200


def test_turning_back_from_the_code(client, people):
    give_second_factor(people["head"])
    sign_in(client, "testa")

    assert client.post("/esci/").url == "/accedi/"
    assert client.get("/accedi/").status_code == 200
    assert client.get("/accedi/codice/").url == "/accedi/"


def test_too_many_codes_wait(client, people):
    give_second_factor(people["head"])
    sign_in(client, "testa")
    for _attempt in range(5):
        client.post("/accedi/codice/", {"code": "000000"})

    answer = client.post("/accedi/codice/", {"code": code_of()})

    assert "Riprova fra cinque minuti" in answer.content.decode()


def test_the_database_does_not_tell_the_secret(people):
    give_second_factor(people["head"])

    stored = [str(data) for data in Authenticator.objects.values_list("data", flat=True)]

    assert len(stored) == 2
    assert not any(SECRET in data for data in stored)


def test_removing_it_asks_who_it_is_again(client, people):
    give_second_factor(people["head"])
    client = client_of(people["head"])

    assert client.get("/accesso/app/togli/").url.startswith("/accedi/conferma")
    confirmed = client.post("/accedi/conferma-codice/", {"code": code_of()})
    assert confirmed.status_code == 302
    assert client.post("/accesso/app/togli/").url == "/accesso/"
    assert not Authenticator.objects.exists()


def test_confirming_by_password(client, people):
    client = client_of(people["head"])

    assert client.get("/accesso/app/").url.startswith("/accedi/conferma/")
    assert client.post("/accedi/conferma/", {"password": "sbagliata"}).status_code == 200
    assert client.post("/accedi/conferma/", {"password": PASSWORD}).status_code == 302
    assert client.get("/accesso/app/").status_code == 200


class TestRequiredOfAnRpct:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.MFA_FOR_RPCT = True

    @pytest.mark.parametrize("who", ["head", "editor", "auditor", "colleague", "stranger"])
    def test_not_of_the_others(self, people, who):
        assert client_of(people[who]).get("/").status_code == 200

    @pytest.mark.parametrize("address", ["/", "/admin/", "/salute/"])
    def test_nothing_opens_before_it_is_set_up(self, people, address):
        answer = client_of(people["rpct"]).get(address)

        if address == "/salute/":
            assert answer.status_code == 200
        else:
            assert (answer.status_code, answer.url) == (302, "/accesso/app/")

    def test_a_change_is_not_made_either(self, people):
        client = client_of(people["rpct"])

        assert client.post("/admin/registry/office/add/", {}).url == "/accesso/app/"
        answer = client.get("/", headers={"HX-Request": "true"})
        assert answer["HX-Redirect"] == "/accesso/app/"

    def test_the_whole_way(self, client, people):
        sign_in(client, "rpct")
        assert "richiede un secondo fattore" in client.get("/", follow=True).content.decode()
        client.post("/accedi/conferma/", {"password": PASSWORD})
        page = client.get("/accesso/app/").content.decode()
        secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]
        client.post("/accesso/app/", {"code": code_of(secret)})

        assert client.get("/").status_code == 200
        refused = client.get("/accesso/app/togli/").content.decode()
        assert "non si può togliere" in refused
        client.post("/accesso/app/togli/")
        assert Authenticator.objects.filter(type="totp").exists()

    def test_signing_out_is_always_possible(self, people):
        assert client_of(people["rpct"]).post("/esci/").url == "/accedi/"


@pytest.mark.parametrize("asked", [True, False])
def test_who_keeps_the_installation_is_asked_where_an_rpct_is(db, settings, asked):
    settings.MFA_FOR_RPCT = asked
    keeper = make_person("custode", is_superuser=True)

    answer = client_of(keeper).get("/admin/")

    assert answer.status_code == (302 if asked else 200)
    assert not asked or answer.url == "/accesso/app/"


class TestRequiredOfHeads:
    """Where the body says so, whatever the installation asks of its RPCT."""

    @pytest.fixture(autouse=True)
    def _required(self, annex):
        annex.plan.administration.heads_have_second_factor = True
        annex.plan.administration.save()

    @pytest.mark.parametrize("who", ["editor", "auditor", "colleague", "rpct", "stranger"])
    def test_not_of_the_others(self, people, who):
        assert client_of(people[who]).get("/").status_code == 200

    def test_of_the_head_and_of_whoever_stands_in(self, annex, people):
        head = Membership.objects.get(user=people["head"])
        deputy, now = make_person("vice"), today()
        name_deputy(head=head, deputy=deputy, starts_on=now, ends_on=now, by=None)

        for person in (people["head"], deputy):
            assert client_of(person).get("/").url == "/accesso/app/"
            give_second_factor(person)
            assert client_of(person).get("/").status_code == 200
            parts = Authenticator.objects.filter(user=person)
            assert not any(SecondFactorAdapter().can_delete_authenticator(part) for part in parts)

    def test_heads_of_another_body_go_on_as_before(self, people):
        other = make_annex(make_body("c_b002"))
        head = make_member("altrove", "head", body=other.plan.administration, office=other.office)

        assert client_of(head).get("/").status_code == 200

    def test_the_rpct_says_so_in_the_back_office(self, annex, people):
        body = annex.plan.administration
        body.heads_have_second_factor = False
        body.save()

        assert save_body(people["rpct"], body, heads_have_second_factor="on").status_code == 302

        body.refresh_from_db()
        assert body.heads_have_second_factor


def test_the_local_machine_does_not_ask_for_it(people, settings):
    assert settings.MFA_FOR_RPCT is False
    assert client_of(people["rpct"]).get("/").status_code == 200


def test_a_lost_telephone_is_mended_by_command(people, capsys):
    give_second_factor(people["head"])

    call_command("reset_second_factor", "testa")

    assert "Testa Prova" in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    for name in ("testa", "nessuno"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", name)


def test_the_admin_shows_no_list_of_the_library():
    models = {model.__module__ for model in admin.site._registry}

    assert models
    assert not any(name.startswith("allauth") for name in models)
