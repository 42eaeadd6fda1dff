"""Long work done outside the page: what was asked, how far it is, what came of it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.enums import ACTIVE_JOB_STATES, JobState
from registry.models.base import MomentField, author, line, prose
from registry.querysets import JobQuerySet


class Job(models.Model):
    """One piece of long work that a person asked for (`registry.services.jobs`).

    What `kind` and `arguments` mean is known to whoever registered the kind. `subject` names what
    the work is done to, as on the trail; `title` says it to a person. The row reports on the work
    and is no record of it: the acts done meanwhile are on the trail, and old rows are deleted.
    """

    uid = models.UUIDField(_("identificativo"), default=uuid.uuid4, unique=True, editable=False)
    kind = line(_("tipo"), 60)
    administration = models.ForeignKey(
        "registry.Administration",
        on_delete=models.PROTECT,
        related_name="jobs",
        verbose_name=_("amministrazione"),
    )
    by = author("jobs")
    subject = line(_("su che cosa"), 300)
    title = line(_("titolo"), 300, blank=True, default="")
    arguments = models.JSONField(_("argomenti"), default=dict, blank=True)
    state = models.CharField(
        _("stato"), max_length=10, choices=JobState.choices, default=JobState.WAITING
    )
    done_steps = models.PositiveIntegerField(_("passi fatti"), default=0)
    total_steps = models.PositiveIntegerField(_("passi in tutto"), default=0)
    message = line(_("che cosa fa ora"), 300, blank=True, default="")
    result = models.JSONField(_("risultato"), default=dict, blank=True)
    failure = prose(_("perché non è riuscita"))
    attempts = models.PositiveSmallIntegerField(_("tentativi"), default=0)
    created_at = MomentField(_("chiesto il"), auto_now_add=True)
    started_at = models.DateTimeField(_("cominciato il"), null=True, blank=True)
    beat_at = models.DateTimeField(
        _("ultimo segno di vita"),
        null=True,
        blank=True,
        help_text=_("Chi esegue l’operazione lo rinnova: se manca a lungo, è interrotta."),
    )
    ended_at = models.DateTimeField(_("finita il"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("operazione")
        verbose_name_plural = _("operazioni")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(name="registry_job_by_newest", fields=["by", "-created_at"])]
        constraints = [
            models.UniqueConstraint(
                name="registry_job_one_at_a_time",
                fields=["by", "kind", "subject"],
                condition=Q(state__in=ACTIVE_JOB_STATES),
                violation_error_message=_("Questa operazione è già in corso."),
            ),
            models.CheckConstraint(
                name="registry_job_failed_with_words",
                condition=~Q(state=JobState.FAILED) | ~Q(failure=""),
                violation_error_message=_("Un’operazione non riuscita dice perché."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def state_label(self) -> str:
        """How far it is, in words; what was cancelled did not fail."""
        return _("annullata") if self.result.get("cancelled") else self.get_state_display()

    @property
    def is_active(self) -> bool:
        """Whether something may still come of it by itself."""
        return self.state in ACTIVE_JOB_STATES
