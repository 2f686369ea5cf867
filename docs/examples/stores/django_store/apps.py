"""The app's name and label, for `INSTALLED_APPS`."""

from django.apps import AppConfig


class PackagesConfig(AppConfig):
    """Keeps packages and redemptions under the label `packages`."""

    name = __name__.rpartition(".")[0]  # wherever you copy the app to
    label = "packages"
    default_auto_field = "django.db.models.BigAutoField"
