"""What is kept of the content of each process, so that to look at an annex is not to build it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from risk.models.packed import PackedTextField


class ContentMark(models.Model):
    """The mark of something contents are made of: drawn by lot whenever it is written.

    The triggers of `risk.guards.marks` draw it, and nobody else. `scope` says what `key` is of: a
    process, an annex, a plan or a body, 0 for what is national.
    """

    scope = models.CharField(_("di che cosa"), max_length=10)
    key = models.BigIntegerField(_("chiave"))
    mark = models.BigIntegerField(_("segno"))

    class Meta:
        verbose_name = _("segno di modifica")
        verbose_name_plural = _("segni di modifica")
        ordering = ["scope", "key"]
        constraints = [
            models.UniqueConstraint(name="risk_contentmark_once", fields=["scope", "key"]),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}: {self.mark}"


class ProcessContent(models.Model):
    """What was last built of a process: its canonical data, their digest, what each rule found.

    It may be lost and is built again; it holds while `stamp`, the marks of all it was made of, are
    those of today (`risk.services.annexes.contents`). `words` are those of its own
    (`risk.content.own_words`), `words_before` those it was copied with, "" where it was not;
    `since` is the key of the plan in which they changed last, None where nobody knows; of rows for
    which it is another one `ages` tells it (`risk.content.row_ages`). `texts` are
    the digests of its long texts (`risk.content.same_texts`).
    """

    ANNEX_PATHS = ("process__annex",)
    EDITS_ANNEX = False

    process = models.OneToOneField(
        "registry.Process",
        on_delete=models.CASCADE,
        related_name="content",
        verbose_name=_("processo"),
    )
    stamp = models.CharField(_("fatto da"), max_length=200)
    rules_stamp = models.CharField(_("esaminato con"), max_length=300)
    digest = models.CharField(_("codice di controllo del contenuto"), max_length=64)
    edition_digest = models.CharField(
        _("codice di controllo nell’edizione precedente"),
        max_length=64,
        help_text=_("Con gli identificativi che le righe avevano nella precedente edizione."),
    )
    words = models.CharField(
        _("codice di controllo del testo"), max_length=64, blank=True, default=""
    )
    words_before = models.CharField(
        _("codice di controllo del testo nell’edizione precedente"),
        max_length=64,
        blank=True,
        default="",
    )
    since = models.BigIntegerField(
        _("piano in cui il testo è cambiato l’ultima volta"), null=True, blank=True
    )
    ages = models.JSONField(
        _("righe il cui testo è di un’altra edizione"),
        default=dict,
        blank=True,
        help_text=_("Gli identificativi per piano, dove non è quello del processo."),
    )
    texts = models.TextField(
        _("codici di controllo dei testi"),
        blank=True,
        default="",
        help_text=_("Di ogni testo abbastanza lungo, separati da spazi."),
    )
    data = PackedTextField(_("contenuto"))
    findings = models.JSONField(_("rilievi delle regole"))

    class Meta:
        verbose_name = _("contenuto del processo")
        verbose_name_plural = _("contenuti dei processi")
        ordering = ["process_id"]

    def __str__(self) -> str:
        return str(self.process)
