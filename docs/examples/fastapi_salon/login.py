"""Logging in and out, and the style sheet: put your own login in its place."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

import shop
from fastapi_salon.visit import COOKIE, TheSalon, page

router = APIRouter()


@router.get("/shop.css")
def style() -> Response:
    """Return the style of all pages."""
    return FileResponse(shop.STYLE)


@router.get("/login")
def ask_who(request: Request) -> Response:
    """Ask for an address."""
    return page(request, "login.html", {})


@router.post("/login")
def log_in(request: Request, salon: TheSalon, email: Annotated[str, Form()]) -> Response:
    """Remember whose the address is, in a cookie that no other site can send."""
    if email not in shop.PEOPLE:
        return page(request, "login.html", {"unknown": True}, status=422)
    token = secrets.token_urlsafe()
    salon.logged_in[token] = email
    answer = RedirectResponse("/staff/" if shop.person(email).is_staff else "/", 303)
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict")
    return answer


@router.post("/logout")
def log_out(request: Request, salon: TheSalon) -> Response:
    """Forget who is here."""
    salon.logged_in.pop(request.cookies.get(COOKIE, ""), None)
    return RedirectResponse("/", 303)
