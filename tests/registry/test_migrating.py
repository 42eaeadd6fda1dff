"""Operations of a migration are applied together where none must see what another has done."""

import pytest
from django.db import migrations, models

from registry.migrating import stretches


def made(name):
    return migrations.CreateModel(name=name, fields=[("id", models.BigAutoField(primary_key=True))])


def added(model, name="note"):
    return migrations.AddField(model_name=model, name=name, field=models.TextField(null=True))


def altered(model, name="note"):
    return migrations.AlterField(model_name=model, name=name, field=models.TextField(default=""))


def checked(model, name="check"):
    constraint = models.CheckConstraint(condition=models.Q(pk__gt=0), name=name)
    return migrations.AddConstraint(model_name=model, constraint=constraint)


filled = migrations.RunPython(migrations.RunPython.noop)


@pytest.mark.parametrize(
    ("operations", "lengths"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([made("A"), made("B"), added("a"), checked("A")], [4], id="new tables"),
        pytest.param([altered("a"), altered("b")], [2], id="tables apart"),
        pytest.param([altered("a"), altered("A", "other")], [1, 1], id="one table twice"),
        pytest.param([made("A"), altered("b"), added("a"), added("B", "x")], [3, 1], id="both"),
        pytest.param([added("a"), filled, altered("a")], [1, 1, 1], id="rows between"),
        pytest.param([made("A"), filled, added("a"), added("a", "x")], [1, 1, 1, 1], id="no more"),
        pytest.param(
            [added("a"), migrations.DeleteModel("A"), made("A")], [1, 1, 1], id="unknown kinds"
        ),
    ],
)
def test_a_stretch_ends_where_one_operation_must_see_another(operations, lengths):
    found = list(stretches(operations))

    assert [operation for stretch in found for operation in stretch] == operations
    assert [len(stretch) for stretch in found] == lengths
