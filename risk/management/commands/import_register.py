"""Take a file into the register of a plan: whole or not at all."""

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from registry.management.register_command import RegisterCommand
from registry.models import Administration, Office, Plan, User
from registry.spreadsheets import UnreadableFile
from risk.models import RegisterImport
from risk.services.imports import (
    ImportRefusedError,
    Preview,
    apply_import,
    discard_import,
    preview_import,
    start_import,
)
from risk.services.imports.compare import ChangeSet
from risk.services.imports.ledger import Ledger
from risk.services.imports.map import HEADER_ROW
from risk.services.imports.read import read
from risk.services.imports.recognise.descriptions import AUTO, NAMES
from risk.services.imports.report import keep_preview, report_of
from risk.services.imports.uploads import remember_answers

TAKEN, REFUSED, QUESTIONS = 0, 1, 3


class Command(RegisterCommand):
    help = (
        "Importa un registro da un file XLSX, ODS, CSV o DOCX, o tutti quelli di una cartella o di "
        "uno ZIP come uno solo; esce con 0, 1 (no) o 3 (domande)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--plan", required=True, help="titolo del piano")
        parser.add_argument("--administration", help="codice IPA; basta tacerlo se è una sola")
        parser.add_argument("--office", help="codice o nome dell’ufficio, se il file non lo dice")
        parser.add_argument("--layout", choices=NAMES, default=AUTO)
        parser.add_argument(
            "--header-row",
            action="append",
            default=[],
            metavar="[FOGLIO=]RIGA",
            help="riga dei titoli, se non si trova: del primo foglio, o di quello nominato",
        )
        parser.add_argument("--answers", type=Path, help="risposte alle domande, in JSON")
        parser.add_argument("--by", required=True, help="nome utente di chi importa")
        parser.add_argument("--dry-run", action="store_true", help="dice soltanto che cosa farebbe")
        parser.add_argument("--report", type=Path, help="dove scrivere l’esito, in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = self._plan(options)
        by = User.objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError("Nessuna persona ha questo nome utente.")
        office = self._office(plan, options["office"])
        answers = _answers(options["answers"])
        upload: dict[str, Any] = {
            "plan": plan,
            "office": office,
            **_file(options["file"]),
            "layout": options["layout"],
        }
        mapping = _header_rows(options["header_row"], upload)
        preview = preview_import(**upload, mapping=mapping, answers=answers, by=by)
        code = _code(preview)
        text = json.dumps(report_of(preview), ensure_ascii=False, indent=2)
        if code == TAKEN and not options["dry_run"]:
            said = {"answers": answers, "mapping": mapping}
            code = self._take(upload, said, preview, by)
        if options["report"]:
            options["report"].write_text(text + "\n")
        self.stdout.write(text)
        sys.exit(code)

    def _take(self, upload: dict[str, Any], said: dict, preview: Preview, by: User) -> int:
        # taking it compares again: these rows would stand in memory twice
        preview.forget_rows()
        try:
            register_import = start_import(**upload, by=by)
        except UnreadableFile as refused:
            raise CommandError(str(refused)) from refused
        register_import.answers, register_import.mapping = said["answers"], said["mapping"]
        register_import.save()
        keep_preview(register_import=register_import, preview=preview)
        preview.changes, preview.recognised, preview.ledger = ChangeSet(), None, Ledger()
        heavy = ("content", "report")
        register_import = RegisterImport.objects.defer(*heavy).get(pk=register_import.pk)
        try:
            apply_import(register_import=register_import, digest=preview.digest, by=by)
            remember_answers(register_import=register_import, answers=said["answers"], by=by)
        except ImportRefusedError as refused:
            discard_import(register_import=register_import, by=by)
            self.stderr.write(str(refused))
            return REFUSED
        return TAKEN

    def _plan(self, options: dict[str, Any]) -> Plan:
        bodies = Administration.objects.all()
        if options["administration"]:
            bodies = bodies.filter(ipa_code=options["administration"])
        plans = Plan.objects.filter(administration__in=bodies, title=options["plan"])
        if len(plans) != 1:
            raise CommandError("Nessun piano, o più d’uno, con questo titolo.")
        return plans[0]

    def _office(self, plan: Plan, text: str | None) -> Office | None:
        if not text:
            return None
        rows = Office.objects.filter(administration=plan.administration).answering_to(text)
        if len(rows) != 1:
            raise CommandError("Nessun ufficio dell’amministrazione ha questo nome.")
        return rows[0]


def _file(path: Path) -> dict[str, Any]:
    """Return the bytes and the name of a file; of a folder those of an archive of its files."""
    try:
        if path.is_dir():
            return {"content": _zipped(path), "filename": f"{path.resolve().name}.zip"}
        return {"content": path.read_bytes(), "filename": path.name}
    except OSError as error:
        raise CommandError(f"Il file non si può leggere: {path}.") from error


def _answers(path: Path | None) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the answers of a file: by kind of question, then by what is asked about."""
    if path is None:
        return {}
    try:
        answers = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"Le risposte non si possono leggere: {path}.") from error
    except ValueError as error:
        raise CommandError(f"--answers: il file non è JSON ({error}).") from error
    kinds = answers.values() if isinstance(answers, dict) else [None]
    if not all(isinstance(one, dict) and all(map(_is_answer, one.values())) for one in kinds):
        raise CommandError(
            '--answers: il file ha un’altra forma da {"measure": {"Rotazione": {"new": true}}}.'
        )
    return answers


def _is_answer(said: object) -> bool:
    return isinstance(said, dict) and all(isinstance(one, str | bool) for one in said.values())


def _zipped(folder: Path) -> bytes:
    """Return the files of a folder as an archive, the same for the same files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            name = zipfile.ZipInfo(file.relative_to(folder).as_posix())
            archive.writestr(name, file.read_bytes())
    return stream.getvalue()


def _header_rows(said: list[str], upload: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Return the mapping of "38" or "Foglio1=38"; without a sheet the first that holds anything."""
    if not said:
        return {}
    try:
        sheets = read(upload["content"], upload["filename"]).sheets
    except UnreadableFile:
        # the preview says why
        return {}
    lengths = {sheet.name: len(sheet.rows) for sheet in sheets if sheet.rows and not sheet.hidden}
    mapping: dict[str, dict[str, int]] = {}
    for text in said:
        name, _sign, row = text.rpartition("=")
        name = name or next(iter(lengths))
        if not (row.isdigit() and 0 < int(row) <= lengths.get(name, 0)):
            raise CommandError(f"--header-row: «{text}» non è una riga di un foglio del file.")
        mapping[name] = {HEADER_ROW: int(row)}
    return mapping


def _code(preview: Preview) -> int:
    if preview.problems:
        return REFUSED
    return QUESTIONS if preview.questions else TAKEN
