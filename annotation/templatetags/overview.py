"""The parts of an overview that other rooms hang in."""

from django import template
from django.template import Context
from django.template.loader import get_template

from annotation.overview import Panel

register = template.Library()


@register.simple_tag(takes_context=True)
def hung(context: Context, panel: Panel) -> str:
    """The panel as its own template shows it: it sees the campaign, the user, and what it is told."""
    shown = {name: context[name] for name in ("campaign", "user")} | panel.shown
    return get_template(panel.template).render(shown)
