"""What the parts of a plan say, from what is printed of its annexes alone."""

from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from risk.content.part_values import PartContent
from risk.content.plan_facts import PlanFacts, annex_facts
from risk.content.plan_parts import COLUMNS, PLAN_PARTS, parts_of
from risk.content.plan_values import ExemptOffice
from risk.content.values import (
    AnnexDocument,
    Entry,
    LevelLabel,
    OfficeHead,
    ProcessSheet,
    SheetAssessment,
    SheetBehaviour,
    SheetMeasure,
)
from risk.paper.plan_chapters import DrawnLink

HIGH, LOW = LevelLabel("Alto", tone="high"), LevelLabel("Basso", tone="low")
AREA = Entry("Area di rischio", ("D) Contratti pubblici (generale)",))


def assessed(level: LevelLabel, *reason: str) -> SheetAssessment:
    entries = (Entry("Motivazione", reason),)
    return SheetAssessment("v", "ANAC 2019", "rischio inerente", level, entries=entries)


def measure(uid: str, title: str, kind: str = "specifica", **entries: tuple[str, ...]):
    labels = {
        "steps": "Fasi e tempi di attuazione",
        "who": "Soggetto responsabile",
        "missing": "Non ancora indicati",
    }
    said = tuple(Entry(labels[name], lines) for name, lines in entries.items())
    return SheetMeasure(uid, title, f"misura {kind}", said)


COURSE = measure("corso", "Formazione", "generale", steps=("1. Corso annuale: ogni anno",))
LIST = measure(
    "elenco",
    "Elenco dei fornitori",
    steps=(
        "1. Scrivere l’elenco: entro il 30/06/2021",
        "2. Pubblicarlo: in due volte, entro il 31/12/2021 (Servizio web)",
    ),
    who=("Dirigente, Servizio gare",),
)
LATER = measure("tardi", "Rotazione", missing=("fasi e tempi di attuazione, valore target",))


def sheet(uid: str, number: int, **fields) -> ProcessSheet:
    told = {"title": f"Processo {uid}", "entries": (AREA,), "presence": "Presente", **fields}
    return ProcessSheet(uid=uid, number=str(number), **told)


def facts() -> PlanFacts:
    derived = SheetBehaviour("c", "1.", "Favorire un’impresa.", (), (assessed(HIGH, "Derivata."),))
    sheets = (
        sheet("basso", 1, level=LOW, assessments=(assessed(LOW),), measures=(COURSE, LATER)),
        sheet("alto", 2, level=HIGH, assessments=(assessed(HIGH, "Molto denaro."),)),
        sheet(
            "derivato",
            3,
            level=replace(HIGH, derived=True),
            behaviours=(derived,),
            measures=(COURSE, LIST),
        ),
        sheet("nuovo", 4, entries=(), measures=(COURSE,)),
        sheet("assente", 5, presence="Assente"),
    )
    document = AnnexDocument(
        "gare", "Comune", "PTPCT", "GARE", OfficeHead("dott.", "Rossi", "Anna"), sheets=sheets
    )
    one = (sheet("solo", 1, level=LOW, assessments=(assessed(LOW, "Vincolato."),)),)
    other = replace(document, uid="tributi", office="TRIBUTI", sheets=one)
    told = tuple(map(annex_facts, (document, other)))
    return PlanFacts(told, (COURSE,), (ExemptOffice("CED", "Soppresso."),))


def content(name: str) -> PartContent:
    return PLAN_PARTS[name].content(facts())


def rows(name: str, section: int = 0) -> list[list[str]]:
    """Return the cells of a table of a part as text: level, links with their targets, lines."""
    table = content(name).sections[section].table
    assert table is not None
    return [
        [
            " / ".join(
                (
                    *([cell.level.label] if cell.level else []),
                    *(f"{link.text} > {link.target}" for link in cell.links),
                    *cell.lines,
                )
            )
            for cell in row
        ]
        for row in table.rows
    ]


