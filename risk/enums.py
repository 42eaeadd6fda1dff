"""Choice lists of the risk room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MethodKind(models.TextChoices):
    """How a method comes to its overall level; the words and numbers themselves are data."""

    QUALITATIVE = "qualitative", _("qualitativo, con giudizio motivato")
    PRODUCT = "product", _("media della probabilità per media dell’impatto")
    MATRIX = "matrix", _("matrice probabilità per impatto")


class Scale(models.TextChoices):
    """What a level of a method grades."""

    OVERALL = "overall", _("giudizio complessivo")
    INDICATOR = "indicator", _("indicatore")
    PROBABILITY = "probability", _("probabilità")
    IMPACT = "impact", _("impatto")


class Dimension(models.TextChoices):
    """The side of the method an indicator belongs to."""

    SINGLE = "single", _("rischio")
    PROBABILITY = "probability", _("probabilità")
    IMPACT = "impact", _("impatto")


class Tone(models.TextChoices):
    """How grave a level looks: the colour of its chip, never its meaning."""

    NEUTRAL = "neutral", _("neutro")
    LOW = "low", _("basso")
    MEDIUM = "medium", _("medio")
    HIGH = "high", _("alto")
    CRITICAL = "critical", _("critico")


class Moment(models.TextChoices):
    INHERENT = "inherent", _("inerente")
    RESIDUAL = "residual", _("residuo")


class MeasureCharacter(models.TextChoices):
    GENERAL = "general", _("generale")
    SPECIFIC = "specific", _("specifica")


class MeasureScope(models.TextChoices):
    """What one programming covers (docs/decisions/0022); the first two have no targets."""

    PLAN = "plan", _("tutto il piano")
    ANNEX = "annex", _("tutto l’ufficio")
    PROCESSES = "processes", _("processi")
    PHASES = "phases", _("fasi")
    ACTIONS = "actions", _("azioni")
    BEHAVIOURS = "behaviours", _("comportamenti a rischio")


class StartState(models.TextChoices):
    """State of a measure on the first of January of the plan."""

    UNKNOWN = "unknown", _("non indicato")
    TO_START = "to_start", _("da avviare")
    IN_PROGRESS = "in_progress", _("in corso di attuazione")
    CONTINUOUS = "continuous", _("in attuazione continua")
    DONE = "done", _("attuata")


class ProgressKind(models.TextChoices):
    """Kind of a progress indicator."""

    ON_OFF = "on_off", _("sì/no")
    QUANTITY = "quantity", _("quantitativo")
    PERCENTAGE = "percentage", _("percentuale")


class MonitoringFrequency(models.TextChoices):
    """How often it is looked at whether a measure is carried out."""

    MONTHLY = "monthly", _("mensile")
    QUARTERLY = "quarterly", _("trimestrale")
    HALF_YEARLY = "half_yearly", _("semestrale")
    YEARLY = "yearly", _("annuale")
    ONCE = "once", _("una tantum")


class Verb(models.TextChoices):
    """What is done to an annex on its way; the table of moves is `risk.workflow`."""

    SUBMIT = "submit", _("trasmissione")
    APPROVE = "approve", _("approvazione")
    VALIDATE = "validate", _("validazione")
    ISSUE = "issue", _("emissione")
    RETURN = "return", _("restituzione")
    REOPEN = "reopen", _("riapertura")


class PlanVerb(models.TextChoices):
    """What is done to a plan on its way; the table of moves is `risk.workflow`."""

    CONSULT = "consult", _("apertura della consultazione")
    PROPOSE = "propose", _("proposta all’organo")
    BACK = "back", _("ritorno in preparazione")
    ADOPT = "adopt", _("adozione")
    PUBLISH = "publish", _("pubblicazione")
    CONFIRM = "confirm", _("conferma")
    CLOSE = "close", _("chiusura")


class ApprovalStatus(models.TextChoices):
    """How a process stands with the head (`risk.services.annexes.approval_status`)."""

    APPROVED = "approved", _("approvato")
    CHANGED = "changed", _("cambiato dopo l’approvazione")
    NEW = "new", _("nuovo")
    TO_APPROVE = "to_approve", _("da approvare")


class ReconfirmationState(models.TextChoices):
    """How a process stands to the edition before (`risk.services.completeness.reconfirmation`)."""

    NEW = "new", _("nuovo")
    TO_CONFIRM = "to_confirm", _("da riconfermare")
    CONFIRMED = "confirmed", _("riconfermato")
    CHANGED = "changed", _("modificato")


class ChangeKind(models.TextChoices):
    """What happened to a row between two contents of a process (`risk.content.comparison`)."""

    CHANGED = "changed", _("modifica")
    ADDED = "added", _("aggiunta")
    REMOVED = "removed", _("eliminazione")
    MOVED = "moved", _("spostamento")


class EditionChange(models.TextChoices):
    """What happened to a process between two editions (`risk.content.edition_comparison`)."""

    NEW = "new", _("nuovo")
    DROPPED = "dropped", _("non ripreso")
    MOVED = "moved", _("spostato da un altro ufficio")
    RENAMED = "renamed", _("rinominato")
    LEVEL_UP = "level-up", _("livello più alto")
    LEVEL_DOWN = "level-down", _("livello più basso")
    LEVEL_OTHER = "level-other", _("livello di un altro metodo")
    CHANGED = "changed", _("modificato")

    @property
    def plural(self):
        """The label where processes are counted."""
        words = {"new": _("nuovi"), "dropped": _("non ripresi"), "moved": _("spostati")}
        words |= {"renamed": _("rinominati"), "changed": _("modificati")}
        return words.get(self.value, self.label)


class RowKind(models.TextChoices):
    """A kind of row a remark may be made on."""

    ANNEX = "annex", _("allegato")
    PROCESS = "process", _("processo")
    PHASE = "phase", _("fase")
    ACTION = "action", _("azione")
    BEHAVIOUR = "behaviour", _("comportamento a rischio")
    ASSESSMENT = "assessment", _("valutazione")
    MEASURE = "measure", _("misura programmata")

    @property
    def word(self) -> str:
        """How addresses and places on a page name it; empty for the annex, which has its own."""
        return _ROW_WORDS.get(self, "")

    @classmethod
    def of_word(cls, word: str) -> "RowKind":
        """Return the kind an address names; raises `ValueError` for any other word."""
        for kind, own in _ROW_WORDS.items():
            if own == word:
                return kind
        raise ValueError(word)


_ROW_WORDS = {
    RowKind.PROCESS: "processo",
    RowKind.PHASE: "fase",
    RowKind.ACTION: "azione",
    RowKind.BEHAVIOUR: "comportamento",
    RowKind.ASSESSMENT: "valutazione",
    RowKind.MEASURE: "misura",
}


class ImportState(models.TextChoices):
    """How far a file has come on its way into the register."""

    UPLOADED = "uploaded", _("caricato")
    TAKEN = "taken", _("importato")
    UNDONE = "undone", _("annullato")
    DISCARDED = "discarded", _("scartato")


class RequestedList(models.TextChoices):
    """A closed list in which whoever writes an annex may miss an entry, and ask for it."""

    RISK_AREA = "risk_area", _("area di rischio")
    MACROPROCESS = "macroprocess", _("macroprocesso")
    EXECUTOR_ROLE = "executor_role", _("esecutore")
    MEASURE = "measure", _("misura")
    TYPOLOGY = "typology", _("tipologia di misura")
    EVENT_CATEGORY = "event_category", _("categoria di evento rischioso")
    ENABLING_FACTOR = "enabling_factor", _("fattore abilitante")


class RequestState(models.TextChoices):
    """What has become of a request for an entry of a list."""

    ASKED = "asked", _("in attesa")
    ACCEPTED = "accepted", _("accolta")
    MAPPED = "mapped", _("c’era già")
    REFUSED = "refused", _("non accolta")


class SenderKind(models.TextChoices):
    """Who a contribution to the consultation is from; never a name."""

    CITIZEN = "citizen", _("cittadino")
    COMPANY = "company", _("impresa")
    ASSOCIATION = "association", _("associazione")
    UNION = "union", _("organizzazione sindacale")
    STAFF = "staff", _("dipendente")
    ORGAN = "organ", _("organo dell’amministrazione")
    OTHER = "other", _("altro")


class ContributionWay(models.TextChoices):
    """How a contribution has come in."""

    FORM = "form", _("modulo pubblico")
    PROTOCOL = "protocol", _("protocollo")
    MAIL = "mail", _("posta elettronica")
    MEETING = "meeting", _("incontro")


class ContributionSubject(models.TextChoices):
    """What a contribution speaks of."""

    PLAN = "plan", _("tutto il piano")
    CHAPTER = "chapter", _("capitolo del piano")
    ANNEX = "annex", _("allegato dell’ufficio")
    PROCESS = "process", _("processo")
    MEASURE = "measure", _("misura")


class ContributionOutcome(models.TextChoices):
    """What has become of a contribution."""

    ACCEPTED = "accepted", _("accolto")
    IN_PART = "in_part", _("accolto in parte")
    NOT_ACCEPTED = "not_accepted", _("non accolto")


class RiskAliasKind(models.TextChoices):
    """A kind of value that files of a body write in spellings of their own."""

    LEVEL = "level", _("livello")
    MEASURE = "measure", _("misura")


class Layout(models.TextChoices):
    """How an annex is printed (`risk.paper.layouts`); addresses and issues hold the values."""

    CATALOGUE = "catalogo", _("catalogo dei processi")
    RISK_TABLE = "tabella", _("tabella processi e rischi")
    SHEETS = "schede", _("schede dei processi")
    COMPLETE = "completo", _("allegato completo")


class TextSlot(models.TextChoices):
    """Where a text block stands on the paper."""

    TITLE = "title", _("titolo")
    INTRODUCTION = "introduction", _("premessa")
    CLOSING = "closing", _("testo finale")
    NOTE = "note", _("nota")


class Verdict(models.TextChoices):
    """What a file that somebody brings is (docs/decisions/0039)."""

    ISSUED = "issued", _("Emesso")
    SIGNED = "signed", _("Emesso, poi firmato")
    CHANGED = "changed", _("Emesso, poi modificato")
    OVERTAKEN = "overtaken", _("Superato")
    REWRITTEN = "rewritten", _("Riscritto da un altro programma")
    UNKNOWN = "unknown", _("Non riconosciuto")


class RoundKind(models.TextChoices):
    """What a round of monitoring is for."""

    INTERIM = "interim", _("intermedio")
    FINAL = "final", _("finale")
    EXTRAORDINARY = "extraordinary", _("straordinario")


class RoundCoverage(models.TextChoices):
    """Which measures a round asks about."""

    ALL = "all", _("tutte le misure")
    LEVEL = "level", _("misure dei processi da un livello in su, e misure generali")
    SAMPLE = "sample", _("un campione estratto a sorte")


class RoundState(models.TextChoices):
    """Where a round is; the table of its moves is `risk.workflow`."""

    DRAFT = "draft", _("in bozza")
    OPEN = "open", _("aperto")
    CHECKING = "checking", _("in verifica")
    CLOSED = "closed", _("chiuso")
    ISSUED = "issued", _("emesso")


class RoundVerb(models.TextChoices):
    """What is done to a round on its way."""

    OPEN = "open", _("apertura del monitoraggio")
    CHECK = "check", _("inizio della verifica")
    CLOSE = "close", _("chiusura del monitoraggio")
    ISSUE = "issue", _("emissione del monitoraggio")


class ItemState(models.TextChoices):
    """How far an office is with one measure of a round."""

    TO_ANSWER = "to_answer", _("da compilare")
    ANSWERED = "answered", _("compilata")
    CONFIRMED = "confirmed", _("confermata")
    RETURNED = "returned", _("restituita")
    VERIFIED = "verified", _("verificata")
    NOT_DUE = "not_due", _("non dovuta")


class DeclaredOutcome(models.TextChoices):
    """How a measure stands, in the words of the office that answers."""

    DONE = "done", _("attuata")
    ON_TIME = "on_time", _("in corso nei tempi")
    LATE = "late", _("in ritardo")
    NOT_STARTED = "not_started", _("non avviata")
    IMPOSSIBLE = "impossible", _("non attuabile")
    NO_CASE = "no_case", _("nessun caso nel periodo")


class StepProgress(models.TextChoices):
    """How far a step of a measure is, in the words of the office that answers."""

    DONE = "done", _("fatta")
    IN_PROGRESS = "in_progress", _("in corso")
    NOT_BEGUN = "not_begun", _("non iniziata")


class DelayCause(models.TextChoices):
    """Why a measure is late or was not carried out."""

    RESOURCES = "resources", _("risorse")
    SKILLS = "skills", _("competenze")
    LAW = "law", _("norma")
    SOFTWARE = "software", _("informatica")
    COORDINATION = "coordination", _("coordinamento")
    UNFIT = "unfit", _("misura inadatta")


class CheckOutcome(models.TextChoices):
    """What the RPCT found where a declaration was checked."""

    CONFIRMED = "confirmed", _("confermata")
    PARTLY = "partly", _("in parte")
    NOT_CONFIRMED = "not_confirmed", _("non confermata")
    NOT_VERIFIABLE = "not_verifiable", _("non verificabile")


class DerivedOutcome(models.TextChoices):
    """What a round says of a measure when it closes: derived, never typed (`risk.scoring`)."""

    NO_ANSWER = "no_answer", _("non risposta")
    NOT_MONITORABLE = "not_monitorable", _("non monitorabile")
    NOT_ASSESSABLE = "not_assessable", _("non valutabile")
    NOT_MEASURED = "not_measured", _("non misurata")
    DONE = "done", _("attuata")
    UNPROVEN = "unproven", _("dichiarata, senza prova")
    PARTLY = "partly", _("in parte")
    NOT_DONE = "not_done", _("non attuata")
    IN_PROGRESS = "in_progress", _("in corso")
    NO_CASE = "no_case", _("non applicabile")
    NOT_DUE = "not_due", _("non dovuta")
