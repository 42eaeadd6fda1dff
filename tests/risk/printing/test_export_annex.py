"""`export_annex` and `export_demo`: the right annex, a whole file, and plain words otherwise."""

import tempfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from registry.models import Annex, Plan, Process
from risk.models import PlannedMeasure, TextBlock
from risk.services.administrations import create_administration
from tests.risk.sample_data.demo.base import DemoTestCase


class ExportTest(DemoTestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.file = self.folder / "allegato"

    def export(self, **changes: str) -> str:
        """Export the published catalogue with these options changed; return what is written."""
        options = {
            "plan": "PTPCT 2021/2023",
            "office": "Servizi informativi",
            "layout": "catalogo",
            "format": "html",
            "output": str(self.file),
        } | changes
        call_command("export_annex", **options, stdout=StringIO())
        return self.file.read_text(encoding="utf-8", errors="replace")

    def refusal(self, **changes: str) -> CommandError:
        """Return the error of an export that must fail and write nothing."""
        with pytest.raises(CommandError) as caught:
            self.export(**changes)
        assert list(self.folder.iterdir()) == []
        return caught.value

    def test_an_office_answers_to_name_code_and_aliases_in_any_case(self):
        first = self.export(office="SERVIZI INFORMATIVI")

        assert "UFFICIO: SERVIZI INFORMATIVI" in first
        for spelling in (
            "servizi  informativi",
            "Servizi Informàtici",
            "Servizi inform ativi",
            "si",
        ):
            assert self.export(office=spelling) == first, spelling

    def test_plan_layout_and_format_are_taken_in_any_case(self):
        assert self.export(plan="ptpct 2021/2023", layout="CATALOGO", format="HTML")

    def test_an_unknown_office_gets_the_near_ones(self):
        error = self.refusal(office="Servizi informatizzati")

        assert error.returncode == 2
        assert "Nessun ufficio risponde a «Servizi informatizzati»" in str(error)
        assert "Forse: SERVIZI INFORMATIVI (SI)" in str(error)

    def test_an_office_like_no_other_gets_them_all(self):
        error = self.refusal(office="zzz")

        assert error.returncode == 2
        assert "Ci sono: GARE E CONTRATTI (GARE); SERVIZI INFORMATIVI (SI)" in str(error)

    def test_unknown_plan_layout_and_format_are_told_with_what_there_is(self):
        for option, text, near in (
            ("plan", "PTPCT 2021/2024", "Forse: PTPCT 2021/2023"),
            ("layout", "tabelle", "Forse: tabella"),
            ("format", "rtf", "Ci sono: html; pdf; docx; odt"),
            ("administration", "c_x998", "Forse: c_x999 (Comune di Valdoro)"),
        ):
            error = self.refusal(**{option: text})
            assert error.returncode == 2, option
            assert text in str(error)
            assert near in str(error)

    def test_an_office_without_annex_is_told(self):
        PlannedMeasure.objects.filter(annex__office__code="GARE").delete()
        Process.objects.filter(annex__office__code="GARE").delete()
        Annex.objects.filter(office__code="GARE").delete()

        error = self.refusal(office="gare")

        assert error.returncode == 2
        assert "non ha un allegato" in str(error)

    def test_with_several_administrations_one_must_be_named(self):
        create_administration(ipa_code="c_y998", name="Comune di Altura")

        error = self.refusal()

        assert error.returncode == 2
        assert "--administration" in str(error)
        assert self.export(administration="c_x999")

    def test_the_pdf_is_a_pdf(self):
        self.export(office="ICT", layout="tabella", format="pdf")

        assert self.file.read_bytes().startswith(b"%PDF-")
        assert list(self.folder.iterdir()) == [self.file]

    def test_an_unresolved_field_stops_the_export_with_its_name(self):
        blocks = TextBlock.objects.filter(plan=Plan.objects.get(), layout="schede", slot="title")
        blocks.update(text="Schede di {{campo_mancante}}")

        error = self.refusal(layout="schede")

        assert error.returncode == 1
        assert "campo_mancante" in str(error)

    def test_a_failed_export_leaves_the_old_file(self):
        self.export()
        old = self.file.read_bytes()
        TextBlock.objects.filter(layout="catalogo", slot="title").update(text="{{niente}}")

        with pytest.raises(CommandError):
            self.export()
        assert self.file.read_bytes() == old

    def test_a_missing_folder_is_told(self):
        error = self.refusal(output=str(self.folder / "manca" / "allegato.html"))

        assert error.returncode == 1
        assert "Non si può scrivere" in str(error)
        assert str(error).endswith(": il file o la cartella non c’è.")

    def test_export_demo_writes_each_layout_of_each_annex(self):
        # One small annex: making the twelve PDFs of the demo takes most of a minute.
        PlannedMeasure.objects.exclude(annex__office__code="ICT").delete()
        Process.objects.exclude(annex__office__code="ICT", number=1).delete()
        Annex.objects.exclude(office__code="ICT").delete()
        out = StringIO()

        call_command("export_demo", to=self.folder / "nuova", stdout=out)

        names = {
            f"servizi-tecnici-ict-{layout}.{format}"
            for layout in ("catalogo", "tabella", "schede", "completo")
            for format in ("html", "pdf")
        }
        assert {path.name for path in (self.folder / "nuova").iterdir()} == names
        assert all(name in out.getvalue() for name in names)

    def test_export_demo_without_demo_data_is_told(self):
        PlannedMeasure.objects.all().delete()
        Process.objects.all().delete()
        Annex.objects.all().delete()

        with pytest.raises(CommandError, match="load_demo"):
            call_command("export_demo", to=self.folder)
