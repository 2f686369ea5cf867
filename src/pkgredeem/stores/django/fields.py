"""What the columns need beyond Django's own: texts kept whole, and checks on any Django."""

from typing import TYPE_CHECKING

import django
from django.db import models
from django.db.models import Q

from pkgredeem.stores._texts import stored_text, text_to_store

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

_CONDITION = "condition" if django.VERSION >= (5, 1) else "check"  # what Django calls it


class ExactTextField(models.TextField):  # type: ignore[type-arg]  # Django's own takes no argument
    """A text of any length and any characters, equal only to itself."""

    def get_db_prep_value(
        self,
        value: object,
        connection: "BaseDatabaseWrapper",
        prepared: bool = False,  # noqa: FBT001, FBT002 - Django's
    ) -> object:
        """Return what the column keeps."""
        # Not in get_prep_value: of a foreign key Django calls that twice.
        prepared_value = super().get_db_prep_value(value, connection, prepared)
        return text_to_store(prepared_value) if isinstance(prepared_value, str) else prepared_value

    def from_db_value(
        self,
        value: str | None,
        expression: object,  # noqa: ARG002 - what a field is given
        connection: "BaseDatabaseWrapper",  # noqa: ARG002 - what a field is given
    ) -> str | None:
        """Return the text that was kept."""
        return None if value is None else stored_text(value)


def check_constraint(condition: Q, name: str) -> models.CheckConstraint:
    """Return a check, under the name that this Django has for what it checks."""
    return models.CheckConstraint(**{_CONDITION: condition}, name=name)  # type: ignore[arg-type]
