"""Why somebody the provider sent does not come in: said on the page and in the log, as it is."""

import logging
import re
from http import HTTPStatus
from typing import Any

import jwt
from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from requests import ConnectionError as NoConnection
from requests import HTTPError, RequestException, Timeout

logger = logging.getLogger(__name__)

REASONS = {
    "away": _(
        "L’accesso dell’amministrazione non risponde: riprova più tardi, o entra con la password."
    ),
    "failing": _("L’accesso dell’amministrazione ha risposto con un errore (%(answer)s)."),
    "unreadable": _("L’accesso dell’amministrazione ha risposto qualcosa che non si capisce."),
    "late": _(
        "La risposta non è di una richiesta di questo browser: la pagina è rimasta aperta più di "
        "dieci minuti, è stata aperta due volte, oppure il browser non tiene i cookie."
    ),
    "refused_there": _("L’accesso dell’amministrazione ha rifiutato la richiesta (%(error)s)."),
    "client": _(
        "L’accesso dell’amministrazione non riconosce questo sito: identificativo o segreto "
        "non sono quelli "
        "registrati. Avvisa chi tiene l’installazione."
    ),
    "code": _(
        "L’accesso dell’amministrazione non ha accettato il codice che aveva dato: prova di nuovo."
    ),
    "no_identity": _(
        "L’accesso dell’amministrazione non ha detto chi sei: manca la sua dichiarazione."
    ),
    "incomplete": _(
        "La dichiarazione dell’amministrazione non dice tutto ciò che serve (manca "
        "«%(missing)s»). Avvisa chi "
        "tiene l’installazione."
    ),
    "other_request": _(
        "La dichiarazione dell’amministrazione risponde a un’altra richiesta: prova di nuovo."
    ),
    "other_person": _("L’accesso dell’amministrazione ha parlato di due persone diverse."),
    "expired": _(
        "La dichiarazione dell’amministrazione è scaduta, o gli orologi dei due siti non vanno "
        "uguali."
    ),
    "other_site": _(
        "La dichiarazione dell’amministrazione è per un altro sito, o di un’altra amministrazione."
    ),
    "seal": _(
        "La dichiarazione dell’amministrazione non è firmata da chi tiene il suo accesso "
        "(%(answer)s)."
    ),
    "only_sign_in": _("L’accesso dell’amministrazione serve solo per entrare."),
    "no_address": _(
        "L’accesso dell’amministrazione ti ha riconosciuto, ma non dice il tuo indirizzo di posta."
    ),
    "not_verified": _(
        "L’accesso dell’amministrazione dice che l’indirizzo %(address)s non è verificato."
    ),
    "not_said": _(
        "L’accesso dell’amministrazione non dice se l’indirizzo %(address)s è verificato. Se "
        "lo sono tutti, "
        "chi tiene l’installazione lo dichiara (PTPCT_OIDC_TRUST_ADDRESSES)."
    ),
    "nobody": _("Nel registro nessuno ha l’indirizzo %(address)s."),
    "suspended": _("L’accesso della persona con l’indirizzo %(address)s è sospeso."),
}
_OF_PERSON = frozenset({"no_address", "not_verified", "not_said", "nobody", "suspended"})
_CLOCK = (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError)
_FOREIGN = (jwt.InvalidAudienceError, jwt.InvalidIssuerError)
_LONGEST = 200


def refuse(
    request: HttpRequest, code: str, *, status: int = HTTPStatus.UNAUTHORIZED, **told: str
) -> ImmediateHttpResponse:
    """Return what stops the sign-in with the page of a reason, which is logged with its place.

    `code` is a key of `REASONS`; `told` fills its sentence, cut and without line breaks.
    """
    told = {name: re.sub(r"\s+", " ", str(text))[:_LONGEST] for name, text in told.items()}
    note(request, code, **told)
    context = {"reason": REASONS[code] % told, "by_invitation": code in _OF_PERSON}
    page = render(request, "socialaccount/authentication_error.html", context, status=status)
    return ImmediateHttpResponse(page)


def note(request: HttpRequest, code: str, **told: str) -> None:
    """Write a reason to the log, with the place somebody comes from."""
    place = get_adapter(request).get_client_ip(request)
    details = " ".join(f"{name}={text!r}" for name, text in sorted(told.items()))
    logger.warning("sign-in by the provider refused: %s from %s %s", code, place, details)


def reason_of(exception: Exception | None, asked: Any) -> tuple[str, dict[str, str]]:
    """Return the reason of a failed answer and what fills it; `asked` is the query it came with."""
    told = getattr(exception, "told", {})
    if code := getattr(exception, "code", ""):
        return code, told
    if isinstance(exception, NoConnection | Timeout):
        return "away", {}
    if isinstance(exception, HTTPError):
        return "failing", {"answer": f"HTTP {exception.response.status_code}"}
    if cause := getattr(exception, "__cause__", None):
        if isinstance(cause, _CLOCK):
            return "expired", {}
        if isinstance(cause, _FOREIGN):
            return "other_site", {}
        if isinstance(cause, jwt.MissingRequiredClaimError):
            return "incomplete", {"missing": cause.claim}
    text = str(exception)
    if "invalid_client" in text or "unauthorized_client" in text:
        return "client", {}
    if "invalid_grant" in text:
        return "code", {}
    if isinstance(exception, RequestException) or exception is not None:
        # its words are for the log: the page has none of them
        return "unreadable", {
            "answer": f"{type(exception).__name__}: {exception.__cause__ or text}"
        }
    if error := asked.get("error"):
        return "refused_there", {"error": re.sub(r"[^\w.-]", "", error)}
    return "late", {}


def saml_reason(text: str) -> tuple[str, dict[str, str]]:
    """Return the reason of a SAML answer that was not believed, by what its library says of it."""
    words = text.lower()
    if "timing" in words or "expired" in words or "not yet valid" in words:
        return "expired", {}
    if "audience" in words or "issuer" in words or "was received at" in words:
        return "other_site", {}
    if "sign" in words or "digest" in words:
        return "seal", {"answer": text}
    return "unreadable", {"answer": text}
