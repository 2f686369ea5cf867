"""Logging in and out, and the style sheet: put `django.contrib.auth` in their place."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

import shop
from django_salon.visit import page


@require_GET
def style(_: HttpRequest) -> HttpResponseBase:
    """Return the style of all pages."""
    return FileResponse(shop.STYLE.open("rb"), content_type="text/css")


@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for an address, and remember whose it is."""
    if request.method == "GET":
        return page(request, "login.html", {})
    email = request.POST.get("email", "")
    if email not in shop.PEOPLE:
        return page(request, "login.html", {"unknown": True}, status=422)
    request.session.flush()
    request.session["email"] = email
    return redirect("/staff/" if shop.person(email).is_staff else "/")


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Forget who is here."""
    request.session.flush()
    return redirect("/")
