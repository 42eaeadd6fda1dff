"""The lists of the registry as files: catalogues, offices, processes, phases, actions."""

from django.utils.translation import gettext as _

from registry.enums import AreaKind, DigitalState, ProcessKind, RiskPresence, YesNo
from registry.models import (
    Action,
    AnacArea,
    Annex,
    ExecutorRole,
    InstitutionalFunction,
    Macroprocess,
    Office,
    Phase,
    Process,
    RiskArea,
)
from registry.models.bodies import climb
from registry.resources.base import RegisterResource, UidResource, uid_column
from registry.resources.columns import (
    ByCode,
    ByIpaCode,
    ByUid,
    Day,
    OneOf,
    PlainCode,
    Whole,
    YesOrNo,
    column,
)
from registry.services.offices import move_between, told


class Options:
    """Settings of every list (see `registry.resources.base`)."""

    import_id_fields = ("administration", "code")
    use_transactions = True
    skip_unchanged = True
    report_skipped = True
    clean_model_instances = True
    # Bulk mode would write no history.
    use_bulk = False


NAMES = ("administration", "code", "label")
USE = ("position", "source", "retired_on", "retired_reason")


class CatalogueResource(RegisterResource):
    """Columns of every catalogue."""

    related = ("administration",)
    administration = column("administration", "Amministrazione", ByIpaCode())
    code = column("code", "Codice")
    label = column("label", "Denominazione")
    position = column("position", "Ordine", Whole())
    source = column("source", "Fonte")
    retired_on = column("retired_on", "Non più in uso dal", Day())
    retired_reason = column("retired_reason", "Motivo")

    def import_instance(self, instance, row, **kwargs):
        super().import_instance(instance, row, **kwargs)
        instance.position = instance.position or 0


class RiskAreaResource(CatalogueResource):
    related = ("administration", "anac_area")
    kind = column("kind", "Tipo", OneOf(AreaKind.choices))
    anac_area = column("anac_area", "Area ANAC", PlainCode(AnacArea))
    is_mandatory = column("is_mandatory", "Obbligatoria", YesOrNo())

    class Meta(Options):
        model = RiskArea
        fields = (*NAMES, "kind", "anac_area", "is_mandatory", *USE)


class InstitutionalFunctionResource(CatalogueResource):
    class Meta(Options):
        model = InstitutionalFunction
        fields = (*NAMES, *USE)


class MacroprocessResource(CatalogueResource):
    related = ("administration", "function")
    function = column("function", "Funzione istituzionale", ByCode(InstitutionalFunction))

    class Meta(Options):
        model = Macroprocess
        fields = (*NAMES, "function", *USE)


class ExecutorRoleResource(CatalogueResource):
    class Meta(Options):
        model = ExecutorRole
        fields = (*NAMES, *USE)


class OfficeResource(RegisterResource):
    """Offices; of a row that moves one, the preview says who will reach it and who no longer."""

    related = ("administration", "parent")
    administration = column("administration", "Amministrazione", ByIpaCode())
    code = column("code", "Codice")
    name = column("name", "Denominazione")
    parent = column("parent", "Ufficio superiore", ByCode(Office))
    retired_on = column("retired_on", "Non più in uso dal", Day())
    retired_reason = column("retired_reason", "Motivo")

    class Meta(Options):
        model = Office
        fields = ("administration", "code", "name", "parent", "retired_on", "retired_reason")

    def before_import(self, dataset, **kwargs):
        super().before_import(dataset, **kwargs)
        self._parents = _parents()
        self._moved: dict[int, Office] = {}

    def after_save_instance(self, instance, row, row_number=0, **kwargs):
        super().after_save_instance(instance, row, row_number, **kwargs)
        if instance.parent_id != self._parents.get(instance.pk, instance.parent_id):
            self._moved[row_number + 1] = instance

    def notes(self) -> list[str]:
        """Say of each office that is moved what the whole file changes, all its moves together."""
        now, notes = _parents() if self._moved else {}, []
        for number, office in self._moved.items():
            above = [climb(tree.get(office.pk), tree) for tree in (self._parents, now)]
            move = move_between(office, *above)
            if not move.changes_nothing:
                where = _("Riga %(n)d, %(office)s:") % {"n": number, "office": office}
                notes.append(f"{where} {told(move)}")
        return notes


