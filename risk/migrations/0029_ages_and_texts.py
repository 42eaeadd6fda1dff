"""The digests of texts beside a content; the age of words whose ancestor is gone, from histories.

How old the words of a copy are is reckoned along its origins, when somebody looks. Where an origin
is gone its history is not: it says whether the words changed after they were copied, and when those
of the ancestor did. What histories do not say either stays unknown.
"""

from django.db import migrations, models

from registry import migrating

TEXTS = (
    *("title", "objective", "description", "input", "output", "times", "constraints"),
    *("resources", "interrelations", "criticalities"),
)
BELOW = (
    ("registry", "HistoricalPhase", "process_id"),
    ("risk", "HistoricalRiskBehaviour", "process_id"),
    ("risk", "HistoricalAssessment", "process_id"),
)
"""Histories of what hangs on a process by a column of its own."""
FURTHEST = 50
"""Copies of copies that are gone through: more editions than a register will see."""


def fill_ages(apps, schema_editor):
    """Keep the plan in which the words of copies without an ancestor changed last, where known."""
    process, content = (
        apps.get_model("registry", "Process"),
        apps.get_model("risk", "ProcessContent"),
    )
    orphans = process.objects.filter(origin=None).exclude(origin_uid=None)
    rows = list(orphans.values_list("pk", "origin_uid", "annex__plan"))
    for key, ancestor, plan in rows:
        since = _since(apps, key, ancestor, plan)
        if since is None:
            continue
        values = {"stamp": "", "rules_stamp": "", "digest": "", "edition_digest": ""}
        values |= {"words": "", "words_before": "", "data": "", "findings": {}}
        content.objects.update_or_create(
            process_id=key, defaults={"since": since}, create_defaults={**values, "since": since}
        )


def _since(apps, key, ancestor, plan):
    """Return the plan in which the words of a process changed last; None where nobody knows."""
    history = apps.get_model("registry", "HistoricalProcess").objects
    for _step in range(FURTHEST):
        if _changed(apps, key):
            return plan
        if ancestor is None:
            # the first of its line: it was written there
            return plan
        last = history.filter(uid=ancestor).order_by("-history_date", "-history_id")
        found = last.values_list("id", "origin_uid", "annex_id").first()
        if found is None:
            return None
        key, ancestor, annex = found
        plan = _plan_of(apps, annex)
        if plan is None:
            return None
    return None


def _changed(apps, key):
    """Tell whether the words of a process changed after the act that made it."""
    rows = apps.get_model("registry", "HistoricalProcess").objects.filter(id=key)
    rows = list(rows.order_by("history_id").values_list("history_change_reason", *TEXTS))
    if not rows:
        return False
    (made, *first), *later = rows
    if any(texts != first for _reason, *texts in later):
        return True
    return any(
        apps.get_model(app, name)
        .objects.filter(**{column: key})
        .exclude(history_change_reason=made)
        .exists()
        for app, name, column in BELOW
    )


def _plan_of(apps, annex):
    rows = apps.get_model("registry", "HistoricalAnnex").objects.filter(id=annex)
    return rows.values_list("plan_id", flat=True).first()


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0022_measures_limit"),
        ("risk", "0028_chapters"),
    ]

    operations = [
        migrations.AddField(
            model_name="processcontent",
            name="texts",
            field=models.TextField(
                blank=True,
                default="",
                help_text="Di ogni testo abbastanza lungo, separati da spazi.",
                verbose_name="codici di controllo dei testi",
            ),
        ),
        migrations.RunPython(fill_ages, migrations.RunPython.noop, elidable=True),
    ]
