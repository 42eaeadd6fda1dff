"""The code of a process in the open data: a field, and a column, only where there is one."""

import pytest

from risk.content.plan_values import PlanAct, PlanDocument
from risk.content.values import CatalogueRow, ProcessRow, ProcessSheet
from risk.services.reporting.open_data.plans import _process
from risk.services.reporting.open_data.tables import OpenData, open_data_table

DOCUMENT = PlanDocument("Comune", "c_x999", "PTPCT", "", "2021", PlanAct("", "", "", ""))


def process(code: str) -> dict:
    labels = ("", "", "", "1", "Gare", "", "GARE")
    row = CatalogueRow("u", *labels, code=code)
    return _process(row, ProcessRow("u", "", "", "", "Gare"), ProcessSheet("u", "1", "Gare"))


def table(*codes: str):
    annex = {"identificativo": "a", "ufficio": "GARE", "processi": list(map(process, codes))}
    return open_data_table(OpenData(DOCUMENT, [annex]), "processi")


@pytest.mark.parametrize(("code", "told"), [("A1", "A1"), ("", None)])
def test_a_process_says_its_code_where_it_has_one(code, told):
    assert process(code).get("codice") == told


def test_the_table_of_a_plan_without_codes_is_as_it_was():
    plain, coded = table("", ""), table("", "A1")

    assert coded.heads == (*plain.heads, "codice")
    assert [row[:-1] for row in coded.rows] == list(plain.rows)
    assert [row[-1] for row in table("", "A1").rows] == ["", "A1"]
