"""The head of the trail kept elsewhere: what is cut off, or is another chain, is missed."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from registry import guards, triggers
from registry.models import Process, TrailRecord
from registry.services.anchors import anchors_in, append_heads
from registry.services.trail_verification import verify_trail
from registry.trail import write
from registry.trail.anchors import Anchor, AnchorError, head_of, read_anchor
from risk.models import Transition
from tests.register import adopt, close, complete_annex, make_annex, make_body

pytestmark = pytest.mark.django_db

FORGED = "f" * 64


@pytest.fixture
def head():
    """The head of a trail of three records, of one body."""
    make_body("c_a001")
    for kind in ("uno", "due", "tre"):
        write(kind=kind, by=None)
    return head_of("c_a001")


def cut(after: int) -> None:
    """Take the last records away and put the guards back: what is left is whole."""
    triggers.remove(guards.GUARDS)
    TrailRecord.objects.filter(number__gt=after).delete()
    triggers.install(guards.GUARDS)


def sentences(*anchors: Anchor) -> list[str]:
    return [finding.sentence for finding in verify_trail(at_least=anchors)]


def test_an_anchor_is_read_as_it_is_written(head):
    assert read_anchor(f" {head}\n") == head
    assert str(head).startswith("c_a001:3:")


@pytest.mark.parametrize("text", ["", "c_a001:3", "c_a001:x:" + FORGED, f"3:{FORGED}", "a:1:abc"])
def test_what_is_no_anchor_is_refused_with_its_form(text):
    with pytest.raises(AnchorError, match="IPA:NUMERO:CODICE"):
        read_anchor(text)


def test_a_cut_tail_is_whole_by_itself_and_missed_by_its_anchor(head):
    assert sentences(head) == []
    cut(after=2)
    assert sentences() == []
    (found,) = sentences(head)
    assert found.startswith("Mancano le registrazioni fino alla n. 3")


def test_a_tail_written_anew_is_another_one(head):
    cut(after=2)
    write(kind="altro", by=None)
    (found,) = sentences(head)
    assert found.startswith("La registrazione n. 3 non è quella dell’ancora")


def test_an_anchor_of_another_register_is_said_to_be(head):
    (found,) = sentences(Anchor("c_z999", head.number, head.digest))
    assert "è di un altro registro" in found


def test_the_command_keeps_the_head_in_a_file_and_holds_the_trail_to_it(head, tmp_path, settings):
    file = tmp_path / "traccia.txt"
    settings.TRAIL_FILE = str(file)
    for _night in (1, 2):
        call_command("verify_trail", stdout=StringIO())
    house = replace(head, ipa_code="installazione")
    assert anchors_in(file) == [house, head, house, head]
    cut(after=1)
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_trail", stdout=StringIO(), stderr=said)
    assert "Mancano le registrazioni fino alla n. 3" in said.getvalue()
    assert anchors_in(file) == [house, head, house, head]


def test_the_command_says_what_it_cannot_read_or_write(head, tmp_path, settings):
    with pytest.raises(CommandError, match="non è un’ancora"):
        call_command("verify_trail", at_least=["mai"])
    settings.TRAIL_FILE = str(tmp_path / "non-c-e" / "traccia.txt")
    with pytest.raises(
        CommandError, match=r"non si può scrivere: il file o la cartella non c’è\.$"
    ):
        call_command("verify_trail", stdout=StringIO())
    settings.TRAIL_FILE = str(tmp_path)
    with pytest.raises(CommandError, match="non si può leggere: è una cartella, non un file"):
        call_command("verify_trail", stdout=StringIO())
    file = tmp_path / "traccia.txt"
    file.write_bytes(f"2026-01-01 {head}\n\n\xffspazzatura\n".encode("latin-1"))
    settings.TRAIL_FILE = str(file)
    with pytest.raises(CommandError, match=r"traccia\.txt», riga 3: .*non è un’ancora"):
        call_command("verify_trail", stdout=StringIO())


def test_what_stands_in_the_file_stays(head, tmp_path):
    file = tmp_path / "traccia.txt"
    file.write_text(f"2026-01-01 c_a001:1:{FORGED}\n", encoding="utf-8")
    append_heads(file)
    assert [(one.ipa_code, one.number) for one in anchors_in(file)] == [
        ("c_a001", 1),
        ("installazione", 3),
        ("c_a001", 3),
    ]


def test_a_body_that_publishes_gives_its_head_to_anybody():
    annex = make_annex(make_body("c_a001"))
    where = reverse("risk:trail_head", args=["c_a001"])
    adopt(annex.plan)
    assert Client().get(where).status_code == 404
    adopt(annex.plan, "published")
    answer = Client().get(where)
    assert answer.content.decode() == f"{head_of('c_a001')}\n"
    assert "public" in answer.headers["Cache-Control"]


# --- rows and their history ---------------------------------------------------------------------


def test_rows_changed_brought_back_or_taken_away_past_their_history_are_found():
    annex = complete_annex()
    process = annex.processes.get()
    assert sentences() == []
    Process.objects.filter(pk=process.pk).update(objective="Altro")
    (found,) = sentences()
    assert f"«processo» {process}" in found
    assert found.endswith("non è come dice la sua storia.")
    Process.objects.filter(pk=process.pk).update(objective=process.objective)
    assert sentences() == []
    behaviour = process.behaviours.get()
    behaviour.categories.through.objects.create(
        riskbehaviour=behaviour, eventcategory=behaviour.categories.model.objects.create(code="1")
    )
    (found,) = sentences()
    assert found.startswith("«comportamento a rischio»")
    behaviour.categories.through.objects.all().delete()
    phase = process.phases.get()
    phase.coverages.all()._raw_delete("default")
    (found,) = sentences()
    assert found.endswith("è nella storia, e la riga non c’è più.")


def test_a_closed_annex_that_is_not_what_was_submitted_is_found():
    """With a history of its own, which no act has written: the content tells."""
    annex = complete_annex()
    close(annex)
    assert sentences() == []
    every = triggers.declared_guards()
    triggers.remove(every)
    process = annex.processes.get()
    process.objective = "Mai trasmesso"
    process.save()
    triggers.install(every)
    (found,) = sentences()
    assert found.startswith(f"L’allegato «{annex}» è chiuso")
    assert Transition.objects.get().digest in found


def test_an_office_called_otherwise_since_changes_nothing_that_was_submitted():
    annex = complete_annex()
    office = annex.office
    annex.processes.get().phases.update(executor_office=office)
    phase = annex.processes.get().phases.get()
    phase.save()
    close(annex)
    office.name = "Rinominato"
    office.save()
    body = annex.plan.administration
    body.name = "Ente rinominato"
    body.save()
    assert sentences() == []


def test_a_guard_that_is_missing_is_found(head):
    triggers.remove(guards.GUARDS[:1])
    found = sentences()
    triggers.install(guards.GUARDS[:1])
    assert found
    assert all(guards.GUARDS[0].name in one for one in found)
