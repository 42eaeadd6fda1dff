"""The level of a process is one rule in two places: the lists (SQL) and the paper (Python)."""

import pytest

from registry.models import Process
from risk.content.build import build_document
from risk.content.levels import default_method, with_level
from risk.content.reading import read_annex
from tests.register import (
    assess,
    make_annex,
    make_behaviour,
    make_method,
    make_process,
    use_method,
)

pytestmark = pytest.mark.django_db


def test_lists_and_paper_say_the_same_level():
    annex, method = make_annex(), make_method()
    use_method(annex, method)
    own = make_process(annex, "Proprio")
    assess(own, method, "Basso")
    assess(make_behaviour(own), method, "Alto")
    derived = make_process(annex, "Derivato")
    for text, level in (("Uno", "Basso"), ("Due", "Alto"), ("Tre", "Medio")):
        assess(make_behaviour(derived, text), method, level)
    make_behaviour(make_process(annex, "Nessuno"))

    labels = {level.pk: level.label for level in method.levels.all()}
    rows = with_level(Process.objects.filter(annex=annex), default_method(annex.plan))
    listed = [(labels.get(row.level_id), row.level_is_derived) for row in rows.order_by("position")]
    printed = [
        (row.level.label, row.level.derived) if row.level else (None, False)
        for row in build_document(read_annex(annex)).table
    ]
    assert listed == printed == [("Basso", False), ("Alto", True), (None, False)]
