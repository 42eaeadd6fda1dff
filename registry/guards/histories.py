"""Guards of the histories: written, never changed, and nobody goes who has written them."""

from django.apps import apps

from registry.guards.rules import Guard, append_only


def history_guards(app_label: str) -> tuple[Guard, ...]:
    """Return guards of the history tables of an app, lists of choices included: written, never
    changed, and nobody goes who has written them.

    Built from the models, so that no new history is forgotten; the apps must be loaded.
    """
    tables, by_people = [], []
    for model in apps.get_app_config(app_label).get_models(include_auto_created=True):
        if hasattr(model._meta, "simple_history_manager_attribute"):
            by_people.append(model.history.model._meta.db_table)
        elif hasattr(model, "m2m_history_id"):
            tables.append(model._meta.db_table)
    return (
        *(guard for table in sorted([*tables, *by_people]) for guard in append_only(table)),
        _people_stay(app_label, by_people),
    )


def _people_stay(app_label: str, tables: list[str]) -> Guard:
    """Return a guard that lets nobody be deleted who has written a row of these histories.

    A foreign key would look the same person up again for each of the many thousand rows of an
    import.
    """
    # S608: the names are those of the models, never a person's input
    written = (
        f"EXISTS (SELECT 1 FROM {table} WHERE history_user_id = OLD.id)"  # noqa: S608
        for table in sorted(tables)
    )
    return Guard(
        f"{app_label}_histories_keep_their_people",
        "registry_user",
        " OR ".join(written),
        "chi ha scritto nel registro non si cancella: si sospende.",
        events=("DELETE",),
    )
