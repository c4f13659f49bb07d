"""How a post's publisher looks beside the post."""

from hashlib import blake2b

from django import template

register = template.Library()
TINTS = 6


@register.filter
def initials(publisher: str) -> str:
    """The first letters of the first two words that begin with a letter or digit.

    >>> initials("Night Cleaners' Branch")
    'NC'
    """
    words = [word for word in publisher.split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "·"


@register.filter
def tint(publisher: str) -> int:
    """The same publisher has the same colour on every page."""
    return blake2b(publisher.encode(), digest_size=1).digest()[0] % TINTS
