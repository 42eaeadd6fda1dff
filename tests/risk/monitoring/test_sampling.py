"""A drawn sample: announced, drawn once, the same list wherever it is drawn again."""

import datetime
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from registry import clock
from registry.acts import RuleRefused
from registry.services.trail_verification import verify_trail
from risk.content.round_parts import parts_of
from risk.content.round_values import public_content, report_of, written
from risk.content.year_parts import state_parts
from risk.models import RoundItem, Sample, SampleDraw
from risk.scoring.sampling import (
    RECIPE,
    Drawable,
    PopulationError,
    draw,
    least_share_for,
    least_shares,
    population_text,
    read_population,
)
from risk.services.monitoring.opening import faults_of, open_round
from risk.services.monitoring.report_data import round_content
from risk.services.monitoring.rounds import create_round
from risk.services.monitoring.sampling import (
    announce_sample,
    below_minimum,
    draw_sample,
    population_of,
    sample_of,
)
from risk.services.monitoring.yearly import year_report
from tests.people import client_of
from tests.risk.monitoring.conftest import ROUND
from tests.statements import at_most

PAGE = Path(__file__).parents[3] / "docs" / "sorteggio.md"
SEED = "7 21 33 48 90"
SAID = {"witnesses": "Il segretario generale.", "minutes": "Il seme è stato letto ad alta voce."}
_LATER = ("announced", "least")
"""What the data of a sample lacked at first."""
EVERY = [Drawable(f"0{n:02}", "A / Alto" if n % 3 else "ufficio") for n in range(40)]


