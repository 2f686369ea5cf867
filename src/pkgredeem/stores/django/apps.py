"""The app, for `INSTALLED_APPS`, and what it asks of a project's settings."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


class PkgRedeemConfig(AppConfig):
    """Keeps packages and redemptions under the label `pkgredeem`."""

    name = "pkgredeem.stores.django"
    label = "pkgredeem"
    verbose_name = "Packages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the settings checked, as `manage.py` does before it migrates or serves."""
        checks.register(instants_are_exact)


def instants_are_exact(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - what a check is given
    **_: object,
) -> list[checks.CheckMessage]:
    """Refuse settings under which an hour of autumn would be stored as another one."""
    if settings.USE_TZ:
        return []
    return [
        checks.Error(
            "pkgredeem keeps instants, and USE_TZ is False",
            hint="set USE_TZ = True: without it Django stores local times, and an hour twice",
            id="pkgredeem.E001",
        )
    ]
