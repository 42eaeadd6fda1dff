"""Two people confirm the same file at the same instant: one takes it, the other is told."""

import pytest

from registry.models import Process, TrailRecord
from registry.services.trail import verify_trail
from risk.models import RegisterImport
from tests.people import client_of
from tests.racing import race
from tests.risk.imports.files import brought
from tests.risk.imports.pages import address, text_of
from tests.rounds import rounds

ROWS = "Processo;Area di rischio\n" + "".join(f"Processo {n};F\n" for n in range(20))


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", rounds(3, soak=30))
def test_two_people_confirm_the_same_file(annex, people, round):
    found = brought(annex.plan, annex.office, by=people["editor"], content=ROWS.encode())
    data = {"digest": found.report["digest"]}
    clients = [client_of(people[who]) for who in ("editor", "rpct")]

    def confirming(client):
        def act(go):
            go()
            return client.post(address("import_preview", found), data, follow=True)

        return act

    answers = race(*map(confirming, clients))
    told = ["già stato importato" in text_of(answer) for answer in answers]
    assert sorted(told) == [False, True]
    # both are led to what was done
    assert all("Il file è nel registro" in text_of(answer) for answer in answers)
    assert RegisterImport.objects.get().state == "taken"
    assert Process.objects.count() == 20
    assert TrailRecord.objects.filter(kind="import", outcome="done").count() == 1
    assert verify_trail() == []
