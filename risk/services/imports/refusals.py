"""Why an import is refused, as a person reads it."""

from registry.acts import Refused


class ImportRefusedError(Refused):
    """An import cannot be taken; the text is an Italian sentence. Nothing has changed."""
