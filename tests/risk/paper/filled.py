"""An annex whose every field holds the same text, made of the classes: none is forgotten."""

import dataclasses
from typing import Any, Union, get_args, get_origin, get_type_hints

from risk.content.values import AnnexDocument, FigureTable, Texts
from risk.enums import Layout

NAMES = {"uid", "macroprocess_key", "tone"}
"""Fields that name things in the markup; they are no text."""
LENGTHS = {
    **dict.fromkeys(("administration", "office", "method", "indicator", "head"), 250),
    **dict.fromkeys(("plan", "surname", "name", "kind", "moment", "presence"), 120),
    **dict.fromkeys(("number", "behaviours", "issued_at"), 20),
    **dict.fromkeys(("title", "macroprocess", "function", "area"), 1_000),
    "label": 60,
    "verify_at": 200,
    "digest": 64,
}
"""Characters of the fields that are never as long as a free text, by their name."""
ODD_TEXTS = {
    "one-word": "paroladopoparola",
    "one-letter": "a",
    "digits": "1234567890",
    "unbreakable-blanks": "parola\u00a0dopo\u202fparola\u2060",
    "low-lines": "parola_dopo_parola_",
    "soft-hyphens": "pa\u00adro\u00adla\u00addopo",
    "marks-on-letters": "e\u0301a\u0300",
    "markup": "<&>\"'",
    "addresses": "https://registro.esempio.it/parola/dopo/parola?",
}
"""Texts without a blank, each to be repeated up to a length."""
PLAIN = (
    "Verifica della documentazione trasmessa dall’operatore economico e dei requisiti di "
    "partecipazione, con l’esame di quanto l’ufficio ha chiesto. "
)


def repeated(piece: str, length: int) -> str:
    """Return a text of so many characters."""
    return (piece * (length // len(piece) + 1))[:length]


def filled(text: str) -> AnnexDocument:
    """Return an annex of one process with the text in each field that is printed."""
    document = made(AnnexDocument, text)
    texts = {layout.value: made(Texts, text) for layout in Layout}
    figures = tuple(
        dataclasses.replace(table, columns=(text,)) for table in (made(FigureTable, text),)
    )
    return dataclasses.replace(document, texts=texts, figures=figures)


def _cut(name: str, text: str) -> str:
    return "x" if name in NAMES else text[: LENGTHS.get(name)]


def made(kind: Any, text: str) -> Any:
    """Return a value of a class with the text in each of its fields, one row of each list."""
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        values = {
            field.name: made(hints[field.name], _cut(field.name, text))
            for field in dataclasses.fields(kind)
        }
        return kind(**values)
    if get_origin(kind) is tuple:
        kinds = [one for one in get_args(kind) if one is not Ellipsis]
        return tuple(made(one, text) for one in kinds)
    if get_origin(kind) is Union or type(None) in get_args(kind):
        return made(get_args(kind)[0], text)
    if get_origin(kind) is dict:
        return {}
    if kind is Any:
        # a block of a chapter, the only tree there is
        return {"type": "paragraph", "runs": [{"text": text}]}
    return {str: text, int: 1, bool: True}[kind]
