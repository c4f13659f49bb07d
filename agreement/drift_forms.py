"""The form with which a reader says which two reports to lay side by side."""

from collections.abc import Iterable

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from agreement.models import Report
from agreement.options import Options
from agreement.text import chosen


class CompareForm(forms.Form):
    """Two stored reports, or the day before and after which to look."""

    older = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    newer = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    around = forms.DateField(
        required=False,
        label="Or before and after this day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, stored: Iterable[Report], data=None):
        super().__init__(data)
        self.stored = [(report.id, name_of(report)) for report in stored]
        for name in ("older", "newer"):
            self.fields[name].choices = [("", "–"), *self.stored]

    def clean(self) -> dict:
        asked = self.cleaned_data
        if not self.errors and not (asked["around"] or (asked["older"] and asked["newer"])):
            raise forms.ValidationError("Choose two reports, or a day.")
        return asked


def name_of(report: Report) -> str:
    """A stored report in words: when, of how many judgements, and what of it is not as usual."""
    usual = Options().as_dict()
    options = report.options
    unusual = [f"{k} {v}" for k, v in options.items() if k in usual and v != usual[k]]
    more = "; ".join(filter(None, [", ".join(unusual), chosen(options)]))
    when = date_format(timezone.localtime(report.computed_at), "j F Y, H:i")
    return f"{when}: {report.judgements:,} judgements" + (f" ({more})" if more else "")
