"""Comments of a worksheet: notes beside cells, and discussions with their answers."""

from collections import defaultdict

from registry.spreadsheets.looks import Comment
from registry.spreadsheets.packages import Relation
from registry.spreadsheets.parts import Parts
from registry.spreadsheets.xlsx_cells import place_of

_PERSONS = "xl/persons/"
Comments = dict[tuple[int, int], tuple[Comment, ...]]


def comments_of(parts: Parts, relations: list[Relation]) -> Comments:
    """Return the comments of a worksheet by place. `relations` are those of its part.

    A discussion also stands as one note for old programs: where there is one, it alone counts.
    """
    found: dict[tuple[int, int], list[Comment]] = defaultdict(list)
    for relation in relations:
        if relation.kind == "threadedComment" and relation.target in parts.names:
            for place, comment in _discussion(parts, relation.target):
                found[place].append(comment)
    discussed = set(found)
    for relation in relations:
        if relation.kind == "comments" and relation.target in parts.names:
            for place, comment in _notes(parts, relation.target):
                if place not in discussed:
                    found[place].append(comment)
    return {place: tuple(comments) for place, comments in found.items() if place != (0, 0)}


def _notes(parts: Parts, name: str) -> list[tuple[tuple[int, int], Comment]]:
    root = parts.tree(name)
    authors = [one.text or "" for one in root.iter() if _tag(one.tag) == "author"]
    found = []
    for element in root.iter():
        if _tag(element.tag) != "comment":
            continue
        text = "".join(one.text or "" for one in element.iter() if _tag(one.tag) == "t").strip()
        number = element.get("authorId", "")
        author = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
        if text:
            # Excel begins a note with the name of who writes it
            text = text.removeprefix(f"{author}:").strip() if author else text
            found.append((place_of(element.get("ref", "")), Comment(text, author)))
    return found


def _discussion(parts: Parts, name: str) -> list[tuple[tuple[int, int], Comment]]:
    people = {}
    for part in sorted(parts.names):
        if part.startswith(_PERSONS) and part.endswith(".xml"):
            for person in parts.tree(part).iter():
                people[person.get("id", "")] = person.get("displayName", "")
    found = []
    for element in parts.tree(name).iter():
        if _tag(element.tag) == "threadedComment":
            text = "".join(one.text or "" for one in element if _tag(one.tag) == "text").strip()
            author = people.get(element.get("personId", ""), "")
            if text:
                found.append((place_of(element.get("ref", "")), Comment(text, author)))
    return found


def _tag(tag: str) -> str:
    return tag.rpartition("}")[2]
