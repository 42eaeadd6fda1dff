"""The page: whole for who may write, plain for readers, absent for strangers; its cost."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from registry import presence
from registry.models import Action
from risk.models import Coverage
from risk.services.process_sheet.row_keys import key_in, key_of
from tests.register import close, make_behaviour, make_phase, make_process

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"HX-Request": "true"}}


def address(process) -> str:
    return reverse("risk:process_sheet", args=[process.uid])


def test_it_shows_every_part_with_help_and_what_is_missing(desk, process, behaviours):
    page = desk.get(address(process)).content.decode()
    for part in ("descrizione", "presenza", "fasi", "comportamenti", "valutazione", "trattamento"):
        assert f'id="{part}"' in page, part
    assert "Elementi in ingresso che innescano il processo (PNA 2019, All. 1)." in page
    assert "Manca l’area di rischio." in page
    assert "La fase «Istruttoria» non ha un esecutore." in page
    assert "riguarda 1, 2" in " ".join(page.split())


def test_it_leads_to_the_processes_before_and_after(desk, annex, process):
    after = make_process(annex, "Accertamento")
    page = desk.get(address(process)).content.decode()
    assert address(after) in page
    assert address(process) in desk.get(address(after)).content.decode()


def test_an_auditor_reads_it_without_fields(client, auditor, process, behaviours):
    client.force_login(auditor)
    page = client.get(address(process)).content.decode()
    assert "Sola lettura" in page
    assert "<textarea" not in page
    assert 'type="checkbox"' not in page


def test_an_annex_that_is_not_open_is_read_only(desk, annex, process):
    close(annex)
    assert "l’allegato è trasmesso e aspetta" in desk.get(address(process)).content.decode()


def test_another_office_does_not_find_it(client, stranger, process):
    client.force_login(stranger)
    assert client.get(address(process)).status_code == 404


def test_it_says_who_else_is_here(desk, process, auditor):
    presence.note(process.uid, by=auditor)
    assert "Qui adesso anche: auditor" in desk.get(address(process)).content.decode()
    part = desk.get(reverse("risk:process_sheet_present", args=[process.uid]), **HTMX)
    assert "auditor" in part.content.decode()


@pytest.mark.parametrize("size", [3, 40])
def test_it_costs_the_same_at_any_size(annex, lists, editor, size, django_assert_max_num_queries):
    process = make_process(annex, "Grande", risk_presence="present")
    phases = [make_phase(process, f"Fase {n}", executor_role=lists["role"]) for n in range(size)]
    Action.objects.create(phase=phases[0], position=1, title="Azione")
    for n in range(size):
        make_behaviour(process, f"Comportamento {n}", phases[n : n + 1])
    Coverage.objects.create(behaviour=process.behaviours.first(), phase=phases[-1])
    client = Client()
    client.force_login(editor)
    with django_assert_max_num_queries(12):
        page = client.get(address(process))
    assert page.content.count(b'name="copre"') == size * (size + 1)
    with django_assert_max_num_queries(12):
        client.get(address(process), **HTMX)


def test_a_long_process_is_a_page_of_a_hundred_and_twenty_kilobytes(annex, lists, desk):
    title = "Esame della documentazione e richiesta delle integrazioni"
    process = make_process(annex, "Lungo", risk_presence="present")
    phases = [make_phase(process, f"{title} {n}", executor_role=lists["role"]) for n in range(10)]
    for n in range(26):
        place = {"phase": phases[n % 10], "position": n // 10 + 1}
        Action.objects.create(title=f"{title} {n}", executor_role=lists["role"], **place)
    for n in range(6):
        make_behaviour(process, f"Favorire chi chiede, non controllando gli atti {n}", phases[::2])
    page = desk.get(address(process)).content
    assert page.count(b'name="copre"') == 6 * 36
    assert len(page) <= 120_000


def test_a_row_is_written_out_where_it_is_asked_for(desk, process, phases):
    asked = phases[1]
    page = desk.get(address(process)).content.decode()
    for way in (f'value="riga:{key_of(asked.uid)}"', f'value="aperta:{key_of(asked.uid)}"'):
        assert way in page
    # but that of no row, from which the script writes it out
    assert page.count('id="descrizione-{chiave}"') == page.count('<textarea id="descrizione-') == 1

    page = desk.get(address(process), {"riga": asked.uid}).content.decode()
    assert f'id="descrizione-{key_of(asked.uid)}"' in page
    assert page.count(" autofocus") == 1
    page = desk.get(address(process), {"aperta": asked.uid}).content.decode()
    assert f'id="nuova-{key_of(asked.uid)}"' in page


def test_a_row_saved_without_its_description_keeps_what_another_wrote_there(desk, process, phases):
    phase = phases[0]
    version = phase.version
    phase.description = "Protocollo e istruttoria."
    phase.save()
    data = {"title": "Istruttoria e visto", "executor_role": "", "executor_office": ""}
    way = reverse("risk:phase", args=[process.uid, phase.uid])
    desk.post(way, data | {"version": version}, **HTMX)
    phase.refresh_from_db()
    assert (phase.title, phase.description) == (data["title"], "Protocollo e istruttoria.")


def test_boxes_are_named_by_keys_or_as_pages_of_before_named_them(desk, process, behaviours):
    way = reverse("risk:matrix", args=[process.uid])
    (first, *_others), phase = behaviours, process.phases.last()
    key, whole = f"{key_of(first.uid)}/{key_of(phase.uid)}", f"{first.uid}/{phase.uid}"
    assert f'value="{key}"' in desk.get(address(process)).content.decode()
    before = first.coverages.count()
    desk.post(way, {"copre": [key], "era": ""})
    assert first.coverages.count() == before + 1
    desk.post(way, {"copre": [whole], "era": key})
    assert first.coverages.count() == before + 1
    desk.post(way, {"copre": [], "era": whole})
    assert first.coverages.count() == before


def test_a_row_is_named_by_its_key_by_that_of_before_or_by_its_uid():
    uid = UUID("fbff3e58-9f2b-4918-b866-bae8646c6a80")
    assert [key_in(text) for text in (key_of(uid), uid.hex[:12], str(uid))] == [key_of(uid)] * 3
    assert key_of(uid) == "-_8-WJ8r"
    for wrong in ("", "x", "zzzzzzzzzzzz", "fbff3e58/9f2b"):
        with pytest.raises(ValueError, match="hexadecimal"):
            key_in(wrong)
