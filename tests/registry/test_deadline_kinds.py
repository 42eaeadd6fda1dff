"""The kinds deadlines get that were written before they had one."""

from importlib import import_module

import pytest

from registry.enums import DeadlineKind

migration = import_module("registry.migrations.0009_deadline_kind")


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Trasmissione degli allegati degli uffici al RPCT", "transmission"),
        ("INVIO DELLE SCHEDE", "transmission"),
        ("Consultazione pubblica sullo schema di piano", "consultation"),
        ("Adozione del piano", "adoption"),
        ("Adozione e pubblicazione del piano", "publication"),
        ("Monitoraggio intermedio delle misure", "monitoring"),
        ("Trasmissione dei dati di monitoraggio", "monitoring"),
        ("Pubblicazione della relazione annuale", "report"),
        ("Riunione dei referenti", "other"),
    ],
)
def test_a_label_tells_its_kind(label, kind):
    assert migration.kind_of(label) == kind


def test_it_gives_the_kinds_there_are():
    told = {kind for kind, _words in migration.WORDS} | {"other"}
    assert told == set(DeadlineKind.values)
