"""How the app answers what it can't serve: a status of HTTP, and a page with a sentence."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from django_salon.visit import page
from shop import forms


class TellErrors:
    """A middleware that tells what the shop, the library or a decorator refuses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what answers."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with a page also for a wrong method, of which Django says nothing."""
        response = self._get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            answer = _refuse(request, HTTPStatus.METHOD_NOT_ALLOWED)
            answer.headers["Allow"] = response.headers["Allow"]
            return answer
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Tell what a view raised; leave our own bugs to Django."""
        if isinstance(error, forms.ANSWERED):
            return _tell(request, *forms.answer_to(error))
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's names
    """Tell of a form that Django can't read."""
    return _refuse(request, HTTPStatus.BAD_REQUEST)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's names
    """Tell of an address that is not there."""
    return _refuse(request, HTTPStatus.NOT_FOUND)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's names
    """Tell of a form that does not come from our own page, or has waited for too long."""
    told = "This form is too old. Please go back, load the page again and repeat it."
    return _tell(request, HTTPStatus.FORBIDDEN, told)


def _refuse(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    return _tell(request, status, forms.SENTENCES[status])


def _tell(request: HttpRequest, status: HTTPStatus, told: str) -> HttpResponse:
    return page(request, "error.html", {"told": told}, status=status)
