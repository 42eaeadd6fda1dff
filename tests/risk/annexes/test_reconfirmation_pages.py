"""The pages on which copies are confirmed: sheet, map, what is missing, acts on many rows."""

import re

import pytest
from django.urls import reverse

from registry.models import Annex, Process
from risk.models import PlannedMeasure, Reconfirmation
from risk.services.annexes.reconfirmation import (
    standing_of,
)
from tests.people import people_of
from tests.risk.annexes.reconfirming import (
    confirm,
    copy_of_four,
    named,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def copied() -> Annex:
    return copy_of_four()


@pytest.fixture
def people(copied):
    return people_of(copied)


@pytest.fixture
def editor(people):
    return people["editor"]


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(client, copied, editor):
    client.force_login(editor)
    return client


def test_the_sheet_has_the_button_and_says_who_pressed_it(signed_in, copied):
    process = named(copied)
    address = reverse("risk:process_sheet", args=[process.uid])
    page = signed_in.get(address).content.decode()
    assert "Confermo senza modifiche" in page
    seen = standing_of(process).seen
    way = reverse("risk:reconfirm_process", args=[process.uid])
    answer = signed_in.post(way, {"seen": seen}, follow=True).content.decode()
    assert "è riconfermato così com’è" in answer
    assert "Riconfermato dall’edizione precedente" in answer
    again = signed_in.post(way, {"seen": "altro"}, follow=True).content.decode()
    assert "è già riconfermato" in again


def test_what_is_saved_on_the_sheet_changes_what_stands_above_it(signed_in, copied):
    process = named(copied)
    address = reverse("risk:process_sheet", args=[process.uid])
    part = {"HX-Request": "true", "HX-Target": "riconferma-stato"}
    shown = signed_in.get(address)
    era, phase = shown.context["era"], process.phases.first()
    assert f"{address}?era={era}" in shown.content.decode()
    assert f'<span id="eta-{phase.uid}"' in shown.content.decode()
    assert signed_in.get(address, {"era": era}, headers=part).status_code == 204
    Process.objects.filter(pk=process.pk).update(description="Altro.")
    answer = signed_in.get(address, {"era": era}, headers=part).content.decode()
    assert "non serve riconfermarlo" in answer
    assert f"{address}?era=changed" in answer
    first = copied.plan.origin.title
    assert f"Di un’altra edizione, {first}: " in answer
    assert f'<a href="#fase-{phase.uid}">fase 1</a>' in answer
    # beside a row it is said where most are of another one
    new = process.phases.create(position=2, title="Nuova")
    answer = signed_in.get(address, {"era": era}, headers=part).content.decode()
    sign, told = f'<span id="eta-{new.uid}"', f"testo: {copied.plan.title}</span>"
    assert re.search(rf'{sign}\s+class="sheet-quiet" hx-swap-oob="true">{told}', answer)
    assert answer.count("testo: ") == 1
    assert "<main" not in answer
    assert "Confermo senza modifiche" not in answer


def test_a_corrected_term_is_what_is_confirmed_and_what_was_typed_stays(signed_in, copied):
    process = named(copied)
    address = reverse("risk:process_sheet", args=[process.uid])
    part = {"HX-Request": "true", "HX-Target": "riconferma-stato"}
    shown = signed_in.get(address)
    seen, era = shown.context["standing"].seen, shown.context["era"]
    PlannedMeasure.objects.get(annex=copied).steps.update(timing="ogni due anni")
    way = reverse("risk:reconfirm_process", args=[process.uid])
    sent = {"seen": seen, "reason": "Sentito l’ufficio «legale»."}
    refused = signed_in.post(way, sent)
    assert "rileggilo" in refused.content.decode()
    assert 'value="Sentito l’ufficio «legale»."' in refused.content.decode()
    answer = signed_in.get(address, {"era": era}, headers=part)
    now = standing_of(named(copied)).seen
    assert f'name="seen" value="{now}"' in answer.content.decode()
    assert signed_in.post(way, {**sent, "seen": now}).status_code == 302
    again = signed_in.post(way, {**sent, "seen": now}).content.decode()
    assert "è già riconfermato. Avevi scritto: «Sentito l’ufficio «legale».»." in again
    assert Reconfirmation.objects.get().reason == sent["reason"]


def test_the_map_shows_and_filters_what_is_to_be_confirmed(signed_in, copied, editor):
    confirm(copied, editor)
    address = reverse("risk:mapping", args=[copied.uid])
    page = signed_in.get(address).content.decode()
    assert page.count(">\n      da riconfermare") == 3 or page.count("da riconfermare") >= 3
    found = signed_in.get(address, {"riconferma": "riconfermati"}).content.decode()
    assert "1 processo" in found
    left = signed_in.get(address, {"riconferma": "da-riconfermare"}).content.decode()
    assert "3 processi" in left


def test_what_is_saved_in_a_row_of_the_map_is_told_in_it_at_once(signed_in, copied):
    process = named(copied)
    typed = {"version": process.version, "number": process.number, "title": "Altro titolo"}
    typed |= {"kind": process.kind, "macroprocess": process.macroprocess.label}
    typed |= {"risk_area": str(process.risk_area), "risk_presence": process.risk_presence}
    way = reverse("risk:row_save", args=[process.uid])
    answer = signed_in.post(way, typed, headers={"HX-Request": "true"}).content.decode()
    sign = f'<span id="copia-{process.uid}"'
    _before, told = answer.split(sign)
    assert 'hx-swap-oob="true"' in told.partition(">")[0]
    assert f"testo: {copied.plan.title}; in parte: {copied.plan.origin.title}" in told
    assert "da riconfermare" not in answer


def test_what_is_missing_leads_to_the_map_filtered(signed_in, copied):
    page = signed_in.get(reverse("risk:completeness", args=[copied.uid])).content.decode()
    assert "non ancora riconfermati: 4" in page
    assert f"{reverse('risk:mapping', args=[copied.uid])}?riconferma=da-riconfermare" in page


def test_the_act_on_many_rows_confirms_by_filter(signed_in, copied):
    address = reverse("risk:bulk", args=[copied.uid, "processi"])
    page = signed_in.get(address, {"solo": "senza-cause"}).content.decode()
    assert "Riconferma senza modifiche" in page
    uids = [str(row.uid) for row in copied.processes.all()]
    sent = {"righe": uids, "atto": "riconferma"}
    preview = signed_in.post(address, sent)
    digest = preview.context["proposal"].digest
    done = signed_in.post(address, {**sent, "digest": digest}, follow=True).content.decode()
    assert "Riconferma senza modifiche scritta su 4 righe" in done
    assert Reconfirmation.objects.filter(in_block=True).count() == 4


def test_somebody_elses_process_is_not_found(client, copied, people):
    client.force_login(people["stranger"])
    way = reverse("risk:reconfirm_process", args=[named(copied).uid])
    assert client.post(way, {"seen": "x"}).status_code == 404


def test_the_board_counts_what_was_read_again_and_what_is_said_elsewhere(signed_in, copied, editor):
    confirm(copied, editor)
    page = signed_in.get(reverse("risk:figures", args=[copied.uid])).content.decode()
    assert "in blocco 0, uno per uno 1" in page
    assert "di un altro ufficio: 0" in page


def test_map_and_sheet_say_of_which_edition_the_words_are(signed_in, copied):
    first = copied.plan.origin
    Process.objects.filter(pk=named(copied, 1).pk).update(description="Altro.")
    address = reverse("risk:mapping", args=[copied.uid])
    page = signed_in.get(address).content.decode()
    assert page.count(f"testo: {first.title}") == 3
    assert page.count(f"testo: {copied.plan.title}; in parte: {first.title}") == 1
    left = signed_in.get(address, {"testo": str(first.pk)}).content.decode()
    assert "4 processi" in left
    found = signed_in.get(address, {"testo": str(copied.plan_id)}).content.decode()
    assert "1 processo" in found
    sheet = reverse("risk:process_sheet", args=[named(copied).uid])
    assert f"Il testo è quello del {first.title}." in signed_in.get(sheet).content.decode()
