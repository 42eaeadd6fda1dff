"""Forms of the way of a file into the register: the file itself, and what its columns mean."""

import re
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.forms.files import sized
from registry.forms.rows_called import OfficeField
from registry.models import Office, Plan
from registry.permissions import is_rpct_of_plan, reach_of
from registry.spreadsheets.limits import FILE_BYTES
from risk.models import Indicator
from risk.services.imports.map import HEADER_ROW, REGISTER, roles
from risk.services.imports.recognise.descriptions import AUTO, DESCRIPTIONS
from risk.workbooks.fields import FIELDS, INDICATOR, INDICATOR_HEADS, TARGET, field_of

_OF_PROCESS = {"phase", "action", "behaviours", "measures"}
_SEVERAL_WORDS = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}")
READ_FORMATS = (".xlsx", ".xlsm", ".ods", ".fods", ".csv", ".docx", ".zip")
"""Only what the file dialogue shows first: what a file is, its content says."""


def offices_of(user: Any, plan: Plan):
    """Return the offices a person may name for rows that name none."""
    offices = Office.objects.in_use().filter(administration=plan.administration)
    if is_rpct_of_plan(user, plan):
        return offices
    return offices.filter(pk__in=reach_of(user).own_offices)


class FileForm(forms.Form):
    """The file, and the office of its rows where it does not say so itself."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,  # that it is empty is said like all that is wrong with a file
        help_text=gettext_lazy(
            "XLSX, XLSM, ODS, CSV, un DOCX con tabelle, o uno ZIP di questi file; al massimo 20 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(READ_FORMATS), **sized(FILE_BYTES)}),
        error_messages={"required": gettext_lazy("Scegli il file.")},
    )
    office = OfficeField(
        label=gettext_lazy("Ufficio, se il file non lo dice"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("lo dice il file"),
        help_text=gettext_lazy("Vale per le righe che non nominano un ufficio."),
    )

    def __init__(self, *args, plan: Plan, user: Any, office: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offices = offices_of(user, plan)
        self.fields["office"].offer(offices, body=plan.administration)
        # whoever works for one office brings that office’s register
        codes = list(offices.values_list("code", flat=True)[:2])
        if len(codes) == 1 and not is_rpct_of_plan(user, plan):
            office = codes[0]
        self.fields["office"].initial = office


class OfficeForm(forms.Form):
    """The office of the rows that name none, asked when the file has shown that there are some.

    Beside other questions, with `is_beside`, it may be left open: the preview asks again.
    """

    office = OfficeField(
        label=gettext_lazy("Ufficio delle righe che non lo dicono"),
        to_field_name="code",
        empty_label=gettext_lazy("scegli l’ufficio"),
        error_messages={
            "required": gettext_lazy("Scegli l’ufficio."),
            "invalid_choice": gettext_lazy("Scegli un ufficio dell’elenco."),
        },
    )

    def __init__(self, *args, plan: Plan, user: Any, is_beside: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offices = offices_of(user, plan)
        self.fields["office"].offer(offices, body=plan.administration)
        self.fields["office"].required = not is_beside
        codes = list(offices.values_list("code", flat=True)[:2])
        if len(codes) == 1:
            self.fields["office"].initial = codes[0]


class ColumnsForm(forms.Form):
    """Our field of each column of the file, and the rows of the heads when others are meant."""

    layout = forms.ChoiceField(label=gettext_lazy("Tracciato"), required=False)

    def __init__(self, *args, report: dict[str, Any], plan: Plan, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._tables, self._sheets = report["tables"], report["sheets"]
        self._places = report.get("places", [])
        self.fields["layout"].choices = layout_choices()
        for index, sheet in enumerate(self._sheets):
            self.fields[f"riga-{index}"] = forms.IntegerField(
                label=sheet["name"],
                min_value=1,
                max_value=sheet["rows"],
                required=False,
                initial=sheet["header_row"] or None,
            )
        for index, place in enumerate(self._places):
            self.fields[f"posto-{index}"] = forms.ChoiceField(
                label=_("«%(text)s»") % {"text": place["value"]}
                if place["texts"][:1] == [place["value"]]
                else place["value"],
                choices=_place_choices(place),
                required=False,
                initial=_role_of(place),
            )
        years = {*range(plan.first_year, plan.last_year + 1), *_years(self._tables)}
        choices = _field_choices(plan, sorted(map(str, years)))
        for t, table in enumerate(self._tables):
            proposed = _process_column(table)
            for c, column in enumerate(table["columns"]):
                self.fields[f"colonna-{t}-{c}"] = forms.ChoiceField(
                    label=_("%(letter)s, «%(head)s»") % {**column},
                    choices=choices,
                    required=False,
                    initial="process_title" if c == proposed else column["field"],
                )

    def tables(self) -> list[dict[str, Any]]:
        """Return the tables with their columns and the bound field of each, for the page."""
        return [
            {
                **table,
                "sheets": [sheet for sheet, _numbers in table["places"]],
                "rows": [
                    {
                        **column,
                        "choice": choice,
                        # what was found itself is not proposed
                        "is_proposed": choice.field.initial != column["field"],
                    }
                    for c, column in enumerate(table["columns"])
                    for choice in [self[f"colonna-{t}-{c}"]]
                ],
            }
            for t, table in enumerate(self._tables)
        ]

    def sheets(self) -> list[dict[str, Any]]:
        """Return the sheets and the bound field of the row of their heads."""
        return [
            {**sheet, "choice": self[f"riga-{index}"]} for index, sheet in enumerate(self._sheets)
        ]

    def places(self) -> list[dict[str, Any]]:
        """Return what stands around the tables with the bound field of each, for the page."""
        return [
            {**place, "choice": self[f"posto-{index}"]} for index, place in enumerate(self._places)
        ]

    def said_places(self) -> dict[str, dict[str, Any]]:
        """Return the answers about places that were asked about or are chosen otherwise."""
        said = {}
        for index, place in enumerate(self._places):
            role = self.cleaned_data.get(f"posto-{index}", "")
            if place["is_open"] or role != _role_of(place):
                said[place["value"]] = {"is": role} if role else {"skip": True}
        return said

    def row_errors(self) -> bool:
        """Return whether a row of heads is no row of its sheet."""
        return any(name.startswith("riga-") for name in self.errors)

    def said_rows(self) -> dict[str, dict[str, Any]]:
        """Return the mapping that only says the rows of the heads: the columns are found anew."""
        rows = (
            (sheet["name"], self.cleaned_data.get(f"riga-{index}"))
            for index, sheet in enumerate(self._sheets)
        )
        return {name: {HEADER_ROW: row} for name, row in rows if row}

    def mapping(self, kept: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Return the mapping of `preview_import`; rows of heads said before are `kept`."""
        mapping = {
            name: {HEADER_ROW: columns[HEADER_ROW]}
            for name, columns in kept.items()
            if HEADER_ROW in columns
        }
        for t, table in enumerate(self._tables):
            for sheet, numbers in table["places"]:
                own = mapping.setdefault(sheet, {})
                own |= {str(number): self._field_of(t, c) for c, number in enumerate(numbers)}
        return mapping

    def heads(self) -> dict[str, str]:
        """Return the fields by heading worth remembering: those the heading did not say itself."""
        return {
            column["head"]: self._field_of(t, c)
            for t, table in enumerate(self._tables)
            for c, column in enumerate(table["columns"])
            if column["head"]
            and (column["confidence"] < 1 or column["field"] != self._field_of(t, c))
        }

    def clean(self):
        cleaned = super().clean()
        for t, table in enumerate(self._tables):
            fields = [self._field_of(t, c) for c in range(len(table["columns"]))]
            said = {*fields, *table["said_above"], *self._roles()}
            if not {"process_title", "process_number"} & said:
                self.add_error(None, _("Indica quale colonna dice il processo."))
            for name in {name for name in fields if name and fields.count(name) > 1}:
                if not name.startswith(INDICATOR) and field_of(name).several:
                    continue
                heads = {table["columns"][c]["head"] for c, one in enumerate(fields) if one == name}
                if len(heads) == 1 and heads != {""}:
                    continue  # one head covers them all
                if all(table["columns"][c].get("entry") for c, f in enumerate(fields) if f == name):
                    continue
                label = {"field": field_of(name).label}
                last = max(c for c, one in enumerate(fields) if one == name)
                self.add_error(
                    f"colonna-{t}-{last}",
                    _("Due colonne dicono «%(field)s»: lasciane una.") % label,
                )
        return cleaned

    def _roles(self) -> set[str]:
        """Return what is said around the tables, bands among it."""
        chosen = {self.cleaned_data.get(f"posto-{n}", "") for n in range(len(self._places))}
        bands = {role for table in self._tables for role in table.get("said_by_bands", [])}
        return chosen | bands

    def _field_of(self, table: int, column: int) -> str:
        return self.cleaned_data.get(f"colonna-{table}-{column}", "")


