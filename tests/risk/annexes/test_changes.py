"""Exactly what changed in a process: every field, every row, told once and in words."""

import dataclasses
import random
import typing

import pytest

from registry.services.history import FieldChange
from risk.content.canonical import process_data
from risk.content.comparison import ContentChange, changes_between
from risk.content.values import (
    Entry,
    LevelLabel,
    ProcessSheet,
    SheetAction,
    SheetAssessment,
    SheetBehaviour,
    SheetMeasure,
    SheetPhase,
    SheetRating,
)
from risk.content.word_comparison import MOST_WORDS, Piece, pieces_of
from risk.enums import ChangeKind

KIND = ChangeKind

SHEET = ProcessSheet(
    uid="p",
    number="1",
    title="Rimborsi",
    level=LevelLabel("Basso"),
    entries=(Entry("Obiettivo", ("Rimborsare.",)),),
    phases=(
        SheetPhase(
            "f1", "1", "Istruttoria", "RUP", actions=(SheetAction("a1", "1.1", "Esame", "RUP"),)
        ),
        SheetPhase("f2", "2", "Decisione", "Dirigente"),
    ),
    presence="Presente",
    presence_reason="C’è discrezionalità.",
    behaviours=(
        SheetBehaviour(
            "b1",
            "1.",
            "Favorire un utente",
            entries=(Entry("Fasi e azioni interessate", ("1. Istruttoria", "1.1 Esame")),),
            assessments=(SheetAssessment("v2", "Metodo", "rischio inerente", LevelLabel("Medio")),),
        ),
    ),
    assessments=(
        SheetAssessment(
            "v1",
            "Metodo",
            "rischio inerente",
            LevelLabel("Basso"),
            motivation="Vincolata.",
            entries=(Entry("Motivazione", ("Vincolata.",)),),
            ratings=(SheetRating("Discrezionalità", "Bassa", "Regolamento"),),
        ),
    ),
    measures=(
        SheetMeasure("m1", "Formazione", "misura generale", (Entry("Ambito", ("il processo",)),)),
    ),
)


def having(row, **changes):
    return dataclasses.replace(row, **changes)


def test_nothing_changed_is_no_change():
    assert changes_between(SHEET, SHEET) == ()


def test_the_process_itself_comes_first_field_by_field():
    after = having(
        SHEET, title="Rimborsi e sgravi", entries=(Entry("Obiettivo", ("Rimborsare presto.",)),)
    )
    (change,) = changes_between(SHEET, after)
    assert change == ContentChange(
        KIND.CHANGED,
        fields=(
            FieldChange("Processo", "Rimborsi", "Rimborsi e sgravi"),
            FieldChange("Obiettivo", "Rimborsare.", "Rimborsare presto."),
        ),
    )


def test_rows_are_added_removed_and_moved():
    first, second = SHEET.phases
    new = SheetPhase("f3", "1", "Protocollo", "—")
    after = having(SHEET, phases=(new, second, first))
    told = [(change.kind, change.row, change.title) for change in changes_between(SHEET, after)]
    assert told == [
        (KIND.ADDED, "Fase", "Protocollo"),
        (KIND.MOVED, "Fase", "Istruttoria"),
    ] or told == [
        (KIND.ADDED, "Fase", "Protocollo"),
        (KIND.MOVED, "Fase", "Decisione"),
    ]
    back = [(change.kind, change.title) for change in changes_between(after, SHEET)]
    assert (KIND.REMOVED, "Protocollo") in back


def test_what_goes_with_its_row_is_told_once():
    after = having(SHEET, phases=SHEET.phases[1:], behaviours=())
    assert [(change.kind, change.row) for change in changes_between(SHEET, after)] == [
        (KIND.REMOVED, "Fase"),
        (KIND.REMOVED, "Comportamento a rischio"),
    ]


def test_an_action_that_goes_to_another_phase_has_moved():
    first, second = SHEET.phases
    after = having(SHEET, phases=(having(first, actions=()), having(second, actions=first.actions)))
    (change,) = changes_between(SHEET, after)
    assert (change.kind, change.row, change.fields) == (KIND.MOVED, "Azione", ())


def test_numbers_given_by_places_are_no_change():
    (behaviour,) = SHEET.behaviours
    again = having(
        behaviour, number="2.", entries=(Entry(behaviour.entries[0].label, ("2. Istruttoria",)),)
    )
    before = having(behaviour, entries=(Entry(behaviour.entries[0].label, ("1. Istruttoria",)),))
    assert (
        changes_between(
            having(SHEET, behaviours=(before,)), having(SHEET, behaviours=(again,), number="7")
        )
        == ()
    )


