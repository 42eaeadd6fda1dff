"""Columns of the spreadsheets: an Italian title, one field, one way to read and to write it.

Every `clean` raises `ValueError` with an Italian text that says which value is wrong; the row and
the column are said by the page.
"""

import datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from import_export.fields import NOT_PROVIDED, Field
from import_export.widgets import ManyToManyWidget, Widget

from registry.models import Administration
from registry.normalise import fold
from registry.permissions import administration_of
from registry.spreadsheets.workbook import shown

NATIONAL = "nazionale/"
"""Stands before the code of a national row, where a body's own row could have the same code."""
BETWEEN = " | "


def empty(value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


class Text(Widget):
    """A text exactly as it stands; a number or a day in its place as the person sees it there."""

    def clean(self, value, row=None, **kwargs):
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return shown(value)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value).replace("\r\n", "\n")


class Whole(Widget):
    """A whole number from zero up."""

    def clean(self, value, row=None, **kwargs):
        if empty(value):
            return None
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            number = None
        if number is None or number != number.to_integral_value() or number < 0:
            raise ValueError(_("«%s» non è un numero intero.") % value)
        return int(number)

    def render(self, value, obj=None, force_native_type=False, **kwargs):
        return value if force_native_type else ("" if value is None else str(value))


class Day(Widget):
    """A day, in cells as 31/01/2027."""

    def clean(self, value, row=None, **kwargs):
        if empty(value):
            return None
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        for form in ("%d/%m/%Y", "%Y-%m-%d"):
            try:
                return datetime.datetime.strptime(str(value).strip(), form).date()
            except ValueError:
                continue
        raise ValueError(_("«%s» non è una data come 31/01/2027.") % value)

    def render(self, value, obj=None, force_native_type=False, **kwargs):
        if value is None or force_native_type:
            return value
        return value.strftime("%d/%m/%Y")


class OneOf(Widget):
    """A word of a closed list, as it stands on the screen."""

    def __init__(self, choices):
        super().__init__()
        self.choices = choices

    def clean(self, value, row=None, **kwargs):
        if empty(value):
            return ""
        for name, label in self.choices:
            if fold(str(value)) in (fold(str(label)), str(name)):
                return name
        known = ", ".join(f"«{label}»" for _name, label in self.choices)
        message = _("«%(value)s» non è fra i valori previsti: %(known)s.")
        raise ValueError(message % {"value": value, "known": known})

    def render(self, value, obj=None, **kwargs):
        return str(dict(self.choices).get(value, value or ""))


class YesOrNo(OneOf):
    """Sì or no."""

    def __init__(self):
        super().__init__([(True, "sì"), (False, "no")])

    def clean(self, value, row=None, **kwargs):
        if isinstance(value, bool):
            return value
        return False if empty(value) else super().clean(value, row, **kwargs)


class ByIpaCode(Widget):
    """An administration by its IPA code; empty for national rows."""

    user = None

    def clean(self, value, row=None, **kwargs):
        if empty(value):
            return None
        rows = Administration.objects.all()
        if self.user is not None:
            rows = rows.visible_to(self.user)
        administration = rows.filter(ipa_code=str(value).strip()).first()
        if administration is None:
            message = _("l’amministrazione «%s» non esiste o non è fra le proprie.")
            raise ValueError(message % value)
        return administration

    def render(self, value, obj=None, **kwargs):
        return value.ipa_code if value else ""


class ByCode(Widget):
    """A catalogue row or an office of the same administration, by its code."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def clean(self, value, row=None, about=None, **kwargs):
        if empty(value):
            return None
        return self.row_of(str(value).strip(), about)

    def row_of(self, code, about):
        """Return the row a code stands for: the body's own first, then the national one."""
        body = administration_of(about)
        rows = self.model.objects.filter(code=code.removeprefix(NATIONAL))
        own = None
        if body is not None and not code.startswith(NATIONAL):
            own = rows.filter(administration=body).first()
        row = own or rows.filter(administration__isnull=True).first()
        if row is None:
            message = _("il codice «%(code)s» non esiste fra: %(list)s.")
            name = self.model._meta.verbose_name_plural
            raise ValueError(message % {"code": code, "list": name})
        return row

    def render(self, value, obj=None, **kwargs):
        return self.written(value) if value else ""

    def written(self, row):
        return row.code if row.administration_id else f"{NATIONAL}{row.code}"


class ManyByCode(ManyToManyWidget):
    """Catalogue rows by their codes, between upright bars."""

    def __init__(self, model):
        super().__init__(model)
        self.one = ByCode(model)

    def clean(self, value, row=None, about=None, **kwargs):
        codes = [] if empty(value) else str(value).split(BETWEEN.strip())
        return [self.one.row_of(code.strip(), about) for code in codes if code.strip()]

    def render(self, value, obj=None, **kwargs):
        rows = sorted(self.one.written(row) for row in value.all()) if value is not None else []
        return BETWEEN.join(rows)


class PlainCode(Widget):
    """A row of a list that is the same for all bodies, by its code."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def clean(self, value, row=None, **kwargs):
        if empty(value):
            return None
        item = self.model.objects.filter(code=str(value).strip()).first()
        if item is None:
            raise ValueError(_("il codice «%s» non esiste.") % value)
        return item

    def render(self, value, obj=None, **kwargs):
        return value.code if value else ""


class ManyPlainCodes(ManyToManyWidget):
    """Rows of a list that is the same for all bodies, by their codes, between upright bars."""

    def __init__(self, model):
        super().__init__(model)
        self.one = PlainCode(model)

    def clean(self, value, row=None, **kwargs):
        codes = [] if empty(value) else str(value).split(BETWEEN.strip())
        return [self.one.clean(code) for code in codes if code.strip()]

    def render(self, value, obj=None, **kwargs):
        rows = sorted(row.code for row in value.all()) if value is not None else []
        return BETWEEN.join(rows)


class ByUid(Widget):
    """A row of the register by its identifier, among those the person may see."""

    user = None

    def __init__(self, model):
        super().__init__()
        self.model = model

    def clean(self, value, row=None, **kwargs):
        if empty(value):
            return None
        rows = self.model.objects.all()
        if self.user is not None:
            rows = rows.visible_to(self.user)
        item = one_by_uid(rows, value)
        if item is None:
            message = _("l’identificativo «%(uid)s» non è di: %(kind)s.")
            kind = self.model._meta.verbose_name
            raise ValueError(message % {"uid": value, "kind": kind})
        return item

    def render(self, value, obj=None, **kwargs):
        return str(value.uid) if value else ""


def one_by_uid(rows, value):
    """Return the row with an identifier, None when it is none or of no row."""
    from_text = str(value).strip()
    if len(from_text) != 36 or set(from_text.lower()) - set("0123456789abcdef-"):
        return None
    return rows.filter(uid=from_text).first()


def column(
    attribute: str,
    title: str,
    widget=None,
    *,
    shown_only: bool = False,
    default=NOT_PROVIDED,
    was: tuple[str, ...] = (),
) -> Field:
    """Return a column: the field it fills, its title, how it reads, what an empty cell stands for.

    A column that is `shown_only` is never read back. `was` are titles of files of versions before,
    which come in as this one.
    """
    field = Field(
        attribute=attribute,
        column_name=str(title),
        widget=widget or Text(),
        readonly=shown_only,
        default=default,
    )
    field.former_titles = was
    return field
