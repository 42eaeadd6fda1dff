"""How gunicorn serves the site. It is reached through nginx alone, which has the slow clients.

The socket comes from systemd (the unit beside this file), so that only nginx may open it.
"""

import gc
import logging
import os
import re
import sys
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path

from gunicorn.glogging import Logger
from pythonjsonlogger.json import JsonFormatter

workers = 2
# The site is read once, before the first process is copied: what it is made of they share.
preload_app = True
worker_class = "gthread"
threads = 8
# Two threads of each process are left to readers, however many wait to write, and nobody waits
# longer than this for who is writing.
os.environ.setdefault("PTPCT_WRITERS", str(threads - 2))
os.environ.setdefault("PTPCT_LOCK_SECONDS", "5")
# Of those who read, two are worked on at once: with one processor for each process more would only
# take it from each other.
os.environ.setdefault("PTPCT_READERS", "2")
# A page waits five seconds for its longest work; what takes minutes is a job.
timeout = 120
graceful_timeout = 30
# What an engine or a large file leaves behind in memory goes with the process: a few times a day,
# as one that begins has to make anew what it keeps, and two thousand requests are a minute's work.
max_requests = 20_000
max_requests_jitter = 2_000
umask = 0o077
# nginx writes who asked for what; who wants it here too, names a file.
accesslog = None
access_log_format = '%(h)s "%(r)s" %(s)s %(b)s bytes %(M)s ms'
errorlog = "-"
control_socket_disable = True

HEADER = "X-REQUEST-ID"
_FORM = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_request_id: ContextVar[str] = ContextVar("request_id", default="-")


class TracedLogger(Logger):
    """Writes gunicorn's own lines as the site writes its lines, with the request they are about."""

    def setup(self, cfg):
        """Give each handler the form of the site's lines, those of the access log too."""
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(_formatter())
            handler.addFilter(_with_request)

    def access(self, resp, req, environ, request_time):
        """Write the line of a request under the id the site has answered with."""
        answered = [value for name, value in resp.headers if name.upper() == HEADER]
        before = _request_id.get()
        _request_id.set(answered[0] if answered else before)
        super().access(resp, req, environ, request_time)
        _request_id.set(before)


logger_class = TracedLogger


def _formatter():
    if os.environ.get("PTPCT_LOG_FORMAT") == "json":
        return JsonFormatter(
            ["levelname", "name", "message", "request_id"],
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="at",
            json_ensure_ascii=False,
        )
    form = "{asctime} {levelname} {name} [{request_id}]: {message}"
    return logging.Formatter(form, style="{")


def _with_request(record):
    record.request_id = _request_id.get()
    return True


def pre_request(worker, req):
    """Keep the id nginx has given a request, for whatever is logged of it."""
    given = [value for name, value in req.headers if name == HEADER and _FORM.fullmatch(value)]
    _request_id.set(given[0] if given else "-")


def post_request(worker, req, environ, resp):
    """Forget it, unless what went wrong is still to be logged."""
    if sys.exc_info()[0] is None:
        _request_id.set("-")


def on_starting(server):
    """Forget the figures of processes that are gone; while the site runs, a sum must not fall."""
    for figures in (Path(os.environ.get("PTPCT_VAR_DIR") or "var") / "metrics").glob("*.db"):
        figures.unlink(missing_ok=True)


def when_ready(server):
    """Set aside what all processes share before they are copied: else each would write into it."""
    post_worker_init(None)
    sys.modules["django.db"].connections.close_all()


def post_worker_init(worker):
    """Let rounds of the collector go past what a process is made of: it is there for good.

    Addresses, pages and templates are loaded first, not by whoever asks for one. And rounds are
    rarer than by default, which is for small programs: a page makes tens of thousands of objects,
    and nearly all of them go by themselves. A tenth of a page's time went into looking for rings.
    """
    if urls := sys.modules.get("django.urls"):
        urls.get_resolver().url_patterns  # noqa: B018 - reading it loads them
        import_module("ptpct.unindented").load_all()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def worker_exit(server, worker):
    """Add the figures of a process that ends to those of the ones before; it has the site."""
    metrics = sys.modules.get("ptpct.metrics")
    if metrics is not None:
        metrics.fold_figures()
