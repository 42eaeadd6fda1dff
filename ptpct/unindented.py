"""Templates without the blanks at the beginning of their lines.

They are there for whoever reads the template, and were up to half of what a long page sends. Lines
stay lines, so that an error names the right one.
"""

import re

from django.template import Origin
from django.template.loaders.filesystem import Loader

_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


class UnindentedLoader(Loader):
    """Loads the HTML templates of the house without their indentation, all others as they are."""

    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        return _INDENT.sub("", contents) if str(origin.name).endswith(".html") else contents
