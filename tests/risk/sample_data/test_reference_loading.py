"""Loading a folder of reference data: by natural key, again and again, all or nothing."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from risk.models import EventCategory, Measure, TextBlock
from risk.services.sample_data.reference import load_reference
from tests.load_once import load_once

pytestmark = pytest.mark.django_db


def write(folder, *entries):
    (folder / "list.json").write_text(json.dumps(list(entries)), encoding="utf-8")
    return folder


def category(code="CE1", **fields):
    return {
        "model": "risk.eventcategory",
        "fields": {"administration": None, "code": code} | fields,
    }


def test_a_changed_file_changes_its_row_and_leaves_a_history(tmp_path):
    load_reference(folder=write(tmp_path, category(label="Conflitto")))
    outcome = load_reference(folder=write(tmp_path, category(label="Conflitto di interessi")))

    row = EventCategory.objects.get()
    assert (outcome.updated, row.label, row.version) == (1, "Conflitto di interessi", 2)
    assert row.folded == "conflitto di interessi"
    assert row.history.count() == 2
    assert row.history.first().history_change_reason.startswith("reference:")


def test_columns_the_file_does_not_name_are_left_alone(tmp_path):
    load_reference(folder=write(tmp_path, category(label="Conflitto")))
    EventCategory.objects.update(position=7)

    load_reference(folder=write(tmp_path, category(label="Conflitto di interessi")))

    assert EventCategory.objects.get().position == 7


def test_links_are_changed_with_the_file(tmp_path):
    typology = {
        "model": "risk.measuretypology",
        "fields": {"administration": None, "code": "ROT", "label": "Rotazione"},
    }
    fields = {"administration": None, "code": "M", "label": "Misura", "character": "general"}
    measure = {"model": "risk.measure", "fields": fields}

    load_reference(folder=write(tmp_path, typology, measure))
    fields["typologies"] = [[None, "ROT"]]
    outcome = load_reference(folder=write(tmp_path, typology, measure))

    assert (outcome.updated, outcome.unchanged) == (1, 1)
    assert Measure.objects.get().typologies.get().code == "ROT"


def test_what_a_file_says_twice_is_one_row_as_it_says_last(tmp_path):
    twice = [category(label="Conflitto"), category(code="CE2", label="Altra")]

    outcome = load_reference(folder=write(tmp_path, *twice, category(label="Di interessi")))

    assert (outcome.created, outcome.updated) == (2, 1)
    assert EventCategory.objects.get(code="CE1").label == "Di interessi"


def test_a_file_whose_rows_point_at_a_kind_that_follows_keeps_its_order(tmp_path):
    """A measure before the typology of the next one: each is there when it is pointed to."""
    typology = {"model": "risk.measuretypology", "fields": {"administration": None}}
    measure = {"model": "risk.measure", "fields": {"administration": None, "character": "general"}}

    def row(of, code, **fields):
        return {**of, "fields": {**of["fields"], "code": code, "label": code, **fields}}

    first, second = row(measure, "M1"), row(measure, "M2", typologies=[[None, "ROT"]])
    load_reference(folder=write(tmp_path, first, row(typology, "ROT"), second))

    assert Measure.objects.get(code="M2").typologies.get().code == "ROT"


def test_a_bad_row_leaves_nothing_behind(tmp_path):
    folder = write(tmp_path, category(label="Conflitto"), category(code="CE2", label=""))

    with pytest.raises(ValidationError):
        load_reference(folder=folder)

    assert not EventCategory.objects.exists()


def test_the_command_says_what_it_did_in_italian(capsys):
    everything = load_once("reference", load_reference).created
    TextBlock.objects.filter(pk=TextBlock.objects.first().pk).delete()
    call_command("load_reference")
    call_command("load_reference")

    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith(f": 1 voci nuove, 0 aggiornate, {everything - 1} invariate.")
    assert second == f"Dati di riferimento: 0 voci nuove, 0 aggiornate, {everything} invariate."
