"""What the RPCT says was not due, and that it was after all."""

import pytest
from django.urls import reverse

from registry.acts import RuleRefused
from risk.services.monitoring.checking import set_not_due
from tests.people import client_of
from tests.risk.monitoring.acts import answer
from tests.risk.monitoring.conftest import item_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("answers", "state"),
    [({}, "to_answer"), ({"declared": "late"}, "to_answer"), ({"declared": "done"}, "answered")],
)
def test_what_its_office_had_answered_counts_again(world, answers, state):
    if answers:
        answer(world, "late", **answers, done="Verificato." if state == "answered" else "")
    for reason in ("Nessun incarico.", ""):
        set_not_due(item=item_of(world, "late"), reason=reason, by=world.people["rpct"])

    assert item_of(world, "late").state == state
    assert item_of(world, "late").not_due_reason == ""


def test_what_is_due_already_is_left_as_it_is(world):
    """In another tab it was taken back, and the office has answered meanwhile."""
    answer(world, "own", declared="done", done="Verificato.")
    told = client_of(world.people["rpct"]).post(
        reverse("risk:round_check", args=[item_of(world, "own").uid]), {"dovuta": "1"}, follow=True
    )

    assert "già dovuta" in told.content.decode()
    assert item_of(world, "own").state == "answered"
    with pytest.raises(RuleRefused):
        set_not_due(item=item_of(world, "own"), reason=" ", by=world.people["rpct"])
