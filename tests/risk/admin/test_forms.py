"""Saving in the back office: choices, stale forms, refusals of the database, history, search."""

import pytest
from django.urls import reverse

from registry.models import Phase, Process, RiskArea
from risk.models import Coverage, PlannedMeasure, RiskBehaviour, TextBlock
from tests.register import adopt, close


def url(row, act="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{act}", args=[row.pk])


def typed(client, row):
    """What the form of a row would send back, untouched."""
    context = client.get(url(row)).context
    data = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            value = bound.field.prepare_value(value)
            if value not in (None, False, ""):
                data[bound.html_name] = getattr(value, "value", value)
    return data


@pytest.fixture
def rpct(world, client):
    client.force_login(world.people["rpct"])
    return client


def test_a_change_is_saved_with_its_author_and_told_by_the_history(world, rpct):
    process = world.a.process
    data = typed(rpct, process) | {"objective": "Rilasciare l’atto"}

    assert rpct.post(url(process), data).status_code == 302
    process.refresh_from_db()
    assert process.objective == "Rilasciare l’atto"
    page = rpct.get(url(process, "history")).content.decode()
    assert "Rilasciare l’atto" in page
    assert "Obiettivo" in page
    assert str(world.people["rpct"]) in page


def test_the_history_tells_the_lists_of_choices(world, rpct):
    behaviour = world.a.riskbehaviour
    behaviour.factors.add(world.a.enablingfactor)

    page = rpct.get(url(behaviour, "history")).content.decode()

    assert "Fattori abilitanti" in page
    assert str(world.a.enablingfactor) in page


def test_a_stale_form_overwrites_nothing_and_keeps_what_was_typed(world, rpct):
    process = world.a.process
    data = typed(rpct, process) | {"objective": "Il mio testo"}
    first = Process.objects.get(pk=process.pk)
    first.objective = "Il testo di un’altra persona"
    first.save()

    answer = rpct.post(url(process), data)

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "nulla è stato sovrascritto" in page
    assert "Il mio testo" in page
    process.refresh_from_db()
    assert process.objective == "Il testo di un’altra persona"


def test_a_refusal_of_the_database_is_an_error_of_the_form(world, rpct):
    """The number of a process is checked by the form; the phase of another process only below."""
    other = Process.objects.create(annex=world.a.annex, position=2, number=2, title="Altro")
    phase = Phase.objects.create(process=other, position=1, title="Di un altro processo")
    data = {"behaviour": world.a.riskbehaviour.pk, "phase": phase.pk}

    answer = rpct.post(reverse("admin:risk_coverage_add"), data)

    assert answer.status_code == 200
    assert "non appartiene al processo del comportamento" in answer.content.decode()
    assert not Coverage.objects.filter(phase=phase).exists()


def test_a_row_of_another_body_is_no_choice(world, rpct):
    data = typed(rpct, world.a.process) | {"risk_area": world.b.riskarea.pk}

    answer = rpct.post(url(world.a.process), data)

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["risk_area"]


def test_a_national_row_cannot_be_made_by_a_body(world, rpct):
    data = {"administration": "", "code": "Z", "label": "Nazionale", "kind": "general"}

    answer = rpct.post(reverse("admin:registry_riskarea_add"), data | {"position": 0})

    assert answer.status_code == 200
    assert not RiskArea.objects.filter(code="Z").exists()


def test_states_levels_and_fixed_fields_are_not_typed(world, rpct):
    for row, names in (
        (world.a.annex, {"state", "plan", "office"}),
        (world.a.plan, {"state", "administration"}),
        (world.a.assessment, {"level", "method", "process"}),
        (world.a.process, {"annex", "uid", "origin_uid"}),
    ):
        form = rpct.get(url(row)).context["adminform"].form
        assert not names & set(form.fields), row


def test_a_used_catalogue_row_cannot_be_deleted(world, rpct):
    answer = rpct.post(url(world.a.riskarea, "delete"), {"post": "yes"})

    assert answer.status_code == 200
    assert answer.context["protected"]
    assert RiskArea.objects.filter(pk=world.a.riskarea.pk).exists()


def test_a_catalogue_row_of_a_frozen_annex_can_only_be_retired(world, rpct):
    close(world.a.annex, "issued")

    form = rpct.get(url(world.a.riskarea)).context["adminform"].form

    assert set(form.fields) == {"retired_on", "retired_reason", "version"}


def test_a_text_of_an_adopted_plan_is_only_read(world, rpct):
    adopt(world.a.plan)

    assert rpct.post(url(world.a.textblock), {}).status_code == 403
    assert TextBlock.objects.get(pk=world.a.textblock.pk).text == "Nota"


@pytest.mark.parametrize("term", ["QUALITÀ", "qualita", "Qualità", "GESTIONE qualità"])
def test_the_search_knows_neither_case_nor_accents(world, rpct, term):
    answer = rpct.get(reverse("admin:registry_process_changelist"), {"q": term})

    assert answer.context["cl"].result_count == 1


def test_a_new_body_and_a_new_plan_are_made_by_the_services(world, client):
    client.force_login(world.people["superuser"])
    data = {"ipa_code": "c_n001", "name": "Comune Nuovo", "tax_code": "", "adopting_organ": ""}
    RiskArea.objects.create(code="A", label="Area nazionale", kind="general")
    assert client.post(reverse("admin:registry_administration_add"), data).status_code == 302
    assert RiskArea.objects.filter(administration__ipa_code="c_n001", code="A").exists()

    client.force_login(world.people["rpct"])
    data = {
        "administration": world.a.administration.pk,
        "title": "PTPCT 2027/2029",
        "document": "ptpct",
        "kind": "ordinary",
        "first_year": 2027,
        "last_year": 2029,
        "method": world.a.method.pk,
    }
    assert client.post(reverse("admin:registry_plan_add"), data).status_code == 302
    plan = world.a.administration.plans.get(title="PTPCT 2027/2029")
    assert plan.methods.get().method == world.a.method


def test_a_measure_of_the_whole_plan_offers_no_targets(world, rpct):
    planned = PlannedMeasure.objects.create(
        plan=world.a.plan, measure=world.a.measure, scope="plan"
    )

    shown = [
        inline.opts.model for inline in rpct.get(url(planned)).context["inline_admin_formsets"]
    ]

    assert world.a.measuretarget.__class__ not in shown
    assert RiskBehaviour not in shown


def test_the_list_of_lists_is_italian_for_the_ear_too(world, client):
    client.force_login(world.people["rpct"])
    for address in ("/admin/", "/admin/registry/process/"):
        page = client.get(address).content.decode()
        assert "Macroprocessi</a>" in page
        for words in ("Model name", "Add link", "Change or view"):
            assert words not in page, (address, words)


def test_the_years_of_a_plan_are_no_amounts(world, rpct):
    plan = world.a.plan

    page = rpct.get(reverse("admin:registry_plan_changelist")).content.decode()

    assert f"{plan.first_year}–{plan.last_year}" in page
    assert "2.02" not in page


def test_the_rpct_gives_the_address_for_questions_about_open_data_and_no_other_name(client, world):
    body = world.a.administration
    client.force_login(world.people["rpct"])
    sent = typed(client, body) | {"open_data_contact": "dati@ente.example", "name": "Altro"}

    assert client.post(url(body), sent).status_code == 302

    changed = type(body).objects.get(pk=body.pk)
    assert (changed.open_data_contact, changed.name) == ("dati@ente.example", body.name)
    assert changed.history.first().open_data_contact == "dati@ente.example"
