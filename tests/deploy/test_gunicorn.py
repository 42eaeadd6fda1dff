"""Gunicorn's own lines have the form of the site's, and the request they are about."""

import gc
import json
import runpy
from types import SimpleNamespace

import pytest
from django.template import engines
from gunicorn.config import Config

from tests.project.files import ROOT

ID = "0123456789abcdef0123456789abcdef"


def request_with(value: str) -> SimpleNamespace:
    return SimpleNamespace(headers=[("HOST", "esempio"), ("X-REQUEST-ID", value)])


@pytest.fixture
def conf():
    return runpy.run_path(str(ROOT / "deploy/gunicorn.conf.py"))


def logger_of(conf):
    settings = Config()
    settings.set("accesslog", "-")
    settings.set("access_log_format", conf["access_log_format"])
    return conf["logger_class"](settings)


def test_a_line_names_the_request_while_it_lasts_and_after_an_error(conf, capsys):
    log = logger_of(conf)
    conf["pre_request"](None, request_with(ID))
    log.error("durante")
    try:
        raise ConnectionError
    except ConnectionError:
        conf["post_request"](None, None, {}, None)
    log.error("dopo un errore")
    conf["post_request"](None, None, {}, None)
    log.error("fuori")
    conf["pre_request"](None, request_with("scelto da altri"))
    log.error("senza forma")

    lines = capsys.readouterr().err.splitlines()
    said = {line.rpartition(": ")[2]: line for line in lines}
    assert [f"[{ID}]" in said[one] for one in ("durante", "dopo un errore")] == [True, True]
    assert ["[-]" in said[one] for one in ("fuori", "senza forma")] == [True, True]
    assert "ERROR gunicorn.error" in said["durante"]


def test_lines_are_json_where_the_site_s_are(conf, capsys, monkeypatch):
    monkeypatch.setenv("PTPCT_LOG_FORMAT", "json")
    log = logger_of(conf)
    conf["pre_request"](None, request_with(ID))
    log.error("è «così»")
    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["request_id"], line["message"]) == ("ERROR", ID, "è «così»")
    assert line["at"]


@pytest.fixture
def collector():
    """The collector as in a new process; afterwards the tests have set aside as much again."""
    before = gc.get_threshold()
    gc.unfreeze()
    yield
    gc.freeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("collector")
def test_a_process_that_begins_sets_aside_what_it_is_made_of(conf):
    templates = engines["django"].engine.template_loaders[0]
    templates.reset()
    conf["post_worker_init"](None)

    assert {"base.html", "risk/process_sheet/page.html"} <= templates.get_template_cache.keys()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[0] > 10_000
