"""The settings of the example; `SALON_FILE` names its SQLite file."""

import os
import secrets

import shop

SECRET_KEY = os.environ.get("SALON_SECRET", secrets.token_urlsafe(50))
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "django_salon.urls"
INSTALLED_APPS = ["pkgredeem.stores.django", "django_salon"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_salon.errors.TellErrors",
]
CSRF_FAILURE_VIEW = "django_salon.errors.csrf_failure"
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
TEMPLATES = [
    {"BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": [shop.TEMPLATES]},
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("SALON_FILE", "salon.sqlite3"),
        # A transaction waits for its turn at its beginning, and for 20 seconds at most.
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
    }
}
USE_TZ = True
TIME_ZONE = "Pacific/Auckland"
