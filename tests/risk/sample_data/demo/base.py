"""The demo data in the database, for each class of tests."""

from pathlib import Path

import pytest
from django.test import TestCase

from registry.models import Process
from risk.services.sample_data.demo.loading import load_demo
from risk.services.sample_data.reference import load_reference
from tests.load_once import load_once

PASSWORD = "una-parola-lunga-per-le-prove"
HERE = Path(__file__).parent


def lines_of(name: str) -> list[str]:
    """Return the lines of a published text kept beside these tests."""
    return (HERE / name).read_text(encoding="utf-8").splitlines()


def load() -> None:
    """Load what the demo data rest on, then the data without the edition before."""
    load_once("reference", load_reference)
    load_demo(password=PASSWORD, with_past=False)


# The mark is what the run on PostgreSQL goes by.
@pytest.mark.django_db
class DemoTestCase(TestCase):
    """Tests over the demo data as it is loaded."""

    @classmethod
    def setUpTestData(cls):
        load_once("demo", load)

    def processes_of(self, code: str):
        """Return the processes of an office, in order."""
        return Process.objects.filter(annex__office__code=code).order_by("position")
