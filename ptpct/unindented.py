"""Templates without the blanks at the beginning of their lines.

They are there for whoever reads the template, and were up to half of what a long page sends. Lines
stay lines, so that an error names the right one.
"""

import re

from django.conf import settings
from django.template import Origin, loader
from django.template.loaders.filesystem import Loader

_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


class UnindentedLoader(Loader):
    """Loads the HTML templates of the house without their indentation, all others as they are."""

    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        return _INDENT.sub("", contents) if str(origin.name).endswith(".html") else contents


def load_all() -> int:
    """Load the templates of the house into memory; return how many they are.

    A process of the site does it when it begins: nobody waits for a template to be read.
    """
    folder = settings.BASE_DIR / "templates"
    names = [str(file.relative_to(folder)) for file in folder.rglob("*.html")]
    for name in names:
        loader.get_template(name)
    return len(names)
