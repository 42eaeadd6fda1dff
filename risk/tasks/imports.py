"""Jobs about a file on its way in: reading it, taking it, taking it back."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Job, User
from registry.services.jobs import JobKind, Progress, Result, start_job
from registry.services.undo import NotUndoable
from risk.enums import ImportState
from risk.models import RegisterImport
from risk.services.imports import ImportRefusedError, apply_import, undo_import
from risk.services.imports.apply import may_undo
from risk.services.imports.report import refresh_import
from risk.services.imports.uploads import delays_others, read_unread
from risk.tasks.parts import GoneError, mark_of

PREVIEW = "preview-import"
IMPORT = "take-import"
UNDO = "undo-import"


def ask_preview(*, register_import: RegisterImport, by: User) -> Job:
    """Ask for a file on its way to be read and compared; asked again meanwhile, the same job."""
    return _ask(PREVIEW, register_import, by, arguments={})


def ask_import(*, register_import: RegisterImport, digest: str, by: User) -> Job:
    """Ask for a file to be taken as its preview said; asked again of the same, the same job."""
    return _ask(IMPORT, register_import, by, arguments={"digest": digest})


def ask_undo(*, register_import: RegisterImport, by: User) -> Job:
    """Ask for an import to be taken back; asked again meanwhile, the same job."""
    return _ask(UNDO, register_import, by, arguments={})


def _ask(kind: str, register_import: RegisterImport, by: User, *, arguments: dict) -> Job:
    # of another preview it is another job
    mark = f" {mark_of(digest)}" if (digest := arguments.get("digest")) else ""
    return start_job(
        kind=kind,
        by=by,
        administration=register_import.plan.administration,
        subject=f"import {register_import.uid}{mark}",
        title=f"{register_import.filename}, {register_import.plan.title}",
        arguments={"import": str(register_import.uid), **arguments},
        is_long=delays_others(register_import),
    )


def _preview(job: Job, progress: Progress) -> Result:
    register_import = _import(job)
    progress(0, 2, _("Leggo il file"))
    read_unread(register_import=register_import, by=job.by)
    refresh_import(register_import=register_import, by=job.by, progress=progress)
    links = [(_("Continua l’importazione"), _import_place(job))]
    return Result(message=_("Il file è letto."), links=links)


def _take(job: Job, progress: Progress) -> Result:
    register_import = _import(job)
    # interrupted between the end of the import and that of the job: nothing is left to do
    if not (job.attempts > 1 and register_import.state == ImportState.TAKEN):
        progress(0, 1, _("Scrivo le righe nel registro"))
        apply_import(register_import=register_import, digest=job.arguments["digest"], by=job.by)
    links = [(_("Che cosa è stato importato"), _import_place(job))]
    return Result(message=_("Il file è nel registro."), links=links)


def _undo(job: Job, progress: Progress) -> Result:
    register_import = _import(job)
    if not (job.attempts > 1 and register_import.state == ImportState.UNDONE):
        progress(0, 1, _("Riporto il registro com’era"))
        undo_import(register_import=register_import, by=job.by)
    links = [(_("L’importazione annullata"), _import_place(job))]
    return Result(message=_("L’importazione è annullata."), links=links)


def _import(job: Job) -> RegisterImport:
    """Return the import of a job, as long as the person who asked may see it."""
    rows = (
        RegisterImport.objects.visible_to(job.by)
        .of_registers()
        .select_related("plan__administration")
    )
    register_import = rows.filter(uid=job.arguments["import"]).first()
    if register_import is None:
        raise GoneError(_("L’importazione non c’è più, o non spetta più a chi ha chiesto."))
    return register_import


def _import_place(job: Job) -> str:
    return reverse("risk:import", args=[job.arguments["import"]])


def _undo_place(user: User, job: Job) -> str:
    rows = RegisterImport.objects.visible_to(user).of_registers().filter(state=ImportState.TAKEN)
    found = rows.defer("content", "tables").filter(uid=job.arguments["import"]).first()
    if found is None or not may_undo(found, user):
        return ""
    return reverse("risk:import_undo", args=[found.uid])


KINDS = (
    JobKind(
        name=PREVIEW,
        label=gettext_lazy("Lettura di un file da importare"),
        work=_preview,
        place=_import_place,
        refusals=(GoneError, ImportRefusedError),
    ),
    JobKind(
        name=IMPORT,
        label=gettext_lazy("Importazione di un file"),
        work=_take,
        place=_import_place,
        refusals=(GoneError, ImportRefusedError),
        undo=_undo_place,
    ),
    JobKind(
        name=UNDO,
        label=gettext_lazy("Annullamento di un’importazione"),
        work=_undo,
        place=_import_place,
        refusals=(GoneError, ImportRefusedError, NotUndoable),
    ),
)
