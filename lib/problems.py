"""Every REST error has one JSON shape: problem details (RFC 9457) with `code` and `errors`."""

from http import HTTPStatus

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler, set_rollback

from lib.errors import PathosError


def problem_handler(exception: Exception, context: dict) -> Response | None:
    """DRF's EXCEPTION_HANDLER. Unknown exceptions stay exceptions: they are our bugs."""
    if isinstance(exception, PathosError):
        set_rollback()
        return problem(exception.status, exception.code, exception.message, exception.errors)
    response = exception_handler(exception, context)
    if response is None:
        return None
    known = problem(
        response.status_code, _code(exception), _sentence(exception), _places(exception)
    )
    for header in ("WWW-Authenticate", "Retry-After"):
        if header in response:
            known[header] = response[header]
    return known


@extend_schema(exclude=True)
class NothingHere(APIView):
    """Stands behind all REST addresses, so that a mistyped one is answered in JSON, too."""

    permission_classes = [AllowAny]

    def initial(self, request, *args, **kwargs) -> None:
        raise Http404


def problem(status: int, code: str, detail: str, errors: list[dict] | None = None) -> Response:
    """The answer itself: `type`, `title`, `status`, `code`, `detail`, `errors`."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": errors or [],
    }
    return Response(body, status=status, content_type="application/problem+json")


def _code(exception: Exception) -> str:
    if isinstance(exception, Http404):
        return "not_found"
    return getattr(exception, "default_code", "error")


def _sentence(exception: Exception) -> str:
    if isinstance(exception, exceptions.NotAuthenticated):
        return "This address needs a token: send the header 'Authorization: Token YOUR-TOKEN'."
    if isinstance(exception, exceptions.ValidationError):
        return "Some fields of the request can't be used; see 'errors'."
    if isinstance(exception, Http404):
        return "There is nothing at this address that you may see."
    return str(getattr(exception, "detail", exception))


def _places(exception: Exception) -> list[dict]:
    if not isinstance(exception, exceptions.ValidationError):
        return []
    return list(_flatten("", exception.detail))


def _flatten(where: str, detail):
    """DRF nests its messages; here each becomes one place: 'picks.2' and what is wrong there."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from _flatten(f"{where}.{key}".lstrip("."), value)
    elif isinstance(detail, list) and any(isinstance(part, (dict, list)) for part in detail):
        for index, value in enumerate(detail):
            yield from _flatten(f"{where}.{index}".lstrip("."), value)
    else:
        messages = detail if isinstance(detail, list) else [detail]
        yield from ({"where": where or "body", "what": str(message)} for message in messages)
