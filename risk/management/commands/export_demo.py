from pathlib import Path

from django.core.management.base import CommandError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from risk.enums import Layout
from risk.services.annexes.documents import document_of
from risk.services.printing.exports import PAPER_FORMATS, export_annex, write_whole
from risk.services.sample_data.demo.loading import demo_annexes


class Command(RegisterCommand):
    help = "Scrive gli allegati dimostrativi, in ogni modello e formato."

    def add_arguments(self, parser):
        parser.add_argument("--to", default="out", help="cartella (out)")

    def handle(self, *args, **options):
        folder = Path(options["to"])
        annexes = list(demo_annexes())
        if not annexes:
            raise CommandError(_("Non ci sono dati dimostrativi: prima «manage.py load_demo»."))
        folder.mkdir(parents=True, exist_ok=True)
        for annex in annexes:
            for layout in Layout.values:
                for format in PAPER_FORMATS:
                    name = f"{slugify(annex.printed_office_name)}-{layout}.{format}"
                    data = export_annex(document=document_of(annex), layout=layout, format=format)
                    write_whole(path=folder / name, data=data)
                    self.stdout.write(f"  {folder / name}  {len(data) / 1000:.0f} kB")
