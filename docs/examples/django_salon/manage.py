"""Django's own commands for the example, and `sell`, which puts what was sold into the tables.

From `docs/examples`: `python django_salon/manage.py migrate`, then `sell`, then `runserver`.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

import django
from django.core.management import execute_from_command_line

from pkgredeem import InvalidValueError


def sell() -> None:
    """Put what was sold at the counter into the tables, and leave what is there already."""
    django.setup()
    import shop  # noqa: PLC0415 - Django is set up first
    from pkgredeem.stores.django import DjangoStore  # noqa: PLC0415 - Django is set up first

    for package in shop.sold():
        with suppress(InvalidValueError):  # it is there from an earlier run
            DjangoStore().add(package)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "django_salon.settings")
    if sys.argv[1:] == ["sell"]:
        sell()
    else:
        execute_from_command_line(sys.argv)
