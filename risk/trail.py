"""The words of the acts of this app, for the page of the trail."""

from django.utils.translation import gettext_lazy as _

from risk.enums import PlanVerb, Verb

ACT_WORDS = {
    # moves, one word each: the table of moves is `risk.workflow`
    **{f"annex-{verb}": verb.label for verb in Verb},
    **{f"plan-{verb}": verb.label for verb in PlanVerb},
    "process-approve": _("approvazione di un processo"),
    "protocol": _("numero di protocollo"),
    "exemption": _("esonero di un ufficio"),
    "exemption-lifted": _("esonero tolto"),
    "plan-copy": _("copia di un’edizione"),
    "plan-methods": _("metodi del piano"),
    "remark": _("osservazione"),
    "remark-answer": _("risposta a un’osservazione"),
    "remark-close": _("chiusura di un’osservazione"),
    # what is mapped, assessed and treated
    "add": _("righe aggiunte alla mappa"),
    "paste": _("righe incollate"),
    "duplicate": _("processo duplicato"),
    "split": _("processo diviso"),
    "merge": _("processi uniti"),
    "describe": _("descrizione di un processo"),
    "step": _("fase o azione modificata"),
    "behaviour": _("comportamento a rischio"),
    "cover": _("matrice di un comportamento"),
    "coverage": _("fasi coperte da un comportamento"),
    "words": _("categorie e fattori di un comportamento"),
    "assess": _("valutazione"),
    "treat": _("misure di un processo"),
    "measure": _("nuova misura"),
    "programme": _("programmazione di una misura"),
    "library": _("processi tipo"),
    "bulk-area": _("area di rischio di più processi"),
    "bulk-level": _("livello di più righe"),
    "bulk-measure": _("misura di più righe"),
    # files and data
    "import-columns": _("colonne di un’importazione"),
    "import-discard": _("importazione scartata"),
    "import-undo": _("importazione annullata"),
    "reference": _("liste nazionali"),
    "demo": _("dati dimostrativi"),
}
