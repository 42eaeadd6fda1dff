"""The page of the trail: every act in words, filtered, in pages, as a file, and only one's own."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from registry import acts, trail
from registry.models import Administration, TrailRecord, User
from registry.services.editing import save_fields
from registry.services.people_pseudonyms import pseudonymise_people
from registry.services.trail import record_export, record_refusal
from registry.services.trail_verification import verify_trail
from registry.trail.words import kinds_by_word, register_words, word_of
from tests.people import START, client_of, make_member, people_of
from tests.project.act_kinds import kinds_in_code
from tests.register import make_annex, make_body, make_process
from tests.statements import at_most

LIST = re.compile(r"<tr[^>]*>.*?</tr>", re.DOTALL)
WHAT_TO_DO = (
    "Say it in Italian: of registry in registry/trail/words.py, of risk in risk/trail.py, so that "
    "the page of the trail can tell it."
)


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def people(annex):
    return people_of(annex)


@pytest.fixture
def address(annex) -> str:
    return reverse("registry:trail_of", args=[annex.plan.administration.ipa_code])


def rows_of(person: User, address: str, **asked: str) -> list[str]:
    """Return the rows a person is shown but their own, as plain text, the newest first."""
    text = client_of(person).get(address, asked).content.decode()
    rows = LIST.findall(text.partition("<tbody")[2])
    plain = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    return [row for row in plain if str(person) not in row]


class TestWords:
    def test_every_kind_of_act_has_its_word(self):
        words = dict(kinds_by_word())

        assert {kind: file for kind, file in kinds_in_code().items() if kind not in words} == {}, (
            WHAT_TO_DO
        )

    def test_every_word_is_of_a_kind_of_act(self):
        assert {kind for kind, _word in kinds_by_word()} - set(kinds_in_code()) == set()

    def test_no_two_kinds_have_the_same_word(self):
        words = [word for _kind, word in kinds_by_word()]

        assert len(set(words)) == len(words)

    def test_a_kind_keeps_its_word(self):
        with pytest.raises(ValueError, match="two words"):
            register_words({"sign-in": "altro"})

        assert word_of("sign-in") == "accesso"
        assert word_of("di-una-versione-passata") == "di-una-versione-passata"


@pytest.mark.django_db
class TestWhatIsShown:
    def test_an_act_a_refusal_and_a_file(self, annex, people, address):
        head = people["head"]
        with acts.act("edit", by=head, subject=f"annex {annex.uid}"):
            make_process(annex)
        record_refusal(kind="annex-submit", by=head, subject="x", reason="Manca la firma.")
        record_export(by=head, subject=f"annex {annex.uid}", file_format="pdf")

        file, refused, edit, *_earlier = rows_of(people["rpct"], address)

        assert "Modifica di una riga" in edit
        assert annex.office.name in edit
        assert str(head) in edit
        assert "Trasmissione rifiutato" in refused
        assert "Manca la firma." in refused
        assert "File uscito dal registro" in file
        assert "PDF" in file

    def test_an_act_on_a_row_is_of_its_annex(self, annex, people):
        process = make_process(annex)
        seen = {"row": process, "version": process.version, "kind": "edit", "by": people["editor"]}

        save_fields(values={"title": "Nuovo"}, **seen)

        record = TrailRecord.objects.filter(kind="edit").get()
        assert record.subject == f"annex {annex.uid}"
        assert verify_trail() == []

    def test_who_was_forgotten_is_shown_as_such(self, annex, people, address):
        body, person = annex.plan.administration, people["editor"]
        trail.write(kind="sign-in", by=person)
        Administration.objects.update(keeps_people_years=1)
        body.refresh_from_db()
        person.memberships.update(ends_on=START)

        assert pseudonymise_people(administration=body, by=None, on=timezone.localdate())
        person.refresh_from_db()

        assert person.first_name != "Penna"
        assert any(str(person) in row for row in rows_of(people["rpct"], address))


@pytest.mark.django_db
class TestWhose:
    def test_the_acts_of_another_body_are_not_shown(self, annex, people, address):
        other = make_body("altro")
        outside = make_member("fuori", "rpct", body=other)
        both = make_member("doppio", "auditor", body=other)
        both.memberships.create(
            administration=annex.plan.administration,
            role="head",
            office=annex.office,
            starts_on=START,
        )
        trail.write(kind="sign-out", by=outside, subject=f"administration {other.ipa_code}")
        trail.write(kind="sign-in", by=both)
        trail.write(kind="export", by=both, subject=f"administration {other.ipa_code}")
        trail.write(kind="export", by=both, subject=f"annex {annex.uid}")
        trail.write(kind="people", by=None, subject=f"administration {other.ipa_code}")
        trail.write(kind="sign-in", by=None, detail={"address": "10.9.8.7"})

        shown = rows_of(people["rpct"], address)

        assert len(shown) == 1
        assert annex.office.name in shown[0]
        elsewhere = reverse("registry:trail_of", args=[other.ipa_code])
        assert client_of(people["rpct"]).get(elsewhere).status_code == 404
        assert len(rows_of(outside, elsewhere)) == 2

    def test_the_keeper_of_the_installation_sees_all(self, people):
        keeper = User.objects.create(username="custode", is_superuser=True)
        trail.write(kind="sign-in", by=people["stranger"])
        trail.write(kind="sign-in", by=None, detail={"address": "10.9.8.7"})

        shown = rows_of(keeper, reverse("registry:trail"))

        assert len(shown) == 2
        assert "da 10.9.8.7" in shown[0]

    @pytest.mark.parametrize(
        ("who", "code"),
        [("rpct", 200), ("auditor", 200), ("head", 403), ("editor", 403), ("stranger", 404)],
    )
    def test_who_may_read_it(self, people, address, who, code):
        assert client_of(people[who]).get(address).status_code == code


@pytest.mark.django_db
class TestFilterAndPages:
    @pytest.fixture(autouse=True)
    def _records(self, people):
        for who in ("editor", "head"):
            trail.write(kind="sign-in", by=people[who])
        record_refusal(kind="annex-submit", by=people["head"], reason="No.")

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ({}, 3),
            ({"cosa": "sign-in"}, 2),
            ({"cosa": "annex-submit"}, 1),
            ({"esito": "refused"}, 1),
            ({"chi": "PENNA prova"}, 1),
            ({"chi": "nessuno"}, 0),
            ({"cosa": "sign-in", "chi": "testa"}, 1),
            ({"al": "2020-01-01"}, 0),
            ({"dal": "2020-01-01"}, 3),
            ({"dal": "2999-01-01"}, 0),
            ({"dal": "ieri"}, 0),
            ({"cosa": "ignoto"}, 0),
        ],
    )
    def test_what_is_found(self, people, address, asked, count):
        assert len(rows_of(people["auditor"], address, **asked)) == count

    def test_a_wrong_day_is_told_beside_its_name(self, people, address):
        text = client_of(people["rpct"]).get(address, {"dal": "ieri"}).content.decode()

        assert "Dal: " in text
        assert "data valida" in text

    @pytest.mark.parametrize("asked", [{"dal": "0001-01-01"}, {"al": "9999-12-31"}])
    def test_a_day_at_the_end_of_the_calendar_is_told_and_finds_nothing(
        self, people, address, asked
    ):
        rpct = client_of(people["rpct"])

        assert "fra il 1900 e il 2999" in rpct.get(address, asked).content.decode()
        assert b"Numero" in rpct.get(address, {**asked, "formato": "csv"}).getvalue()

    def test_many_records_are_parted_into_pages_at_the_same_cost(self, people, address):
        for _n in range(60):
            trail.write(kind="sign-in", by=people["editor"])

        client = client_of(people["rpct"])
        with at_most(9):
            first = client.get(address).content.decode()
        second = client.get(address, {"pagina": "2"}).content.decode()

        # the heads, and of the reader the sign-in
        assert (first.count("<tr "), second.count("<tr ")) == (1 + 50, 1 + 14)

    def test_the_file_is_of_what_was_shown(self, people, address):
        client = client_of(people["rpct"])
        text = client.get(address, {"cosa": "sign-in", "chi": "penna"}).content.decode()
        link = re.search(r'href="(\?[^"]*formato=csv)"', text)[1].replace("&amp;", "&")
        trail.write(kind="sign-in", by=people["editor"])

        lines = b"".join(client.get(f"{address}{link}").streaming_content).decode().splitlines()

        assert len(lines) == 2
        assert "accesso" in lines[1]
        assert TrailRecord.objects.order_by("-pk").first().detail["list"] == "trail"
