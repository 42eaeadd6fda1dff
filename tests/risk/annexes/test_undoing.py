"""What is moved, exempted or remarked is never taken back as content is, whoever asks for it."""

import pytest
from django.urls import reverse

from registry.models import Annex, Plan, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.enums import PlanVerb, RowKind, Verb
from risk.models import Exemption, Remark
from risk.services.annexes.moves import move_annex
from risk.services.annexes.remarks import add_remark, close_remark
from risk.services.plans.exemptions import exempt_annex
from risk.services.plans.moves import move_plan
from tests.people import client_of
from tests.register import close

pytestmark = pytest.mark.django_db


def undo_last(annex, person) -> int:
    """Ask, as its author, to take the last act back; return the code of the answer."""
    last = TrailRecord.objects.exclude(rows_digest="").latest("pk")
    page = reverse("risk:undo", args=[annex.uid])
    return client_of(person).post(page, {"act": last.uid}).status_code


def remarked(annex, by) -> Remark:
    process = annex.processes.get()
    row = {"row": process, "kind": RowKind.PROCESS, "process": process}
    return add_remark(annex=annex, text="Manca un vincolo.", by=by, **row)


def test_a_move_of_the_annex(annex, people):
    close(annex)
    move_annex(annex=annex, verb=Verb.RETURN, by=people["head"], reason="Da rivedere.")
    assert undo_last(annex, people["head"]) == 403
    assert Annex.objects.get(pk=annex.pk).state == "returned"
    assert verify_trail() == []


def test_a_move_of_the_plan_that_has_the_key_of_the_annex(annex, people):
    years = {"title": "PTPCT 2022/2024", "first_year": 2022, "last_year": 2024}
    body = annex.plan.administration
    plan = Plan.objects.filter(pk=annex.pk).first()
    plan = plan or Plan.objects.create(pk=annex.pk, administration=body, **years)
    move_plan(plan=plan, verb=PlanVerb.CONSULT, by=people["rpct"])
    assert undo_last(annex, people["rpct"]) == 403
    assert Plan.objects.get(pk=plan.pk).state == "consultation"
    assert verify_trail() == []


def test_an_exemption(annex, people):
    exempt_annex(annex=annex, reason="Ufficio soppresso.", by=people["rpct"])
    assert undo_last(annex, people["rpct"]) == 403
    assert Exemption.objects.exists()


def test_a_remark(annex, people):
    remarked(annex, people["editor"])
    assert undo_last(annex, people["editor"]) == 403
    assert Remark.objects.exists()


def test_the_closing_of_a_remark(annex, people):
    close_remark(remark=remarked(annex, people["editor"]), by=people["editor"])
    assert undo_last(annex, people["editor"]) == 403
    assert not Remark.objects.get().is_open