def test_an_assessment_is_told_by_method_moment_and_indicator():
    (judgement,) = SHEET.assessments
    rating = having(judgement.ratings[0], value="Alta")
    again = having(judgement, uid="v9", level=LevelLabel("Alto"), ratings=(rating,))
    (change,) = changes_between(SHEET, having(SHEET, assessments=(again,)))
    assert (change.row, change.title) == ("Valutazione del processo", "Metodo, rischio inerente")
    assert change.fields == (
        FieldChange("Livello", "Basso", "Alto"),
        FieldChange("Discrezionalità", "Bassa", "Alta"),
    )


def test_rows_of_two_editions_are_known_by_their_ancestors():
    renamed = {"f1": "nf1", "f2": "nf2", "a1": "na1", "b1": "nb1", "m1": "nm1"}
    after = _with_uids(SHEET, renamed)
    assert changes_between(SHEET, after, names={new: old for old, new in renamed.items()}) == ()
    del renamed["m1"]
    told = changes_between(SHEET, after, names={new: old for old, new in renamed.items()})
    assert [(row.kind, row.row) for row in told] == [
        (KIND.ADDED, "Misura"),
        (KIND.REMOVED, "Misura"),
    ]


def _with_uids(value, names):
    """Return nested rows with other uids."""
    if dataclasses.is_dataclass(value):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        changed = {name: _with_uids(one, names) for name, one in fields.items()}
        if "uid" in changed:
            changed["uid"] = names.get(changed["uid"], changed["uid"])
        return dataclasses.replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(_with_uids(one, names) for one in value)
    return value


UNTOLD = {"uid", "number", "tone"}
"""Fields that are names, places or colours; those of `behaviours` repeat what others say."""


def _texts(value, path=()):
    """Yield the path to every text of nested rows."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from _texts(one, (*path, index))
    elif dataclasses.is_dataclass(value):
        repeats = isinstance(value, SheetPhase | SheetAction)
        for field in dataclasses.fields(value):
            if field.name not in UNTOLD and not (repeats and field.name == "behaviours"):
                yield from _texts(getattr(value, field.name), (*path, field.name))


def _changed(value, path):
    if not path:
        return "Un testo tutto diverso"
    step, *rest = path
    if isinstance(step, int):
        return tuple(_changed(one, rest) if n == step else one for n, one in enumerate(value))
    return dataclasses.replace(value, **{step: _changed(getattr(value, step), rest)})


@pytest.mark.parametrize("path", [*_texts(SHEET)], ids=lambda path: ".".join(map(str, path)))
def test_no_text_changes_unseen(path):
    after = _changed(SHEET, path)
    assert process_data(after) != process_data(SHEET)
    told = changes_between(SHEET, after)
    assert told
    assert "Un testo tutto diverso" in repr(told)


def test_every_kind_of_row_of_the_sheet_is_in_the_example():
    """Whoever adds a field to the sheet finds it here, and so in the changes."""
    hints = typing.get_type_hints(ProcessSheet)
    lists = {name for name, hint in hints.items() if typing.get_origin(hint) is tuple}
    assert all(getattr(SHEET, name) for name in lists)


# --- words --------------------------------------------------------------------------------------


def test_words_taken_out_and_put_in():
    assert pieces_of("il termine è di 30 giorni", "il termine è di 45 giorni") == [
        Piece("same", "il termine è di "),
        Piece("out", "30 "),
        Piece("in", "45 "),
        Piece("same", "giorni"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("", "nuovo testo", ["in"]),
        ("vecchio testo", "", ["out"]),
        ("una cosa", "tutt’altro discorso", ["out", "in"]),
        ("parola " * (MOST_WORDS + 1), "altra " * MOST_WORDS, ["out", "in"]),
    ],
)
def test_what_is_not_alike_stands_whole(before, after, kinds):
    assert [piece.kind for piece in pieces_of(before, after)] == kinds


def test_of_a_long_text_what_lies_between_its_like_ends_is_compared():
    words = [f"parola{number}" for number in range(3 * MOST_WORDS)]
    changed = [*words[:MOST_WORDS], "nuova", *words[MOST_WORDS + 1 :]]
    pieces = pieces_of(" ".join(words), " ".join(changed))
    assert [(one.kind, one.text) for one in pieces[1:3]] == [
        ("out", f"parola{MOST_WORDS} "),
        ("in", "nuova "),
    ]
    assert [one.kind for one in pieces] == ["same", "out", "in", "same"]


@pytest.mark.parametrize("between_ends", [False, True])
def test_the_pieces_give_both_texts_back(between_ends):
    chance = random.Random(7)  # noqa: S311 - no secret
    words = ["atto", "ufficio", "gara,", "e\n", "il", "responsabile."]
    for _round in range(300):
        before, after = (
            " ".join(chance.choices(words, k=chance.randint(0, 30))) for _text in range(2)
        )
        pieces = pieces_of(before, after, between_ends=between_ends)
        assert "".join(one.text for one in pieces if one.kind != "out") == after
        kept = "".join(one.text for one in pieces if one.kind != "in")
        assert kept.split() == before.split()
