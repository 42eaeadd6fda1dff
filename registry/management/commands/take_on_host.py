"""manage.py take_on_host: let the hosts of this installation be like this one from now on."""

from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.services.installation import take_on


class Command(RegisterCommand):
    """For a key, a cache or a place of files that was changed on purpose."""

    help = _(
        "Annota chiave, memoria comune e posto dei file di questa macchina: da ora le altre devono "
        "avere gli stessi. Da eseguire dopo averli cambiati apposta, su una macchina sola."
    )

    def handle(self, *args, **options):
        take_on()
        self.stdout.write(_("Annotato: le altre macchine devono essere come questa."))
