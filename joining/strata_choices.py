"""What raters may say of themselves. Lists are short, so that nobody stands out in a slice.

Where they come from:
age        the ten-year bands of opinion surveys; adults only
gender     woman, man, non-binary, or in one's own words: the order and the open field that the
           HCI Guidelines for Gender Equity and Inclusivity (Scheuerman et al., 2020) recommend
ideology   the left-right placement of oneself of the European Social Survey (0 to 10), in five
           steps, and a way out for those who see themselves nowhere on it
ethnicity, location   in one's own words: the UN's principles for censuses (revision 3, 2017) ask
           for self-identification, since no list fits two countries
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

AGE_BANDS = (
    ("18-24", _("18 to 24")),
    ("25-34", _("25 to 34")),
    ("35-44", _("35 to 44")),
    ("45-54", _("45 to 54")),
    ("55-64", _("55 to 64")),
    ("65-74", _("65 to 74")),
    ("75+", _("75 or older")),
)
GENDERS = (
    ("woman", _("Woman")),
    ("man", _("Man")),
    ("non-binary", _("Non-binary")),
)
IDEOLOGIES = (
    ("left", pgettext_lazy("in politics", "Left")),
    ("rather left", _("Rather left")),
    ("middle", _("In the middle")),
    ("rather right", _("Rather right")),
    ("right", pgettext_lazy("in politics", "Right")),
    ("nowhere", _("Nowhere on this scale")),
)
#: Posts can be spread over raters by these: a question in one's own words makes no strata.
SPREADABLE = {"age_band": AGE_BANDS, "gender": GENDERS, "ideology": IDEOLOGIES}
