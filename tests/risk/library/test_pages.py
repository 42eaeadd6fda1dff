"""The pages of the library: who sees and does what, what a bad request gets, what they cost."""

import datetime
import re
import uuid
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from registry.enums import MembershipRole
from registry.models import Administration, Annex, Membership, Process, User
from risk.models import LibraryProcess
from tests.load_once import made_once
from tests.register import close, make_annex, make_body, make_process
from tests.risk.library.conftest import make_library_process
from tests.statements import at_most
from tests.taking_back import take_back

pytestmark = pytest.mark.django_db


@dataclass
class World:
    body: Administration
    annex: Annex
    other: Annex
    people: dict[str, User]

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(self.people[name])
        return client


@pytest.fixture
@made_once
def world() -> World:
    """Two offices of one body, one person for each role, and somebody of another body."""
    body, elsewhere = make_body(), make_body("c_x002")
    annex, other = make_annex(body), make_annex(body, office="Edilizia")
    posts = {
        "editor": (body, MembershipRole.EDITOR, annex.office),
        "head": (body, MembershipRole.HEAD, annex.office),
        "colleague": (body, MembershipRole.EDITOR, other.office),
        "rpct": (body, MembershipRole.RPCT, None),
        "auditor": (body, MembershipRole.AUDITOR, None),
        "stranger": (elsewhere, MembershipRole.RPCT, None),
    }
    people = {}
    for name, (where, role, office) in posts.items():
        people[name] = User.objects.create(username=name)
        Membership.objects.create(
            user=people[name],
            administration=where,
            office=office,
            role=role,
            starts_on=datetime.date(2020, 1, 1),
        )
    return World(body, annex, other, people)


LIST, COPY = "/processi-tipo/", "/processi-tipo/copia/"


def asked(annex: Annex, *rows: LibraryProcess, request=None) -> dict:
    keys = [row.key for row in rows]
    return {"allegato": annex.uid, "processi": keys, "richiesta": request or uuid.uuid4()}


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# --- looking -----------------------------------------------------------------------------------


def test_members_see_national_and_own_rows_and_no_others(world, tender):
    own = make_library_process("NOSTRO", "Processo nostro", administration=world.body)
    theirs = make_library_process(
        "LORO",
        "Processo loro",
        administration=world.people["stranger"].memberships.get().administration,
    )
    answer = text_of(world.client("auditor").get(LIST))

    assert "Affidamento diretto" in answer
    assert own.label in answer
    assert theirs.label not in answer
    page = reverse("risk:library_process", args=[theirs.owner_slug, theirs.code])
    assert world.client("auditor").get(page).status_code == 404


def test_rows_no_longer_in_use_are_not_offered(world, tender):
    LibraryProcess.objects.update(retired_on="2021-01-01", retired_reason="Superato")

    assert "Affidamento diretto" not in text_of(world.client("editor").get(LIST))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=AFFIDAMÉNTO", True),
        ("q=diretto affid", True),
        ("q=concorso", False),
        ("area=D", True),
        ("area=S", True),  # no such choice: filters nothing
        ("tipo=support", True),
        ("tipo=primary", False),
        ("di=nazionali", True),
        ("di=ente", False),
    ],
)
def test_the_filters_narrow_the_list(world, tender, query, found):
    answer = text_of(world.client("editor").get(f"{LIST}?{query}"))

    assert ("Affidamento diretto" in answer) is found
    assert ("toglierne qualcuno" in answer) is not found


def test_the_page_of_one_says_all_that_is_copied(world, tender):
    page = reverse("risk:library_process", args=[tender.owner_slug, tender.code])
    answer = text_of(world.client("editor").get(page))

    for words in ("Indagine sui prezzi", "RUP", "Favorire un operatore", "Registro", "Pilotamento"):
        assert words in answer
    assert "Copia questo processo" in answer


def test_a_code_with_a_slash_has_a_page_too(world):
    row = make_library_process("A/1", "Con barra", administration=world.body)

    page = reverse("risk:library_process", args=[row.owner_slug, row.code])
    assert world.client("editor").get(page).status_code == 200


def test_who_may_fill_no_annex_reads_and_is_told_why(world, tender):
    answer = world.client("auditor").get(LIST)

    assert "serve un allegato aperto" in text_of(answer)
    assert 'name="processi"' not in answer.content.decode()


def test_no_page_shows_a_number_of_the_database(world, tender):
    answer = world.client("editor").get(LIST).content.decode()

    assert 'value="nazionali/CP-01"' in answer


# --- copying -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status"),
    [("editor", 302), ("head", 302), ("rpct", 302)]
    + [("auditor", 403), ("colleague", 404), ("stranger", 404)],
)
def test_who_may_copy_into_an_annex(world, tender, name, status):
    answer = world.client(name).post(COPY, asked(world.annex, tender))

    assert answer.status_code == status
    assert Process.objects.count() == (status == 302)


