"""manage.py bring_files: copy the evidence to where PTPCT_FILES says that files stand now."""

from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ptpct.backup.stores import bring_files, missing_evidence
from registry.management.register_command import RegisterCommand
from registry.readable import grouped


class Command(RegisterCommand):
    """For an installation whose files move to another place."""

    help = _(
        "Porta le prove dei monitoraggi, da una cartella di questa macchina, dal database o da un "
        "bucket, dove dice PTPCT_FILES. Si può ripetere: ciò che c’è già resta."
    )

    def add_arguments(self, parser: Any) -> None:
        """Add where files stood before, where that was a bucket."""
        told = _("Il bucket in cui i file stavano prima, come s3://nome.")
        parser.add_argument("--from", dest="before", default="", metavar="s3://…", help=told)

    def handle(self, *args: Any, before: str, **options: Any) -> None:
        """Copy the files. Raises `CommandError` where proofs name files that are nowhere."""
        bucket = before.removeprefix("s3://").rstrip("/")
        if before and (not before.startswith("s3://") or not bucket):
            raise CommandError(_("«--from» vuole un bucket, come s3://nome."))
        count = bring_files(bucket=bucket)
        self.stdout.write(_("File portati: %(n)s.") % {"n": grouped(count)})
        if missing := missing_evidence():
            words = ngettext(
                "Manca %(n)s file di prova, come %(name)s: se stava in un bucket, va detto quale "
                "con «--from s3://nome».",
                "Mancano %(n)s file di prova, il primo %(name)s: se stavano in un bucket, va detto "
                "quale con «--from s3://nome».",
                len(missing),
            )
            raise CommandError(words % {"n": grouped(len(missing)), "name": missing[0]})
