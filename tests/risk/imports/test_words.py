"""Categories and factors of behaviours that are in the register already."""

import pytest

from risk.models import EnablingFactor, EventCategory, RegisterImport, RiskBehaviour
from risk.services.imports import apply_import, preview_import, undo_import
from risk.services.imports.report import ShownProcesses
from risk.services.imports.uploads import answer_questions
from tests.risk.imports.files import brought

pytestmark = pytest.mark.django_db
HEADS = "Processo;Rischio;Categoria di evento rischioso;Fattori abilitanti\n"


@pytest.fixture
def lists(annex):
    for model, names in (
        (EventCategory, ("Favori", "Elusione delle procedure")),
        (EnablingFactor, ("Mancanza di controlli", "Scarsa trasparenza")),
    ):
        for place, name in enumerate(names, 1):
            model.objects.create(code=f"X{place}", label=name, position=place, source="prova")


def bring(annex, by, *lines):
    text = HEADS + "".join(f"{line}\n" for line in lines)
    return brought(annex.plan, annex.office, by=by, content=text.encode())


def put(annex, by, *lines) -> RegisterImport:
    found = bring(annex, by, *lines)
    apply_import(register_import=found, digest=found.report["digest"], by=by)
    return found


def words(text="Ritardo voluto"):
    row = RiskBehaviour.objects.get(text=text)
    return [
        [one.label for one in getattr(row, name).order_by("label")]
        for name in ("categories", "factors")
    ]


def test_another_category_is_a_change_and_goes_back_with_the_import(annex, rpct, lists):
    put(annex, rpct, "Uno;Ritardo voluto;Favori;Mancanza di controlli")
    found = bring(annex, rpct, "Uno;Ritardo voluto;Elusione delle procedure;Mancanza di controlli")
    (process,) = ShownProcesses(found)
    assert process["changed"][0]["changes"] == [
        ["categorie di evento", "Favori", "Elusione delle procedure"]
    ]
    apply_import(register_import=found, digest=found.report["digest"], by=rpct)
    assert words() == [["Elusione delle procedure"], ["Mancanza di controlli"]]
    row = RiskBehaviour.objects.get()
    last = row.history.latest("history_id")
    assert [one.eventcategory.label for one in last.categories.all()] == [
        "Elusione delle procedure"
    ]
    assert [one.enablingfactor.label for one in last.factors.all()] == ["Mancanza di controlli"]
    undo_import(register_import=RegisterImport.objects.get(pk=found.pk), by=rpct)
    assert words() == [["Favori"], ["Mancanza di controlli"]]


def test_the_same_lists_in_another_order_and_an_empty_cell_change_nothing(annex, rpct, lists):
    put(annex, rpct, 'Uno;Ritardo voluto;"Favori\nElusione delle procedure";Scarsa trasparenza')
    found = bring(annex, rpct, 'Uno;Ritardo voluto;"Elusione delle procedure\nFavori";')
    assert (found.report["added"], found.report["changed"]) == (0, 0)


def test_an_entry_left_out_takes_nothing_away(annex, rpct, lists):
    put(annex, rpct, "Uno;Ritardo voluto;Favori;Mancanza di controlli")
    found = bring(annex, rpct, 'Uno;Ritardo voluto;"Elusione delle procedure\nBoh";')
    answer_questions(register_import=found, answers={"category": {"Boh": {"skip": True}}})
    preview = preview_import(
        plan=annex.plan,
        office=annex.office,
        content=bytes(found.content),
        filename="x.csv",
        answers=found.answers,
        by=rpct,
    )
    apply_import(register_import=found, digest=preview.digest, by=rpct)
    assert words()[0] == ["Elusione delle procedure", "Favori"]
