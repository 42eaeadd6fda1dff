"""manage.py bring_files: copy the evidence to where PTPCT_FILES says that files stand now."""

from django.utils.translation import gettext as _

from ptpct.backup.stores import bring_files
from registry.management.register_command import RegisterCommand
from registry.readable import grouped


class Command(RegisterCommand):
    """For an installation whose files move to another place."""

    help = _(
        "Porta le prove dei monitoraggi, da una cartella di questa macchina o dal database, dove "
        "dice PTPCT_FILES. Si può ripetere: ciò che c’è già resta."
    )

    def handle(self, *args, **options):
        self.stdout.write(_("File portati: %(n)s.") % {"n": grouped(bring_files())})
