"""`pkgredeem[django]`: a new project, one line in INSTALLED_APPS, and `migrate`."""

import os
import subprocess
import sys
from pathlib import Path

import django

from tests.fresh.life import live


def run(*arguments: str) -> None:
    """Run a command of Django's, where any warning is an error."""
    subprocess.run([sys.executable, "-W", "error", *arguments], check=True)


def main() -> None:
    """Make the project, and use its store and its admin."""
    run("-m", "django", "startproject", "salon", ".")
    settings = Path("salon/settings.py")
    apps = "INSTALLED_APPS = ["
    with_ours = settings.read_text().replace(apps, f"{apps}\n    'pkgredeem.stores.django',")
    settings.write_text(with_ours)
    run("manage.py", "check", "--fail-level", "WARNING")
    run("manage.py", "migrate", "--verbosity", "0")
    run("manage.py", "makemigrations", "--check", "--dry-run")

    os.environ["DJANGO_SETTINGS_MODULE"] = "salon.settings"
    django.setup()
    print("Django", django.__version__)
    from pkgredeem.stores.django import DjangoStore  # noqa: PLC0415 - the settings come first

    live(DjangoStore())
    see_the_admin()


def see_the_admin() -> None:
    """Look at its pages as a superuser."""
    from django.contrib.auth.models import User  # noqa: PLC0415 - the settings come first
    from django.contrib.staticfiles import finders  # noqa: PLC0415 - see above
    from django.test import Client  # noqa: PLC0415 - see above

    browser = Client(headers={"host": "localhost"})
    browser.force_login(User.objects.create_superuser("mia"))
    for page in ("package/", "package/p1/change/", "redemption/b1/change/", "movement/"):
        assert 200 == browser.get(f"/admin/pkgredeem/{page}").status_code
    assert finders.find("pkgredeem/admin.css") is not None
    print("the admin shows packages, redemptions and movements")


main()
