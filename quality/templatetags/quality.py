"""How figures on raters are written on pages."""

from django import template

from quality.text import DASH

register = template.Library()


@register.filter
def percent(share: float | None, unit: str = " %") -> str:
    """A share in whole hundredths, with a space that doesn't break; a dash where undefined."""
    return DASH if share is None else f"{100 * share:.0f}{unit}".replace(" ", "\u00a0")
