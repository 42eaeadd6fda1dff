"""Open the next edition of an adopted plan, as its page does: whole or not at all."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.enums import PlanKind
from registry.management.register_command import RegisterCommand
from registry.models import Administration, Plan, Process, User
from registry.permissions import is_rpct_of_plan
from registry.readable import grouped
from risk.models import PlannedMeasure
from risk.services.annexes.asked import processes_in_words
from risk.services.plans.asked import annexes_in_words
from risk.services.plans.editions import copy_plan


class Command(RegisterCommand):
    help = "Apre la nuova edizione, o l’aggiornamento, di un piano adottato."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="source", required=True, help="titolo del piano")
        parser.add_argument("--title", required=True, help="titolo della nuova edizione")
        parser.add_argument("--administration", help="codice IPA; basta tacerlo se è una sola")
        parser.add_argument("--kind", choices=PlanKind.values, default=PlanKind.ORDINARY)
        parser.add_argument(
            "--first-year", type=int, help="primo anno; di solito quello dopo, o lo stesso"
        )
        parser.add_argument("--last-year", type=int, help="ultimo anno")
        parser.add_argument(
            "--offices",
            type=Path,
            help="CSV degli uffici: ufficio;cambio;nuovo;denominazione;processi;motivo",
        )
        parser.add_argument("--by", required=True, help="nome utente del RPCT che la apre")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = _plan(options["source"], options["administration"])
        by = User.objects.filter(username=options["by"]).first()
        if by is None or not is_rpct_of_plan(by, plan):
            raise CommandError(_("Una nuova edizione spetta al RPCT dell’amministrazione."))
        later = 0 if options["kind"] == PlanKind.UPDATE else 1
        first = options["first_year"] or plan.first_year + later
        last = options["last_year"] or first + plan.last_year - plan.first_year
        try:
            made = copy_plan(
                plan=plan,
                title=options["title"],
                first_year=first,
                last_year=last,
                kind=options["kind"],
                offices=_offices(options["offices"]),
                by=by,
            )
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(_told(made))


def _offices(path: Path | None) -> str:
    try:
        return path.read_text(encoding="utf-8") if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(_("Il file non si può leggere: %s.") % path) from error


def _plan(title: str, ipa_code: str | None) -> Plan:
    bodies = Administration.objects.all()
    if ipa_code:
        bodies = bodies.filter(ipa_code=ipa_code)
    plans = Plan.objects.filter(administration__in=bodies, title=title)
    if len(plans) != 1:
        raise CommandError(_("Nessun piano, o più d’uno, con questo titolo."))
    return plans[0]


def _told(plan: Plan) -> str:
    """Return what was opened, with its numbers."""
    measures = PlannedMeasure.objects.filter(plan=plan).count()
    numbers = (
        annexes_in_words(plan.annexes.count()),
        processes_in_words(Process.objects.filter(annex__plan=plan).count()),
        ngettext("%(n)s misura", "%(n)s misure", measures) % {"n": grouped(measures)},
    )
    return _("%(title)s: %(numbers)s.") % {"title": plan.title, "numbers": ", ".join(numbers)}
