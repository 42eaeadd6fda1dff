from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from registry import acts, triggers
from registry.guards import Guard, Marker, history_guards, never_emptied
from registry.trail.subjects import register_subjects
from registry.trail.words import register_words
from risk import (
    guards,
    permissions,  # noqa: F401 (its lines join the table of rights when it is read)
)
from risk.guards.catalogues import catalogue_guards
from risk.guards.ex_officio import keep_ex_officio
from risk.guards.marks import content_markers
from risk.trail import ACT_WORDS, SUBJECTS


def all_guards() -> list[Guard]:
    rules = [*guards.GUARDS, *catalogue_guards(), *history_guards("risk")]
    return [*rules, *never_emptied(rules)]


def install_guards(using: str, **kwargs) -> None:
    triggers.install([*all_guards(), *content_markers()], using=using)


def drop_guards_before_migration(using: str, plan=(), **kwargs) -> None:
    every = [*all_guards(), *content_markers()]
    triggers.drop_guards_before_migration(every, plan=plan, using=using)


class RiskConfig(AppConfig):
    name = "risk"
    verbose_name = _("Rischi: comportamenti, valutazioni e misure")

    trail_checks = (
        "risk.services.annexes.closed_contents.closed_content_findings",
        "risk.services.plans.adopted_contents.adopted_content_findings",
        "risk.services.assessment.frozen_methods.method_findings",
    )

    def guards(self) -> list[Guard]:
        return all_guards()

    def markers(self) -> list[Marker]:
        return content_markers()

    def ready(self) -> None:
        pre_migrate.connect(
            drop_guards_before_migration,
            sender=self,
            dispatch_uid="risk_drop_guards_before_migration",
        )
        post_migrate.connect(install_guards, sender=self, dispatch_uid="risk_install_guards")
        # once the guards of both rooms stand again; by name: it knows models
        post_migrate.connect(
            import_string("registry.services.installation.end_upgrade"),
            sender=self,
            dispatch_uid="registry_end",
        )
        register_words(ACT_WORDS)
        register_subjects(SUBJECTS)
        acts.act_closed.connect(keep_ex_officio, dispatch_uid="risk_keep_ex_officio")
