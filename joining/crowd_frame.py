"""What Mechanical Turk shows of us inside its own page, as an external question.

A browser keeps our cookies out of a frame on another site, so nothing can be judged in there. The
frame holds a link that opens the study in a tab of its own, and the form that hands the completion
code to Mechanical Turk. It is the only page of ours that may be framed, and only there: it has no
button that does anything here.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from joining.crowd_rules import is_preview
from joining.models import Entrance

#: Where a worker's part is handed in: the real platform, and the one to try things on.
HANDS_IN_AT = ("https://www.mturk.com", "https://workersandbox.mturk.com")
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        f"form-action {' '.join(HANDS_IN_AT)}",
        "base-uri 'none'",
        "frame-ancestors https://*.mturk.com https://*.mturkcontent.com",
    )
)


def is_framed(request: HttpRequest, entrance: Entrance) -> bool:
    """Whether the browser asks for the page to show it inside another one."""
    framed = request.headers.get("Sec-Fetch-Dest") in ("iframe", "frame")
    return framed and entrance.kind == Entrance.Kind.MTURK


def page(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """The page for the frame; a preview has nothing to hand in yet."""
    asked = request.GET.get("turkSubmitTo", "").rstrip("/")
    shown = {
        "campaign": entrance.campaign,
        "entrance": entrance,
        "preview": is_preview(entrance.kind, request.GET),
        "address": request.get_full_path(),
        "assignment": request.GET.get("assignmentId", ""),
        "hand_in_at": asked if asked in HANDS_IN_AT else HANDS_IN_AT[0],
    }
    response = render(request, "joining/crowd_frame.html", shown)
    response.headers["Content-Security-Policy"] = POLICY
    response.xframe_options_exempt = True
    return response
