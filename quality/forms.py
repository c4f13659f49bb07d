"""What an admin says when pausing a rater or setting judgements aside."""

from datetime import datetime, time

from django import forms
from django.utils import timezone

REASON_LENGTH = 200


class OnThePage(forms.Form):
    """One of two forms on a page that both ask for a reason: ids are kept apart."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id=f"{type(self).__name__.lower()}_%s", **kwargs)


class PauseForm(OnThePage):
    reason = forms.CharField(
        max_length=REASON_LENGTH, required=False, help_text="The rater reads it. May be empty."
    )


class SetAsideForm(OnThePage):
    reason = forms.CharField(
        max_length=REASON_LENGTH, help_text="For admins; the rater never sees it."
    )
    since = forms.DateField(
        required=False,
        label="From this day on",
        help_text="Empty: from the first judgement on.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    ask_again = forms.BooleanField(
        required=False, label="Ask other raters about these posts in this one’s stead"
    )
    pause = forms.BooleanField(required=False, initial=True, label="Pause the rater, too")

    def values(self) -> dict:
        """The fields as `members.set_aside` takes them: a day begins at its midnight here."""
        fields = dict(self.cleaned_data)
        day = fields["since"]
        midnight = timezone.make_aware(datetime.combine(day, time.min)) if day else None
        return {**fields, "since": midnight}
