"""What the grey cells of a workbook call its rows, beside what the rows stand for."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from registry.normalise import fold
from risk.models import ImplementationStep, ProgressIndicator, RoundItem
from risk.services.answer_books.proposal import WrongRow
from risk.services.answer_books.read import NAME, BroughtRow


class KnownNames:
    """The names of measures, indicators and steps that files may speak of."""

    def __init__(
        self,
        items: Iterable[RoundItem],
        indicators: Iterable[ProgressIndicator],
        steps: Iterable[ImplementationStep],
    ) -> None:
        self._own: dict[tuple[str, UUID], str] = {}
        self._own |= {("item", one.uid): str(one.planned_measure.measure) for one in items}
        self._own |= {("indicator", one.uid): one.label for one in indicators}
        self._own |= {("step", one.uid): one.description for one in steps}
        self._known = {(kind, fold(name)) for (kind, _uid), name in self._own.items()}

    def check(self, one: BroughtRow) -> None:
        """Raise `WrongRow` for a row whose grey cell names another of the same kind.

        So are rows that were sorted without their hidden keys. A name nobody has is none of ours to
        judge: names change, also between a file that goes out and the one that comes back.
        """
        own, told = self._own.get((one.kind, one.uid)), one.cells.get(NAME)
        if own is None or told is None or fold(told.text) == fold(own):
            return
        if (one.kind, fold(told.text)) in self._known:
            sentence = _(
                "La cella grigia dice «%(told)s», ma la riga è di «%(own)s»: forse le righe sono "
                "state ordinate o copiate a metà. Non si prende."
            )
            raise WrongRow({NAME: sentence % {"told": told.text, "own": own}})
