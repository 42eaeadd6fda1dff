"""Ten minutes of an office: fifteen measures by keyboard, eight acts each; its head confirms."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from registry.models import Plan
from risk.models import Evidence, Measure, Measurement, PlannedMeasure, RoundItem, StepState
from risk.services.monitoring.opening import open_round
from risk.services.monitoring.rounds import create_round
from tests.browser import wait_until
from tests.people import make_member
from tests.register import adopt, make_annex
from tests.risk.monitoring.conftest import DAY, ROUND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MEASURES, MOST_ACTS = 15, 8
COLUMN = "\n".join(f"Registro n. {n}" for n in range(1, MEASURES + 1))
PASTE = """([field, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const options = { clipboardData: data, bubbles: true, cancelable: true };
  field.dispatchEvent(new ClipboardEvent("paste", options));
}"""
"""What a browser tells a page when somebody pastes; its own clipboard asks for a permission."""


@pytest.fixture
def office(transactional_db) -> SimpleNamespace:
    """An open round that asks one office about fifteen measures, each with a step and a percent."""
    annex = make_annex()
    body = annex.plan.administration
    for number in range(1, MEASURES + 1):
        measure = Measure.objects.create(
            code=f"M{number:02}", label=f"Misura {number:02}", character="specific"
        )
        planned = PlannedMeasure.objects.create(
            plan=annex.plan, annex=annex, measure=measure, scope="annex"
        )
        planned.steps.create(position=1, description=f"Avvio {number:02}", due_on=DAY)
        planned.progress_indicators.create(
            position=1, label=f"Quota {number:02}", kind="percentage", unit="%", target=Decimal(50)
        )
    people = {
        role: make_member(role, role, body=body, office=None if role == "rpct" else annex.office)
        for role in ("editor", "head", "rpct")
    }
    adopt(annex.plan, "published")
    plan = Plan.objects.select_related("administration").get(pk=annex.plan_id)
    row = create_round(plan=plan, by=people["rpct"], **ROUND)
    open_round(row=row, by=people["rpct"])
    address = reverse("risk:round_office", args=[row.uid, annex.office_id])
    return SimpleNamespace(round=row, people=people, address=address)


class Hand:
    """A hand on the keyboard. An act is a field filled and left, a column pasted, or a button."""

    def __init__(self, page: Page) -> None:
        self.page, self.acts = page, 0

    def fills(self, name: str, words: str, *, leaving_by: str = "Tab") -> None:
        """Type in a field, reached by the tabulator, and leave it."""
        field = self.page.locator(f"[name='{name}']")
        assert field.evaluate("(field) => field.tabIndex >= 0 && field.checkVisibility()")
        field.focus()
        # a choice is made as words are typed: by its first letters
        self.page.keyboard.type(words)
        self.page.keyboard.press(leaving_by)
        self.acts += 1

    def pastes(self, name: str, column: str) -> None:
        self.page.locator(f"[name='{name}']").focus()
        self.page.evaluate(PASTE, [self.page.locator(f"[name='{name}']").element_handle(), column])
        self.acts += 1


def answers(hand: Hand, item: RoundItem) -> None:
    """Answer one measure in its row; the source of its number was pasted with those of all."""
    step = item.planned_measure.steps.get()
    indicator = item.planned_measure.progress_indicators.get()
    hand.fills(f"risposta-{item.uid}-declared", "attuata")
    hand.fills(f"risposta-{item.uid}-done", f"Fatto come previsto: {step.description}.")
    hand.fills(f"fase-{step.uid}-done_on", "28/06/2021")
    hand.fills(f"misura-{indicator.uid}-numerator", "6")
    hand.fills(f"misura-{indicator.uid}-denominator", "10")
    hand.fills(f"prova-{item.uid}-reference", f"Verbale {step.description}")
    hand.fills(f"prova-{item.uid}-proves", "L’avvio", leaving_by="Enter")


def items_of(office) -> list[RoundItem]:
    rows = RoundItem.objects.filter(round=office.round).select_related("planned_measure")
    return list(rows.order_by("planned_measure__measure__folded", "pk"))


def test_fifteen_measures_by_keyboard_and_the_head_confirms(
    page, sign_in, live_server, office, axe
):
    sign_in(office.people["editor"])
    page.goto(live_server.url + office.address)
    items, hand = items_of(office), Hand(page)
    first = items[0].planned_measure.progress_indicators.get()
    hand.pastes(f"misura-{first.uid}-source", COLUMN)
    for item in items:
        answers(hand, item)
    assert hand.acts <= MOST_ACTS * MEASURES
    expect(page.locator(".treat-block .house-chip", has_text="compilata")).to_have_count(MEASURES)
    assert wait_until(page, lambda: Evidence.objects.count() == MEASURES)
    assert wait_until(page, lambda: Measurement.objects.count() == MEASURES)
    assert wait_until(page, lambda: StepState.objects.count() == MEASURES)
    axe(page)

    assert {row.source for row in Measurement.objects.all()} == set(COLUMN.split("\n"))
    assert {(row.numerator, row.denominator) for row in Measurement.objects.all()} == {(6, 10)}
    day = datetime.date(2021, 6, 28)
    assert {(row.progress, row.done_on) for row in StepState.objects.all()} == {("done", day)}
    page.reload()
    expect(page.locator(f"[name='misura-{first.uid}-numerator']")).to_have_value("6")

    sign_in(office.people["head"])
    page.goto(live_server.url + office.address)
    for item in items:
        page.locator(f"#conferma-{item.uid}").press("Space")
    page.get_by_role("button", name="Conferma le risposte scelte").press("Enter")
    expect(page.get_by_text(f"Confermate {MEASURES} risposte.")).to_be_visible()
    assert {item.state for item in items_of(office)} == {"confirmed"}
