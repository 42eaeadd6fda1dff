"""manage.py verify_issue FILE [--signature FILE]: what is this file?"""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from risk.services.verification.values import Verified
from risk.services.verification.verifying import verify_file
from risk.services.verification.wording import sentences, sentences_of_file


class Command(RegisterCommand):
    """Exit code 0 when all of the file is issued, signed after or overtaken; 1 when not; 2 without.

    Prints what the page says, with the same words.
    """

    help = _(
        "Dice se un file è un allegato emesso, un piano adottato o la relazione di un "
        "monitoraggio, e che cosa gli è stato aggiunto."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help=_("il PDF, la busta o l’archivio"))
        parser.add_argument("--signature", type=Path, help=_("la firma separata (.p7s), se c’è"))

    def handle(self, *args, file: Path, signature: Path | None = None, **options):
        detached = _read(signature) if signature else None
        verification = verify_file(
            _read(file), name=file.name, detached=detached, seconds=settings.DRAWING_SECONDS
        )
        for sentence in sentences_of_file(verification):
            self.stdout.write(sentence)
        for document in verification.documents:
            self.stdout.write(_heading(document))
            for sentence in sentences(document):
                self.stdout.write(f"  {sentence}")
        if not verification.is_genuine or not verification.documents:
            raise CommandError(
                _("%(file)s non è, o non è soltanto, ciò che è stato emesso.") % {"file": file}
            )


def _read(file: Path) -> bytes:
    """Return the bytes of a file. Raises `CommandError` with exit code 2."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(_("Non leggo %(file)s.") % {"file": file}, returncode=2) from error


def _heading(document: Verified) -> str:
    """Return one line: the answer, and the issue it is about."""
    parts = [document.name] if document.name else []
    if issue := document.issue:
        moment = timezone.localtime(issue.issued_at).strftime("%d/%m/%Y %H:%M")
        parts += [f"{issue.annex.printed_office_name}, {issue.plan}, n. {issue.number}, {moment}"]
    elif found := document.plan_issue or document.round_issue:
        plan = found.plan
        day = plan.act_date.strftime("%d/%m/%Y")
        parts += [f"{plan}, {plan.act_kind} n. {plan.act_number}, {day}"]
    if told := document.found:
        parts.append(f"SHA-256 {told.data_digest}")
    return f"{document.verdict.label}: {' · '.join(parts)}"
