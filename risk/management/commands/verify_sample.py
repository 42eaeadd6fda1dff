"""manage.py verify_sample UID | --population FILE --seed SEED --percent N: who was drawn?"""

from pathlib import Path
from uuid import UUID

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from risk.models import Sample
from risk.scoring.sampling import PopulationError, digest_of_text, draw, read_population
from risk.services.monitoring.sampling import draw_of


class Command(RegisterCommand):
    """Draws again what was drawn; exit code 1 when it is another list, 2 when nothing can be drawn.

    Of a round by its uid, from what is kept; or of a file, which may come from anywhere. Prints
    the digest of the population, then the uids that are drawn, one a line.
    """

    help = _("Ripete l’estrazione di un campione e dice se dà lo stesso elenco.")

    def add_arguments(self, parser):
        parser.add_argument("round", nargs="?", type=UUID, help=_("il codice del monitoraggio"))
        parser.add_argument("--population", type=Path, help=_("il file della popolazione"))
        parser.add_argument("--seed", default="", help=_("il seme"))
        parser.add_argument("--percent", type=int, default=0, help=_("la parte, in percento"))
        parser.add_argument(
            "--drawn", type=Path, help=_("un elenco di estratte con cui confrontare")
        )

    def handle(self, *args, round: UUID | None = None, **options):
        if (round is None) == (options["population"] is None):
            raise CommandError(
                _("Serve il codice di un monitoraggio, oppure --population."), returncode=2
            )
        if round is not None:
            return self._kept(round)
        return self._brought(options)

    def _kept(self, uid: UUID) -> None:
        rows = Sample.objects.filter(round__uid=uid).select_related("draw")
        sample = rows.order_by("-pk").first()
        made = draw_of(sample)
        if sample is None or made is None:
            raise CommandError(_("Per questo monitoraggio non si è estratto nulla."), returncode=2)
        text = str(sample.population)
        if digest_of_text(text) != sample.population_digest:
            raise CommandError(_("La popolazione non è quella annunciata."))
        self._compare(text, made.seed, sample.percent, str(made.drawn).split())

    def _brought(self, options) -> None:
        seed, percent = " ".join(options["seed"].split()), options["percent"]
        if not seed or not 1 <= percent <= 100:
            raise CommandError(_("Servono --seed e --percent, da 1 a 100."), returncode=2)
        other = _read(options["drawn"]).split() if options["drawn"] else None
        self._compare(_read(options["population"]), seed, percent, other)

    def _compare(self, text: str, seed: str, percent: int, other: list[str] | None) -> None:
        try:
            drawn = draw(read_population(text), seed=seed, percent=percent)
        except PopulationError as error:
            told = {"line": error.line}
            raise CommandError(
                _("La riga %(line)s non è «codice, tabulazione, gruppo».") % told, returncode=2
            ) from error
        self.stdout.write(f"SHA-256 {digest_of_text(text)}")
        for uid in drawn:
            self.stdout.write(uid)
        if other is not None and sorted(other) != drawn:
            raise CommandError(_("L’elenco estratto è un altro."))


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(_("Non leggo %(file)s.") % {"file": file}, returncode=2) from error
