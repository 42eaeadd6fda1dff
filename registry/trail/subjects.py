"""What a record of the trail is of: how it is named there, in words, and of which body it is.

A subject is a word and what tells which, as "annex 83753665-…", "plan c_x001 PTPCT 2021/2023" or
"list registry.process". The word is one of those below; rooms above add theirs.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.normalise import uids_in


class Subject(str):
    """A subject that tells of which administration it is: its record goes to the chain of that one.

    The key of the administration is with it as long as it is passed on as it is.
    """

    body_id: int

    def __new__(cls, text: str, body_id: int) -> "Subject":
        """Return the text with the key of the administration."""
        subject = super().__new__(cls, text)
        subject.body_id = body_id
        return subject


def body_told_by(subject: str) -> int | None:
    """Return the key of the administration a subject tells it is of; None where it tells none."""
    return subject.body_id if isinstance(subject, Subject) else None


def annex_subject(annex: Any) -> Subject:
    """Return how the trail names an annex; its plan is read already, or will be."""
    return Subject(f"annex {annex.uid}", annex.plan.administration_id)


def process_subject(process: Any) -> Subject:
    """Return how the trail names a process; its annex and plan are read already, or will be."""
    return Subject(f"process {process.uid}", process.annex.plan.administration_id)


def plan_subject(body: Any, title: str) -> Subject:
    """Return how the trail names a plan of an administration."""
    return Subject(f"plan {body.ipa_code} {title}", body.pk)


def role_subject(person: Any, body: Any) -> Subject:
    """Return how the trail names the role of a person in an administration."""
    return Subject(f"membership {person.trail_token} of {body.ipa_code}", body.pk)


def body_subject(body: Any) -> Subject:
    """Return how the trail names an administration."""
    return Subject(f"administration {body.ipa_code}", body.pk)


Names = Callable[[Collection[str]], Mapping[str, str]]
"""Gives the names of what the second words of subjects tell, in one statement."""


@dataclass(frozen=True, kw_only=True)
class SubjectKind:
    """One sort of subject: its word on the screen, the names of some, and those of a body.

    `named_as` is the sort whose names these are, where it is another; `is_told_whole` says that all
    after the first word tells which. `of_body` gives the rows of an administration that are told by
    their `uid`; None where the subject tells its body itself, or is of no body.
    """

    word: Any
    names: Names | None = None
    named_as: str = ""
    is_told_whole: bool = False
    of_body: Callable[[Any], Any] | None = None


def _rows(model: str) -> Any:
    return apps.get_model("registry", model)._default_manager


def _bodies(codes: Collection[str]) -> Mapping[str, str]:
    return dict(_rows("Administration").filter(ipa_code__in=codes).values_list("ipa_code", "name"))


def _annexes(uids: Collection[str]) -> Mapping[str, str]:
    rows = _rows("Annex").filter(uid__in=uids_in(uids)).select_related("office", "plan")
    return {str(row.uid): f"{row.office.name}, {row.plan.title}" for row in rows}


def _processes(uids: Collection[str]) -> Mapping[str, str]:
    rows = _rows("Process").filter(uid__in=uids_in(uids)).select_related("annex__office")
    return {str(row.uid): f"{row.number}, {row.title} ({row.annex.office.name})" for row in rows}


def _people(tokens: Collection[str]) -> Mapping[str, str]:
    rows = _rows("User").filter(trail_token__in=uids_in(tokens))
    return {str(row.trail_token): str(row) for row in rows}


def _invited(uids: Collection[str]) -> Mapping[str, str]:
    """By the address they were invited with: whoever invites knows nothing else of them."""
    rows = _rows("Invitation").filter(uid__in=uids_in(uids)).select_related("user")
    return {str(row.uid): row.user.email for row in rows}


def _lists(labels: Collection[str]) -> Mapping[str, str]:
    known = {model._meta.label_lower: model._meta for model in apps.get_models()}
    return {label: str(known[label].verbose_name_plural) for label in labels if label in known}


def _plans(subjects: Collection[str]) -> Mapping[str, str]:
    """By code and title, with which a subject begins: long work adds what else it is told by."""
    codes = {subject.partition(" ")[0] for subject in subjects}
    rows = _rows("Plan").filter(administration__ipa_code__in=codes)
    titles = sorted(rows.values_list("administration__ipa_code", "title"), key=lambda one: one[1])
    return {
        subject: title
        for subject in subjects
        # the longest last: it is the one that stays
        for code, title in titles
        if f"{subject} ".startswith((f"{code} {title} ", f"{code} {title}: "))
    }


_kinds: dict[str, SubjectKind] = {
    "administration": SubjectKind(word=_("amministrazione"), names=_bodies),
    "annex": SubjectKind(
        word=_("allegato"),
        names=_annexes,
        of_body=lambda body: _rows("Annex").filter(plan__administration=body),
    ),
    "invitation": SubjectKind(
        word=_("invito"), names=_invited, of_body=lambda body: body.invitations.all()
    ),
    "list": SubjectKind(word=_("elenco"), names=_lists),
    "membership": SubjectKind(word=_("ruolo di"), named_as="person"),
    "person": SubjectKind(word=_("persona"), names=_people),
    "plan": SubjectKind(word=_("piano"), names=_plans, is_told_whole=True),
    "process": SubjectKind(
        word=_("processo"),
        names=_processes,
        of_body=lambda body: _rows("Process").filter(annex__plan__administration=body),
    ),
}


def register_subjects(kinds: Mapping[str, SubjectKind]) -> None:
    """Add the subjects of a room above; a word that is there already is a mistake."""
    if taken := kinds.keys() & _kinds.keys():
        raise ValueError(f"subjects of the trail told twice: {sorted(taken)}")
    _kinds.update(kinds)


def subject_kinds() -> Mapping[str, SubjectKind]:
    """Return every sort of subject by the word it begins with."""
    return _kinds


def wanted_in(subject: str) -> tuple[str, str]:
    """Return of what sort a subject's names are, and which it tells; ("", "") for an address."""
    word, _space, rest = subject.partition(" ")
    kind = _kinds.get(word)
    if kind is None:
        return "", ""
    return kind.named_as or word, rest if kind.is_told_whole else rest.partition(" ")[0]