def test_nobody_copies_into_an_annex_that_is_closed(world, tender):
    close(world.annex)

    assert world.client("editor").post(COPY, asked(world.annex, tender)).status_code == 403


def test_after_copying_the_page_says_what_and_offers_to_take_it_back(world, tender):
    client = world.client("editor")
    make_process(world.annex)

    answer = client.post(COPY, asked(world.annex, tender), follow=True)

    told = text_of(answer)
    assert "1 processo copiato dai processi tipo in «Tributi»: n. 2." in told
    assert "già nell’allegato: n. 2" in told
    undone = take_back(client, answer)
    assert "Operazione annullata" in text_of(undone)
    assert Process.objects.get().number == 1


def test_a_double_click_copies_once(world, tender):
    client, request = world.client("editor"), uuid.uuid4()

    for _click in range(2):
        answer = client.post(COPY, asked(world.annex, tender, request=request))
        assert answer.status_code == 302

    assert Process.objects.count() == 1


def test_ticks_stay_when_no_annex_is_chosen(world, tender):
    data = asked(world.annex, tender) | {"allegato": ""}
    answer = world.client("rpct").post(f"{COPY}?q=affid", data)

    page = answer.content.decode()
    assert "Scegli in quale allegato copiare." in page
    assert re.search(r'value="nazionali/CP-01"[^>]*checked', page)
    assert 'value="affid"' in page
    assert not Process.objects.exists()


def test_nothing_ticked_is_said_beside_the_list(world, tender):
    answer = world.client("editor").post(COPY, asked(world.annex))

    assert "Spunta almeno un processo tipo." in text_of(answer)


@pytest.mark.parametrize("field", ["allegato", "richiesta"])
def test_a_value_that_is_no_uid_is_refused(world, tender, field):
    answer = world.client("editor").post(COPY, asked(world.annex, tender) | {field: "x"})

    assert answer.status_code == 200
    assert not Process.objects.exists()


def test_one_of_them_gone_copies_none(world, tender):
    data = asked(world.annex, tender)
    data["processi"] = [tender.key, "nazionali/NON-C-E"]

    answer = world.client("editor").post(COPY, data)

    assert "non c’è più" in text_of(answer)
    assert not Process.objects.exists()


def test_copying_is_a_post(world):
    assert world.client("editor").get(COPY).status_code == 405


def test_the_map_leads_to_the_library_with_its_annex_chosen(world, tender):
    link = f"{LIST}?allegato={world.annex.uid}"
    page = world.client("rpct").get(reverse("risk:mapping", args=[world.annex.uid]))

    assert f'href="{link}"' in page.content.decode()
    chosen = world.client("rpct").get(link).content.decode()
    assert re.search(rf'value="{world.annex.uid}"\s+selected', chosen)


# --- keeping -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status"),
    [("editor", 302), ("head", 302), ("rpct", 302)]
    + [("auditor", 403), ("colleague", 404), ("stranger", 404)],
)
def test_who_may_keep_a_process_for_the_others(world, name, status):
    process = make_process(world.annex)

    answer = world.client(name).post(reverse("risk:library_save", args=[process.uid]))

    assert answer.status_code == status
    assert LibraryProcess.objects.filter(administration=world.body).count() == (status == 302)


def test_keeping_it_twice_says_so_and_keeps_one(world):
    process = make_process(world.annex)
    client, address = world.client("editor"), reverse("risk:library_save", args=[process.uid])
    client.post(address)

    answer = client.post(address)

    assert answer.url == reverse("risk:process_sheet", args=[process.uid])
    assert LibraryProcess.objects.count() == 1


def test_the_sheet_says_where_a_copy_came_from_and_offers_to_keep_it(world, tender):
    world.client("editor").post(COPY, asked(world.annex, tender))
    sheet = reverse("risk:process_sheet", args=[Process.objects.get().uid])

    page = text_of(world.client("editor").get(sheet))
    assert "Copiato dal processo tipo Affidamento diretto" in page
    assert "Salva fra i processi tipo" in page
    assert "Salva fra i processi tipo" not in text_of(world.client("auditor").get(sheet))

    tender.delete()
    assert "Copiato dal processo tipo «Affidamento diretto»" in text_of(
        world.client("editor").get(sheet)
    )


# --- cost --------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 60])
def test_the_list_costs_the_same_at_any_size(world, tender, count):
    for n in range(count - 1):
        make_library_process(f"X-{n}", f"Processo {n}", administration=world.body)
    client = world.client("editor")
    client.post(COPY, asked(world.annex, tender))

    with at_most(12):
        assert client.get(LIST).status_code == 200


def test_the_page_of_one_stays_within_the_limit(world, tender):
    page = reverse("risk:library_process", args=[tender.owner_slug, tender.code])

    client = world.client("editor")

    with at_most(12):
        assert client.get(page).status_code == 200
