from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from risk.services.reporting.open_data.files import tend_open_data


class Command(RegisterCommand):
    help = (
        "Scrive i file dei dati aperti che mancano ai piani pubblicati, rifà quelli guasti, "
        "toglie gli altri: una volta al giorno basta."
    )

    def handle(self, *args, **options):
        tended = tend_open_data()
        self.stdout.write(
            _(
                "Dati aperti: scritti per %(written)d piani, tolte %(swept)d cartelle, "
                "non letti %(unread)d."
            )
            % vars(tended)
        )
