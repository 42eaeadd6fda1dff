"""The grid of the merged table."""

from dataclasses import replace

from risk.content.values import DASH, LevelLabel, PhaseRow, ProcessRow, TableBehaviour
from risk.paper.risk_table import bodies, gaps
from tests.risk.paper.published import ACTIVITIES, published_table


def cells_of(processes, **options):
    return [
        cell for body in bodies(processes, **options) for row in body.rows for cell in row.cells
    ]


def spans(processes, column, **options):
    return [cell.rowspan for cell in cells_of(processes, **options) if cell.column == column]


def test_the_published_table_is_merged_as_published():
    table = published_table().table
    assert spans(table, "processi") == [19]
    assert spans(table, "misure") == [19]
    assert spans(table, "obiettivo") == [4, 4, 4, 3, 4]
    assert spans(table, "attivita") == [4, 4, 4, 3, 4]
    assert spans(table, "livello") == [4, 4, 4, 3, 4]
    assert spans(table, "comportamento") == [3, 1, 4, 3, 1, 3, 4]
    assert spans(table, "fasi") == [1] * 19


def test_columns_in_which_nothing_stands_are_gaps_but_one_alone_is_not():
    table = published_table().table
    bare = [replace(row, objective=DASH, phases=(), measures=()) for row in table]
    assert gaps(bare) == {"obiettivo", "fasi", "comportamento", "misure"}
    assert gaps([*bare, table[0]]) == frozenset()
    assert gaps([replace(row, measures=()) for row in table]) == frozenset()


def test_the_same_words_in_two_activities_stay_two_cells():
    # "Omesso controllo…" ends Incident Management and begins the next activity.
    assert spans(published_table().table[3:], "comportamento") == [3, 4]


def test_a_page_break_repeats_the_merged_text():
    table = published_table().table
    first_of_fourth = table[3].phases[0].uid
    found = cells_of(table, breaks={first_of_fourth})
    macro = [cell for cell in found if cell.column == "processi"]
    measures = [cell for cell in found if cell.column == "misure"]
    assert [cell.rowspan for cell in macro] == [12, 7]
    assert [cell.lines[0].resumed for cell in macro] == [False, True]
    assert [len(cell.lines) for cell in measures] == [5, 5]
    assert [cell.lines[0].resumed for cell in measures] == [False, True]


def test_a_behaviour_over_phases_apart_is_marked_as_continued():
    gap = TableBehaviour("x", "Omissione")
    phases = (
        PhaseRow("f1", "Uno", (gap,)),
        PhaseRow("f2", "Due"),
        PhaseRow("f3", "Tre", (gap, TableBehaviour("y", "Ritardo"))),
    )
    process = ProcessRow("p", "m", "Macro", "Scopo", "Processo", phases)
    found = [cell for cell in cells_of((process,)) if cell.column == "comportamento"]
    assert [[(line.text, line.resumed) for line in cell.lines] for cell in found] == [
        [("Omissione", False)],
        [("—", False)],
        [("Omissione", True), ("Ritardo", False)],
    ]


def test_a_process_without_phases_takes_one_row():
    bare = ProcessRow("p", "", "", "", "Processo")
    found = {cell.column: cell for cell in cells_of((bare,))}
    assert {cell.rowspan for cell in found.values()} == {1}
    for column in ("processi", "obiettivo", "fasi", "comportamento", "misure", "livello"):
        assert [line.text for line in found[column].lines] == ["—"]


def test_no_processes_no_bodies():
    assert bodies(()) == ()


def test_bodies_part_where_no_cell_is_running():
    first, second, *_rest = published_table().table
    other = replace(second, macroprocess_key="altro", measures=())
    assert len(bodies((first, other))) == 2
    assert len(bodies((first, second))) == 1


def test_heads_of_a_behaviour_are_its_column_its_activity_and_its_phases():
    found = cells_of(published_table().table)
    behaviour = next(cell for cell in found if cell.column == "comportamento")
    assert behaviour.headers.split() == [
        "tabella-comportamento",
        "tabella-attivita-s001-1-1",
        "tabella-fase-s001-1-1",
        "tabella-fase-s001-1-2",
        "tabella-fase-s001-1-3",
    ]
    level = [cell for cell in found if cell.column == "livello"]
    assert level[1].headers.split() == ["tabella-livello", "tabella-attivita-s001-2-1"]
    measures = next(cell for cell in found if cell.column == "misure")
    assert len(measures.headers.split()) == 1 + len(ACTIVITIES)


def test_ids_are_unique_also_after_a_break():
    table = published_table().table
    found = [cell.id for cell in cells_of(table, breaks={table[0].phases[2].uid}) if cell.id]
    assert len(found) == len(set(found))


def test_level_keeps_its_derivation():
    process = replace(
        published_table().table[0], level=LevelLabel("ALTO", tone="high", derived=True)
    )
    level = next(cell for cell in cells_of((process,)) if cell.column == "livello")
    assert level.level.derived
