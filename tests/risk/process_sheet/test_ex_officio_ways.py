"""Every way by which an office could come to what the RPCT has added ex officio, and is refused."""

import uuid

import pytest
import tablib
from django.core.exceptions import ValidationError
from django.urls import reverse

from registry.acts import act
from registry.models import Administration, Phase, Process, TrailRecord
from registry.services.phases import create_phase, remove_action, remove_phase
from registry.services.processes import retire_process
from registry.services.undo import NotUndoable, touched_rows, undo
from risk.content.build import build_document
from risk.content.reading import read_annex
from risk.enums import Layout
from risk.models import Coverage, RegisterImport, RiskBehaviour
from risk.paper.html import render_html
from risk.resources import BehaviourResource
from risk.services.imports.apply import undo_import
from risk.services.imports.compare.changes import ChangeSet
from risk.services.imports.compare.checks import refuse_ex_officio
from risk.services.mapping.behaviours import move_behaviour, remove_behaviour
from risk.services.mapping.processes import duplicate_process
from risk.services.process_sheet.acts import (
    Half,
    add_behaviour,
    change_coverage,
    merge_phases,
    split_phase,
)
from risk.services.process_sheet.row_keys import key_of
from tests.people import client_of
from tests.register import make_behaviour
from tests.risk.process_sheet.conftest import person, told_refused

pytestmark = pytest.mark.django_db

REFUSED = "aggiunto d’ufficio dal RPCT"
HALF = {"title": "Metà"}


@pytest.fixture
def rpct(body):
    return person("rpct", body, "rpct")


@pytest.fixture
def row(process, phases, rpct):
    """A behaviour ex officio that covers the first phase and the first action of the second."""
    row = add_behaviour(process=process, uid=uuid.uuid4(), text="Omettere un controllo", by=rpct)
    action = phases[1].actions.get(position=1)
    pairs = [(row.uid, phases[0].uid), (row.uid, action.uid)]
    change_coverage(process=process, added=pairs, removed=[], by=rpct)
    return row


@pytest.fixture
def own(process, row):
    """A behaviour of the office, after the RPCT's."""
    return make_behaviour(process, "Ritardare il visto")


def state(row) -> tuple:
    """All that must not change."""
    found = RiskBehaviour.objects.get(pk=row.pk)
    covered = sorted(found.coverages.values_list("phase__title", "action__title"), key=str)
    words = list(found.factors.values_list("code", flat=True))
    return found.text, found.is_ex_officio, found.position, covered, words


def refused(row, act_of):
    before = state(row)
    with pytest.raises(ValidationError, match=REFUSED):
        act_of()
    assert state(row) == before


