"""One transaction for your own rows and the redemption, done again where others were quicker."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from pkgredeem import ConflictError

ATTEMPTS: Final = 5
_View = Callable[..., HttpResponse]


def in_one_transaction(view: _View) -> _View:
    """Make a view whose rows are all kept or none, and which is done again after a conflict.

    Inside one transaction a second look may see nothing new. So the desk is told `attempts=1`, the
    `ConflictError` of a lost race undoes everything, and the whole view is done again: what it
    reads then is true now (D35). The last `ConflictError` is told to the visitor.
    """

    @wraps(view)
    def done_again(request: HttpRequest, **path: str) -> HttpResponse:
        for _ in range(ATTEMPTS - 1):
            with suppress(ConflictError), transaction.atomic():
                return view(request, **path)
        with transaction.atomic():
            return view(request, **path)

    return done_again
