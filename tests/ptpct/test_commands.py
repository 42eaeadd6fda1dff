"""A command of the register says where it looked when there is none, and leaves nothing behind."""

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class

from registry.management.register_command import RegisterCommand
from tests.ptpct.test_wiring import start

WITHOUT = {
    # they say themselves what the place they are given holds
    *("backup", "restore", "move_engine", "show_health"),
    # the framework’s own, or the library’s, that do more here
    *("flush", "createsuperuser", "changepassword", "run_worker", "migrate"),
}
OURS = sorted(name for name, app in get_commands().items() if app in {"registry", "risk", "ptpct"})


@pytest.mark.parametrize("name", OURS)
def test_every_command_asks_for_a_register_or_tells_why_not(name):
    app = get_commands()[name]
    assert apps.is_installed(app)
    assert isinstance(load_command_class(app, name), RegisterCommand) != (name in WITHOUT)


@pytest.mark.parametrize("exists", [False, True])
def test_where_there_is_none_it_is_said_in_words(tmp_path, exists):
    file = tmp_path / "altrove.sqlite3"
    if exists:
        file.touch()
    result = start("verify_trail", DATABASE_URL=f"sqlite:///{file}", PTPCT_VAR_DIR=str(tmp_path))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert str(file) in result.stderr
    assert "l’ambiente del sito" in result.stderr
    assert file.exists() == exists


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgres://ptpct@127.0.0.1:9/registro", "nessuno accetta la connessione"),
        ("sqlite:///{folder}/non-c-e/registro.sqlite3", "il file non si apre"),
    ],
)
def test_a_database_that_cannot_be_opened_is_told_by_migrate(tmp_path, url, told):
    where = {"DATABASE_URL": url.format(folder=tmp_path), "PTPCT_VAR_DIR": str(tmp_path / "var")}
    result = start("migrate", **where)
    assert (result.returncode, "Traceback" in result.stderr) == (1, False)
    assert told in result.stderr
