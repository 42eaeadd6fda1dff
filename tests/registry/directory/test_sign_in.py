"""Signing in by the directory of the body, against a real one."""

from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from ptpct.settings.signin_directory import read_directory
from registry.models import DirectoryRule, Membership, TrailRecord
from tests.ptpct.test_wiring import start
from tests.register import make_annex, make_body
from tests.registry.accounts.sign_in import PASSWORD, code_of, give_second_factor, sign_in
from tests.registry.directory.slapd import ADMIN, ADMIN_PASSWORD, BASE, THEIRS, Directory, running

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def directory() -> Iterator[Directory]:
    with running() as one:
        yield one


@pytest.fixture(autouse=True)
def _configured(settings, monkeypatch, directory):
    configure(
        settings,
        monkeypatch,
        PTPCT_LDAP_URL=directory.url,
        PTPCT_LDAP_STARTTLS="0",
        PTPCT_LDAP_BIND_DN=ADMIN,
        PTPCT_LDAP_BIND_PASSWORD=ADMIN_PASSWORD,
        PTPCT_LDAP_PEOPLE=f"ou=persone,{BASE}",
        PTPCT_LDAP_GROUPS=f"ou=gruppi,{BASE}",
    )


def configure(settings, monkeypatch, **variables) -> None:
    """Set what the installation with these variables would have."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for name, value in read_directory().items():
        setattr(settings, name, value)


@pytest.fixture
def person(directory, people):
    """The head, who is in the directory by the same address and another name."""
    return directory.person("tprova", mail="Testa@esempio.it")


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("login", ["tprova", "TProva", "testa@esempio.it"])
def test_the_password_of_the_directory_opens(client, people, person, announced, login):
    assert sign_in(client, login, THEIRS).url == "/"

    assert client.session["_auth_user_id"] == str(people["head"].pk)
    assert announced == [("in", "testa")]
    # nothing of the directory is kept, and the password here stays
    head = get_user_model().objects.get(username="testa")
    assert head.check_password(PASSWORD)
    assert client.get("/").status_code == 200


def test_the_password_of_the_register_goes_on_to_open(client, people, person):
    assert sign_in(client, "testa").status_code == 302
    assert is_in(client)


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("tprova", "sbagliata"),
        ("tprova", ""),
        ("*", THEIRS),
        ("tprova)(uid=*", THEIRS),
        ("altro", THEIRS),
    ],
)
def test_nothing_else_opens(client, people, person, login, password):
    assert sign_in(client, login, password).status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize("mail", ["estranea@esempio.it", ""])
def test_whoever_is_not_of_this_register_stays_out(client, people, directory, mail, caplog):
    directory.person("estranea", mail=mail)
    before = get_user_model().objects.count()

    answer = sign_in(client, "estranea", THEIRS)

    assert "Nome o password non corretti" in answer.content.decode()
    assert get_user_model().objects.count() == before
    reason = "nobody" if mail else "no_address"
    assert f"sign-in by the directory refused: {reason}" in caplog.text


def test_a_suspended_person_stays_out(client, people, person):
    get_user_model().objects.filter(username="testa").update(is_active=False)

    sign_in(client, "tprova", THEIRS)

    assert not is_in(client)


def test_the_second_factor_is_asked_for_here_too(client, people, person):
    give_second_factor(people["head"])

    assert sign_in(client, "tprova", THEIRS).url == "/accedi/codice/"
    client.post("/accedi/codice/", {"code": code_of()})
    assert is_in(client)


def test_attempts_are_counted_here_too(client, people, person):
    for _attempt in range(5):
        sign_in(client, "tprova", "sbagliata")

    assert "Troppi tentativi" in sign_in(client, "tprova", THEIRS).content.decode()


def test_a_directory_that_is_away_leaves_the_local_password(client, people, settings, caplog):
    settings.AUTH_LDAP_SERVER_URI = "ldap://127.0.0.1:9"

    answer = sign_in(client, "tprova", THEIRS)

    assert "La rubrica dell’amministrazione non risponde" in answer.content.decode()
    assert "Caught LDAPError" in caplog.text
    assert sign_in(Client(), "testa").status_code == 302


class TestGroups:
    """What the groups give, by the table of the body, and what they take away."""

    @pytest.fixture
    def rule(self, annex, people):
        people["head"].memberships.all().delete()
        return DirectoryRule.objects.create(
            administration=annex.plan.administration,
            group="Referenti",
            role="editor",
            office=annex.office,
        )

    def held(self, people) -> list[tuple[str, bool]]:
        rows = Membership.objects.filter(user=people["head"]).running()
        return [(row.role, row.from_directory) for row in rows.order_by("pk")]

    @pytest.mark.parametrize("name", ["Referenti", "referenti", f"CN=Referenti,OU=Gruppi,{BASE}"])
    def test_a_group_gives_a_role(self, client, people, person, directory, rule, name):
        DirectoryRule.objects.filter(pk=rule.pk).delete()
        rule.pk, rule.group = None, name
        rule.save()
        directory.group("Referenti", person)

        sign_in(client, "tprova", THEIRS)

        assert self.held(people) == [("editor", True)]
        assert client.get("/").status_code == 200
        record = TrailRecord.objects.filter(kind="people").first()
        code = rule.administration.ipa_code
        assert record.subject == f"membership {people['head'].trail_token} of {code}"
        assert record.person is None

    def test_leaving_the_group_takes_it_away_at_the_next_sign_in(
        self, client, people, person, directory, rule
    ):
        directory.group("Referenti", person)
        sign_in(client, "tprova", THEIRS)
        acts = TrailRecord.objects.filter(kind="people").count()
        sign_in(Client(), "tprova", THEIRS)
        # nothing changes, nothing is written
        assert TrailRecord.objects.filter(kind="people").count() == acts
        directory.group("Referenti")

        sign_in(Client(), "tprova", THEIRS)

        assert self.held(people) == []
        assert TrailRecord.objects.filter(kind="people").count() == acts + 1

    def test_what_people_gave_stays(self, client, annex, people, person, directory, rule):
        Membership.objects.create(
            user=people["head"],
            administration=annex.plan.administration,
            role="auditor",
            starts_on="2020-01-01",
        )
        directory.group("Referenti")

        sign_in(client, "tprova", THEIRS)

        assert self.held(people) == [("auditor", False)]

    def test_the_last_rpct_stays(self, client, annex, people, person, directory, rule, caplog):
        body = annex.plan.administration
        Membership.objects.filter(administration=body, role="rpct").delete()
        Membership.objects.create(
            user=people["head"],
            administration=body,
            role="rpct",
            starts_on="2020-01-01",
            from_directory=True,
        )
        directory.group("Referenti")

        sign_in(client, "tprova", THEIRS)

        assert self.held(people) == [("rpct", True)]
        assert "role of a group not ended" in caplog.text

    def test_another_body_gives_no_role_to_somebody_of_this_one(
        self, client, annex, people, person, directory, rule
    ):
        other = make_annex(make_body("c_x002"))
        theirs = {"administration": other.plan.administration, "office": other.office}
        DirectoryRule.objects.create(group="Referenti", role="head", **theirs)
        Membership.objects.create(
            user=people["head"],
            administration=annex.plan.administration,
            role="auditor",
            starts_on="2020-01-01",
        )
        directory.group("Referenti", person)

        sign_in(client, "tprova", THEIRS)

        assert self.held(people) == [("auditor", False), ("editor", True)]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PTPCT_LDAP_URL": "http://a"}, "PTPCT_LDAP_URL: «http://a» deve iniziare"),
        ({"PTPCT_LDAP_URL": "ldaps://a"}, "PTPCT_LDAP_PEOPLE: manca il ramo"),
        (
            {
                "PTPCT_LDAP_URL": "ldap://a",
                "PTPCT_LDAP_STARTTLS": "0",
                "PTPCT_ALLOWED_HOSTS": "registro.esempio.it",
            },
            "PTPCT_LDAP_STARTTLS: senza cifratura",
        ),
    ],
)
def test_what_makes_no_sense_stops_the_start(tmp_path, variables, sentence):
    result = start("check", PTPCT_VAR_DIR=str(tmp_path), **variables)

    assert f"ImproperlyConfigured: {sentence}" in result.stderr


def test_missing_libraries_are_said(tmp_path):
    (tmp_path / "ldap.py").write_text("raise ImportError")

    result = start(
        "check",
        PTPCT_VAR_DIR=str(tmp_path / "var"),
        PTPCT_LDAP_URL="ldaps://rubrica.esempio.it",
        PYTHONPATH=str(tmp_path),
    )

    assert "PTPCT_LDAP_URL: mancano le librerie della rubrica" in result.stderr
    assert "requirements-directory.txt" in result.stderr