WAYS = {
    "move": lambda row, phases, by: move_behaviour(behaviour=row, position=2, by=by),
    "delete": lambda row, phases, by: remove_behaviour(behaviour=row, by=by),
    "untick": lambda row, phases, by: change_coverage(
        process=row.process, added=[], removed=[(row.uid, phases[0].uid)], by=by
    ),
    "tick": lambda row, phases, by: change_coverage(
        process=row.process, added=[(row.uid, phases[2].uid)], removed=[], by=by
    ),
    "delete its phase": lambda row, phases, by: remove_phase(phase=phases[0], by=by),
    "delete the phase of its action": lambda row, phases, by: remove_phase(phase=phases[1], by=by),
    "delete its action": lambda row, phases, by: remove_action(
        action=phases[1].actions.get(position=1), by=by
    ),
    "archive its process": lambda row, phases, by: retire_process(
        process=row.process, reason="Non si fa più", by=by
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_office_is_refused_and_the_rpct_is_not(row, own, phases, editor, rpct, way):
    refused(row, lambda: WAYS[way](row, phases, editor))
    WAYS[way](row, phases, rpct)


@pytest.mark.parametrize("way", WAYS)
def test_a_command_is_nobodys_office(row, own, phases, way):
    WAYS[way](row, phases, None)


def test_the_rpct_of_another_body_is_refused(row, own, phases):
    other = Administration.objects.create(ipa_code="c_x777", name="Altro comune")
    refused(row, lambda: WAYS["archive its process"](row, phases, person("altro", other, "rpct")))


def test_rows_of_the_office_around_it_go_on_living(process, row, own, phases, editor):
    # what is before it may go: that it moves up is no change of it
    first = make_behaviour(Process.objects.get(pk=process.pk), "Favorire un utente")
    move_behaviour(behaviour=first, position=1, by=editor)
    assert state(row)[2] == 2
    remove_behaviour(behaviour=first, by=editor)
    assert state(row)[2] == 1
    remove_phase(phase=phases[2], by=editor)
    create_phase(process=process, title="Archivio", by=editor)


def test_phases_it_covers_are_joined_and_cut(row, process, phases, editor):
    joined = Half("Istruttoria e verifica")
    options = {"phase": phases[0], "version": phases[0].version, "by": editor}
    merge_phases(**options, following_uid=phases[1].uid, joined=joined)
    assert row.coverages.count() == 2
    phase = Phase.objects.get(pk=phases[0].pk)
    split_phase(
        phase=phase,
        version=phase.version,
        first=Half("Istruttoria"),
        second=Half("Verifica"),
        second_uid=uuid.uuid4(),
        by=editor,
    )
    assert row.coverages.filter(phase__isnull=False).count() == 2


def test_a_copy_of_the_process_is_the_offices_own(row, process, editor):
    copy = duplicate_process(process=process, by=editor)
    assert [one.is_ex_officio for one in copy.behaviours.all()] == [False]
    remove_behaviour(behaviour=copy.behaviours.get(), by=editor)


def test_nothing_of_it_is_undone(row, process, editor, rpct):
    with act("edit", by=rpct) as opened:
        row.text = "Omettere ogni controllo"
        row.save()
    refused(row, lambda: undo(uid=opened.uid, at=row.history.latest().history_date, by=editor))
    with act("edit", by=rpct) as unmarked:
        mine = make_behaviour(process, "Favorire un utente")
    with act("edit", by=rpct) as marked:
        mine.is_ex_officio = True
        mine.save()
    at = mine.history.latest().history_date
    refused(mine, lambda: undo(uid=marked.uid, at=at, by=editor))
    with pytest.raises(NotUndoable):
        undo(uid=unmarked.uid, at=at, by=editor)
    assert touched_rows(uid=marked.uid, at=at)


def test_undoing_on_the_page_says_why(row, process, desk, editor, annex, phases):
    # the person's own act, from before the RPCT came
    with act("edit", by=editor) as opened:
        new = create_phase(process=process, title="Archivio", by=editor)
    at = new.history.latest().history_date
    Coverage.objects.create(behaviour=row, phase=new)
    form = {"act": str(opened.uid), "at": at.isoformat()}
    page = desk.post(reverse("risk:undo", args=[annex.uid]), form, follow=True)
    assert "legato qualcosa di più recente" in page.content.decode()
    assert Phase.objects.filter(pk=new.pk).exists()


# --- pages ----------------------------------------------------------------------------------------


def test_the_sheet_locks_its_boxes_and_says_why(row, own, process, phases, desk, rpct):
    page = desk.get(reverse("risk:process_sheet", args=[process.uid])).content.decode()
    theirs, ours, first = (key_of(one.uid) for one in (row, own, phases[0]))
    box = page[page.index(f'value="{theirs}/{first}"') :]
    assert "disabled" in box[: box.index(">")]
    free = page[page.index(f'value="{ours}/{first}"') :]
    assert "disabled" not in free[: free.index(">")]
    assert "le segna solo il RPCT" in page
    shown = page[page.index('name="era"') :]
    assert theirs not in shown[: shown.index(">")]
    theirs = client_of(rpct).get(reverse("risk:process_sheet", args=[process.uid])).content.decode()
    assert "disabled" not in theirs[theirs.index('id="matrice"') :].split("</form>")[0]


def test_the_matrix_saved_without_scripts_leaves_it_alone(row, own, process, phases, desk):
    before = state(row)
    page = desk.get(reverse("risk:process_sheet", args=[process.uid])).content.decode()
    shown = page[page.index('name="era" value="') + len('name="era" value="') :].split('"')[0]
    form = {"copre": [f"{own.uid}/{phases[2].uid}"], "era": shown}
    answer = desk.post(reverse("risk:matrix", args=[process.uid]), form, follow=True)
    assert "Salvato." in answer.content.decode()
    assert own.coverages.count() == 1
    assert state(row) == before


PAGES = {
    "phase_remove": lambda row, phases: ([row.process.uid, phases[0].uid], {}),
    "action_remove": lambda row, phases: (
        [row.process.uid, phases[1].actions.get(position=1).uid],
        {},
    ),
    "row_act": lambda row, phases: ([row.process.uid, "archivia"], {"motivo": "Non si fa più"}),
    "behaviour": lambda row, phases: (
        [row.process.uid, row.uid],
        {"text": row.text, "version": row.version, "posto": "2"},
    ),
    "matrix": lambda row, phases: (
        [row.process.uid],
        {"era": f"{row.uid}/{phases[0].uid}", "copre": []},
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_say_why(row, own, phases, desk, name):
    before = state(row)
    args, form = PAGES[name](row, phases)
    answer = desk.post(reverse(f"risk:{name}", args=args), form, follow=True)
    assert REFUSED in answer.content.decode()
    assert state(row) == before
    told_refused(desk)


def test_the_map_and_the_papers_say_so(row, annex, phases, desk):
    page = desk.get(reverse("risk:mapping", args=[annex.uid])).content.decode()
    assert ">d’ufficio</span>" in page
    for layout in (Layout.RISK_TABLE, Layout.SHEETS):
        assert "d’ufficio" in render_html(build_document(read_annex(annex)), layout=layout)
    RiskBehaviour.objects.filter(pk=row.pk).update(is_ex_officio=False)
    page = desk.get(reverse("risk:mapping", args=[annex.uid])).content.decode()
    assert ">d’ufficio</span>" not in page
    assert "d’ufficio" not in render_html(
        build_document(read_annex(annex)), layout=Layout.RISK_TABLE
    )


# --- the back office ------------------------------------------------------------------------------


@pytest.fixture
def office(client, editor):
    """The client of the editor, in the back office."""
    client.force_login(editor)
    return client


def admin_form(page) -> dict:
    """The values a form of the back office was shown with, its inlines too."""
    adminform = page.context["adminform"].form
    forms = [
        adminform,
        *(one for fs in page.context["inline_admin_formsets"] for one in fs.formset),
    ]
    forms += [fs.formset.management_form for fs in page.context["inline_admin_formsets"]]
    found = {}
    for form in forms:
        for name in form.fields:
            value = form[name].value()
            found[form.add_prefix(name)] = "" if value in (None, False) else value
    return found


def test_its_coverage_is_neither_changed_nor_deleted(row, office, phases):
    before = state(row)
    coverage = row.coverages.order_by("pk").first()
    for name in ("change", "delete"):
        address = reverse(f"admin:risk_coverage_{name}", args=[coverage.pk])
        assert office.post(address, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [coverage.pk], "post": "yes"}
    office.post(reverse("admin:risk_coverage_changelist"), chosen)
    assert state(row) == before


def test_no_coverage_is_added_to_it(row, office, phases):
    before = state(row)
    form = {"behaviour": row.pk, "phase": phases[2].pk, "action": ""}
    page = office.post(reverse("admin:risk_coverage_add"), form)
    assert page.status_code == 200
    assert "uscirebbe da ciò che si può modificare" in page.content.decode()
    assert state(row) == before


@pytest.mark.parametrize("model", ["process", "phase"])
def test_what_it_hangs_on_is_not_deleted(row, office, process, phases, model):
    before = state(row)
    obj = {"process": process, "phase": phases[0]}[model]
    address = reverse(f"admin:registry_{model}_delete", args=[obj.pk])
    assert office.post(address, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [obj.pk], "post": "yes"}
    office.post(reverse(f"admin:registry_{model}_changelist"), chosen)
    assert state(row) == before


def test_a_phase_is_not_taken_away_from_the_page_of_the_process(row, office, process, phases):
    before = state(row)
    address = reverse("admin:registry_process_change", args=[process.pk])
    form = admin_form(office.get(address))
    ids = {value: name for name, value in form.items() if name.endswith("-id")}
    mine = ids[phases[0].pk]
    form[mine.removesuffix("-id") + "-DELETE"] = "on"
    page = office.post(address, form)
    assert page.status_code == 200
    assert REFUSED in page.content.decode()
    assert state(row) == before
    told_refused(office, kind="backoffice", subject="list registry.process")


def test_its_process_is_not_archived_from_its_page(row, office, process):
    address = reverse("admin:registry_process_change", args=[process.pk])
    form = admin_form(office.get(address))
    form |= {"retired_on": "2021-02-01", "retired_reason": "Non si fa più"}
    page = office.post(address, form)
    assert REFUSED in page.content.decode()
    assert not Process.objects.get(pk=process.pk).is_retired
    told_refused(office, kind="backoffice", subject="list registry.process")


def test_what_is_done_in_the_back_office_is_an_act_on_the_trail(row, office, process, editor):
    address = reverse("admin:registry_process_change", args=[process.pk])
    form = admin_form(office.get(address)) | {"objective": "Rimborsare presto"}
    assert office.post(address, form).status_code == 302
    record = TrailRecord.objects.order_by("pk").last()
    assert (record.kind, record.subject) == ("backoffice", "list registry.process")
    assert record.person == editor.trail_token
    assert process.history.latest().history_user == editor


# --- files ----------------------------------------------------------------------------------------


def brought(user, row, **cells):
    resource = BehaviourResource(user=user)
    titles = {name: field.column_name for name, field in resource.fields.items()}
    names = ("uid", "process", *cells)
    data = tablib.Dataset(headers=[titles[name] for name in names])
    data.append([str(row.uid), str(row.process.uid), *cells.values()])
    with act("import", by=user):
        return resource.import_data(data, rollback_on_validation_errors=True)


@pytest.mark.parametrize(
    "cells", [{"text": "Altro"}, {"is_ex_officio": "no"}, {"position": 7}], ids=str
)
def test_a_list_brought_in_by_the_office_is_refused(row, editor, cells):
    before = state(row)
    result = brought(editor, row=row, **cells)
    assert result.has_validation_errors()
    errors = [str(error) for invalid in result.invalid_rows for error in invalid.error]
    assert any(REFUSED in error for error in errors)
    assert state(row) == before


def test_the_office_does_not_call_its_own_ex_officio(row, own, editor, rpct):
    assert brought(editor, row=own, is_ex_officio="sì").has_validation_errors()
    assert not brought(rpct, row=own, is_ex_officio="sì").has_validation_errors()


def test_a_register_brought_in_names_it_as_a_problem(row, phases, editor, rpct):
    for by, expected in ((editor, 1), (rpct, 0), (None, 0)):
        changes = ChangeSet()
        changes.updated[RiskBehaviour][row.pk] = row
        changes.tied[Coverage]["behaviour", "phase"].append((row, phases[2]))
        refuse_ex_officio(changes, by=by)
        refusals = changes.ledger.refusals
        assert [REFUSED in line.reason for line in refusals] == [True] * expected


def test_an_import_that_has_become_the_rpcts_is_not_taken_back(row, annex, editor, rpct):
    with act("import", by=rpct) as opened:
        row.text = "Omettere ogni controllo"
        row.save()
    taken = RegisterImport.objects.create(
        plan=annex.plan,
        office=annex.office,
        by=editor,
        filename="registro.xlsx",
        digest="0" * 64,
        content=b"",
        state="taken",
        act_uid=opened.uid,
        taken_at=row.history.latest().history_date,
    )
    before = state(row)
    with pytest.raises(NotUndoable, match=REFUSED):
        undo_import(register_import=taken, by=editor)
    assert state(row) == before
