"""A salon's booking pages in FastAPI: log in, pick services, check, book, cancel.

Start it from `docs/examples`: `uvicorn --factory fastapi_salon.app:create_app`.
"""

import os
import secrets
from datetime import datetime
from typing import Annotated

import shop
from fastapi import Cookie, FastAPI, Form, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates
from stores.sqlite_store import SqliteStore

from pkgredeem import (
    Actor,
    Audience,
    Booking,
    Client,
    ClosedRedemptionError,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
)
