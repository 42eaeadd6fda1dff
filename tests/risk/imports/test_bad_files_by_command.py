"""The same bad files through the command: exit code 1, the reason reported, nothing changed."""

import io
import json

import pytest
from django.core.management import call_command

from tests.register import make_method, use_method
from tests.risk.imports.test_bad_files import REFUSED, UNREADABLE, rows_there

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(annex, people, tmp_path):
    """Return a function that brings a file by the command and gives the problems it reports."""
    use_method(annex, make_method())

    def bring(content):
        file, report = tmp_path / "registro.xlsx", tmp_path / "report.json"
        file.write_bytes(content)
        before = rows_there()
        with pytest.raises(SystemExit) as ended:
            call_command(
                "import_register",
                str(file),
                f"--plan={annex.plan.title}",
                f"--office={annex.office.code}",
                f"--report={report}",
                f"--by={people['rpct'].username}",
                stdout=io.StringIO(),
                stderr=io.StringIO(),
            )
        assert (ended.value.code, rows_there()) == (1, before)
        return json.loads(report.read_text())["problems"]

    return bring


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read(refused, name):
    make, said = UNREADABLE[name]
    (problem,) = refused(make())
    assert said in problem["reason"]


@pytest.mark.parametrize("name", REFUSED)
def test_a_row_that_cannot_be_taken(refused, name):
    content, column, row, said = REFUSED[name]
    (problem,) = refused(content)
    assert (problem["row"], problem["column"] or "—") == (row, column)
    assert said in problem["value"] + problem["reason"]
