"""Which language is spoken: raters' pages speak the reader's, all else speaks English."""

from django.http import HttpRequest
from django.utils.translation import activate

ENGLISH = "en"


def speak_english(request: HttpRequest) -> None:
    """For the rest of this request; its page then offers no other language."""
    activate(ENGLISH)
    request.LANGUAGE_CODE = ENGLISH
    request.speaks_english_only = True
