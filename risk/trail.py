"""The words of the acts of this app and of what they are of, for the page of the trail."""

from collections.abc import Collection, Mapping
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from registry.normalise import uids_in
from registry.trail.subjects import SubjectKind
from risk.enums import PlanVerb, RoundVerb, Verb

ACT_WORDS = {
    # moves, one word each: the table of moves is `risk.workflow`
    **{f"annex-{verb}": verb.label for verb in Verb},
    **{f"plan-{verb}": verb.label for verb in PlanVerb},
    **{f"round-{verb}": verb.label for verb in RoundVerb},
    "round": _("monitoraggio in bozza"),
    "round-changed": _("modifica di un monitoraggio"),
    "round-removed": _("monitoraggio in bozza eliminato"),
    "round-answer": _("risposta a un monitoraggio"),
    "round-books": _("risposte a un monitoraggio prese da fogli"),
    "round-books-undo": _("risposte prese da fogli, annullate"),
    "round-confirm": _("conferma di risposte a un monitoraggio"),
    "round-checked": _("verifica di una risposta"),
    "sample": _("annuncio di un campione"),
    "sample-draw": _("estrazione di un campione"),
    "follow-up": _("seguito di un monitoraggio"),
    "round-corrected": _("rettifica di un monitoraggio"),
    "suitability": _("giudizio di idoneità di una misura"),
    "fact": _("fatti di un anno"),
    "review": _("riesame dell’anno"),
    "proposal": _("proposta dell’edizione precedente, accolta o no"),
    "process-approve": _("approvazione di un processo"),
    "protocol": _("numero di protocollo"),
    "exemption": _("esonero di un ufficio"),
    "exemption-lifted": _("esonero tolto"),
    "extension": _("proroga a un ufficio"),
    "deadline-moved": _("scadenza del piano spostata"),
    "reminder": _("sollecito a un ufficio"),
    "reminder-failed": _("sollecito non partito"),
    "plan-copy": _("copia di un’edizione"),
    "plan-data": _("dati del piano"),
    "edition-days": _("scadenze di un’edizione"),
    "plan-methods": _("metodi del piano"),
    "objective": _("obiettivi del piano"),
    "chapter": _("capitoli del piano"),
    "chapter-approve": _("approvazione di un capitolo"),
    "chapter-remark": _("osservazione su un capitolo"),
    "chapter-remark-answer": _("risposta a un’osservazione su un capitolo"),
    "chapter-remark-close": _("chiusura di un’osservazione su un capitolo"),
    "consultation": _("indirizzo della consultazione"),
    "contribution": _("contributo alla consultazione"),
    "contribution-answer": _("esito di un contributo"),
    "contribution-senders": _("mittenti di contributi dimenticati"),
    "emblem": _("emblema dell’amministrazione"),
    "document-choice": _("parti del documento del piano"),
    "entry-asked": _("richiesta di una voce di elenco"),
    "entry-decided": _("risposta a una richiesta di voce"),
    "entry-followed": _("voce richiesta, messa nel suo campo"),
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
    "coverage": _("fasi che un comportamento riguarda"),
    "words": _("categorie e fattori di un comportamento"),
    "assess": _("valutazione"),
    "treat": _("misure di un processo"),
    "measure": _("nuova misura"),
    "unite-measures": _("misure uguali di un ufficio, fatte una"),
    "unite-plan-measures": _("misure uguali di più uffici, fatte una"),
    "programme": _("programmazione di una misura"),
    "library": _("processi tipo"),
    "bulk-area": _("area di rischio di più processi"),
    "bulk-macroprocess": _("macroprocesso di più processi"),
    "bulk-kind": _("tipo di processo di più processi"),
    "bulk-presence": _("presenza del rischio di più processi"),
    "bulk-executor": _("esecutore di più fasi"),
    "bulk-judgement": _("giudizio copiato su più righe"),
    "copy-judgement": _("giudizio copiato da un’altra riga"),
    "bulk-level": _("livello di più righe"),
    "bulk-measure": _("misura di più righe"),
    "reconfirm": _("riconferma di un processo copiato"),
    "bulk-reconfirm": _("riconferma in blocco di processi copiati"),
    # files and data
    "import-columns": _("colonne di un’importazione"),
    "import-discard": _("importazione scartata"),
    "import-undo": _("importazione annullata"),
    "list-entry": _("voce di un elenco"),
    "reference": _("elenchi nazionali"),
    "demo": _("dati dimostrativi"),
}


def _rows(model: str) -> Any:
    return apps.get_model("risk", model)._default_manager


def _issues(uids: Collection[str]) -> Mapping[str, str]:
    rows = _rows("AnnexIssue").filter(uid__in=uids_in(uids))
    told = rows.values_list("uid", "number", "annex__office__name", "plan__title")
    return {str(uid): f"n. {number}, {office}, {plan}" for uid, number, office, plan in told}


def _imports(uids: Collection[str]) -> Mapping[str, str]:
    rows = _rows("RegisterImport").filter(uid__in=uids_in(uids))
    return {str(uid): name for uid, name in rows.values_list("uid", "filename")}


SUBJECTS = {
    "issue": SubjectKind(
        word=_("emissione"),
        names=_issues,
        of_body=lambda body: _rows("AnnexIssue").filter(plan__administration=body),
    ),
    "import": SubjectKind(
        word=_("importazione"),
        names=_imports,
        of_body=lambda body: _rows("RegisterImport").filter(plan__administration=body),
    ),
}
"""What acts of this app are of besides annexes, processes and plans."""
