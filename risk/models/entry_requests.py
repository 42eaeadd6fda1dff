"""Requests for an entry that somebody misses in a closed list."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.base import MomentField, UidManager, UidModel, history, line, prose
from risk.enums import RequestedList, RequestState


class ListEntryRequest(UidModel):
    """An entry that the office of an annex asks the RPCT for, and what has become of it.

    `process_uid`, `phase_uid` and `behaviour_uid` say which row wants it; `before` is the key of
    the entry that was chosen there when it was asked for, so that the field follows where nobody
    chose since.
    """

    ANNEX_PATHS = ("annex",)
    EDITS_ANNEX = False

    annex = models.ForeignKey(
        "registry.Annex",
        on_delete=models.CASCADE,
        related_name="entry_requests",
        verbose_name=_("allegato"),
    )
    kind = models.CharField(_("elenco"), max_length=15, choices=RequestedList.choices)
    text = line(_("voce richiesta"), 500)
    reason = prose(_("perché serve"))
    process_uid = models.UUIDField(_("processo"), null=True, blank=True)
    phase_uid = models.UUIDField(_("fase"), null=True, blank=True)
    behaviour_uid = models.UUIDField(_("comportamento a rischio"), null=True, blank=True)
    before = models.PositiveBigIntegerField(_("voce scelta allora"), null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="entry_requests",
        verbose_name=_("chi la chiede"),
    )
    asked_at = MomentField(_("chiesta il"), auto_now_add=True)
    state = models.CharField(
        _("stato"), max_length=10, choices=RequestState.choices, default=RequestState.ASKED
    )
    entry = line(_("voce dell’elenco"), 1000, blank=True, default="")
    answer = prose(_("risposta"))
    unfollowed = prose(_("perché il campo è rimasto com’era"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_entry_requests",
        verbose_name=_("chi ha deciso"),
    )
    decided_at = models.DateTimeField(_("decisa il"), null=True, blank=True)
    history = history()

    objects = UidManager()

    class Meta:
        verbose_name = _("richiesta di voce")
        verbose_name_plural = _("richieste di voci")
        ordering = ["asked_at", "id"]
        indexes = [
            models.Index(
                name="risk_entry_request_open",
                fields=["annex"],
                condition=models.Q(state=RequestState.ASKED),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="risk_entry_request_decided",
                condition=models.Q(state=RequestState.ASKED, decided_by__isnull=True)
                | ~models.Q(state=RequestState.ASKED) & models.Q(decided_by__isnull=False),
                violation_error_message=_("Una richiesta decisa dice chi l’ha decisa."),
            ),
            models.CheckConstraint(
                name="risk_entry_request_refused_with_reason",
                condition=~models.Q(state=RequestState.REFUSED) | ~models.Q(answer=""),
                violation_error_message=_("Chi non accoglie una richiesta dice perché."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: «{self.text}»"

    @property
    def is_open(self) -> bool:
        """Whether it waits for the RPCT."""
        return self.state == RequestState.ASKED