def test_the_ranking_has_the_gravest_first_with_reason_measures_and_what_is_missing():
    later = "della misura «Rotazione»: fasi e tempi di attuazione, valore target"
    link = "{0}. Processo {1} > processo-{1} / {2}, scheda n. {3}"
    expected = [
        ("alto", "GARE", 2, "Alto", "Molto denaro.", "", "le misure"),
        ("derivato", "GARE", 3, "Alto", "Derivata.", "Elenco dei fornitori", ""),
        ("basso", "GARE", 1, "Basso", "", "Rotazione", f"la motivazione del livello / {later}"),
        ("solo", "TRIBUTI", 1, "Basso", "Vincolato.", "", "le misure"),
    ]
    assert rows("graduatoria") == [
        [link.format(place, *told[:3]), *told[3:]] for place, told in enumerate(expected, start=1)
    ]
    _ranked, unrated, riskless = content("graduatoria").sections
    assert (unrated.title, riskless.title) == ("Processi non ancora valutati", "Rischio assente")
    # nothing is printed of what is not there, and what all of them lack is said once
    assert unrated.paragraphs == ("Che cosa manca a ciascuno: il livello di rischio.",)
    assert rows("graduatoria", 1) == [["Processo nuovo > processo-nuovo", "GARE, scheda n. 4"]]
    assert riskless.paragraphs == ()
    assert rows("graduatoria", 2) == [["Processo assente > processo-assente", "GARE, scheda n. 5"]]
    short = content("graduatoria").with_columns({"manca"}).sections[0].table
    assert short is not None
    assert [one.name for one in short.columns] == ["processo", "livello", "manca"]
    assert {len(row) for row in short.rows} == {3}


def test_the_summary_tells_the_high_risks_in_plain_words():
    counts, everywhere, *risks = content("sintesi").sections
    assert counts.paragraphs == (
        "L’amministrazione ha descritto 6 processi. 2 hanno un livello di rischio alto.",
    )
    assert rows("sintesi") == [
        ["Alto", "2"],
        ["Basso", "2"],
        ["Non ancora valutati", "1"],
        ["Rischio assente", "1"],
    ]
    assert everywhere.paragraphs[1:] == (
        "Formazione: Corso annuale: ogni anno. Chi se ne occupa non è ancora indicato.",
    )
    told = [(one.title, one.link.target, {e.label: e.lines for e in one.entries}) for one in risks]
    assert told == [
        (
            "Processo alto",
            "processo-alto",
            {
                "Ufficio": ("GARE",),
                "Che cosa può succedere": ("Non ancora descritto.",),
                "Che cosa si fa": ("Le misure non sono ancora indicate.",),
            },
        ),
        (
            "Processo derivato",
            "processo-derivato",
            {
                "Ufficio": ("GARE",),
                "Che cosa può succedere": ("Favorire un’impresa.",),
                "Che cosa si fa": (
                    "Elenco dei fornitori, entro il 31/12/2021. "
                    "Se ne occupa: Dirigente, Servizio gare.",
                ),
            },
        ),
    ]


def test_the_programme_has_each_step_by_its_day_and_again_by_who_answers():
    gare, web = "Dirigente, Servizio gare", "Servizio web"
    by_day = [
        ["30/06/2021", "Scrivere l’elenco", "Elenco dei fornitori", gare],
        ["31/12/2021", "Pubblicarlo: in due volte", "Elenco dei fornitori", web],
        ["senza data", "Corso annuale: ogni anno", "Formazione", ""],
        ["senza data", "fasi e tempi non ancora indicati", "Rotazione", ""],
    ]
    assert [row[:4] for row in rows("programma")] == by_day
    assert [row[4] for row in rows("programma")] == [
        "n.\N{NO-BREAK SPACE}3 > processo-derivato / GARE",
        "n.\N{NO-BREAK SPACE}3 > processo-derivato / GARE",
        "tutti gli uffici",
        "n.\N{NO-BREAK SPACE}1 > processo-basso / GARE",
    ]
    titles = [section.title for section in content("programma").sections]
    who = [f"Risponde: {one}" for one in (gare, web, "non ancora indicato")]
    assert titles == ["Per scadenza", *who]
    assert [row[0] for row in rows("programma", 3)] == ["senza data", "senza data"]


@pytest.mark.parametrize(
    ("scope", "said"),
    [("tutto l’ufficio", "tutto l’ufficio"), ("il processo", "tutti i processi a rischio")],
)
def test_what_reaches_a_whole_office_leads_to_the_sheet_that_programs_it(scope, said):
    course = replace(COURSE, entries=(*COURSE.entries, Entry("Ambito", (scope,))))
    sheets = tuple(sheet(name, n, measures=(course,)) for n, name in enumerate("abc", start=1))
    document = AnnexDocument("gare", "Comune", "PTPCT", "GARE", OfficeHead(), sheets=sheets)
    (by_day, *_others) = (
        PLAN_PARTS["programma"].content(PlanFacts((annex_facts(document),))).sections
    )
    assert by_day.table is not None
    (link,) = by_day.table.rows[0][4].links
    assert link.text == f"{said}, scheda n.\N{NO-BREAK SPACE}1"
    # and not to the cover of the annex, which says nothing of it
    assert link.target == "processo-a"


