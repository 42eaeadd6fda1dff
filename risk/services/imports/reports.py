"""The outcome of an import as one plain object: what the command writes and the page stores."""

from typing import Any

from risk.services.imports.shapes import Preview, Problem


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
                "suggestions": [
                    {"key": choice.key, "label": choice.label} for choice in question.suggestions
                ],
            }
            for question in preview.questions
        ],
        "problems": [_problem(problem) for problem in preview.problems],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "reason": problem.reason,
    }
