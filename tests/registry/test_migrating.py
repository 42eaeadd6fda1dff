"""Operations of a migration are applied together where none must see what another has done."""

import pytest
from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState

from registry.migrating import Migration, part_of, stretches


def made(name):
    return migrations.CreateModel(name=name, fields=[("id", models.BigAutoField(primary_key=True))])


def added(model, name="note"):
    return migrations.AddField(model_name=model, name=name, field=models.TextField(null=True))


def altered(model, name="note"):
    return migrations.AlterField(model_name=model, name=name, field=models.TextField(default=""))


def checked(model, name="check"):
    constraint = models.CheckConstraint(condition=models.Q(pk__gt=0), name=name)
    return migrations.AddConstraint(model_name=model, constraint=constraint)


def worded(model, name="check"):
    constraint = models.CheckConstraint(condition=models.Q(pk__gt=0), name=name)
    return migrations.AlterConstraint(model, name, constraint)


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
        pytest.param(
            [added("a"), migrations.AlterModelOptions("a", {"verbose_name": "x"}), added("b")],
            [3],
            id="words of a model",
        ),
        pytest.param([worded("a"), worded("a"), added("b")], [3], id="words of a constraint"),
    ],
)
def test_a_stretch_ends_where_one_operation_must_see_another(operations, lengths):
    found = list(stretches(operations))

    assert [operation for stretch in found for operation in stretch] == operations
    assert [len(stretch) for stretch in found] == lengths


def test_a_field_whose_words_alone_change_does_not_end_a_stretch():
    first, second = altered("a"), altered("a", "other")
    words = {id(second)}

    found = list(stretches([first, second], lambda operation: id(operation) in words))

    assert found == [[first, second]]


NULL, WORDS = {"null": True}, {"verbose_name": "nota", "help_text": "In breve."}


@pytest.mark.parametrize(
    ("before", "after", "is_words"),
    [
        pytest.param({}, WORDS, True, id="words"),
        pytest.param({}, NULL, False, id="what it may hold"),
        pytest.param(NULL, WORDS, False, id="both"),
        pytest.param({}, {"db_column": "b"}, False, id="its column"),
    ],
)
def test_words_of_a_field_are_told_from_its_column(before, after, is_words):
    state = ProjectState()
    state.add_model(ModelState("registry", "A", [("note", models.TextField(**before))]))
    migration = Migration("test", "registry")
    migration.operations = [migrations.AlterField("a", "note", models.TextField(**after))]

    assert migration.says_only_words(state)(migration.operations[0]) is is_words


@pytest.mark.parametrize(
    ("altered", "found"),
    [
        pytest.param([], ["area", "body", "office"], id="what it points to"),
        pytest.param(["office"], ["annex", "area", "body", "office", "plan"], id="and from where"),
    ],
)
def test_a_part_of_a_state_holds_what_its_operations_look_at(altered, found):
    points_to = {
        "Body": [],
        "Area": ["Body"],
        "Office": ["Area"],
        "Annex": ["Office", "Plan"],
        "Plan": [],
        "Method": ["Body"],
    }
    state = ProjectState()
    for name, targets in points_to.items():
        fields = [("id", models.BigAutoField(primary_key=True))]
        fields += [
            (target.lower(), models.ForeignKey(f"registry.{target}", models.CASCADE))
            for target in targets
        ]
        state.add_model(ModelState("registry", name, fields))

    part = part_of(state, {("registry", "office")}, {("registry", name) for name in altered})

    assert sorted(name for _app, name in part.models) == found
    # none is missing that another points to, or they could not be made
    assert part.apps.get_model("registry", "office")
