"""How time and money are written on pages."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def duration(seconds: int) -> str:
    """Hours and minutes; minutes that are begun count as none, so that nothing is promised.

    >>> duration(7500), duration(59), duration(0)
    ('2 h 5 min', 'under 1 min', '0 min')
    """
    hours, minutes = divmod(seconds // 60, 60)
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    if seconds and not minutes:
        return _("under 1 min")
    return _("%(minutes)d min") % {"minutes": minutes}


@register.filter
def amount(number: Decimal) -> str:
    """With two decimals and thousands apart, as the reader's language writes it.

    >>> amount(Decimal("1234.5"))
    '1,234.50'
    """
    return number_format(number, decimal_pos=2, use_l10n=True, force_grouping=True)
