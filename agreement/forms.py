"""The form with which a reader says how agreement shall be computed."""

from django import forms

from agreement.options import LIMITS, Options

CORRELATIONS = [("pearson", "Pearson"), ("spearman", "Spearman (GoEmotions' choice)")]
UNDEFINED = [("exclude", "left out, and counted"), ("zero", "counted as 0")]


def _whole_number(name: str, **more) -> forms.IntegerField:
    least, most = LIMITS[name]
    return forms.IntegerField(min_value=least, max_value=most, required=False, **more)


class OptionsForm(forms.Form):
    """Fields that are left out keep their default; `options` is what they come to."""

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
        super().__init__(Options().as_dict() | {k: v for k, v in (data or {}).items() if v})

    @property
    def options(self) -> Options:
        return Options(**self.cleaned_data)
