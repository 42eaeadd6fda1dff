"""Signs nobody sees are refused in words: a table of all the fields people write texts in."""

import sys
import unicodedata

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from registry.models import User
from registry.validators import validate_printable, validate_visible

RIGHT_TO_LEFT, ISOLATE, ZERO_WIDTH, SOFT_HYPHEN = "\u202e", "\u2068", "\u200b", "\u00ad"
NOT_TYPED = {
    ("registry", "refusedsignin"): "written by the program",
    ("registry", "trailrecord"): "written by the program",
    ("risk", "contentmark"): "written by the program",
    ("risk", "processcontent"): "written by the program",
    ("risk", "annexissue"): "written by the program",
    ("risk", "planissue"): "written by the program",
    ("risk", "emblemimage"): "written by the program",
    ("risk", "roundissue"): "written by the program",
}
NOT_TYPED_FIELDS = {
    "asked": "written by the program",
    "digest": "written by the program",
    "token": "written by the program",
    "copied_digest": "written by the program",
    "data": "written by the program",
    "folded": "a copy without these signs",
    "name_salt": "written by the program",
    "words": "written by the program",
    "file_digest": "written by the program",
    "file_kind": "written by the program",
    "algorithm": "written by the program",
    "population": "written by the program",
    "population_digest": "written by the program",
    "named_rows": "written by the program",
    "drawn": "written by the program",
    "drawn_digest": "written by the program",
    "password": "what is kept of it; it is looked at before (test_passwords.py)",
}


def typed(many_lines: bool) -> list[tuple[str, models.Field]]:
    """Return the fields people write in, by the name of their model and their own."""
    found = []
    for model in (
        *apps.get_app_config("registry").get_models(),
        *apps.get_app_config("risk").get_models(),
    ):
        if model.__name__.startswith("Historical"):
            continue
        if (model._meta.app_label, model._meta.model_name) in NOT_TYPED:
            continue
        for field in model._meta.concrete_fields:
            is_text = (
                isinstance(field, models.TextField)
                if many_lines
                else isinstance(field, models.CharField)
            )
            if is_text and not field.choices and field.name not in NOT_TYPED_FIELDS:
                found.append((f"{model.__name__}.{field.name}", field))
    return found


def refused(field: models.Field, text: str) -> str:
    """Return the reason a field gives for refusing a text; "" when it takes it."""
    try:
        field.run_validators(text)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@pytest.mark.parametrize("sign", [RIGHT_TO_LEFT, ISOLATE, ZERO_WIDTH, SOFT_HYPHEN])
def test_no_line_holds_a_sign_that_is_not_seen(sign):
    lines = typed(many_lines=False)
    # a pattern of its own refuses them too, in its own words
    silent = [name for name, field in lines if not refused(field, f"a{sign}b@c.it")]

    assert silent == []
    assert len(lines) > 20
    assert {"User.first_name", "User.email", "Membership.title", "Office.name"} <= {
        n for n, _f in lines
    }


@pytest.mark.parametrize("sign", [RIGHT_TO_LEFT, ISOLATE])
def test_no_text_is_turned_round(sign):
    texts = typed(many_lines=True)
    silent = [
        name for name, field in texts if "non si vede" not in refused(field, f"Rimborso {sign}odi")
    ]

    assert silent == []
    assert len(texts) > 20


def test_a_long_text_may_hold_what_changes_nothing():
    validate_printable(f"Rim{SOFT_HYPHEN}borso{ZERO_WIDTH} e altro")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            f"Comune di {ZERO_WIDTH}Prova",
            "Dopo «Comune di» c’è un segno che non si vede (codice U+200B)",
        ),
        (f"{RIGHT_TO_LEFT}Prova", "All’inizio c’è un segno che non si vede (codice U+202E)"),
    ],
)
def test_the_sentence_says_where(text, sentence):
    with pytest.raises(ValidationError, match="va tolto") as refusal:
        validate_visible(text)

    assert sentence in refusal.value.messages[0]


def test_every_sign_of_the_kind_is_known():
    kinds = {"Cf", "Zl", "Zp"}
    signs = (chr(code) for code in range(sys.maxunicode + 1))
    unknown = []
    for sign in signs:
        if unicodedata.category(sign) in kinds:
            try:
                validate_visible(f"a{sign}")
            except ValidationError:
                continue
            unknown.append(f"U+{ord(sign):04X}")

    assert unknown == []


@pytest.mark.parametrize("name", ["D’Alò", "Žižek", "Maria-José", "François", "O’Brien", "Łucja"])
def test_names_people_have_are_taken(name):
    User(
        username="x", first_name=name, last_name=name, email="a@esempio.it", password="x"
    ).full_clean(validate_unique=False, validate_constraints=False)


@pytest.mark.parametrize("sign", ["\x07", RIGHT_TO_LEFT, ISOLATE, ZERO_WIDTH])
def test_whoever_is_refused_is_told_once(sign):
    told = {}
    for name, field in [*typed(many_lines=False), *typed(many_lines=True)]:
        try:
            field.run_validators(f"a{sign}b@c.it")
        except ValidationError as error:
            told[name] = error.messages

    assert len(told) > 20
    assert [name for name, said in told.items() if len(said) != len(set(said))] == []
