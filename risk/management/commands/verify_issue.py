"""manage.py verify_issue FILE: is this file an issued annex or an adopted plan?"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from risk.services.annexes.issues import verify_file


class Command(BaseCommand):
    """Exit code 0 when the file is an issue, signed or not; 1 when it is not; 2 without a file."""

    help = _("Dice se un file è un allegato emesso o un piano adottato, anche firmato.")

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help=_("il PDF, anche firmato (.pdf o .p7m)"))

    def handle(self, *args, file: Path, **options):
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(_("Non leggo %(file)s.") % {"file": file}, returncode=2) from error
        verified = verify_file(content)
        if verified.plan_issue is not None:
            self._tell_plan(verified.plan_issue, is_signed=verified.is_signed)
            return
        if verified.issue is None:
            raise CommandError(
                _("%(file)s non è un allegato emesso né un piano adottato.") % {"file": file}
            )
        issue = verified.issue
        heading = _("Emesso, firmato") if verified.is_signed else _("Emesso")
        moment = timezone.localtime(issue.issued_at).strftime("%d/%m/%Y %H:%M")
        self.stdout.write(
            f"{heading}: {issue.annex.printed_office_name}, {issue.plan}, n. {issue.number}, "
            f"{moment}."
        )
        self.stdout.write(f"SHA-256 {issue.data_digest}")

    def _tell_plan(self, issue, *, is_signed):
        heading = _("Adottato, firmato") if is_signed else _("Adottato")
        plan = issue.plan
        day = plan.act_date.strftime("%d/%m/%Y")
        self.stdout.write(f"{heading}: {plan}, {plan.act_kind} n. {plan.act_number}, {day}.")
        self.stdout.write(f"SHA-256 {issue.data_digest}")
