"""How figures on raters are written on pages."""

from django import template

from quality.text import DASH

register = template.Library()


@register.filter
def percent(share: float | str | None, unit: str = " %") -> str:
    """A share in whole hundredths, with a space that doesn't break; a dash where undefined, or
    where the template looked into something that isn't there yet."""
    return DASH if share in (None, "") else f"{100 * share:.0f}{unit}".replace(" ", "\u00a0")
