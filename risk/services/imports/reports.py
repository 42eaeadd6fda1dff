"""The outcome of an import as one plain object: what the command writes and the page stores."""

import dataclasses
from typing import Any

from risk.services.imports.shapes import Preview


def report_of(preview: Preview) -> dict[str, Any]:
    """Return layout, header_row, rows, added, changed, unchanged, refused, questions, problems."""
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
                "suggestions": [dataclasses.asdict(choice) for choice in question.suggestions],
            }
            for question in preview.questions
        ],
        "problems": [dataclasses.asdict(problem) for problem in preview.problems],
    }