def test_links_of_a_cell_are_parted_by_a_sign_that_stands_at_the_first():
    links = [DrawnLink("n. 1", "via-1", 24), DrawnLink("n. 2")]
    shown = render_to_string("risk/paper/plan/_part_cell.html", {"cell": {"links": links}})
    words = " ".join(strip_tags(shown).replace("&nbsp;", " ").split())
    assert words == "n. 1, pag. 24; n. 2"


def answering(*who: str, office: str = "SERVIZIO GARE") -> list[tuple[str, list[str]]]:
    """Return the groups of a programme of one measure for each who answers, with their columns."""
    measures = tuple(measure(f"m{n}", f"Misura {n}", who=(one,)) for n, one in enumerate(who))
    document = AnnexDocument(
        "a", "Comune", "PTPCT", office, OfficeHead(), sheets=(sheet("x", 1, measures=measures),)
    )
    _by_day, *groups = PLAN_PARTS["programma"].content(PlanFacts((annex_facts(document),))).sections
    return [
        (
            group.title.removeprefix("Risponde: "),
            [cell.lines[0] for row in group.table.rows for cell in row[2:4] if cell.lines],
        )
        for group in groups
        if group.table
    ]


def test_one_who_answers_is_one_group_however_they_are_spelled():
    # an office and who answers in it are that office, and who it is stands beside it
    assert answering("Dirigente, Servizio gare", "Servizio Gare", "Altro, Servizio gare") == [
        (
            "SERVIZIO GARE",
            ["Misura 0", "Dirigente, Servizio gare", "Misura 1", "Servizio Gare"]
            + ["Misura 2", "Altro, Servizio gare"],
        )
    ]
    # of what has no annex the same words are one, and nothing is said twice
    assert answering("Segretario  generale", "SEGRETARIO GENERALE", "Segretario", "") == [
        ("Segretario", ["Misura 2", "SERVIZIO GARE"]),
        ("Segretario  generale", ["Misura 0", "SERVIZIO GARE", "Misura 1", "SERVIZIO GARE"]),
        ("non ancora indicato", ["Misura 3", "SERVIZIO GARE"]),
    ]
    # the end of a name is not the name, and the longest office is meant
    assert [name for name, _told in answering("Dirigente, Lavori", "Nuovi lavori")] == [
        "Dirigente, Lavori",
        "Nuovi lavori",
    ]


@pytest.mark.parametrize(
    ("step", "said", "who"),
    [
        # an office of the plan, somebody in one, one that has no annex, who answers elsewhere
        ("1. Corso: ogni anno (Servizio Gare)", "Corso: ogni anno", "Servizio Gare"),
        ("1. Corso (Addetto, servizio gare)", "Corso", "Addetto, servizio gare"),
        ("1. Corso: ogni anno (CED (sede))", "Corso: ogni anno", "CED (sede)"),
        ("1. Corso (Segretario)", "Corso", "Segretario"),
        ("1. Corso (Dirigente, Servizio web)", "Corso", "Dirigente, Servizio web"),
        ("1. Corso (Servizio web)", "Corso", "Servizio web"),
        ("1. Corso: entro il 31/02/2021 (RPCT)", "Corso: entro il 31/02/2021", "RPCT"),
        # brackets that name nobody are words like others
        ("1. Corso (avanzato)", "Corso (avanzato)", "Ragioneria"),
        ("1. Corso (avanzato): ogni anno (RPCT)", "Corso (avanzato): ogni anno", "RPCT"),
        ("1. Corso RPCT) (RPCT", "Corso RPCT) (RPCT", "Ragioneria"),
        ("1. Corso(RPCT)", "Corso(RPCT)", "Ragioneria"),
        ("1. (RPCT)", "(RPCT)", "Ragioneria"),
        ("1. ()", "()", "Ragioneria"),
    ],
)
def test_a_step_without_a_day_stands_under_who_answers_for_it(step, said, who):
    elsewhere = measure("a", "Altra", steps=("1. Atto: entro il 30/06/2021 (RPCT)",))
    more = measure("b", "Ancora", who=("Dirigente, Servizio web",))
    last = measure("c", "Una", who=("Segretario",))
    asked = measure("m", "Misura", steps=(step,), who=("Ragioneria",))
    sheets = (sheet("x", 1, measures=(elsewhere, more, last, asked)),)
    document = AnnexDocument("a", "C", "P", "SERVIZIO GARE", OfficeHead(), sheets=sheets)
    facts = PlanFacts((annex_facts(document),), exempt=(ExemptOffice("CED (sede)", "Soppresso."),))
    sections = PLAN_PARTS["programma"].content(facts).sections
    tables = [(one.title, one.table.rows) for one in sections if one.table]
    (found,) = [row for row in tables[0][1] if row[2].lines == ("Misura",)]
    assert (found[1].lines, found[3].lines) == ((said,), (who,))
    (title,) = [title for title, rows in tables[1:] if any(row[1].lines == (said,) for row in rows)]
    office = "SERVIZIO GARE" if who.lower().endswith("servizio gare") else who
    assert title == f"Risponde: {office}"


