"""What is told of a file, in Italian: the same sentences for page and command."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.readable import grouped
from risk.enums import Verdict
from risk.services.verification.values import (
    ENVELOPES,
    Appended,
    Change,
    IssuePart,
    Layer,
    Verification,
    Verified,
    Wrapping,
)


def always_told() -> str:
    """Return the sentence that belongs to every answer."""
    return _(
        "La validità delle firme non è stata esaminata; di chi siano, lo dice il file e nessun "
        "altro."
    )


def sentences_of_file(verification: Verification) -> list[str]:
    """Return what is told of a file as a whole, before its documents; nothing of a plain one."""
    told, count = [], len(verification.documents)
    if not count:
        told.append(_("Il file non contiene documenti."))
    elif count > 1:
        told.append(_("Il file contiene %(n)s documenti.") % {"n": grouped(count)})
    if verification.sums_match:
        told.append(
            _("L’elenco dei codici di controllo (SHA256SUMS) è quello di questi documenti.")
        )
    elif verification.sums_match is False:
        told.append(
            _(
                "Attenzione: l’elenco dei codici di controllo (SHA256SUMS) non è quello di questi "
                "documenti."
            )
        )
    if verification.refused:
        told.append(
            _("Il secondo file non è una firma separata e non è stato considerato: %(reason)s")
            % {"reason": verification.refused}
        )
    if verification.wants_document:
        told.append(_("Una firma separata va portata di nuovo, insieme al suo documento."))
    return told


def sentences(verified: Verified) -> list[str]:
    """Return what is told of one document, in order: its rule, then what was found around it."""
    told = [_rule(verified)]
    if verified.found:
        told += _overtaken(verified)
        told += _signatures(verified.appended)
    told += _envelopes(verified.layers)
    if verified.note:
        told.insert(0, verified.note)
    return [*told, always_told()]


def _rule(verified: Verified) -> str:
    verdict = verified.verdict
    if verdict == Verdict.UNKNOWN and verified.note:
        return _("Niente del file è stato riconosciuto come allegato emesso o piano adottato.")
    if verdict == Verdict.UNKNOWN:
        return _("Il file non è un allegato emesso né un piano adottato, e non dice di esserlo.")
    if verdict == Verdict.REWRITTEN:
        return _(
            "Nessun byte del file è confermato. Nei suoi dati descrittivi o nelle sue pagine il "
            "file dice di essere l’emissione indicata qui: lo dice il file, e niente del suo "
            "contenuto è confermato. Va chiesto il file com’è stato emesso."
        )
    if verdict == Verdict.CHANGED:
        return _(
            "Il file comincia con quello emesso, byte per byte, ma dopo è stato aggiunto: "
            "%(changes)s. Vale il documento emesso, senza le aggiunte."
        ) % {"changes": "; ".join(_change(change) for change in verified.appended.changes)}
    if verified.appended != Appended():
        return _(
            "Il file comincia con quello emesso, byte per byte. Dopo ci sono soltanto firme, "
            "marche temporali e dati per convalidarle: ogni aggiunta termina con una firma che "
            "copre tutto ciò che la precede, o contiene i soli dati."
        )
    return _equal(verified)


def _equal(verified: Verified) -> str:
    if verified.part == IssuePart.DATA:
        return _("È uguale, byte per byte, ai dati dell’emissione.")
    if verified.part == IssuePart.PAGE:
        return _("È uguale, byte per byte, alla pagina dell’emissione.")
    if verified.part == IssuePart.INDEX:
        return _("È uguale, byte per byte, alla pagina che apre i file di questo piano.")
    if verified.layers:
        return _("Il documento che il file contiene è uguale, byte per byte, a quello emesso.")
    return _("Il file è uguale, byte per byte, a quello emesso.")


def _change(change: Change) -> str:
    if not change.pages:
        return str(change.kind.label)
    pages = ", ".join(map(str, change.pages))
    place = ngettext("a pagina %(pages)s", "alle pagine %(pages)s", len(change.pages))
    return f"{change.kind.label} ({place % {'pages': pages}})"


def _overtaken(verified: Verified) -> list[str]:
    if verified.is_overtaken and verified.successor:
        return [
            _("Attenzione: il piano è stato sostituito da «%(plan)s».")
            % {"plan": verified.successor}
        ]
    if verified.is_overtaken and verified.round_issue:
        return [_("Attenzione: dopo questa emissione la relazione è stata rettificata.")]
    if verified.is_overtaken:
        return [
            _("Attenzione: dopo questa emissione l’allegato è stato riaperto o emesso di nuovo.")
        ]
    return []


def _signatures(appended: Appended) -> list[str]:
    told = []
    if appended.signers or appended.time_stamps:
        counted = []
        if appended.signers:
            counted.append(_counted_signatures(appended.signers))
        if appended.time_stamps:
            counted.append(_counted_stamps(appended.time_stamps))
        told.append(_("Nel PDF: %(counted)s.") % {"counted": ", ".join(counted)})
    if appended.boxes:
        pages = ", ".join(map(str, appended.boxes))
        told.append(
            ngettext(
                "Le firme hanno un riquadro a pagina %(pages)s, che può coprire del testo.",
                "Le firme hanno riquadri alle pagine %(pages)s, che possono coprire del testo.",
                len(appended.boxes),
            )
            % {"pages": pages}
        )
    return told


def _envelopes(layers: Iterable[Layer]) -> list[str]:
    envelopes = [layer for layer in layers if layer.wrapping in ENVELOPES]
    if not envelopes:
        return []
    signers = sum(len(layer.signers) for layer in envelopes)
    counted = _("%(envelopes)s, %(signers)s") % {
        "envelopes": ngettext("%(n)s busta", "%(n)s buste", len(envelopes))
        % {"n": grouped(len(envelopes))},
        "signers": ngettext("%(n)s firmatario", "%(n)s firmatari", signers)
        % {"n": grouped(signers)},
    }
    each = "; ".join(_layer(layer) for layer in envelopes)
    told = [
        _("Attorno al documento: %(counted)s. Dall’esterno: %(each)s.")
        % {"counted": counted, "each": each}
    ]
    for layer in envelopes:
        if layer.matches is False:
            told.append(_("Attenzione: una firma separata riguarda un altro file, non questo."))
        elif layer.wrapping == Wrapping.DETACHED and layer.matches is None:
            told.append(_("La firma separata non dice di quale file è."))
        elif layer.wrapping == Wrapping.ASIC and not (layer.signers or layer.time_stamps):
            told.append(_("Nel contenitore nessuna firma riguarda questo documento."))
    return told


def _layer(layer: Layer) -> str:
    parts = []
    if layer.signers:
        parts.append(_counted_signatures(layer.signers))
    if layer.time_stamps:
        parts.append(_counted_stamps(layer.time_stamps))
    return ", ".join([str(layer.wrapping.label), *parts])


def _counted_signatures(signers: tuple[str, ...]) -> str:
    count = ngettext("%(n)s firma", "%(n)s firme", len(signers)) % {"n": grouped(len(signers))}
    names = ", ".join(name for name in signers if name)
    return f"{count} ({names})" if names else count


def _counted_stamps(count: int) -> str:
    return ngettext("%(n)s marca temporale", "%(n)s marche temporali", count) % {
        "n": grouped(count)
    }
