from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from registry import acts
from registry import guards as engine
from risk import (
    guards,
    permissions,  # noqa: F401 (its lines join the table of rights when it is read)
)
from risk.guards.ex_officio import keep_ex_officio


def install_guards(using: str, **kwargs) -> None:
    engine.install([*guards.GUARDS, *engine.history_guards("risk")], using=using)


class RiskConfig(AppConfig):
    name = "risk"
    verbose_name = _("Rischi: comportamenti, valutazioni e misure")

    def ready(self) -> None:
        post_migrate.connect(install_guards, sender=self, dispatch_uid="risk_install_guards")
        acts.act_closed.connect(keep_ex_officio, dispatch_uid="risk_keep_ex_officio")
