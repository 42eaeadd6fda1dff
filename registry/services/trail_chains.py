"""The chains of the trail read back: each whole, begun where it says, and as long as it ever was.

Every check yields the number of a record, if it concerns one, with a sentence in Italian.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.models import Administration, TrailRecord
from registry.trail.anchors import Anchor, chain_named
from registry.trail.chain import GENESIS, HOUSE
from registry.trail.records import record_digest
from registry.trail.seals import HEADS, SEAL
from registry.trail.words import record_named

Finding = tuple[int | None, str]
Row = TypeVar("Row")
_AT_ONCE = 50
"""Anchors and seals that are looked for in one statement: a seal names the chains of all bodies."""


def chain_findings() -> Iterator[Finding]:
    """Read every record of every chain, one after the other."""
    begins_on = _begins_on()
    chain, expected, previous = HOUSE, 1, GENESIS
    for record in TrailRecord.objects.order_by("chain", "number").iterator():
        named = {"record": record_named(record.chain, record.number)}
        if record.chain != chain:
            chain, expected = record.chain, record.number
            previous = begins_on.get(record.number - 1, "")
            if record.previous != previous:
                sentence = _(
                    "La registrazione %(record)s è la prima della sua catena, e non segue alcuna "
                    "dell’installazione."
                )
                yield record.number, sentence % named
        elif record.number != expected:
            named["before"] = record_named(chain, expected - 1)
            sentence = _("Mancano registrazioni: dopo la %(before)s viene la %(record)s.")
            yield record.number, sentence % named
        elif record.previous != previous:
            sentence = _("La registrazione %(record)s non segue quella che la precede.")
            yield record.number, sentence % named
        if record_digest(record) != record.digest:
            yield record.number, _("La registrazione %(record)s è stata modificata.") % named
        expected, previous = record.number + 1, record.digest


def _begins_on() -> dict[int, str]:
    """Return the digests of the records of the installation that a chain may have begun on."""
    firsts = TrailRecord.objects.exclude(chain=HOUSE).order_by().values("chain")
    numbers = [row["first"] - 1 for row in firsts.annotate(first=Min("number"))]
    rows = TrailRecord.objects.filter(chain=HOUSE, number__in=numbers)
    return {0: GENESIS, **dict(rows.values_list("number", "digest"))}


def anchor_findings(anchors: Iterable[Anchor]) -> Iterator[Finding]:
    """Look for the records of anchors that were kept elsewhere.

    That of a body is in its chain or, from before this began, in that of the installation.
    """
    chains = {HOUSE, *Administration.objects.values_list("ipa_code", flat=True)}
    chains |= set(TrailRecord.objects.order_by().values_list("chain", flat=True).distinct())
    for part in _in_parts(anchors):
        places = [(chain_named(anchor.ipa_code), anchor.number) for anchor in part]
        digests = _digests_at([*places, *((HOUSE, number) for _chain, number in places)])
        for anchor, (chain, number) in zip(part, places, strict=True):
            found = {digests.get((one, number)) for one in (chain, HOUSE)} - {None}
            named = {"anchor": anchor, "n": number, "chain": chain}
            if chain not in chains:
                sentence = _("L’ancora %(anchor)s è di un altro registro: qui non c’è %(chain)s.")
                yield None, sentence % named
            elif not found:
                sentence = _("Mancano le registrazioni fino alla n. %(n)d dell’ancora %(anchor)s.")
                yield number, sentence % named
            elif anchor.digest not in found:
                sentence = _("La registrazione n. %(n)d non è quella dell’ancora %(anchor)s.")
                yield number, sentence % named


def seal_findings() -> Iterator[Finding]:
    """Look for the records that the seals say were the last ones of the chains."""
    seals = TrailRecord.objects.filter(chain=HOUSE, kind=SEAL).order_by("number")
    for part in _in_parts(seals.iterator()):
        heads = [
            (seal, chain, number, digest)
            for seal in part
            for chain, (number, digest) in seal.detail.get(HEADS, {}).items()
        ]
        found = _digests_at((chain, number) for _seal, chain, number, _digest in heads)
        for seal, chain, number, digest in heads:
            if found.get((chain, number)) == digest:
                continue
            day = f"{timezone.localtime(seal.at):%d/%m/%Y}"
            named = {"record": record_named(chain, number), "n": seal.number, "day": day}
            if (chain, number) in found:
                sentence = _(
                    "La registrazione %(record)s non è quella del sigillo n. %(n)d del %(day)s."
                )
            else:
                sentence = _(
                    "Manca la registrazione %(record)s, che era l’ultima della sua catena al "
                    "sigillo n. %(n)d del %(day)s."
                )
            yield number, sentence % named


def _in_parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rest = iter(rows)
    while part := list(islice(rest, _AT_ONCE)):
        yield part


def _digests_at(places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return the digests of the records at some places, by chain and number; one statement."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for chain, number in places:
        numbers[chain].add(number)
    at_places = Q(pk__in=())
    for chain, some in numbers.items():
        at_places |= Q(chain=chain, number__in=some)
    rows = TrailRecord.objects.filter(at_places).values_list("chain", "number", "digest")
    return {(chain, number): digest for chain, number, digest in rows}
