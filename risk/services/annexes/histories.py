"""The history of a process with all its parts, and of an annex: who changed what, and how.

Parts are found through their own histories, so that what was removed is told too.
"""

from django.db.models import Model, Q, QuerySet

from registry.hanging import content_models, parents_of
from registry.models import Annex, Process
from registry.services.history_pages import SavedHistory
from risk.models import MeasureTarget

UNTOLD = (MeasureTarget,)
"""Content of which the history of the annex says nothing: what a measure covers."""


def history_of_process(process: Process) -> SavedHistory:
    """Return the saves of a process, its phases, behaviours and assessments, the last one first."""
    parts = [model for model in content_models() if _hangs_on(model, Process)]
    return SavedHistory([(model, _under(model, process)) for model in parts])


def history_of_annex(annex: Annex) -> SavedHistory:
    """Return the saves of an annex, its processes and its measures, the last one first.

    What happened inside a process is told by the history of the process.
    """
    others = [model for model in content_models() if not _hangs_on(model, Process)]
    models = [model for model in (*others, Process) if model not in UNTOLD]
    return SavedHistory([(model, _under(model, annex)) for model in models])


def _hangs_on(model: type[Model], other: type[Model]) -> bool:
    """Tell whether rows of a model are parts of one of another, or are such rows themselves."""
    above = parents_of(model).values()
    return model is other or any(_hangs_on(parent, other) for parent in above)


def _under(model: type[Model], root: Model) -> QuerySet:
    """Return the history rows of a model that hang, or hung, on a row it leads to.

    Step by step, each through the history of what stands above.
    """
    if isinstance(root, model):
        return model.history.filter(id=root.pk)
    hangs = Q()
    for column, parent in parents_of(model).items():
        if isinstance(root, parent):
            hangs |= Q(**{column: root.pk})
        elif _hangs_on(parent, type(root)):
            hangs |= Q(**{f"{column}__in": _under(parent, root).values("id")})
    return model.history.filter(hangs)
