"""What an import is called on the trail."""

from registry.trail.subjects import Subject
from risk.models import RegisterImport


def import_subject(register_import: RegisterImport) -> Subject:
    """Return how the trail names an import; its plan is read already, or will be."""
    body_id = register_import.plan.administration_id
    return Subject(f"import {register_import.uid}", body_id)
