"""The lists of what is judged once a year, as tables (beside `listings`)."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.services.listings import streamed
from registry.spreadsheets.tables import Table, table_of
from risk.enums import DerivedOutcome
from risk.judgements import SuitabilityJudgement
from risk.services.treatment.places import place_of


def suitability_table(year: int, rows: QuerySet[Any]) -> Table:
    """Return the measures of `monitoring.suitability.judged` with what was judged of a year.

    They know where they are put (`with_place`).
    """
    columns = {
        _("Misura"): lambda row: row.measure.label,
        _("Ufficio"): lambda row: row.annex.printed_office_name if row.annex else "",
        _("Ambito"): lambda row: row.get_scope_display(),
        _("Dove"): lambda row: place_of(row, row),
        _("Ultimo esito del monitoraggio"): lambda row: (
            DerivedOutcome(row.outcome).label if row.outcome else ""
        ),
        _("Idoneità"): lambda row: (
            SuitabilityJudgement(row.judgement).label if row.judgement else ""
        ),
        _("Identificativo"): lambda row: str(row.uid),
    }
    return table_of(_("Idoneità delle misure, %(year)s") % {"year": year}, columns, streamed(rows))
