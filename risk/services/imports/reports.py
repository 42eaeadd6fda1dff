"""The outcome of an import as one plain object: what the command writes and the page stores."""

import dataclasses
from typing import Any

from risk.services.imports.shapes import Preview


def report_of(preview: Preview) -> dict[str, Any]:
    """Return all a preview says: what it counts, asks and notes, and what cannot be taken."""
    return {
        "layout": preview.layout,
        "header_row": preview.header_row,
        "rows": preview.rows,
        "added": len(preview.added),
        "changed": len(preview.changed),
        "unchanged": preview.unchanged,
        "refused": preview.refused,
        "questions": [
            {
                "value": question.value,
                "kind": str(question.kind),
                "reason": question.reason,
                "place": question.place,
                "proposed": question.proposed,
                "suggestions": [dataclasses.asdict(choice) for choice in question.suggestions],
            }
            for question in preview.questions
        ],
        "notes": [dataclasses.asdict(note) for note in preview.notes],
        "problems": [dataclasses.asdict(problem) for problem in preview.problems],
    }
