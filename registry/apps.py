from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from simple_history.signals import pre_create_historical_record

from registry import acts, guards


def install_guards(using: str, **kwargs) -> None:
    guards.install(guards.GUARDS, using=using)


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Registro: enti, uffici, piani e processi")

    def ready(self) -> None:
        post_migrate.connect(install_guards, sender=self, dispatch_uid="registry_install_guards")
        pre_create_historical_record.connect(
            acts.mark_history, dispatch_uid="registry_mark_history"
        )
