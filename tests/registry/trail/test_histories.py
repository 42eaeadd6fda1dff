"""Histories are written once: no query, no plain SQL changes or takes away what they say."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import JSONField

from registry.guards import history_guards, refusal_of
from registry.models import Process
from registry.services.trail_verification import verify_trail
from registry.trail.records import history_line, history_lines
from risk.models import EventCategory
from tests.register import make_annex, make_behaviour, make_process

pytestmark = pytest.mark.django_db

LISTS = "HistoricalRiskBehaviour_categories"


@pytest.fixture
def process():
    process = make_process(make_annex(), "Primo")
    process.title = "Secondo"
    process.save()
    category = EventCategory.objects.create(code="1", label="Conflitto")
    make_behaviour(process).categories.add(category)
    return process


def tables() -> set[str]:
    """Every table of the database that keeps a history."""
    found = connection.introspection.table_names()
    return {name for name in found if name.startswith(("registry_historical", "risk_historical"))}


def test_no_history_of_the_database_is_forgotten():
    guarded = {guard.table for label in ("registry", "risk") for guard in history_guards(label)}

    # and the people who have written in them
    assert guarded == tables() | {"registry_user"}


@pytest.mark.parametrize(
    "attack",
    [
        lambda: Process.history.filter(title="Primo").update(title="Mai scritto"),
        lambda: Process.history.all().delete(),
        lambda: Process.history.first().delete(),
        lambda: apps.get_model("risk", LISTS).objects.all().delete(),
        lambda: apps.get_model("risk", LISTS).objects.update(eventcategory=None),
    ],
    ids=["update", "delete", "delete-one", "delete-list", "update-list"],
)
def test_a_history_is_neither_changed_nor_deleted(process, attack):
    before = list(Process.history.values_list())

    with pytest.raises(IntegrityError, match="_historical.*_no_") as refused, transaction.atomic():
        attack()

    assert "non si modifica e non si cancella" in refusal_of(refused.value)
    assert list(Process.history.values_list()) == before


@pytest.mark.parametrize("verb", ["DELETE FROM {}", "UPDATE {} SET history_date = history_date"])
def test_plain_sql_is_refused_too(process, verb):
    statement = verb.format("registry_historicalprocess")

    with (
        pytest.raises(IntegrityError, match="registry_historicalprocess_no_"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_row_that_goes_leaves_its_history(process):
    process.delete()

    kinds = list(Process.history.order_by("history_id").values_list("history_type", flat=True))
    assert kinds == ["+", "~", "-"]
    assert verify_trail() == []


TREES = [
    (model.history.model, field.attname)
    for model in apps.get_models()
    if hasattr(model._meta, "simple_history_manager_attribute")
    for field in model._meta.concrete_fields
    if isinstance(field, JSONField)
]
"""Histories with a column of trees, which are no keys of a dictionary."""


@pytest.mark.parametrize(("record", "name"), TREES, ids=lambda one: getattr(one, "__name__", one))
def test_a_column_of_trees_reads_as_each_row_does(record, name):
    rows = [record(**{name: tree}) for tree in ([], {"b": ["è"], "a": None}, [{"testo": "x"}])]
    columns = {
        field.attname: [getattr(row, field.attname) for row in rows]
        for field in record._meta.concrete_fields
    }
    lines = [history_line(row) for row in rows]
    assert history_lines(record, columns) == lines
    # as PostgreSQL gives it back
    setattr(rows[1], name, {"a": None, "b": ["è"]})
    assert history_line(rows[1]) == lines[1]
