"""Choice lists of the registry: values in English, labels as they stand on an Italian screen."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MembershipRole(models.TextChoices):
    """What a person is to an administration, and so may reach (docs/decisions/0023)."""

    EDITOR = "editor", _("referente")
    HEAD = "head", _("responsabile")
    RPCT = "rpct", _("RPCT")
    AUDITOR = "auditor", _("organismo di valutazione")


class PlanKind(models.TextChoices):
    """A first edition of a triennium, or a later change of an adopted one (docs/decisions/0020)."""

    ORDINARY = "ordinary", _("ordinario")
    UPDATE = "update", _("aggiornamento")


class PlanFormat(models.TextChoices):
    """The legal document the edition belongs to (L. 190/2012; art. 6 D.L. 80/2021)."""

    PTPCT = "ptpct", _("PTPCT")
    PIAO = "piao", _("PIAO, sottosezione 2.3")


class PlanState(models.TextChoices):
    PREPARATION = "preparation", _("in preparazione")
    CONSULTATION = "consultation", _("in consultazione")
    PROPOSED = "proposed", _("proposto")
    ADOPTED = "adopted", _("adottato")
    PUBLISHED = "published", _("pubblicato")
    CLOSED = "closed", _("chiuso")
    CONFIRMED = "confirmed", _("confermato")


ADOPTED_PLAN_STATES = (
    PlanState.ADOPTED,
    PlanState.PUBLISHED,
    PlanState.CONFIRMED,
    PlanState.CLOSED,
)
"""States of a plan whose edition is frozen."""

PUBLIC_PLAN_STATES = (PlanState.PUBLISHED, PlanState.CONFIRMED, PlanState.CLOSED)
"""States of a plan that anybody may read (docs/decisions/0031)."""


class DeadlineKind(models.TextChoices):
    """What is due by a date of a plan's calendar."""

    TRANSMISSION = "transmission", _("trasmissione degli allegati")
    CONSULTATION = "consultation", _("consultazione")
    ADOPTION = "adoption", _("adozione")
    PUBLICATION = "publication", _("pubblicazione")
    MONITORING = "monitoring", _("monitoraggio")
    REPORT = "report", _("relazione annuale")
    OTHER = "other", _("altro")


_IN_THE_MAKING = (PlanState.PREPARATION, PlanState.CONSULTATION, PlanState.PROPOSED)
_IN_FORCE = (PlanState.PUBLISHED, PlanState.CONFIRMED)

DEADLINE_STATES: dict[DeadlineKind, tuple[PlanState, ...]] = {
    DeadlineKind.TRANSMISSION: _IN_THE_MAKING,
    DeadlineKind.CONSULTATION: (PlanState.PREPARATION, PlanState.CONSULTATION),
    DeadlineKind.ADOPTION: _IN_THE_MAKING,
    DeadlineKind.PUBLICATION: (*_IN_THE_MAKING, PlanState.ADOPTED),
    DeadlineKind.MONITORING: _IN_FORCE,
    DeadlineKind.REPORT: _IN_FORCE,
    DeadlineKind.OTHER: tuple(state for state in PlanState if state != PlanState.CLOSED),
}
"""States of a plan in which a deadline of each kind still asks something of somebody."""


class AnnexState(models.TextChoices):
    DRAFT = "draft", _("bozza")
    SUBMITTED = "submitted", _("trasmesso")
    APPROVED = "approved", _("approvato dal responsabile")
    VALIDATED = "validated", _("validato RPCT")
    ISSUED = "issued", _("emesso")
    RETURNED = "returned", _("restituito")

    @property
    def said(self) -> str:
        """The state as a sentence says it of an annex, after “è”."""
        said = {"draft": _("in bozza"), "validated": _("validato dal RPCT")}
        return str(said.get(self.value, self.label))


OPEN_ANNEX_STATES = (AnnexState.DRAFT, AnnexState.RETURNED)


class AreaKind(models.TextChoices):
    GENERAL = "general", _("generale")
    SPECIFIC = "specific", _("specifica")


class ProcessKind(models.TextChoices):
    PRIMARY = "primary", _("Processo primario")
    SUPPORT = "support", _("Processo di supporto")


class RiskPresence(models.TextChoices):
    """Outcome of the analysis: only where a risk shows do the next steps follow.

    So the closing text of the catalogue has it (docs/decisions/0021).
    """

    TO_ASSESS = "to_assess", _("da accertare")
    PRESENT = "present", _("presente")
    ABSENT = "absent", _("assente")


class DigitalState(models.TextChoices):
    UNKNOWN = "unknown", _("non rilevato")
    TO_DIGITISE = "to_digitise", _("da digitalizzare")
    PARTIAL = "partial", _("digitalizzato in parte")
    DIGITAL = "digital", _("digitalizzato")


class YesNo(models.TextChoices):
    """A question not yet answered is not a no."""

    UNKNOWN = "unknown", _("non indicato")
    YES = "yes", _("sì")
    NO = "no", _("no")


class TrailOutcome(models.TextChoices):
    DONE = "done", _("eseguito")
    REFUSED = "refused", _("rifiutato")


class JobState(models.TextChoices):
    """How far a piece of long work is (`registry.services.jobs`)."""

    WAITING = "waiting", _("in attesa")
    RUNNING = "running", _("in corso")
    DONE = "done", _("finita")
    FAILED = "failed", _("non riuscita")


ACTIVE_JOB_STATES = (JobState.WAITING, JobState.RUNNING)


RESERVED_CODE = "installazione"
"""Stands for the installation where the code of an administration stands: in an anchor."""


class Upkeep(models.TextChoices):
    """What has to happen by itself; the last time each did is kept (`registry.services.health`)."""

    WORKER = "worker", _("operazioni lunghe")
    VERIFICATION = "verify_trail", _("verifica delle registrazioni")
    SEAL = "seal_trail", _("sigillo delle registrazioni")
    NOTICES = "send_notices", _("avvisi per posta")
    BACKUP = "backup", _("copia di sicurezza")


class SignState(models.TextChoices):
    """What a sign of life says of the installation."""

    GOOD = "ok", _("a posto")
    LATE = "da_vedere", _("da vedere")
    FAILED = "errore", _("errore")


class AliasKind(models.TextChoices):
    OFFICE = "office", _("ufficio")
    RISK_AREA = "risk_area", _("area di rischio")
    FUNCTION = "function", _("funzione istituzionale")
    MACROPROCESS = "macroprocess", _("macroprocesso")
    EXECUTOR_ROLE = "executor_role", _("esecutore")
