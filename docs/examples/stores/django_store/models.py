"""The tables: what was sold, what was redeemed, and the history of every credit.

The constraints refuse whatever the code should never try: less than no credit, more than was sold,
a booking redeemed twice, an act that moves a credit twice. Nothing here is ever deleted, and
movements are never changed: they are the history.
"""

from __future__ import annotations  # fields are subscripted for type checkers only

from datetime import datetime  # noqa: TC003 - a reader of the annotations may evaluate them
from typing import Any, ClassVar

from django.db import models

from pkgredeem import Bucket, Movement, PackageKind, PackageStatus

_LONG = 200

def _choices(words)
