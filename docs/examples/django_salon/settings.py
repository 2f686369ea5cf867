"""The settings of the example; `SALON_FILE` names its SQLite file."""

import os
import secrets

import shop

SECRET_KEY = os.environ.get("SALON_SECRET", secrets.token_urlsafe(50))
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "django_salon.urls"
INSTALLED_APPS = ["stores.django_store.apps.PackagesConfig"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
TEMPLATES = [
    {"BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": [shop.TEMPLATES]},
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("SALON_FILE", "salon.sqlite3"),
        # What the store asks for: a transaction waits for its turn at its beginning.
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    }
}
USE_TZ = True
TIME_ZONE = "Pacific/Auckland"
