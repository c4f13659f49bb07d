"""The form with which a reader says how agreement shall be computed, and over what."""

from django import forms
from django.core.exceptions import ValidationError

from agreement.errors import UnknownOption
from agreement.options import ALL, LIMITS, Options, numbers

CORRELATIONS = [("pearson", "Pearson"), ("spearman", "Spearman (GoEmotions' choice)")]
UNDEFINED = [("exclude", "left out, and counted"), ("zero", "counted as 0")]
DRAWN = [
    (ALL, "all posts"),
    ("routed", "posts as routing's search chose them"),
    ("uniform", "posts as its even share chose them"),
]


def _whole_number(name: str, **more) -> forms.IntegerField:
    least, most = LIMITS[name]
    return forms.IntegerField(min_value=least, max_value=most, required=False, **more)


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(required=False, label=label, widget=widget)


class NumbersField(forms.CharField):
    """Raters' numbers with commas between."""

    def clean(self, value: str) -> tuple[int, ...]:
        try:
            return numbers(super().clean(value))
        except UnknownOption as error:
            raise ValidationError(error.message) from error


class WaysForm(forms.Form):
    """How; fields that are left out keep their default. `options` is what they come to."""

    correlation = forms.ChoiceField(choices=CORRELATIONS, required=False)
    undefined = forms.ChoiceField(choices=UNDEFINED, required=False, label="Undefined raters")
    min_posts = _whole_number(
        "min_posts",
        label="Shared posts a rater needs",
        help_text="2 is the definition; 30 is wise for noisy crowds.",
    )
    bootstrap = _whole_number(
        "bootstrap",
        label="Draws for 95 % intervals",
        help_text="0: no intervals; 1,000 is a good number.",
    )
    seed = _whole_number("seed", label="Seed of the draws")

    def __init__(self, data=None):
        super().__init__(self.usual | {k: v for k, v in (data or {}).items() if v})

    @property
    def usual(self) -> dict[str, str | int]:
        """What a field that is left out comes to."""
        return Options().as_dict()

    @property
    def options(self) -> Options:
        return Options(**self.cleaned_data)


class OptionsForm(WaysForm):
    """How, and over what: all judgements, where nothing else is said."""

    without = NumbersField(
        required=False,
        label="Without these raters",
        help_text="Their numbers on the raters' page, such as 12, 15.",
    )
    since = _day("Judged since")
    until = _day("Judged until")
    drawn = forms.ChoiceField(choices=DRAWN, required=False, label="Only")

    @property
    def usual(self) -> dict[str, str | int]:
        return super().usual | {"drawn": ALL}

    def clean(self) -> dict:
        if not self.errors:
            try:
                Options(**self.cleaned_data)
            except UnknownOption as error:
                for fault in error.errors:
                    self.add_error(fault["where"], fault["what"])
        return self.cleaned_data