def _process_column(table: dict[str, Any]) -> int | None:
    """Return the column most likely to say the process where no heading does, by its place.

    It is the first one nobody knows that has texts of several words, and it stands before phases,
    risks and measures: those are its own. Only a person at the page is offered it, to look at.
    """
    fields = [column["field"] for column in table["columns"]]
    if "process_title" in {*fields, *table["said_above"]}:
        return None
    for index, column in enumerate(table["columns"]):
        if column["field"] in _OF_PROCESS:
            return None
        is_unknown = column["head"] and not column["field"] and column["confidence"] < 1
        samples = column["samples"]
        if is_unknown and samples and all(_SEVERAL_WORDS.search(one) for one in samples):
            return index
    return None


def _role_of(place: dict[str, Any]) -> str:
    """Return what a place says so far; a table is one of the register until somebody says not."""
    if place["where"] == REGISTER:
        return "" if place["is_left_out"] else REGISTER
    return place["field"]


def _place_choices(place: dict[str, Any]) -> list[tuple[str, str]]:
    if place["where"] == REGISTER:
        return [(REGISTER, _("una tabella del registro")), ("", _("non importare"))]
    return [("", _("non dice nulla delle righe")), *((one.key, one.label) for one in roles())]


def layout_choices() -> list[tuple[str, str]]:
    """Return the layouts a person may name."""
    named = [(name, capfirst(str(layout.label))) for name, layout in DESCRIPTIONS.items()]
    return [(AUTO, _("Automatico")), *named]


def _years(tables: list[dict[str, Any]]) -> set[int]:
    """Return the years of which a column of the file says the target of a measure."""
    fields = {column["field"] for table in tables for column in table["columns"]}
    return {int(name.removeprefix(TARGET)) for name in fields if name.startswith(TARGET)}


def _field_choices(plan: Plan, years: list[str]) -> list[tuple[str, Any]]:
    indicators = Indicator.objects.filter(method__plan_methods__plan=plan).order_by("position")
    labels = {code: texts[0] for code, texts in INDICATOR_HEADS.items()}
    labels |= dict(indicators.values_list("code", "label"))
    names = [
        *(name for name in FIELDS if name != "row_uid"),
        *(f"{TARGET}{year}" for year in years),
    ]
    own = [(name, capfirst(str(field_of(name).label))) for name in names]
    return [
        ("", _("non importare")),
        (_("Campi del registro"), own),
        (
            _("Indicatori della valutazione"),
            [(f"{INDICATOR}{code}", capfirst(label)) for code, label in labels.items()],
        ),
    ]
