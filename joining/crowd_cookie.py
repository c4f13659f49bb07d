"""How a browser that came by a link of one's own is known again.

Such a link carries no id, so the browser keeps one: signed, and sent to that link's address alone.
It is given out when the page is first shown, so that two clicks on "Begin" are one person.
"""

from secrets import token_hex

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from joining.models import Entrance

NAME = "came_as"
DAYS = 180


def is_used(request: HttpRequest, entrance: Entrance) -> bool:
    """Whether it takes a cookie: on a link of one's own that tells no participant."""
    return entrance.kind == Entrance.Kind.OPEN and not request.GET.get("participant")


def read(request: HttpRequest, entrance: Entrance) -> str:
    """The id that the browser keeps, or a new one."""
    kept = request.get_signed_cookie(NAME, default=None, salt=entrance.token)
    return kept or f"browser-{token_hex(8)}"


def write(
    response: HttpResponse, request: HttpRequest, entrance: Entrance, participant: str
) -> HttpResponse:
    """The response, which also makes the browser keep the id."""
    response.set_signed_cookie(
        NAME,
        participant,
        salt=entrance.token,
        max_age=DAYS * 86_400,
        path=request.path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
