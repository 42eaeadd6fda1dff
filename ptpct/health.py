"""The health address, for the machine that watches over the installation."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ptpct.watching import is_operator
from registry.services.health import is_well, signs_of_life

logger = logging.getLogger(__name__)


@require_safe
@never_cache
@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well, 503 otherwise, whatever happens.

    A stranger is told no more than that; the operator each sign of life.
    """
    try:
        signs = signs_of_life()
    except Exception:
        logger.exception("how the installation is cannot be told")
        return JsonResponse({"stato": "errore"}, status=503)
    well = is_well(signs)
    answer: dict[str, object] = {"stato": "ok" if well else "errore"}
    if is_operator(request):
        answer["segni"] = {
            sign.name: {"stato": sign.state, "detto": sign.sentence, "valore": sign.figure}
            for sign in signs
        }
    return JsonResponse(answer, status=200 if well else 503)