def test_the_index_leads_to_annexes_and_sheets_and_the_glossary_names_levels_and_methods():
    assert rows("uffici-e-aree") == [
        ["GARE > allegato-gare", "dott. Anna Rossi", "5", "2"],
        ["TRIBUTI > allegato-tributi", "dott. Anna Rossi", "1", "0"],
    ]
    assert rows("uffici-e-aree", 1)[1:] == [
        ["D) Contratti pubblici (generale)", "n.\N{NO-BREAK SPACE}1 > processo-solo / TRIBUTI"],
        ["senza area di rischio", "n.\N{NO-BREAK SPACE}4 > processo-nuovo / GARE"],
    ]
    _words, levels, methods = content("glossario").sections
    assert [(one.label, one.lines) for one in levels.entries] == [
        ("Alto", ("2 processi",)),
        ("Basso", ("2 processi",)),
    ]
    assert [one.label for one in methods.entries] == ["ANAC 2019"]


def test_an_empty_part_says_so_where_it_is_asked_for_and_is_left_out_else():
    assert parts_of(PlanFacts()) == ()
    named = parts_of(PlanFacts(), names=PLAN_PARTS)
    assert [part.name for part in named] == list(PLAN_PARTS)
    assert all(part.paragraphs[0].endswith(".") for part in named)
    assert [part.name for part in parts_of(facts(), is_adopted=True)] == [
        "sintesi",
        "graduatoria",
        "programma",
        "uffici-e-aree",
        "glossario",
    ]
    assert [part.name for part in parts_of(facts(), names=["misure", "sintesi"])] == [
        "misure",
        "sintesi",
    ]
    low = annex_facts(
        AnnexDocument("a", "b", "c", "d", OfficeHead(), sheets=(sheet("x", 1, level=LOW),))
    )
    (counts,) = PLAN_PARTS["sintesi"].content(PlanFacts((low,))).sections
    assert "Nessuno ha un livello di rischio alto." in counts.paragraphs[0]
    # where nobody has said which levels are high, nobody is told that none is
    plain = sheet("x", 1, level=LevelLabel("Alto"))
    untold = annex_facts(AnnexDocument("a", "b", "c", "d", OfficeHead(), sheets=(plain,)))
    (counts,) = PLAN_PARTS["sintesi"].content(PlanFacts((untold,))).sections
    assert "Il metodo usato non dice quali livelli sono alti" in counts.paragraphs[0]


def test_codes_stand_beside_numbers_and_are_left_out_part_by_part():
    one = (sheet("solo", 3, level=HIGH, assessments=(assessed(HIGH),), code="A1"),)
    document = AnnexDocument("gare", "Comune", "PTPCT", "GARE", OfficeHead(), sheets=one)
    told = PlanFacts((annex_facts(document),))

    def naming(**choice) -> list[str]:
        return [part.name for part in parts_of(told, **choice) if "n. 3 (A1)" in said(part)]

    def said(part) -> str:
        return repr(part).replace("\\xa0", " ")

    assert naming() == ["sintesi", "graduatoria", "uffici-e-aree"]
    assert naming(left_out={"graduatoria.codici"}) == ["sintesi", "uffici-e-aree"]
    assert "n. 3" in repr(parts_of(told, names=["graduatoria"], left_out={"graduatoria.codici"}))
    assert {name for name in COLUMNS if name.endswith(".codici")} == {
        f"{part.name}.codici" for part in PLAN_PARTS.values() if part.names_processes
    }