def read_names(wanted: Iterable[tuple[str, str]]) -> dict[str, Mapping[str, str]]:
    """Return the names of what is wanted, by its sort: one statement for each sort among it."""
    by_sort: dict[str, set[str]] = {}
    for sort, which in wanted:
        if sort and which:
            by_sort.setdefault(sort, set()).add(which)
    return {sort: names(which) for sort, which in by_sort.items() if (names := _kinds[sort].names)}


def in_words(subject: str, names: Mapping[str, Mapping[str, str]]) -> str:
    """Return a subject as people read it, by the names that were read (`read_names`).

    What is no longer there is told by its sort alone; an address stays as it was asked for.
    """
    word, _space, rest = subject.partition(" ")
    if word not in _kinds:
        return _of_before(subject, word)
    sort, which = wanted_in(subject)
    name = names.get(sort, {}).get(which) or _said(word, rest)
    return f"{_kinds[word].word} {name}".strip()


def _said(word: str, rest: str) -> str:
    """Return what a subject that names no row says itself: the title of a plan, an IPA code."""
    code, _space, title = rest.partition(" ")
    if word == "plan":
        return title or code
    if word == "membership":
        # versions before 0.3.0 named the row: "membership 3 of c_x001"
        return gettext("una persona, %s") % rest.rpartition(" ")[2]
    return code if word == "administration" else ""


def _of_before(subject: str, word: str) -> str:
    """Return in words what versions before 0.3.0 wrote: the label of a model, and its key."""
    models = {model._meta.label_lower: model._meta.verbose_name for model in apps.get_models()}
    return str(models.get(word, subject))
