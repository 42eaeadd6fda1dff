"""A head confirms, and the RPCT checks, the words that were on the page, and no others."""

import pytest
from django.urls import reverse

from registry.acts import RuleRefused
from registry.models import Administration
from risk.models import RoundCheck
from risk.services.monitoring.checking import check_answer
from risk.services.monitoring.evidence import add_evidence
from tests.people import client_of
from tests.risk.monitoring.acts import answer, confirm, measure, seen, tell_step, ticks
from tests.risk.monitoring.conftest import item_of

pytestmark = pytest.mark.django_db

LOOKED = {"outcome": "confirmed", "looked_at": "Il verbale."}


def proof(world, who="editor"):
    told = {"reference": "Verbale 3", "proves": "Tutto", "has_personal_data": False}
    add_evidence(item=item_of(world, "own"), by=world.people[who], **told)


def boxes(world, client) -> list[str]:
    return ticks(
        client, reverse("risk:round_office", args=[world.round.uid, world.annex.office_id])
    )


def send(world, client, ticked) -> str:
    """Confirm what is ticked; return the page that follows."""
    address = reverse("risk:round_confirm", args=[world.round.uid, world.annex.office_id])
    return client.post(address, {"risposta": ticked}, follow=True).content.decode()


def states(world) -> list[str]:
    return [item_of(world, name).state for name in ("own", "late")]


MOVES = {
    "answer": lambda world: answer(world, done="Tutt’altro."),
    "answer taken back": lambda world: answer(world, done=""),
    "step": lambda world: tell_step(world, progress="not_begun"),
    "measurement": measure,
    "proof": proof,
}
"""What the office may write while its head reads."""


@pytest.mark.parametrize("move", MOVES)
def test_what_moved_while_it_was_read_is_not_confirmed(world, move):
    for name in ("own", "late"):
        answer(world, name)
    head = client_of(world.people["head"])
    ticked = boxes(world, head)
    assert len(ticked) == len(states(world))
    MOVES[move](world)
    page = send(world, head, ticked)

    assert "Confermata 1 risposta." in page
    assert "La risposta su «Controlli a campione» è cambiata da quando l’hai letta" in page
    assert item_of(world, "own").state != "confirmed"
    assert item_of(world, "late").state == "confirmed"
    if move != "answer taken back":
        send(world, head, boxes(world, head))
        assert states(world) == ["confirmed", "confirmed"]


def test_a_box_without_what_was_read_confirms_nothing(world):
    answer(world)
    page = send(world, client_of(world.people["head"]), [str(item_of(world, "own").uid)])
    assert "è cambiata da quando l’hai letta" in page
    assert item_of(world, "own").state == "answered"


def test_ones_own_proof_changes_nothing_of_what_was_read(world):
    answer(world)
    head = client_of(world.people["head"])
    ticked = boxes(world, head)
    proof(world, who="head")
    assert "Confermata 1 risposta." in send(world, head, ticked)


def test_who_is_alone_has_read_what_they_wrote(world):
    Administration.objects.update(is_one_person=True)
    answer(world, who="head")
    head = client_of(world.people["head"])
    ticked = boxes(world, head)
    answer(world, who="head", done="Ancora.")
    assert "Confermata 1 risposta." in send(world, head, ticked)


def test_who_measured_does_not_confirm(world):
    answer(world)
    measure(world, who="head")
    with pytest.raises(RuleRefused, match="per ultimo"):
        confirm(world, "own")
    measure(world, correction_reason="Ricontate.")
    assert confirm(world, "own").confirmed == 1


def test_a_check_is_of_what_was_on_the_page(world):
    answer(world)
    confirm(world, "own")
    rpct, item = client_of(world.people["rpct"]), item_of(world, "own")
    address = reverse("risk:round_check", args=[item.uid])
    read = seen(rpct, item)
    check_answer(item=item, request="Manca il verbale.", by=world.people["rpct"])
    answer(world, done="Ecco il verbale.")
    confirm(world, "own")
    for sent in (LOOKED, {**LOOKED, "looked_at": ""}):
        for stamp in (read, {}):
            told = rpct.post(address, {**sent, **stamp}).content.decode()
            assert "La risposta, o la sua verifica, è cambiata da quando l’hai letta" in told
            assert read["visto"] not in told, "what is shown again is what there is now"
    assert item_of(world, "own").state == "confirmed"
    assert rpct.post(address, {**LOOKED, **seen(rpct, item)}).status_code == 302
    assert item_of(world, "own").state == "verified"
    assert RoundCheck.objects.filter(outcome="confirmed").count() == 1
