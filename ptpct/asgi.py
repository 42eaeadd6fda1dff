"""The ASGI entry point."""

import os

from django.core.asgi import get_asgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

application = get_asgi_application()
# by name: it knows models, which are there only now
import_string("ptpct.start_up.refuse_the_public_password")()
import_string("ptpct.start_up.refuse_another_host")()
