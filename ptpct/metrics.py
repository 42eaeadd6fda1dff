"""Figures of the running site, in the format of Prometheus; closed unless somebody is named."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from ptpct.figures import fold_ended, make_room, unchanged
from ptpct.watching import is_operator
from registry.enums import SignState
from registry.services.health import signs_of_life
from registry.system_faults import told_of

logger = logging.getLogger(__name__)

NO_VIEW = "nessuna"
"""What is counted under no view: addresses that are not there, answers of whoever comes before."""

_own = CollectorRegistry()
_REQUESTS = Counter(
    "ptpct_http_requests_total",
    "Requests, by view, method and code of the answer",
    ["view", "method", "code"],
    registry=_own,
)
_SECONDS = Histogram(
    "ptpct_http_request_seconds",
    "Seconds from a request to its answer, by view",
    ["view"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_own,
)


class MetricsMiddleware:
    """Counts requests and their time; nothing at all where nobody may read the figures."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not (settings.OPERATOR_TOKEN or settings.OPERATOR_NETWORKS):
            raise MiddlewareNotUsed
        self.get_response = get_response
        self._with_room = 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and count it under the name of its view: no address, no parameter.

        While the disk has no room for figures nothing is counted.
        """
        began = time.perf_counter()
        response = self.get_response(request)
        if not self._has_room():
            return response
        match = request.resolver_match
        view = (match.view_name if match else "") or NO_VIEW
        method = request.method if request.method in _METHODS else "?"
        _REQUESTS.labels(view, method, str(response.status_code)).inc()
        _SECONDS.labels(view).observe(time.perf_counter() - began)
        return response

    def _has_room(self) -> bool:
        """Tell whether this process has room for its figures, which it takes once."""
        folder = _folder()
        if folder is not None and self._with_room != os.getpid():
            try:
                make_room(folder)
            except OSError as error:
                logger.warning("no room for figures: %s", told_of(error))
                return False
            self._with_room = os.getpid()
        return True


_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


class SignsCollector:
    """The signs of life as figures, read when they are asked for: the same in every process."""

    def collect(self) -> Iterator[Metric]:
        """Return how each sign stands, and the figure it has."""
        states = GaugeMetricFamily(
            "ptpct_sign", "1 good, 0.5 worth a look, 0 failed", labels=["sign"]
        )
        runs = GaugeMetricFamily(
            "ptpct_last_run_timestamp_seconds", "When it was last done by itself", labels=["sign"]
        )
        figures = {"queue": "ptpct_queue_oldest_seconds", "disk": "ptpct_disk_free_bytes"}
        for sign in signs_of_life():
            states.add_metric([sign.name], _STANDING[sign.state])
            if sign.figure is None:
                continue
            if name := figures.get(sign.name):
                yield GaugeMetricFamily(name, sign.name, value=sign.figure)
            else:
                runs.add_metric([sign.name], sign.figure)
        yield states
        yield runs


_STANDING = {SignState.GOOD: 1.0, SignState.LATE: 0.5, SignState.FAILED: 0.0}


@require_safe
@never_cache
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the figures of all processes of the site; to anybody but the operator, 404."""
    if not is_operator(request):
        raise Http404
    text = _requests() + generate_latest(_signs())
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def fold_figures() -> None:
    """Keep what this process, which ends, has counted, without a file of its own."""
    if folder := _folder():
        try:
            fold_ended(folder)
        except OSError as error:
            # the next process that ends finds the file, and adds it
            logger.warning("figures not added up: %s", told_of(error))


def _requests() -> bytes:
    """Return the figures of all processes that share a folder, or of this one alone."""
    folder = _folder()
    if folder is None:
        return generate_latest(_own)
    shared = CollectorRegistry()
    MultiProcessCollector(shared)
    with unchanged(folder):
        return generate_latest(shared)


def _folder() -> Path | None:
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return Path(folder) if folder else None


def _signs() -> CollectorRegistry:
    signs = CollectorRegistry()
    signs.register(SignsCollector())
    return signs
