"""What is kept of an annex, brought up to date: what was written since is read, and nothing else.

A mark is looked at before the rows it speaks of: whoever writes in between draws another, and what
was built of old rows is old for everybody who comes after (docs/decisions/0047).
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast

from registry.kept_statements import KeptStatement
from registry.models import Annex, Process
from registry.waiting import write_if_free
from risk.content.build import Blocks
from risk.content.build_sheets import sheet_of
from risk.content.canonical import FORMAT, digest_of, process_data
from risk.content.kept import KeptAnnex, KeptProcess
from risk.content.moved_heads import read_with_head, with_another_head
from risk.content.own_words import own_words, wide_measures
from risk.content.reading import AnnexContent, blocks_of, read_annex
from risk.content.row_ages import EarlierWords, ages_of, ancestors
from risk.content.same_texts import digests_of_texts
from risk.models import ProcessContent
from risk.services.annexes.marks import AnnexMarks, mark_of_process, shared_marks
from risk.services.completeness.points import findings_in
from risk.services.completeness.texts import SoughtWords, texts_of, words_sought


class ContentChangedError(Exception):
    """What was read a moment ago is not any more what is there."""


RECKONING = 9
"""Raised with whatever changes what is kept: a line of the sheet, a rule, what a rule finds."""

_DIGITS = 32
"""Of a uid without its hyphens."""
_SAID = ("digest", "edition_digest", "words", "words_before", "since")
"""What is kept of a process beside its data and what rules found, by the names of its columns."""
_OF_BEFORE = ("words", "since", "ages", "data")
_KEPT = [f.name for f in ProcessContent._meta.concrete_fields if f.name not in ("id", "process")]


class _KeptRow(NamedTuple):
    """The row of a process, what names it, with its mark and what is kept; `None` without.

    Uids are texts as the database has them: with hyphens or without.
    """

    annex_id: int
    pk: int
    uid: str
    number: int
    code: str
    title: str
    position: int
    origin_uid: str | None
    mark: int | None
    stamp: str | None
    rules_stamp: str
    digest: str
    edition_digest: str
    words: str
    words_before: str
    since: int | None
    found: str


_as_row = partial(tuple.__new__, _KeptRow)
"""Names the columns of a row; `_make` would count them again for each of hundreds."""


def kept_as_marked(annex: Annex, marks: AnnexMarks) -> KeptAnnex:
    """Return what is kept of an annex, examined, whose marks were just read; two queries more."""
    rows = _rows_by_annex([annex], examined=True).get(annex.pk, [])
    return _kept_annex(annex, rows, marks.shared, marks.words, blocks_of(annex))


def kept_annex(annex: Annex, *, examined: bool = True) -> KeptAnnex:
    """Return what is kept of an annex, its processes in use in their order, as they are now.

    `annex` is read with its names. Not to be `examined`, it spares two queries, and what the rules
    have found is not told. Five queries where nothing was written since; what is built of the
    processes that were written costs what reading them costs.
    """
    return kept_annexes([annex], examined=examined)[0]


def kept_annexes(annexes: Sequence[Annex], *, examined: bool = True) -> list[KeptAnnex]:
    """Return the same of annexes of one plan, in their order; as many queries as for one."""
    if not annexes:
        return []
    shared = shared_marks(annexes)
    words = words_sought(annexes[0].plan.administration_id) if examined else None
    rows = _rows_by_annex(annexes, examined)
    blocks = blocks_of(annexes[0])
    return [
        _kept_annex(annex, rows.get(annex.pk, []), shared[annex.pk], words, blocks)
        for annex in annexes
    ]


def last_known(annexes: Sequence[Annex]) -> list[tuple[KeptAnnex, int]]:
    """Return what was last found in annexes of one plan, each with how many processes are old.

    Old is what was written since somebody looked: nothing is built here, so of it is told what was
    found then, and nothing where nobody has looked, or not since rules find something else. Four
    queries, of however many annexes.
    """
    if not annexes:
        return []
    shared = shared_marks(annexes)
    words = words_sought(annexes[0].plan.administration_id)
    rows = _rows_by_annex(annexes, examined=True)
    return [_last_known(row, rows.get(row.pk, []), shared[row.pk], words) for row in annexes]


def count_old(annexes: Sequence[Annex]) -> int:
    """Return how many processes of annexes of one plan were written since they were kept.

    So many are built when they are asked for. Two statements, of however many annexes.
    """
    if not annexes:
        return 0
    shared = shared_marks(annexes)
    rows = _rows_by_annex(annexes, examined=False)
    return sum(len(_old_of(rows.get(row.pk, ()), shared[row.pk], None)) for row in annexes)


def _last_known(
    annex: Annex, rows: list[_KeptRow], shared: str, words: SoughtWords
) -> tuple[KeptAnnex, int]:
    reckoned = (row for row in rows if (row.stamp or "").startswith(_reckoned()))
    kept = tuple(_kept(row, annex, examined=True) for row in reckoned)
    old = len(_old_of(rows, shared, words))
    return KeptAnnex(annex=annex, processes=kept, blocks={}, stamp=""), old


def _kept_annex(
    annex: Annex, rows: list[_KeptRow], shared: str, words: SoughtWords | None, blocks: Blocks
) -> KeptAnnex:
    if old := _old_of(rows, shared, words):
        built = _built(annex, old, shared, words)
        # what went to the archive in between was not built
        gone = {row.pk for row in old} - built.keys()
        rows = [_as_built(row, built.get(row.pk)) for row in rows if row.pk not in gone]
    examined = words is not None
    return KeptAnnex(
        annex=annex,
        processes=tuple(_kept(row, annex, examined=examined) for row in rows),
        blocks=blocks,
        stamp=digest_of("\n".join(str(row.stamp) for row in rows)),
    )


def kept_data(annex: Annex, rows: Iterable[KeptProcess]) -> dict[int, str]:
    """Return the canonical data of processes, by key, whose digests are those of `rows`.

    One query; what somebody has kept anew since, or was not kept because others were writing, is
    read again. Raises `ContentChangedError` when it has another digest by now.
    """
    digests = {row.pk: row.digest for row in rows}
    kept = ProcessContent.objects.filter(process__in=digests).values_list("process", "data")
    data = {pk: text for pk, text in kept if digest_of(text) == digests[pk]}
    if missing := digests.keys() - data.keys():
        content = read_annex(annex, only=missing)
        for process in content.processes:
            data[process.pk] = process_data(sheet_of(process, content))
    if any(digest_of(data.get(pk, "")) != digest for pk, digest in digests.items()):
        raise ContentChangedError
    return data


def _rows_by_annex(annexes: Sequence[Annex], examined: bool) -> dict[int, list[_KeptRow]]:
    """Return the rows by annex, as tuples: instances of thousands of processes would take longer
    than all that is asked of them."""
    rows = (_EXAMINED if examined else _UNEXAMINED)(row.pk for row in annexes)
    return {
        key: list(some) for key, some in groupby(map(_as_row, rows), key=attrgetter("annex_id"))
    }


def _rows(annexes: Collection[int], *, examined: bool) -> QuerySet:
    processes = Process.objects.filter(annex__in=annexes).in_use().order_by("annex_id", "position")
    found = Cast("content__findings", TextField()) if examined else Value("")
    said = {"said_uid": Cast("uid", TextField()), "said_origin": Cast("origin_uid", TextField())}
    # as the database gives it: of three hundred marks each would be made a number it is already
    as_given = Subquery(mark_of_process(), output_field=TextField())
    return processes.annotate(mark=as_given, found=found, **said).values_list(
        *("annex_id", "pk", "said_uid", "number", "code", "title", "position"),
        *("said_origin", "mark"),
        *(f"content__{name}" for name in ("stamp", "rules_stamp", *_SAID)),
        "found",
    )


_EXAMINED = KeptStatement(partial(_rows, examined=True))
_UNEXAMINED = KeptStatement(partial(_rows, examined=False))


def _stamp(row: _KeptRow, shared: str) -> str:
    return f"{_stamps_begin(shared)}{row.mark or 0}"


def _stamps_begin(shared: str) -> str:
    return f"{_reckoned()}{shared} "


def _reckoned() -> str:
    """Return how the stamp begins of what was built as it is built today."""
    return f"{RECKONING}.{FORMAT} "


def _hyphened(uid: str) -> str:
    """Return the uid of a row as it is printed."""
    if len(uid) > _DIGITS:
        return uid
    return f"{uid[:8]}-{uid[8:12]}-{uid[12:16]}-{uid[16:20]}-{uid[20:]}"


def _old_of(rows: Iterable[_KeptRow], shared: str, words: SoughtWords | None) -> list[_KeptRow]:
    """Return the rows of which something was written, or other words are looked for, since."""
    begin = _stamps_begin(shared)
    sought = words and words.digest
    return [
        row
        for row in rows
        if row.stamp != f"{begin}{row.mark or 0}" or (sought and row.rules_stamp != sought)
    ]


def _as_built(row: _KeptRow, content: ProcessContent | None) -> _KeptRow:
    """Return a row with what was just built of it, if it was."""
    if content is None:
        return row
    built = {name: getattr(content, name) for name in ("stamp", *_SAID)}
    found = json.dumps(content.findings)
    return row._replace(**built, found=found)


def _built(
    annex: Annex, old: Sequence[_KeptRow], shared: str, words: SoughtWords | None
) -> dict[int, ProcessContent]:
    """Build what is to be kept of processes, and keep it where nobody is writing."""
    content = read_annex(annex, only=[row.pk for row in old])
    words = words or words_sought(annex.plan.administration_id)
    findings = findings_in(content, words)
    stamps = {row.pk: _stamp(row, shared) for row in old}
    before = _said_before(content.processes)
    known = _known_of_orphans(content.processes, before)
    moved = with_another_head(content.processes, before)
    texts: dict[int, list[str]] = defaultdict(list)
    for process, _anchor, text in texts_of(content):
        texts[process.pk].append(text)
    built = [
        _content(
            process,
            content,
            before.get(process.origin_id),
            known.get(process.pk),
            is_head_moved=process.pk in moved,
            stamp=stamps[process.pk],
            rules_stamp=words.digest,
            findings=findings.get(process.pk, {}),
            texts=digests_of_texts(texts[process.pk]),
        )
        for process in content.processes
    ]
    keep = partial(
        ProcessContent.objects.bulk_create,
        built,
        update_conflicts=True,
        unique_fields=["process"],
        update_fields=_KEPT,
    )
    write_if_free(keep)
    return {row.process_id: row for row in built}


def _said_before(processes: Sequence[Process]) -> dict[int | None, EarlierWords]:
    """Return by key what processes were copied from said: those rows are frozen, and so it stays.

    None of those that are copies of nothing; else one query, and what was not kept yet is kept.
    """
    keys = {row.origin_id for row in processes if row.origin_id}
    if not keys:
        return {}
    rows = ProcessContent.objects.filter(process__in=keys, stamp__startswith=_reckoned())
    said = {key: EarlierWords(*rest) for key, *rest in rows.values_list("process", *_OF_BEFORE)}
    if missing := keys - said.keys():
        own = {row.annex_id for row in processes}
        holders = Annex.objects.filter(processes__in=missing).exclude(pk__in=own).distinct()
        for annex in holders.with_names():
            said |= {key: _as_said(row) for key, row in _built_anew(annex).items()}
    return {key: said[key] for key in keys & said.keys()}


def _built_anew(annex: Annex) -> dict[int, ProcessContent]:
    """Return by key what is kept of the processes of an annex, of those that were old."""
    shared = shared_marks([annex])[annex.pk]
    old = _old_of(_rows_by_annex([annex], examined=False).get(annex.pk, ()), shared, None)
    return _built(annex, old, shared, None) if old else {}


def _as_said(row: ProcessContent) -> EarlierWords:
    return EarlierWords(*(getattr(row, name) for name in _OF_BEFORE))


def _known_of_orphans(
    processes: Sequence[Process], before: Collection[int | None]
) -> dict[int, EarlierWords]:
    """Return by key what is known of copies whose ancestor is gone: what was kept of them last.

    Their age was read off histories once (`risk.migrations`), and nobody can reckon it again. Words
    that were kept by another reckoning tell nothing, and are none. One query, none without such.
    """
    keys = [row.pk for row in processes if row.origin_uid and row.origin_id not in before]
    if not keys:
        return {}
    rows = ProcessContent.objects.filter(process__in=keys).defer("findings", "texts")
    return {row.process_id: _as_own(row) for row in rows}


def _as_own(row: ProcessContent) -> EarlierWords:
    words = row.words if row.stamp.startswith(_reckoned()) else ""
    return _as_said(row)._replace(words=words, is_own=True)


def _content(
    process: Process,
    content: AnnexContent,
    before: EarlierWords | None,
    known: EarlierWords | None,
    *,
    is_head_moved: bool,
    **built: Any,
) -> ProcessContent:
    sheet = sheet_of(process, content)
    data = process_data(sheet)
    names = ancestors(content, process)
    measures = content.measures.get(process.pk, ())
    words = own_words(data, process, measures)
    if before is not None and is_head_moved:
        before = read_with_head(before, data, words, process, measures)
    earlier = known if before is None else before
    plan = content.annex.plan_id
    return ProcessContent(
        process=process,
        digest=digest_of(data),
        edition_digest=digest_of(process_data(sheet, names=names)) if process.origin_uid else "",
        words=words,
        words_before=before.words if before else "",
        since=_since(process, plan, words, earlier),
        ages=ages_of(
            data,
            words=words,
            plan=plan,
            before=earlier,
            names=names,
            without=wide_measures(measures),
        ),
        data=data,
        **built,
    )


def _since(process: Process, plan: int, words: str, before: EarlierWords | None) -> int | None:
    """Return the plan in which the words of a process changed last; None where nobody knows."""
    if process.origin_uid and before is None:
        return None
    return before.since if before and before.words in ("", words) else plan


def _kept(row: _KeptRow, annex: Annex, *, examined: bool) -> KeptProcess:
    return KeptProcess(
        pk=row.pk,
        uid=_hyphened(row.uid),
        number=row.number,
        code=row.code,
        title=row.title,
        position=row.position,
        origin_uid=_hyphened(row.origin_uid) if row.origin_uid else None,
        annex=annex,
        digest=row.digest,
        edition_digest=row.edition_digest,
        words=row.words,
        words_before=row.words_before,
        since=row.since,
        found=row.found if examined else "",
    )
