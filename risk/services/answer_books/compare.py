"""Workbooks that came back, beside what the register says now: a number of statements that is

fixed, however many files and rows there are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.models import Office, User
from registry.permissions import is_rpct_of_plan, reach_of
from registry.services.jobs import check_wanted
from risk.models import (
    Evidence,
    Measurement,
    MonitoringRound,
    ProgressIndicator,
    RoundAnswer,
    RoundItem,
)
from risk.services.answer_books.cells import (
    answer_readers,
    day_of,
    number_of,
    text_of,
    value_of,
    yes_or_no,
)
from risk.services.answer_books.contents import ANSWERED, measured_in
from risk.services.answer_books.names import KnownNames
from risk.services.answer_books.proposal import (
    BooksProposal,
    ChangedAnswer,
    ToldFile,
    ToldRow,
    WrongRow,
    values_read,
)
from risk.services.answer_books.read import BroughtBook, BroughtRow
from risk.services.answer_books.steps import CHANGED_SINCE, KnownSteps
from risk.services.monitoring.answers import checked_measurement, why_closed
from risk.services.monitoring.rounds import last_day
from risk.workbooks.answers import MEASURED

_PROOF = ("reference", "proves", "has_personal_data")


def propose(
    *, row: MonitoringRound, books: Sequence[BroughtBook], by: User, is_locked: bool = False
) -> BooksProposal:
    """Return what workbooks would write in a round, whose plan and body are read.

    With `is_locked` the measures are locked: nobody writes of them until the act ends.
    """
    return _Comparison(row, by).run(books, is_locked=is_locked)


class _Comparison:
    """One comparison: the rows of the register that files may speak of, and what was found."""

    def __init__(self, row: MonitoringRound, by: User) -> None:
        self.round, self.by = row, by
        self.found = BooksProposal()
        self.readers = answer_readers()
        self.seen: dict[tuple[int, ...], tuple[Any, BroughtRow, BroughtBook]] = {}
        self.clashing: set[tuple[int, ...]] = set()

    def run(self, books: Sequence[BroughtBook], *, is_locked: bool) -> BooksProposal:
        codes = {book.origin.office for book in books if book.origin}
        body = self.round.plan.administration_id
        offices = Office.objects.filter(administration=body, code__in=codes)
        self.offices = {one.code: one for one in offices}
        self.others = self._other_rounds(books)
        good = [book for book in books if self._is_taken(book)]
        self._read(good, is_locked=is_locked)
        for book in good:
            check_wanted()
            self._compare(book)
        self._drop_clashing()
        return self.found

    # --- what a file is

    def _other_rounds(self, books: Sequence[BroughtBook]) -> dict[str, str]:
        uids = {book.origin.round for book in books if book.origin} - {str(self.round.uid)}
        if not uids:
            return {}
        body = self.round.plan.administration_id
        rows = MonitoringRound.objects.filter(plan__administration=body)
        names = rows.values_list("uid", "label")
        return {str(uid): label for uid, label in names if str(uid) in uids}

    def _is_taken(self, book: BroughtBook) -> bool:
        office = self.offices.get(book.origin.office) if book.origin else None
        sentence = book.refusal or self._why_not(book, office)
        told = ToldFile(book.name, sentence, office.name if office and not sentence else "")
        self.found.files.append(told)
        return not sentence

    def _why_not(self, book: BroughtBook, office: Office | None) -> str:
        origin = book.origin
        if origin is None or origin.ipa_code != self.round.plan.administration.ipa_code:
            return _("È il foglio di un’altra amministrazione.")
        if origin.round in self.others:
            return _("È il foglio di «%(round)s», non di questo monitoraggio.") % {
                "round": self.others[origin.round]
            }
        if origin.round != str(self.round.uid):
            return _("È il foglio di un monitoraggio che qui non c’è.")
        if office is None:
            return _("L’ufficio «%(code)s» qui non c’è.") % {"code": origin.office[:40]}
        is_own = office.pk in reach_of(self.by).own_offices
        if not (is_own or is_rpct_of_plan(self.by, self.round.plan)):
            return _("È il foglio di «%(office)s», per cui non rispondi tu.") % {
                "office": office.name
            }
        return ""

    # --- what the register says

    def _read(self, books: Sequence[BroughtBook], *, is_locked: bool) -> None:
        taken = {self.offices[book.origin.office].pk for book in books if book.origin}
        rows = RoundItem.objects.filter(round=self.round, office__in=taken).order_by("pk")
        if is_locked:
            # first alone: what stands beside a row that was waited for may be older than the row
            list(rows.select_for_update().values_list("pk", flat=True))
        items = list(rows.select_related("answer", "planned_measure__measure"))
        by_key = {one.pk: one for one in self.offices.values()}
        for item in items:
            item.round, item.office = self.round, by_key[item.office_id]
            item.answer.item = item
        self.items = {item.uid: item for item in items}
        of_measure = {item.planned_measure_id: item for item in items}
        indicators = ProgressIndicator.objects.filter(
            planned_measure__round_items__round=self.round,
            planned_measure__round_items__office__in=taken,
        )
        self.indicators = {one.uid: (one, of_measure[one.planned_measure_id]) for one in indicators}
        in_round = {"item__round": self.round, "item__office__in": taken}
        self.measured = measured_in(Measurement.objects.filter(**in_round))
        proofs = Evidence.objects.filter(**in_round).values_list("item", "reference", "proves")
        self.proofs = set(proofs)
        self.steps = KnownSteps(items, [one for book in books for one in book.rows])
        indicators, steps = self.indicators.values(), self.steps.steps.values()
        self.names = KnownNames(items, (one[0] for one in indicators), (one[0] for one in steps))
        self._read_past(books)

    def _read_past(self, books: Sequence[BroughtBook]) -> None:
        """Read how answers were when their files were written, and who has changed them since."""
        asked = {
            self.items[one.uid].answer.pk: one.version
            for book in books
            for one in book.rows
            if one.uid in self.items and self.items[one.uid].answer.version != one.version
        }
        self.past: dict[tuple[int, int], RoundAnswer] = {}
        self.last: dict[int, Any] = {}
        if not asked:
            return
        past = RoundAnswer.history.filter(id__in=list(asked)).select_related("history_user")
        for record in past.order_by("history_id"):
            self.last[record.id] = record
            self.past[record.id, record.version] = record.instance

    # --- row by row

    def _compare(self, book: BroughtBook) -> None:
        for place in book.lost:
            sentence = _("La riga ha perso il suo identificativo nascosto: non si prende.")
            self.found.wrong.append(ToldRow(book.name, place, "", sentence))
        for one in book.rows:
            try:
                self.names.check(one)
                self._ways[one.kind](self, one, book)
            except WrongRow as wrong:
                self._tell(book, one, wrong.errors)

    def _tell(self, book: BroughtBook, one: BroughtRow, errors: Mapping[str, str]) -> None:
        for name, sentence in errors.items():
            told = ToldRow(book.name, one.place(name), self._what(one), sentence)
            self.found.wrong.append(told)

    def _what(self, one: BroughtRow) -> str:
        if one.kind == "item":
            item = self.items.get(one.uid)
            return item.planned_measure.measure.label if item else ""
        if one.kind == "step":
            known = self.steps.steps.get(one.uid)
            return known[0].description if known else ""
        found = self.indicators.get(one.uid)
        return found[0].label if found else ""

    def _item(self, item: RoundItem | None, book: BroughtBook) -> RoundItem:
        """Return the measure of a row, which is of the office of its file."""
        if item is None or book.origin is None or item.office.code != book.origin.office:
            sentence = _("La riga non è di questo ufficio in questo monitoraggio.")
            raise WrongRow({"": sentence})
        return item

    def _is_said(
        self, key: tuple[int, ...], values: Any, one: BroughtRow, book: BroughtBook
    ) -> bool:
        """Tell whether another row, perhaps of another file, says something of the same already.

        Where both say the same one is enough; where they do not, neither is taken.
        """
        if key not in self.seen:
            self.seen[key] = (values, one, book)
            return False
        said, first, where = self.seen[key]
        if said == values:
            self.found.unchanged += 1
            return True
        self.clashing.add(key)
        for mine, own, other in ((first, where, book), (one, book, where)):
            sentence = _(
                "Un’altra riga, di «%(file)s», dice altro: non si prende nessuna delle due."
            )
            told = ToldRow(
                own.name, mine.place(), self._what(mine), sentence % {"file": other.name}
            )
            self.found.conflicts.append(told)
        return True

    def _drop_clashing(self) -> None:
        found, out = self.found, self.clashing
        if out:
            found.answers = [one for one in found.answers if (one.answer.item_id,) not in out]
            found.evidence = [one for one in found.evidence if (one.item_id,) not in out]
            rows = found.measurements
            found.measurements = [one for one in rows if (one.item_id, one.indicator_id) not in out]
            told = found.steps
            found.steps = [one for one in told if (0, one.state.step_id) not in out]

    def _answer(self, one: BroughtRow, book: BroughtBook) -> None:
        item = self._item(self.items.get(one.uid), book)
        values = self._values(one)
        proof = self._proof(one, item)
        answer = item.answer
        changed = {name: new for name, new in values.items() if new != getattr(answer, name)}
        if not changed and proof is None:
            self.found.unchanged += 1
            return
        if why := why_closed(item):
            raise WrongRow({"": why})
        if one.version != answer.version:
            self._leave(one, answer, values, proof, book)
            return
        said = (values, proof and (proof.reference, proof.proves))
        if self._is_said((item.pk,), said, one, book):
            return
        if changed:
            new = copy(answer)
            new.__dict__.update(changed)
            self._clean(new, changed)
            self.found.answers.append(ChangedAnswer(new, answer, tuple(changed)))
        if proof is not None:
            self.found.evidence.append(proof)

    def _leave(
        self,
        one: BroughtRow,
        answer: RoundAnswer,
        values: Mapping[str, Any],
        proof: Evidence | None,
        book: BroughtBook,
    ) -> None:
        """Leave a row as it is, since somebody has changed it after its file was written.

        What the file has as it was then is no wish of its office: then nobody is contradicted.
        """
        shown = self.past.get((answer.pk, one.version))
        is_as_given = shown is not None and proof is None
        if is_as_given and all(new == getattr(shown, name) for name, new in values.items()):
            self.found.unchanged += 1
            return
        last = self.last.get(answer.pk)
        sentence = _("Dopo che il foglio è stato scaricato l’ha cambiata %(who)s: resta com’è.") % {
            "who": (last and last.history_user) or _("qualcun altro")
        }
        self.found.conflicts.append(ToldRow(book.name, one.place(), self._what(one), sentence))

    def _values(self, one: BroughtRow) -> dict[str, Any]:
        """Return what the cells of an answer say; raises `WrongRow`."""
        cells = {name: one.cells[name] for name in ANSWERED if name in one.cells}
        return values_read(cells, self.readers)

    def _proof(self, one: BroughtRow, item: RoundItem) -> Evidence | None:
        """Return the proof a row names, None where it names none or it is there already."""
        cells = {name: one.cells[name] for name in _PROOF if name in one.cells}
        texts = {name: " ".join(cell.text.split()) for name, cell in cells.items()}
        reference, proves = texts.get("reference", ""), texts.get("proves", "")
        if not (reference or proves) or (item.pk, reference, proves) in self.proofs:
            return None
        try:
            personal = "has_personal_data" in cells and yes_or_no(cells["has_personal_data"])
        except ValidationError as wrong:
            raise WrongRow({"has_personal_data": wrong.messages[0]}) from wrong
        proof = Evidence(
            item=item, reference=reference, proves=proves, has_personal_data=personal, by=self.by
        )
        if not reference:
            raise WrongRow({"reference": _("Scrivi dove si trova la prova.")})
        self._clean(proof, ("reference", "proves"))
        self.proofs.add((item.pk, reference, proves))
        return proof

    def _clean(self, new: Any, names: Any) -> None:
        """Let the model judge some fields; raises `WrongRow`."""
        others = {one.name for one in new._meta.fields} - set(names)
        try:
            new.clean_fields(exclude=others)
        except ValidationError as wrong:
            raise WrongRow.of(wrong) from wrong

    def _measurement(self, one: BroughtRow, book: BroughtBook) -> None:
        indicator, item = self.indicators.get(one.uid, (None, None))
        if not any(one.cells[name].text for name in MEASURED if name in one.cells):
            return
        item = self._item(item, book)
        assert indicator is not None  # noqa: S101 - its measure was found by it
        values = self._measured(one, indicator)
        past = self.measured.get((item.pk, indicator.pk), [])
        if past and _same(past[-1], values):
            self.found.unchanged += 1
            return
        if why := why_closed(item):
            raise WrongRow({"": why})
        if len(past) != one.version:
            sentence = _("Dopo che il foglio è stato scaricato ne è stata scritta un’altra.")
            told = ToldRow(book.name, one.place(), self._what(one), sentence)
            self.found.conflicts.append(told)
            return
        try:
            row = checked_measurement(
                item=item,
                indicator=indicator,
                before=past[-1] if past else None,
                by=self.by,
                **values,
            )
        except ValidationError as wrong:
            raise WrongRow.of(wrong) from wrong
        if not self._is_said((item.pk, indicator.pk), values, one, book):
            self.found.measurements.append(row)

    def _measured(self, one: BroughtRow, indicator: ProgressIndicator) -> dict[str, Any]:
        readers: dict[str, Any] = defaultdict(lambda: number_of)
        readers |= {
            "value": lambda cell: value_of(cell, indicator),
            "measured_on": day_of,
            "source": lambda cell: " ".join(cell.text.split()),
            "correction_reason": text_of,
        }
        values: dict[str, Any] = dict.fromkeys(MEASURED)
        values |= {"source": "", "correction_reason": ""}
        values |= values_read(one.filled, readers)
        values["measured_on"] = values["measured_on"] or last_day(self.round)
        return values

    def _step(self, one: BroughtRow, book: BroughtBook) -> None:
        step, item = self.steps.steps.get(one.uid, (None, None))
        item = self._item(item, book)
        assert step is not None  # noqa: S101 - its measure was found by it
        change, since = self.steps.change(one, step, item)
        if since == CHANGED_SINCE:
            sentence = _("Dopo che il foglio è stato scaricato qualcun altro ne ha detto altro.")
            told = ToldRow(book.name, one.place(), self._what(one), sentence)
            self.found.conflicts.append(told)
        elif change is None:
            self.found.unchanged += 1
        elif why := why_closed(item):
            raise WrongRow({"": why})
        elif not self._is_said((0, step.pk), change.values, one, book):
            self.found.steps.append(change)

    _ways: ClassVar = {"item": _answer, "indicator": _measurement, "step": _step}


def _same(past: Measurement, values: Mapping[str, Any]) -> bool:
    names = ("value", "numerator", "denominator", "measured_on", "source")
    return all(getattr(past, name) == values[name] for name in names)
