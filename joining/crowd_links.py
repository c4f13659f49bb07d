"""Links to entrances, whole, as people paste them."""

from django.http import HttpRequest
from django.urls import reverse

from joining.crowd_rules import link_to_paste
from joining.models import Entrance


def link_of(request: HttpRequest, entrance: Entrance) -> str:
    """The entrance's link as its platform wants it, on the host of this request."""
    address = request.build_absolute_uri(reverse("joining:enter", args=[entrance.token]))
    return link_to_paste(entrance.kind, address)
