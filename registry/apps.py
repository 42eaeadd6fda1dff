from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from simple_history.signals import (
    post_create_historical_m2m_records,
    pre_create_historical_record,
)

from registry import acts, guards, migrating, triggers
from registry.guards import Guard
from registry.trail import chain


def all_guards() -> list[guards.Guard]:
    rules = [*guards.GUARDS, *guards.history_guards("registry")]
    return [*rules, *guards.never_emptied(rules)]


def install_guards(using: str, **kwargs) -> None:
    triggers.install(all_guards(), using=using)


def drop_guards_before_migration(using: str, plan=(), **kwargs) -> None:
    triggers.drop_guards_before_migration(all_guards(), plan=plan, using=using)


def prepare_migrations(plan=(), **kwargs) -> None:
    """Signal receiver: let the migrations of libraries be applied in stretches too."""
    migrating.apply_in_stretches(migration for migration, backwards in plan if not backwards)


def note_refused_act(failed, error, **kwargs) -> None:
    """Signal receiver: tell on the trail of an act that a rule, or a guard, has refused."""
    reason = acts.refusal_in(error)
    if guards.is_guarded(error):
        reason = guards.refusal_of(error)
    if reason:
        chain.note_refusal(refused=failed, reason=reason)


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Registro: amministrazioni, uffici, piani e processi")

    def guards(self) -> list[Guard]:
        return all_guards()

    def ready(self) -> None:
        # before the guards of what hosts at work write go; by name: it knows models, which do not
        # exist yet when this one is read
        pre_migrate.connect(
            import_string("registry.services.installation.begin_upgrade"),
            sender=self,
            dispatch_uid="registry_begin",
        )
        pre_migrate.connect(
            drop_guards_before_migration,
            sender=self,
            dispatch_uid="registry_drop_guards_before_migration",
        )
        pre_migrate.connect(
            prepare_migrations, sender=self, dispatch_uid="registry_prepare_migrations"
        )
        post_migrate.connect(install_guards, sender=self, dispatch_uid="registry_install_guards")
        user_logged_in.connect(chain.note_sign_in, dispatch_uid="registry_sign_in")
        user_logged_out.connect(chain.note_sign_out, dispatch_uid="registry_sign_out")
        user_login_failed.connect(chain.note_failed_sign_in, dispatch_uid="registry_failed")
        post_create_historical_m2m_records.connect(
            acts.note_lists, dispatch_uid="registry_note_lists"
        )
        acts.act_closed.connect(chain.write_act, dispatch_uid="registry_write_act")
        acts.act_failed.connect(note_refused_act, dispatch_uid="registry_note_refused_act")
        pre_create_historical_record.connect(
            acts.mark_history, dispatch_uid="registry_mark_history"
        )
