from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry.enums import Upkeep
from registry.management.register_command import RegisterCommand
from registry.readable import grouped
from registry.services.health import record_run
from registry.system_faults import told_of
from registry.tracing import new_trace, traced
from risk.services.notices.mails import send_notices


class Command(RegisterCommand):
    help = "Manda a ciascuno un messaggio con ciò che lo aspetta: da eseguire una volta al giorno."

    def handle(self, *args, **options):
        # the lines and the mails of one run belong together
        try:
            with traced(new_trace()):
                done = send_notices()
        except OSError as error:
            told = {"file": error.filename or settings.VAR_DIR, "reason": told_of(error)}
            raise CommandError(_("«%(file)s» non si può scrivere: %(reason)s.") % told) from error
        for one in done.unsent:
            told = {"person": one.person, "reason": one.reason}
            self.stderr.write(_("%(person)s: %(reason)s.") % told)
        failed = len(done.unsent)
        unsent = _("non partiti: %(n)s") % {"n": grouped(failed)} if failed else ""
        record_run(Upkeep.NOTICES, failure=unsent)
        self.stdout.write(_("Messaggi inviati: %(n)s.") % {"n": grouped(done.sent)})
        if failed:
            raise CommandError(
                _("Messaggi non partiti: %(n)s. La prossima esecuzione li riprova.")
                % {"n": grouped(failed)}
            )
