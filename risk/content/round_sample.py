"""What the report of a round says of its draw, so that anybody can draw it again.

Of data issued before the announcements were told, only of the one that counted.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.readable import grouped
from risk.content.round_values import day

ANNOUNCED = "announced"
Columns = tuple[str, ...]
Row = tuple[tuple[str, ...], ...]


def sample_facts(drawn: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what is said of a draw, each under its name; nothing of what is not known."""
    many = len(drawn["drawn"])
    names = {"n": grouped(many), "all": grouped(drawn["population"])}
    told = ngettext("%(n)s misura di %(all)s", "%(n)s misure di %(all)s", many) % names
    facts = (
        (_("Estratte"), told),
        (_("Parte da estrarre"), _("almeno il %(percent)s %% di ogni gruppo") % drawn),
        (_("Minimo previsto"), _least(drawn)),
        (_("Annunciato"), _times(drawn)),
        (_("Da dove viene il seme"), drawn["seed_source"]),
        (_("Il seme si conosce il"), day(drawn["seed_known_on"])),
        (_("Seme"), drawn["seed"]),
        (_("Procedimento"), _procedure(drawn)),
        (_("Elenco, codice di controllo"), drawn["population_digest"]),
        (_("Estratte, codice di controllo"), drawn["drawn_digest"]),
        (_("Testimoni"), drawn.get("witnesses", "")),
        (_("Verbale"), drawn.get("minutes", "")),
    )
    return tuple((label, str(text)) for label, text in facts if text)


def sample_notes(drawn: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what is to be known before anything else: that too few measures were drawn."""
    least = drawn.get("least")
    if not least or drawn["percent"] >= least["percent"]:
        return ()
    told = {"percent": drawn["percent"], "least": least["percent"]}
    said = _("Il campione è del %(percent)s %%: è sotto il minimo del %(least)s %%.") % told
    return (said,)


def announcements(drawn: Mapping[str, Any]) -> tuple[tuple[str, Columns, tuple[Row, ...]], ...]:
    """Return the announcements as a list with its title, the first first; none where one was made.

    The last is the one that counted.
    """
    told = drawn.get(ANNOUNCED, ())
    if len(told) < 2:
        return ()
    columns = (
        *(_("Annunciato"), _("Da dove viene il seme"), _("Il seme si conosce il")),
        *(_("Parte"), _("Elenco, codice di controllo")),
    )
    return ((_("Gli annunci"), columns, tuple(map(_announcement, told))),)


def _announcement(one: Mapping[str, Any]) -> Row:
    return (
        (moment(one["at"]),),
        (one["seed_source"],),
        (day(one["seed_known_on"]),),
        (f"{one['percent']} %",),
        (one["population_digest"],),
    )


def moment(text: str) -> str:
    """Return a moment of the data (2027-01-31T09:30+01:00) as it is printed."""
    return f"{datetime.datetime.fromisoformat(text):%d/%m/%Y %H:%M}"


def _times(drawn: Mapping[str, Any]) -> str:
    told = drawn.get(ANNOUNCED, ())
    if not told:
        return ""
    many = {"n": grouped(len(told)), "last": moment(told[-1]["at"])}
    sentence = ngettext(
        "una volta, il %(last)s", "%(n)s volte: vale l’ultima, del %(last)s", len(told)
    )
    return sentence % many


def _procedure(drawn: Mapping[str, Any]) -> str:
    if "algorithm" not in drawn:
        return ""
    return _(
        "n. %(algorithm)s: in ogni gruppo (area di rischio e livello) si prendono le misure il cui "
        "SHA-256 di «seme:codice» è minore; la parte si arrotonda per eccesso"
    ) % {"algorithm": drawn["algorithm"]}


def _least(drawn: Mapping[str, Any]) -> str:
    least = drawn.get("least")
    if not least:
        return ""
    sentence = ngettext(
        "%(rounds_a_year)s monitoraggio l’anno, di almeno il %(percent)s %% delle misure "
        "(%(source)s%(doubt)s)",
        "%(rounds_a_year)s monitoraggi l’anno, ciascuno di almeno il %(percent)s %% delle misure "
        "(%(source)s%(doubt)s)",
        least["rounds_a_year"],
    )
    return sentence % {**least, "doubt": "" if least["sure"] else _("; da verificare sulla fonte")}
