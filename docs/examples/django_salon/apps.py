"""The app with the salon's own table."""

from django.apps import AppConfig


class SalonConfig(AppConfig):
    """Names the app."""

    name = "django_salon"