def by_the_page(folder: Path, text: str, seed: str, percent: int) -> list[str]:
    """Draw with what the page of the documentation says, without this software."""
    (folder / "popolazione.txt").write_text(text, encoding="utf-8")
    script = re.search(r"python3 -c '\n(.*?)\n'", PAGE.read_text(encoding="utf-8"), re.S)[1]
    command = [sys.executable, "-I", "-c", script, seed, str(percent)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.split()


# --- the algorithm --------------------------------------------------------------------------------


def test_the_page_has_the_recipe_the_screen_shows_and_it_gives_the_same_list(tmp_path):
    assert RECIPE in PAGE.read_text(encoding="utf-8")
    for seed, percent in ((SEED, 30), ("più", 1), (SEED, 100)):
        drawn = draw(EVERY, seed=seed, percent=percent)
        assert by_the_page(tmp_path, population_text(EVERY), seed, percent) == drawn


@given(many=st.integers(0, 60), percent=st.integers(1, 100), seed=st.text(min_size=1, max_size=8))
def test_every_stratum_gives_its_part_and_order_does_not_matter(many, percent, seed):
    rows = EVERY[:many]
    drawn = draw(rows, seed=seed, percent=percent)

    assert draw(rows[::-1], seed=seed, percent=percent) == drawn == sorted(set(drawn))
    assert read_population(population_text(rows)) == sorted(rows)
    for stratum in {row.stratum for row in rows}:
        of_stratum = {row.uid for row in rows if row.stratum == stratum}
        share = len(of_stratum & set(drawn)) * 100
        assert percent * len(of_stratum) <= share < percent * len(of_stratum) + 100


def test_a_text_that_is_no_population_says_its_line():
    for text, line in (("a\tb\nc", 2), ("a\tb\tc\n", 1), ("\tb\n", 1)):
        with pytest.raises(PopulationError) as refused:
            read_population(text)
        assert refused.value.line == line


def test_least_shares_are_dated_and_say_how_sure_they_are():
    day = datetime.date(2027, 1, 1)
    shares = {staff: least_share_for(staff, day) for staff in (1, 15, 16, 30, 31, 49, 50, None)}

    assert [one and one.percent for one in shares.values()] == [30, 30, 30, 30, 50, 50, None, None]
    assert least_share_for(10, datetime.date(2020, 1, 1)) is None
    assert not any(one.sure for one in least_shares())


# --- the acts -------------------------------------------------------------------------------------


@pytest.fixture
def drawn_from(world):
    """A round in draft that asks about a sample, and its RPCT."""
    days = dict.fromkeys(("situation_on", "answers_by", "checks_by"), datetime.date(2023, 6, 30))
    values = {**ROUND, **days, "label": "A campione", "coverage": "sample"}
    return create_round(plan=world.plan, by=world.people["rpct"], **values)


def announce(world, row, **values):
    values = {"percent": 50, "seed_source": "Il lotto di Roma.", "staff": 12, **values}
    values.setdefault("seed_known_on", clock.today())
    return announce_sample(row=row, by=world.people["rpct"], **values)


def test_the_population_is_every_measure_with_its_stratum(world, drawn_from):
    rows = population_of(drawn_from)

    assert {row.uid for row in rows} == {str(one.uid) for one in world.planned.values()}
    assert {row.stratum for row in rows} == {"tutto l’ufficio", "F / senza livello"}
    with at_most(4):
        population_of(drawn_from)


def test_a_seed_is_announced_before_and_never_changed_after(world, drawn_from):
    rpct = world.people["rpct"]
    with pytest.raises(RuleRefused, match="da dove viene il seme"):
        draw_sample(row=drawn_from, seed=SEED, by=rpct, **SAID)
    with pytest.raises(RuleRefused, match="si estrae il campione"):
        open_round(row=drawn_from, by=rpct)
    with pytest.raises(ValidationError, match="prima che si conosca"):
        announce(world, drawn_from, seed_known_on=clock.today() - datetime.timedelta(days=1))
    announce(world, drawn_from, seed_known_on=clock.today() + datetime.timedelta(days=1))
    with pytest.raises(RuleRefused, match="prima non si estrae"):
        draw_sample(row=drawn_from, seed=SEED, by=rpct, **SAID)
    with pytest.raises(RuleRefused, match="spetta al RPCT"):
        announce_sample(
            row=drawn_from,
            percent=1,
            seed_source="x",
            seed_known_on=clock.today(),
            by=world.people["head"],
        )
    announced = announce(world, drawn_from)
    draw_sample(row=drawn_from, seed=f" {SEED} ", by=rpct, **SAID)
    for again in (
        lambda: draw_sample(row=drawn_from, seed="un altro", by=rpct, **SAID),
        lambda: announce(world, drawn_from),
    ):
        with pytest.raises(RuleRefused, match=f"con il seme «{SEED}»: il seme non cambia più"):
            again()
    said = [one.sentence for one in verify_trail()]
    made = SampleDraw.objects.get()
    assert not [one for one in said if str(made.uid) in one or str(announced.uid) in one]


def test_the_database_lets_nobody_draw_twice_or_change_a_draw(world, drawn_from):
    rpct = world.people["rpct"]
    other, announced = announce(world, drawn_from), announce(world, drawn_from)
    made = draw_sample(row=drawn_from, seed=SEED, by=rpct, **SAID)
    values = {**SAID, "drawn": "", "drawn_digest": "0" * 64, "drawn_size": 0, "by": rpct}
    for change in (
        lambda: SampleDraw.objects.update(seed="un altro"),
        lambda: Sample.objects.update(percent=1),
        made.delete,
        lambda: SampleDraw.objects.create(sample=other, seed="x", **values),
        lambda: Sample.objects.create(
            round=drawn_from,
            percent=1,
            seed_known_on=clock.today(),
            population="",
            size=0,
            by=rpct,
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert made.sample == announced


def test_a_round_asks_what_was_drawn_and_anybody_draws_it_again(world, drawn_from, tmp_path):
    rpct = world.people["rpct"]
    sample = announce(world, drawn_from)
    made = draw_sample(row=drawn_from, seed=SEED, by=rpct, **SAID)
    assert faults_of(drawn_from), "the measures that are drawn have faults"
    open_round(row=drawn_from, by=rpct)

    asked = RoundItem.objects.filter(round=drawn_from).values_list(
        "planned_measure__uid", flat=True
    )
    drawn = made.drawn.split()
    assert sorted(map(str, asked)) == drawn
    assert len(drawn) == 2, "the half of three, rounded up"
    client = client_of(world.people["auditor"])
    file = client.get(reverse("risk:round_population", args=[drawn_from.uid]))
    text = file.content.decode()
    assert by_the_page(tmp_path, text, SEED, 50) == drawn
    told = StringIO()
    call_command("verify_sample", str(drawn_from.uid), stdout=told)
    assert told.getvalue().split()[1:] == [sample.population_digest, *drawn]
    path, other = tmp_path / "popolazione.txt", tmp_path / "altre.txt"
    other.write_text(f"{drawn[0]}\n")
    brought = {"population": path, "seed": SEED, "percent": 50}
    call_command("verify_sample", **brought, stdout=StringIO())
    for values, code in (({"drawn": other}, 1), ({"seed": ""}, 2), ({"percent": 0}, 2)):
        with pytest.raises(CommandError) as refused:
            call_command("verify_sample", **{**brought, **values}, stdout=StringIO())
        assert refused.value.returncode == code
    issued = written(round_content(drawn_from))
    assert f'"seed":"{SEED}"' in issued
    assert sample.population_digest in issued
    assert '"sample"' not in written(round_content(world.round))
    page = client.get(reverse("risk:round", args=[drawn_from.uid])).content.decode()
    assert "estratte 2 di 3 misure" in page


def test_every_announcement_is_told_and_what_is_under_the_least_share(world, drawn_from):
    client = client_of(world.people["rpct"])
    first = announce(world, drawn_from, percent=20, seed_source="Il lotto di Bari.")
    address = reverse("risk:round_sample", args=[drawn_from.uid])
    assert "annuncio precedente" not in client.get(address).content.decode()
    announce(world, drawn_from, percent=20)
    page = client.get(address).content.decode()
    assert "Un annuncio precedente, che non vale più" in page
    assert "seme da «Il lotto di Bari.»" in page
    draw_sample(row=drawn_from, seed=SEED, by=world.people["rpct"], **SAID)

    told = round_content(drawn_from)
    announced = told["sample"]["announced"]
    assert [one["seed_source"] for one in announced] == ["Il lotto di Bari.", "Il lotto di Roma."]
    assert announced[0]["population_digest"] == first.population_digest
    for content in (told, public_content(told)):
        (part,) = [one for one in parts_of(report_of(content)) if one.name == "campione"]
        facts = dict(part.facts)
        assert facts["Annunciato"].startswith("2 volte: vale l’ultima, del ")
        assert facts["Parte da estrarre"] == "almeno il 20 % di ogni gruppo"
        assert facts["Procedimento"].startswith("n. 1: ")
        assert facts["Minimo previsto"] == (
            "1 monitoraggio l’anno, di almeno il 30 % delle misure "
            "(PNA 2022, allegato 4; da verificare sulla fonte)"
        )
        assert part.notes == ("Il campione è del 20 %: è sotto il minimo del 30 %.",)
        assert [row[1] for row in part.lists[0].rows] == [
            *(("Il lotto di Bari.",), ("Il lotto di Roma.",))
        ]
    # what was issued before there was a list of them
    issued = {name: one for name, one in told["sample"].items() if name not in _LATER}
    before = report_of({**told, "sample": issued})
    (part,) = [one for one in parts_of(before) if one.name == "campione"]
    assert not part.notes + part.lists
    assert not {"Annunciato", "Minimo previsto"} & dict(part.facts).keys()


def test_a_year_says_that_a_body_of_its_size_is_to_have_more_rounds(world, drawn_from):
    def said() -> str:
        parts = state_parts(year_report(world.plan, drawn_from.situation_on.year))
        return " ".join(note for part in parts for note in part.notes)

    assert "dipendenti" not in said(), "nobody said how many they are"
    announce(world, drawn_from, staff=40)
    assert (
        "I monitoraggi dell’anno sono 0: con 31–49 dipendenti se ne prevedono almeno 2 "
        "(PNA 2022, allegato 4; da verificare sulla fonte)."
    ) in said()


def test_the_page_announces_and_draws_and_warns_of_a_small_share(world, drawn_from):
    client = client_of(world.people["rpct"])
    address = reverse("risk:round_sample", args=[drawn_from.uid])
    day = clock.today().isoformat()
    sent = {"percent": 20, "staff": 40, "seed_source": "Il lotto.", "seed_known_on": day}

    assert "SHA-256" in client.get(address).content.decode()
    assert client.post(address, {**sent, "percent": 0}).status_code == 200
    assert sample_of(drawn_from) is None
    client.post(address, sent)
    page = client.get(address).content.decode()
    assert "sotto il minimo del 50 %" in page
    assert "da verificare sulla fonte" in page
    assert below_minimum(sample_of(drawn_from))
    client.post(address, {"seed": SEED, **SAID})
    with at_most(14):
        page = client.get(address).content.decode()
    assert SEED in page
    assert "Estrai con questo seme" not in page
    told = client.post(address, {"seed": "altro", **SAID}, follow=True).content.decode()
    assert "il seme non cambia più" in told
    assert client_of(world.people["head"]).get(address).status_code == 404, "it is in draft"
    whole = reverse("risk:round_sample", args=[world.round.uid])
    assert client.get(whole).status_code == 404, "it asks about all measures"
