"""A salon's booking pages in FastAPI: the app, and how it answers what it can't serve.

From `docs/examples`: `SALON_FILE=salon.db uvicorn --factory fastapi_salon.app:from_environment`.
"""

import os

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

import shop
from fastapi_salon import api, client, login, staff
from fastapi_salon.diary import Diary
from fastapi_salon.visit import Salon, page
from pkgredeem import InvalidValueError, RedemptionDesk
from pkgredeem.stores.sqlite import SqliteStore
from shop import forms, pages, words


def create_app(store: pages.Store, diary: Diary) -> FastAPI:
    """Return the app on that store and that diary."""
    # The document of the API is public; pages that show it would load scripts from elsewhere.
    app = FastAPI(
        title="Rātā Salon", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None
    )
    app.state.salon = Salon(RedemptionDesk(shop.POLICY, store), store, diary)
    for router in (login.router, client.router, staff.router):
        app.include_router(router, include_in_schema=False)
    app.include_router(api.router)
    for error in forms.ANSWERED:
        app.add_exception_handler(error, tell_error)
    app.add_exception_handler(RequestValidationError, tell_broken_request)
    app.add_exception_handler(HTTPException, tell_http_error)
    return app


def tell_error(request: Request, error: Exception) -> Response:
    """Tell what the shop or the library refuses."""
    return _tell(request, *forms.answer_to(error))


def tell_broken_request(request: Request, error: Exception) -> Response:
    """Tell an app which field is wrong, and people to fill in the form again."""
    told = "This form is not complete. Please go back and fill it in again."
    if _is_api(request) and isinstance(error, RequestValidationError):
        told = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()
        )
    return _tell(request, 422, told)


def tell_http_error(request: Request, error: Exception) -> Response:
    """Tell what the framework refuses, such as an address that is not there."""
    if not isinstance(error, HTTPException):
        raise error
    told = forms.SENTENCES.get(error.status_code, words.sentence(error.detail))
    answer = _tell(request, error.status_code, told)
    answer.headers.update(error.headers or {})
    return answer


def _tell(request: Request, status: int, told: str) -> Response:
    if _is_api(request):
        return JSONResponse({"detail": told}, status)
    return page(request, "error.html", {"told": told}, status=status)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def from_environment() -> FastAPI:
    """Return the app on the SQLite file that `SALON_FILE` names, with what was sold in it.

    The salon's own table is in another file beside it, for the first one is the store's.
    """
    path = os.environ["SALON_FILE"]
    store = SqliteStore(path)
    for package in shop.sold():
        try:
            store.add(package)
        except InvalidValueError:
            continue  # it is there from an earlier start
    return create_app(store, Diary(f"{path}-diary"))
