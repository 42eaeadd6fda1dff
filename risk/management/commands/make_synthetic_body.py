from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.readable import all_grouped
from risk.services.sample_data.synthetic.bodies import (
    PROFILES,
    SyntheticRefusedError,
    counts_of,
    make_synthetic_body,
)


class Command(RegisterCommand):
    help = "Crea un’amministrazione inventata di una data grandezza, per misurare le pagine."

    def add_arguments(self, parser):
        parser.add_argument("--profile", choices=PROFILES, default="S", help="la grandezza")
        parser.add_argument(
            "--ipa",
            default="",
            help="codice IPA dell’amministrazione (predefinito: sintetico_ e il profilo)",
        )
        parser.add_argument(
            "--reset",
            action="store_true",
            help="toglie l’amministrazione sintetica di prima e la rifà",
        )

    def handle(self, *args, **options):
        profile = options["profile"]
        ipa_code = options["ipa"] or f"sintetico_{profile.lower()}"
        try:
            plan = make_synthetic_body(profile=profile, ipa_code=ipa_code, reset=options["reset"])
        except SyntheticRefusedError as error:
            raise CommandError(str(error)) from error
        sentence = _(
            "%(name)s: %(offices)s allegati, %(processes)s processi, %(phases)s fasi, "
            "%(actions)s azioni, %(behaviours)s comportamenti, %(targets)s oggetti di misure, "
            "%(people)s persone (senza storia). Per entrare: manage.py changepassword %(who)s"
        )
        counts = counts_of(plan)
        who = f"{ipa_code}-rpct-0"
        self.stdout.write(
            sentence % {"name": plan.administration.name, "who": who, **all_grouped(counts)}
        )
