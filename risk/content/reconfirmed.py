"""What an annex says of how it was read again: how much in block, how much one by one, and why."""

from collections import Counter

from django.utils.translation import gettext as _

from registry.models import Annex, Process
from registry.readable import grouped
from risk.content.same_texts import same_texts
from risk.models import Reconfirmation
from risk.models.reconfirmations import labels_of


def reconfirmed_of(annex: Annex) -> tuple[str, ...]:
    """Return the sentences an annex prints of what was copied into it; none where nobody confirmed.

    Counted are processes in use, by what was said of the words they have; what is kept of them is
    that of the last move, or of the last look. No query for a first edition, else one, or seven.
    """
    if annex.plan.origin_id is None:
        return ()
    rows = Reconfirmation.objects.filter(process__annex=annex).order_by("pk")
    said = {
        (key, words): (in_block, causes)
        for key, words, in_block, causes in rows.values_list(
            "process_id", "words", "in_block", "causes"
        )
    }
    if not said:
        return ()
    told = same_texts(annex).sentence
    return (*_sentences(annex, said), *([told] if told else []))


def _sentences(annex: Annex, said: dict) -> tuple[str, ...]:
    processes = Process.objects.filter(annex=annex).in_use().order_by()
    before = ("content__words", "content__words_before")
    words = list(processes.values_list("pk", "origin_uid", *before))
    copies = [(pk, now) for pk, origin, now, _then in words if origin]
    given = [said[copy] for copy in copies if copy in said]
    unread = sum(bool(o) and now == then and (pk, now) not in said for pk, o, now, then in words)
    in_block = sum(is_block for is_block, _causes in given)
    counts = {
        "block": in_block,
        "copies": len(copies),
        "single": len(given) - in_block,
        "changed": len(copies) - len(given) - unread,
        "new": len(words) - len(copies),
    }
    text = _(
        "Riconfermati in blocco %(block)s processi su %(copies)s copiati dall’edizione precedente; "
        "uno per uno: %(single)s; modificati: %(changed)s; nuovi: %(new)s."
    )
    sentences = [text % {name: grouped(count) for name, count in counts.items()}]
    if unread:
        # only of a draft: what is transmitted has none
        sentences.append(_("Ancora da riconfermare: %(n)s.") % {"n": grouped(unread)})
    causes = Counter(label for _block, found in given for label in labels_of(found))
    if causes:
        told = "; ".join(f"{label}: {grouped(causes[label])}" for label in sorted(causes))
        why = _("Riconfermati uno per uno perché qualcosa era cambiato – %(causes)s.")
        sentences.append(why % {"causes": told})
    return tuple(sentences)
