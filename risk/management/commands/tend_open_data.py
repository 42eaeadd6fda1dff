from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.readable import all_grouped
from risk.services.reporting.open_data.files import tend_open_data
from risk.services.reporting.public_comparison import public_folders
from risk.services.reporting.public_reviews import write_public_reviews
from risk.services.reporting.public_states import write_missing_years, write_public_states


class Command(RegisterCommand):
    help = (
        "Scrive i file dei dati aperti che mancano ai piani pubblicati, rifà quelli guasti, "
        "toglie gli altri: una volta al giorno basta."
    )

    def handle(self, *args, **options):
        tended = tend_open_data(public_folders)
        write_missing_years(write_public_states)
        write_missing_years(write_public_reviews)
        self.stdout.write(
            _(
                "Dati aperti: scritti per %(written)s piani, tolte %(swept)s cartelle, "
                "non letti %(unread)s."
            )
            % all_grouped(vars(tended))
        )
