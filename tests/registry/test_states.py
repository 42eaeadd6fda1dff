"""Sentences say the state of an annex as a person does; decimals are read out in one place."""

import re
from pathlib import Path

import pytest

from registry.enums import AnnexState
from registry.models import Annex
from risk.enums import Verb
from risk.services.annexes.moves import MoveRefusedError, move_annex
from risk.services.completeness.plan_points import plan_points
from tests.people import people_of
from tests.register import close, complete_annex

ROOT = Path(__file__).resolve().parents[2]
APPS = ("ptpct", "registry", "risk", "templates")
QUOTED_STATE = re.compile(r"(?:\bè|\bÈ|nello stato) «(?:%\(\w*state\w*\)s|\{\{ *state)")
NORMALIZED = re.compile(r"(?<!unicodedata)\.normalize\(\)")
SAID = {
    "draft": "in bozza",
    "submitted": "trasmesso",
    "approved": "approvato dal responsabile",
    "validated": "validato dal RPCT",
    "issued": "emesso",
    "returned": "restituito",
}


@pytest.mark.parametrize("state", list(AnnexState))
def test_a_state_is_said_in_a_sentence(db, state):
    assert state.said == SAID[state]
    annex = complete_annex()
    if state != AnnexState.DRAFT:
        close(annex, state)
    annex = Annex.objects.with_names().get(pk=annex.pk)
    sentences = [point.sentence for point in plan_points(annex.plan)]
    told = f"L’allegato di «Tributi» è {SAID[state]}: va emesso, oppure l’ufficio va esonerato."
    assert (told in sentences) == (state != AnnexState.ISSUED)
    verb = Verb.SUBMIT if state == AnnexState.ISSUED else Verb.REOPEN
    # to be reopened is to be returned
    already = "già " if state == AnnexState.RETURNED else ""
    with pytest.raises(
        MoveRefusedError, match=f"L’allegato è {already}{SAID[state]}: questo passo"
    ):
        move_annex(annex=annex, verb=verb, by=people_of(annex)["rpct"], reason="Da rivedere.")


@pytest.mark.parametrize("words", [QUOTED_STATE, NORMALIZED], ids=["states", "decimals"])
def test_no_sentence_quotes_a_state_and_decimals_are_read_out_in_one_place(words):
    found = [
        str(path.relative_to(ROOT))
        for app in APPS
        for path in sorted((ROOT / app).rglob("*"))
        if path.suffix in (".py", ".html", ".txt") and words.search(path.read_text())
    ]
    assert found == (["registry/readable.py"] if words is NORMALIZED else [])
