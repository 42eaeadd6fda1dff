"""In which edition the words of each row changed last; of copies whose ancestor is gone, from
histories, as it was done for processes (`0029_ages_and_texts`).

Of all others it is reckoned along their origins, when somebody looks. A row whose history does not
say it is not told of, and stays unknown.
"""

from django.db import migrations, models

from registry import migrating

FURTHEST = 50
"""Copies of copies that are gone through: more editions than a register will see."""
PROCESS, PHASE = ("registry", "Process"), ("registry", "Phase")
BEHAVIOUR = ("risk", "RiskBehaviour")
DESCRIPTION = (
    *("title", "objective", "description", "input", "output", "times", "constraints"),
    *("resources", "interrelations", "criticalities"),
)
KINDS = {
    PROCESS: (DESCRIPTION, ("id",), {}),
    PHASE: (("title",), ("process",), {"process_id": PROCESS}),
    ("registry", "Action"): (("title",), ("phase__process",), {"phase_id": PHASE}),
    BEHAVIOUR: (("text",), ("process",), {"process_id": PROCESS}),
    ("risk", "Assessment"): (
        ("motivation", "level_id", "assessed_on"),
        ("process", "behaviour__process"),
        {"process_id": PROCESS, "behaviour_id": BEHAVIOUR},
    ),
}
"""By kind of row: its words, the ways to its process, the columns by which it hangs on what."""


def fill_ages(apps, schema_editor):
    """Keep the ages of the rows of copies without an ancestor whose own age is known."""
    process = apps.get_model(*PROCESS)
    orphans = process.objects.filter(origin=None).exclude(origin_uid=None)
    contents = apps.get_model("risk", "ProcessContent").objects.exclude(since=None)
    for content in contents.filter(process__in=orphans).only("process_id"):
        ages = {}
        for kind, row in _rows_of(apps, content.process_id):
            if (plan := _since(apps, kind, row)) is not None:
                ages.setdefault(str(plan), []).append(str(row.uid))
        # without what was kept of it, so that it is built with these
        contents.filter(pk=content.pk).update(ages=ages, stamp="", words="", data="")


def _rows_of(apps, process):
    for kind, (_words, ways, _parents) in KINDS.items():
        for way in ways:
            rows = apps.get_model(*kind).objects.filter(**{way: process})
            yield from ((kind, row) for row in rows)


def _since(apps, kind, row):
    """Return the plan in which the words of a row changed last; None where nobody knows."""
    words, _ways, _parents = KINDS[kind]
    history = _history(apps, kind)
    key, ancestor = row.pk, row.origin_uid
    plan = _plan_of(apps, kind, key)
    for _step in range(FURTHEST):
        said = set(history.filter(id=key).values_list(*words))
        if plan is None or not said:
            return None
        if len(said) > 1 or ancestor is None:
            return plan
        last = history.filter(uid=ancestor).order_by("-history_date", "-history_id").first()
        if last is None:
            return None
        if tuple(getattr(last, name) for name in words) not in said:
            return plan
        key, ancestor = last.id, last.origin_uid
        plan = _plan_of(apps, kind, key)
    return None


def _plan_of(apps, kind, key):
    """Return the plan of a row by what it hung on last, by histories."""
    while kind != PROCESS:
        last = _history(apps, kind).filter(id=key).order_by("-history_id").first()
        parents = KINDS[kind][2].items() if last else ()
        found = [(above, getattr(last, column)) for column, above in parents]
        found = [pair for pair in found if pair[1] is not None]
        if not found:
            return None
        kind, key = found[0]
    rows = _history(apps, PROCESS).filter(id=key).order_by("-history_id")
    annex = rows.values_list("annex_id", flat=True).first()
    rows = apps.get_model("registry", "HistoricalAnnex").objects.filter(id=annex)
    return rows.values_list("plan_id", flat=True).first()


def _history(apps, kind):
    app, name = kind
    return apps.get_model(app, f"Historical{name}").objects


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0025_person_limit"),
        ("risk", "0043_chapter_remark_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="processcontent",
            name="ages",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Gli identificativi per piano, dove non è quello del processo.",
                verbose_name="righe il cui testo è di un’altra edizione",
            ),
        ),
        migrations.RunPython(fill_ages, migrations.RunPython.noop, elidable=True),
    ]
