"""Saving from the sheet, as the browser posts it: with htmx and without, right and wrong."""

import uuid

import pytest
from django.urls import reverse

from registry.models import Action, Phase, Process
from risk.models import EventCategory
from risk.services.process_sheet.row_keys import key_of
from tests.register import make_annex, make_phase, make_process

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"HX-Request": "true"}}


def url(name: str, *args) -> str:
    return reverse(f"risk:{name}", args=args)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def described(process, **changes) -> dict:
    fields = ("title", "kind", "objective", "description", "responsible")
    values = {name: getattr(process, name) for name in fields}
    values |= {"macroprocess": "", "risk_area": "", "version": process.version}
    return values | changes


def stepped(step, **changes) -> dict:
    return {
        "title": step.title,
        "description": step.description,
        "executor_role": "",
        "executor_office": "",
        "version": step.version,
    } | changes


class TestDescription:
    def test_a_part_is_saved_with_lists_typed_by_code(self, desk, process, lists):
        data = described(process, kind="primary", risk_area="f)", title="Rimborso\n di  tributi")
        answer = desk.post(url("process_sheet_part", process.uid, "identita"), data, **HTMX)
        assert "Salvato" in text_of(answer)
        assert "Manca l’area" not in text_of(answer)
        process.refresh_from_db()
        assert (process.kind, process.risk_area) == ("primary", lists["area"])
        assert process.title == "Rimborso di tributi"

    def test_a_code_is_saved_said_in_the_head_and_emptied(self, desk, process):
        part, sheet = (
            url("process_sheet_part", process.uid, "identita"),
            url("process_sheet", process.uid),
        )
        desk.post(part, described(process, code=" A1 "), **HTMX)
        process.refresh_from_db()
        assert process.code == "A1"
        assert f"n. {process.number} (A1) {process.title}</h1>" in text_of(desk.get(sheet))
        desk.post(part, described(process, code=""), **HTMX)
        process.refresh_from_db()
        assert process.code == ""
        assert "Codice" in text_of(desk.get(sheet))
        assert "(A1)" not in text_of(desk.get(sheet))

    def test_without_htmx_it_goes_back_to_the_part(self, desk, process):
        data = {"risk_presence": "absent", "risk_presence_reason": "Nulla", "version": 1}
        answer = desk.post(url("process_sheet_part", process.uid, "presenza"), data)
        assert answer.url.endswith("#presenza")
        assert Process.objects.get().risk_presence == "absent"

    def test_a_changed_presence_asks_for_the_parts_that_depend_on_it(self, desk, process):
        data = {"risk_presence": "absent", "risk_presence_reason": "", "version": 1}
        answer = desk.post(url("process_sheet_part", process.uid, "presenza"), data, **HTMX)
        assert "sheet-refresh" in answer.headers["HX-Trigger"]
        assert "manca il motivo" in text_of(answer)

    @pytest.mark.parametrize("extra", [HTMX, {}], ids=["htmx", "plain"])
    @pytest.mark.parametrize(
        ("field", "typed", "message"),
        [
            ("risk_area", "Zzz", "non è in elenco"),
            ("title", "", "Questo campo è obbligatorio"),
            ("description", "x" * 100_000, "il massimo è"),
            ("risk_area", "x" * 5_000, "troppo lungo"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field_and_stays(
        self, desk, process, extra, field, typed, message
    ):
        data = described(process, objective="Nuovo", **{field: typed})
        answer = desk.post(url("process_sheet_part", process.uid, "identita"), data, **extra)
        assert message in text_of(answer)
        assert extra or typed in answer.content.decode()
        # a script sends again what stays; without one, what is right is saved at once
        assert Process.objects.get().objective == ("" if extra else "Nuovo")

    def test_two_people_see_both_versions_and_choose(self, desk, process):
        address = url("process_sheet_part", process.uid, "identita")
        desk.post(address, described(process, objective="Uno"), **HTMX)
        late = described(process, objective="Due")
        answer = desk.post(address, late, **HTMX)
        assert "Tieni la versione salvata:" in text_of(answer)
        assert Process.objects.get().objective == "Uno"
        late |= {"version": Process.objects.get().version, "tieni-objective": "mio"}
        desk.post(address, late, **HTMX)
        assert Process.objects.get().objective == "Due"

    def test_words_joined_from_somebody_else_come_back_to_the_page(self, desk, process):
        address = url("process_sheet_part", process.uid, "identita")
        desk.post(address, described(process, objective="Uno"), **HTMX)
        answer = desk.post(address, described(process, description="Due"), **HTMX)
        assert answer.headers["HX-Retarget"] == "#identita"
        assert "Uno</textarea>" in text_of(answer)
        saved = Process.objects.get()
        assert (saved.objective, saved.description) == ("Uno", "Due")

    def test_there_is_no_other_part(self, desk, process):
        assert desk.post(url("process_sheet_part", process.uid, "altro")).status_code == 404


class TestPhases:
    def test_add_save_move_delete(self, desk, process, phases, lists):
        uid = uuid.uuid4()
        desk.post(url("phase_add", process.uid), {"uid": uid, "title": "Archivio"})
        added = process.phases.get(uid=uid)
        assert added.position == 4
        data = stepped(added, executor_role="responsabile UNICO", description="Fine")
        desk.post(url("phase", process.uid, uid), data | {"posto": "1"})
        added.refresh_from_db()
        assert (added.position, added.executor_role) == (1, lists["role"])
        assert added.description == "Fine"
        question = desk.get(url("phase_remove", process.uid, phases[1].uid))
        assert "Controllo degli atti" in question.content.decode()
        for _click in range(2):
            desk.post(url("phase_remove", process.uid, phases[1].uid))
        left = process.phases.order_by("position").values_list("position", "title")
        assert list(left) == [(1, "Archivio"), (2, "Istruttoria"), (3, "Pagamento")]

    def test_actions_in_the_same_way(self, desk, process, phases):
        uid = uuid.uuid4()
        address = url("action_add", process.uid, phases[0].uid)
        answer = desk.post(address, {"uid": uid, "title": "Protocollo"}, **HTMX)
        assert str(phases[0].uid) in answer.url
        desk.post(address, {"uid": uid, "title": "Protocollo"})
        action = phases[0].actions.get()
        desk.post(url("action", process.uid, uid), stepped(action, title="Registro"))
        assert Action.objects.get(uid=uid).title == "Registro"
        assert desk.get(url("action_remove", process.uid, uid)).status_code == 200
        desk.post(url("action_remove", process.uid, uid))
        assert not phases[0].actions.exists()

    def test_a_double_click_on_move_moves_once(self, desk, process, phases):
        for _click in range(2):
            desk.post(url("phase", process.uid, phases[0].uid), stepped(phases[0], posto="2"))
        titles = process.phases.order_by("position").values_list("title", flat=True)
        assert list(titles) == ["Verifica", "Istruttoria", "Pagamento"]

    def test_a_phase_of_another_process_is_not_found(self, desk, annex, process):
        other = make_phase(make_process(annex, "Altro"))
        assert desk.post(url("phase", process.uid, other.uid), stepped(other)).status_code == 404
        desk.post(url("phase_remove", process.uid, other.uid))
        assert Phase.objects.filter(pk=other.pk).exists()

    def test_an_empty_new_phase_is_refused_beside_its_field(self, desk, process):
        data = {"uid": uuid.uuid4(), "title": " "}
        answer = desk.post(url("phase_add", process.uid), data, **HTMX)
        assert answer.headers["HX-Retarget"] == "#errore-nuova-fase"
        assert "Scrivi la denominazione." in text_of(answer)
        data["title"] = "y" * 2_000
        page = desk.post(url("phase_add", process.uid), data)
        assert data["title"] in page.content.decode()
        assert not process.phases.exists()

    def test_a_stale_row_asks(self, desk, process, phases):
        address = url("phase", process.uid, phases[0].uid)
        desk.post(address, stepped(phases[0], title="Uno"), **HTMX)
        answer = desk.post(address, stepped(phases[0], title="Due"), **HTMX)
        assert "Tieni la mia:" in text_of(answer)
        assert "Due" in desk.post(address, stepped(phases[0], title="Due")).content.decode()
        assert Phase.objects.get(pk=phases[0].pk).title == "Uno"

    def test_split_and_merge_ask_first(self, desk, process, phases):
        address = url("phase_split", process.uid, phases[0].uid)
        form = desk.get(address, {"taglio": "3"}).context["form"]
        assert (form.initial["title"], form.initial["second_title"]) == ("Ist", "ruttoria")
        data = form.initial | {"second_title": ""}
        assert "obbligatorio" in text_of(desk.post(address, data))
        desk.post(address, form.initial)
        assert process.phases.count() == 4
        address = url("phase_merge", process.uid, phases[0].uid)
        form = desk.get(address).context["form"]
        assert form.initial["title"] == "Ist; ruttoria"
        desk.post(address, form.initial | {"title": "Istruttoria"})
        desk.post(address, form.initial | {"title": "Istruttoria"})
        assert process.phases.count() == 3

    def test_a_stale_cut_is_asked_again(self, desk, process, phases):
        address = url("phase_split", process.uid, phases[0].uid)
        data = desk.get(address).context["form"].initial | {"second_title": "Due", "version": 9}
        assert "modificata nel frattempo" in text_of(desk.post(address, data))
        assert process.phases.count() == 3


class TestBehaviours:
    def test_add_save_tick_move_delete(self, desk, process, behaviours, body):
        category = EventCategory.objects.create(administration=body, code="C 1", label="Tempi")
        uid = uuid.uuid4()
        for _click in range(2):
            desk.post(url("behaviour_add", process.uid), {"uid": uid, "text": "Omettere"})
        row = process.behaviours.get(uid=uid)
        data = {"text": "Omettere il controllo", "version": row.version, "categories": "C 1"}
        answer = desk.post(url("behaviour", process.uid, uid), data, **HTMX)
        assert "Salvato" in text_of(answer)
        assert 'value="C 1"' in text_of(answer)
        row.refresh_from_db()
        assert (row.text, list(row.categories.all())) == ("Omettere il controllo", [category])
        data = {"text": row.text, "version": row.version, "era-categories": "C 1", "posto": "1"}
        desk.post(url("behaviour", process.uid, uid), data)
        row.refresh_from_db()
        assert (row.position, row.categories.count()) == (1, 0)
        assert "segni nella matrice" in text_of(desk.get(url("behaviour_remove", process.uid, uid)))
        for _click in range(2):
            desk.post(url("behaviour_remove", process.uid, uid))
        assert process.behaviours.count() == 2

    def test_the_matrix_saves_one_box_and_all_of_them(self, desk, process, phases, behaviours):
        address = url("matrix", process.uid)
        box = f"{behaviours[1].uid}/{phases[2].uid}"
        answer = desk.post(address, {"copre": box}, **HTMX)
        assert "riguarda 2, 3" in text_of(answer)
        assert "non è legato ad alcuna fase" not in text_of(answer)
        old = f"{behaviours[1].uid}/{phases[1].uid}"
        desk.post(address, {"copre": [box], "era": f"{box} {old}"})
        assert [row.phase for row in behaviours[1].coverages.all()] == [phases[2]]
        answer = desk.post(address, {"era": box}, **HTMX)
        assert f"«{behaviours[1].text}» non è legato ad alcuna fase" in text_of(answer)

    def test_more_boxes_than_a_form_usually_holds_are_taken(
        self, desk, process, phases, behaviours
    ):
        box = f"{behaviours[0].uid}/{phases[2].uid}"
        answer = desk.post(url("matrix", process.uid), {"copre": [box] * 2_400})
        assert answer.status_code == 302
        assert behaviours[0].coverages.count() == 3

    @pytest.mark.parametrize("value", ["x/y", "", f"{uuid.UUID(int=1)}/{uuid.UUID(int=2)}"])
    def test_a_box_that_is_not_there_is_refused(self, desk, process, behaviours, value):
        answer = desk.post(url("matrix", process.uid), {"copre": value or "/"}, **HTMX)
        assert "Non salvato" in text_of(answer)


def test_what_a_phase_misses_goes_with_the_save_that_gives_it_and_stays_with_another(
    desk, process, phases, lists
):
    missing = "La fase «Verifica» non ha un esecutore."
    phase = phases[1]
    actions = list(phase.actions.all())

    def save(name, step, **changes) -> str:
        data = stepped(step, **changes)
        return text_of(desk.post(url(name, process.uid, step.uid), data, **HTMX))

    # its title alone was saved, or refused: it misses what it missed
    assert missing in save("phase", phase, description="Si verifica.")
    phase.refresh_from_db()
    assert missing in save("phase", phase, title="")
    # an executor of each action is one of the phase, whose row is said anew with theirs
    place = f'id="manca-{key_of(phase.uid)}" hx-swap-oob="true"'
    said = save("action", actions[0], executor_role="RUP")
    assert place in said
    assert missing in said
    said = save("action", actions[1], executor_role="RUP")
    assert place in said
    assert missing not in said
    assert missing not in save("phase", phase, executor_role="RUP")


def test_who_may_not_write_is_told(client, process, phases, auditor, stranger):
    addresses = [
        url("process_sheet_part", process.uid, "identita"),
        url("phase_add", process.uid),
        url("phase", process.uid, phases[0].uid),
        url("phase_split", process.uid, phases[0].uid),
        url("phase_remove", process.uid, phases[0].uid),
        url("behaviour_add", process.uid),
        url("matrix", process.uid),
    ]
    client.force_login(auditor)
    assert {client.post(address).status_code for address in addresses} == {403}
    client.force_login(stranger)
    assert {client.post(address).status_code for address in addresses} == {404}


@pytest.mark.parametrize("size", [3, 40])
def test_a_save_costs_the_same_at_any_size(desk, process, lists, size, counted):
    phases = [make_phase(process, f"Fase {n}") for n in range(size)]
    other = make_annex(process.annex.plan.administration, office="Ragioneria").office
    data = stepped(phases[1], title="Nuova", executor_role="RUP", executor_office=other.name)
    assert counted(desk.post, url("phase", process.uid, phases[1].uid), data, **HTMX) <= 15
    data = described(process, kind="primary", risk_area="F", objective="x")
    assert (
        counted(desk.post, url("process_sheet_part", process.uid, "identita"), data, **HTMX) <= 15
    )
    data = {"uid": uuid.uuid4(), "title": "Ultima"}
    assert counted(desk.post, url("phase_add", process.uid), data, **HTMX) <= 15
    data = {"uid": uuid.uuid4(), "text": "Favorire"}
    assert counted(desk.post, url("behaviour_add", process.uid), data, **HTMX) <= 15
    behaviour = process.behaviours.get()
    box = {"copre": f"{behaviour.uid}/{phases[0].uid}"}
    assert counted(desk.post, url("matrix", process.uid), box, **HTMX) <= 15
    data = {"text": "Altro", "version": behaviour.version}
    # its two lists are kept in the history as well
    assert counted(desk.post, url("behaviour", process.uid, behaviour.uid), data, **HTMX) <= 15
    step = phases[2]
    data = stepped(step, posto="1")
    assert counted(desk.post, url("phase", process.uid, step.uid), data, **HTMX) <= 15
