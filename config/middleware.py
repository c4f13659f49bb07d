"""What every page answers with: a strict security policy, and mistakes as plain sentences."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_from_request, override

from lib.errors import PathosError
from lib.languages import ENGLISH

#: Everything a page needs comes from this very server, and nothing is written inline.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
#: REST, and the admin that Django brings along.
IN_ENGLISH = ("/api/", "/django-admin/")


def security_policy(get_response: Callable) -> Callable:
    """Adds the content security policy, unless a view has brought a stricter one of its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware


def readers_language(get_response: Callable) -> Callable:
    """Pages speak the language chosen at their foot, else the browser's; programs get English.

    Pages for staff turn to English by themselves (lib.languages).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        is_for_programs = request.path.startswith(IN_ENGLISH)
        request.LANGUAGE_CODE = ENGLISH if is_for_programs else get_language_from_request(request)
        with override(request.LANGUAGE_CODE):
            response = get_response(request)
            response.headers.setdefault("Content-Language", get_language())
        if not is_for_programs:
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return middleware


class ErrorPages:
    """A PathosError in a page becomes a page with its sentence; REST has its own shape for it."""

    def __init__(self, get_response: Callable):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, PathosError):
            return None
        if request.htmx:  # the page stays as it is and shows the sentence
            return HttpResponse(error.message, status=error.status, content_type="text/plain")
        shown = {"heading": error.heading, "sentence": error.message}
        return render(request, "error.html", shown, status=error.status)
