"""What else a record of the trail tells a person: why not, whose role, whom it was done to."""

import re
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry import trail
from registry.enums import MembershipRole
from registry.models import TrailRecord
from registry.readable import grouped

AllNames = Mapping[str, Mapping[str, str]]
"""Names by sort of subject, as `registry.trail.subjects.read_names` reads them."""

INVITATIONS = {
    "offered": gettext_lazy("invito a %(name)s"),
    "accepted": gettext_lazy("invito accettato"),
    "refused": gettext_lazy("invito rifiutato"),
    "withdrawn": gettext_lazy("invito ritirato"),
}
ROLES = {
    "given": gettext_lazy("ruolo dato: %(role)s, %(name)s"),
    "ended": gettext_lazy("ruolo chiuso: %(role)s, %(name)s"),
}
CHANGED = {
    "created": gettext_lazy("aggiunta al registro"),
    "username": gettext_lazy("nome utente"),
    "first_name": gettext_lazy("nome"),
    "last_name": gettext_lazy("cognome"),
    "email": gettext_lazy("indirizzo di posta"),
    "password": gettext_lazy("password"),
    "is_active": gettext_lazy("accesso"),
    "is_staff": gettext_lazy("accesso a «Gestione»"),
    "is_superuser": gettext_lazy("gestione dell’installazione"),
}
_OFFICES_TOLD = 20
_OF_HTTP = (
    (re.compile(r"No \w+ matches the given query\.|Http404|Not Found|\{'path'.*"), "non trovato"),
    (re.compile(r"PermissionDenied|Forbidden"), "non permesso"),
    (re.compile(r"Method Not Allowed"), "questo indirizzo non si usa così"),
)
"""What Django says of an answer that refuses, in the words of the screen."""


def wanted_in_detail(record: TrailRecord) -> Iterator[tuple[str, str]]:
    """Yield (sort, which) of all that the detail of a record names."""
    for entry in [*record.detail.get(trail.PERSONS, []), *record.detail.get(trail.ROLES, [])]:
        yield "person", entry["person"]
    uid, _done = invitation_in(record)
    if uid:
        yield "invitation", uid


def invitation_in(record: TrailRecord) -> tuple[str, str]:
    """Return the uid of the invitation a record tells of, and what became of it."""
    uid, _space, done = str(record.detail.get(trail.INVITATION, "")).partition(" ")
    return uid, done


def note_of(record: TrailRecord, names: AllNames) -> str:
    """Return what else a record tells: invitation, roles, people, reason, offices, format."""
    detail = record.detail
    parts = [
        _invitation(record, names),
        *(_role(entry, names) for entry in detail.get(trail.ROLES, [])),
        *(_person(record, entry, names) for entry in detail.get(trail.PERSONS, [])),
        _reason(str(detail.get("reason", ""))),
        str(detail.get("note", "")),
        *_offices(detail.get("offices", ())),
    ]
    if address := _address(record):
        parts.append(_("da %(address)s") % {"address": address})
    elif trail.PLACE in detail:
        parts.append(_("indirizzo non più conservato"))
    if "format" in detail:
        parts.append(str(detail["format"]).upper())
    return "; ".join(part for part in parts if part)


def _address(record: TrailRecord) -> str:
    """Return where a record came from, while that is kept; the first of them have it themselves."""
    kept = getattr(record, "refused_sign_in", None) if trail.PLACE in record.detail else None
    return kept.address if kept else str(record.detail.get("address", ""))


def _invitation(record: TrailRecord, names: AllNames) -> str:
    uid, done = invitation_in(record)
    name = names.get("invitation", {}).get(uid) or _("una persona")
    return str(INVITATIONS[done]) % {"name": name} if done in INVITATIONS else ""


def _role(entry: Mapping[str, str], names: AllNames) -> str:
    role = str(MembershipRole(entry["role"]).label)
    return str(ROLES[entry["done"]]) % {"role": role, "name": _name(entry, names)}


def _person(record: TrailRecord, entry: Mapping, names: AllNames) -> str:
    columns = ", ".join(str(CHANGED.get(name, name)) for name in entry["changed"])
    if record.subject == f"person {entry['person']}":
        return columns
    return f"{_name(entry, names)}: {columns}"


def _name(entry: Mapping[str, str], names: AllNames) -> str:
    return names.get("person", {}).get(entry["person"]) or _("una persona")


def _offices(told: Sequence[str]) -> Iterator[str]:
    """Yield what became of offices in the next edition, the first of very many."""
    yield from told[:_OFFICES_TOLD]
    if more := len(told[_OFFICES_TOLD:]):
        rest = ngettext(
            "e un altro cambio, nella pagina del piano",
            "e altri %(n)s cambi, nella pagina del piano",
            more,
        )
        yield rest % {"n": grouped(more)}


def _reason(said: str) -> str:
    for pattern, words in _OF_HTTP:
        if pattern.fullmatch(said):
            return _(words)
    return said
