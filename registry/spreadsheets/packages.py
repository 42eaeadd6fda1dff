"""How the parts of an Office file hang together: the relations each part has to others."""

import posixpath
from dataclasses import dataclass

from registry.spreadsheets.parts import Parts

OFFICE_DOCUMENT = "officeDocument"
_OF_THE_PACKAGE = "_rels/.rels"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part says of another: `kind` is the last word of its type, `target` a part's name."""

    key: str
    kind: str
    target: str


def relations_of(parts: Parts, name: str) -> list[Relation]:
    """Return the relations of a part, or with "" those of the whole package; none without any."""
    folder, file = posixpath.split(name)
    path = posixpath.join(folder, "_rels", f"{file}.rels") if name else _OF_THE_PACKAGE
    if path not in parts.names:
        return []
    found = []
    for element in parts.tree(path):
        target = element.get("Target", "").replace("\\", "/")
        if element.get("TargetMode") != "External":
            target = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            target = posixpath.normpath(target.lstrip("/"))
        kind = element.get("Type", "").rpartition("/")[2]
        found.append(Relation(element.get("Id", ""), kind, target))
    return found


def main_part(parts: Parts) -> str:
    """Return the name of the part that holds the document, "" where the package names none."""
    for relation in relations_of(parts, ""):
        if relation.kind == OFFICE_DOCUMENT and relation.target in parts.names:
            return relation.target
    return ""