def _parents() -> dict[int, int | None]:
    return dict(Office.objects.order_by().values_list("pk", "parent_id"))


class RegisterOptions(Options):
    """Settings of the lists whose rows hang from an annex."""

    import_id_fields = ("uid",)


class ProcessResource(UidResource):
    """Processes; "Allegato" is the identifier of the annex, kept when the office changes name."""

    number_field, parent_field = "number", "annex"
    related = ("annex__office", "annex__plan", "macroprocess", "risk_area")
    uid = uid_column()
    annex = column("annex", "Allegato", ByUid(Annex))
    plan = column("annex__plan__title", "Piano", shown_only=True)
    office = column("annex__printed_office_name", "Ufficio", shown_only=True)
    number = column("number", "Numero", Whole())
    code = column("code", "Codice")
    title = column("title", "Processo")
    kind = column(
        "kind", "Tipo di processo", OneOf(ProcessKind.choices), was=("Primario o di supporto",)
    )
    macroprocess = column("macroprocess", "Macroprocesso", ByCode(Macroprocess))
    risk_area = column("risk_area", "Area di rischio", ByCode(RiskArea))
    objective = column("objective", "Obiettivo")
    description = column("description", "Informazioni principali")
    input = column("input", "Input")
    output = column("output", "Output")
    times = column("times", "Tempi")
    constraints = column("constraints", "Vincoli")
    resources = column("resources", "Risorse")
    interrelations = column("interrelations", "Interrelazioni")
    criticalities = column("criticalities", "Criticità")
    responsible = column("responsible", "Responsabile del processo")
    is_procedure = column(
        "is_procedure", "Procedimento", OneOf(YesNo.choices), default=YesNo.UNKNOWN
    )
    digital_state = column(
        *("digital_state", "Digitalizzazione", OneOf(DigitalState.choices)),
        default=DigitalState.UNKNOWN,
    )
    risk_presence = column(
        *("risk_presence", "Presenza del rischio", OneOf(RiskPresence.choices)),
        default=RiskPresence.TO_ASSESS,
    )
    risk_presence_reason = column("risk_presence_reason", "Motivo dell’accertamento")

    class Meta(RegisterOptions):
        model = Process
        fields = (
            *("uid", "annex", "plan", "office", "number", "code", "title", "kind"),
            *("macroprocess", "risk_area", "objective", "description", "input", "output"),
            *("times", "constraints", "resources", "interrelations", "criticalities"),
            *("responsible", "is_procedure", "digital_state"),
            *("risk_presence", "risk_presence_reason"),
        )


STEP = ("position", "title", "description", "executor_role", "executor_office")


class StepResource(UidResource):
    """Columns of phases and actions."""

    uid = uid_column()
    position = column("position", "Numero", Whole())
    description = column("description", "Descrizione")
    executor_role = column("executor_role", "Esecutore", ByCode(ExecutorRole))
    executor_office = column("executor_office", "Ufficio esecutore", ByCode(Office))


class PhaseResource(StepResource):
    parent_field = "process"
    related = ("process", "executor_role", "executor_office")
    process = column("process", "Processo", ByUid(Process))
    process_title = column("process__title", "Denominazione del processo", shown_only=True)
    title = column("title", "Fase")

    class Meta(RegisterOptions):
        model = Phase
        fields = ("uid", "process", "process_title", *STEP)


class ActionResource(StepResource):
    parent_field = "phase"
    related = ("phase", "executor_role", "executor_office")
    phase = column("phase", "Fase", ByUid(Phase))
    phase_title = column("phase__title", "Denominazione della fase", shown_only=True)
    title = column("title", "Azione")

    class Meta(RegisterOptions):
        model = Action
        fields = ("uid", "phase", "phase_title", *STEP)
