"""What the pages send. The verbs decide whether it may be said; forms only read it."""

import re
from uuid import uuid4

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from annotation.models import Campaign
from lib.errors import Unprocessable
from taxonomy.models import Taxonomy

DAY = 24 * 3600


class PicksField(forms.MultipleChoiceField):
    def valid_value(self, value: str) -> bool:
        return True  # which affects there are, and how many may be picked, is the verb's to say


class AnswerForm(forms.Form):
    """One answer, with `initial` when one of before is revised."""

    picks = PicksField(required=False)
    other = forms.CharField(required=False)

    def answer(self) -> dict:
        """The fields as the verbs take them. Raises Unprocessable for what no page would send."""
        if not self.is_valid():
            field, faults = next(iter(self.errors.items()))
            raise Unprocessable(f"{field}: {faults[0]}")
        return self.cleaned_data

    @property
    def picked(self) -> list[str]:
        return self["picks"].value() or []


class SubmitForm(AnswerForm):
    """The answer to an assignment. A page that is sent twice carries the same key both times.

    `waited` are the seconds that the answer lay in the browser before it could be sent.
    """

    seconds = forms.FloatField(required=False, min_value=0, max_value=DAY)
    waited = forms.FloatField(required=False, min_value=0, max_value=30 * DAY)
    idempotency_key = forms.CharField(max_length=80, initial=lambda: uuid4().hex)

    def clean_waited(self) -> float:
        return self.cleaned_data["waited"] or 0.0


class TurnForm(forms.Form):
    """What the page's script has on the desk, and how many posts it wants to hold."""

    have = forms.CharField(required=False)
    hold = forms.IntegerField(required=False, min_value=1)

    def wishes(self) -> dict:
        """`have` and `hold` as `cards.turn` takes them; what makes no sense is as good as unsaid."""
        self.full_clean()
        have = re.findall(r"\d+", self.cleaned_data.get("have", ""))
        return {"have": {int(one) for one in have}, "hold": self.cleaned_data.get("hold") or 1}


class ReasonForm(forms.Form):
    """Why a post is skipped or flagged: one of the usual reasons, and a note if need be.

    The reasons are stored in English, whatever language the rater reads them in.
    """

    reasons: dict[str, str]
    reason = forms.ChoiceField()
    note = forms.CharField(
        required=False, max_length=140, label=_("In your own words, if you like")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"reason": next(iter(self.reasons))}, **kwargs)
        self.fields["reason"].choices = list(self.reasons.items())

    def sentence(self) -> str:
        """The reason with its note. Raises Unprocessable when no reason was chosen."""
        if not self.is_valid():
            raise Unprocessable(
                gettext("Please choose a reason, with a note of at most 140 characters.")
            )
        reason, note = self.cleaned_data["reason"], self.cleaned_data["note"]
        return f"{reason}: {note}" if note else reason


class SkipForm(ReasonForm):
    prefix = "skip"
    reasons = {
        "I can’t tell": _("I can’t tell"),
        "I don’t understand the language": _("I don’t understand the language"),
        "It is too upsetting for me": _("It is too upsetting for me"),
        "Something is missing or broken": _("Something is missing or broken"),
    }

    def seconds(self) -> float | None:
        """Active seconds spent on the post; None where the page could not tell."""
        spent = SecondsForm(self.data)
        return spent.cleaned_data["seconds"] if spent.is_valid() else None


class SecondsForm(forms.Form):
    seconds = forms.FloatField(required=False, min_value=0, max_value=DAY)


class FlagForm(ReasonForm):
    prefix = "flag"
    reasons = {
        "It may put somebody in danger": _("It may put somebody in danger"),
        "It shows a private person’s details": _("It shows a private person’s details"),
        "It is upsetting and not marked as such": _("It is upsetting and not marked as such"),
        "It is not a real post": _("It is not a real post"),
    }


class CampaignForm(forms.Form):
    slug = forms.SlugField(
        max_length=60, help_text="Stands in the address of its pages: small letters, digits and -."
    )
    name = forms.CharField(max_length=200)
    taxonomy = forms.ModelChoiceField(
        Taxonomy.objects.all(), empty_label=None, help_text="Frozen from the first campaign on."
    )
    frame = forms.ChoiceField(choices=Campaign.Frame, label="Raters are asked")
    raters_per_post = forms.IntegerField(min_value=1, max_value=1000, initial=5)
    max_picks = forms.IntegerField(
        min_value=1, required=False, help_text="Empty: as many as the taxonomy says."
    )
    lease_minutes = forms.IntegerField(
        min_value=1, initial=30, help_text="A post goes back to the queue after this time."
    )
    guideline = forms.CharField(
        widget=forms.Textarea, required=False, help_text="Shown above the affects’ definitions."
    )

    def campaign(self) -> dict:
        """The fields as `campaigns.create` takes them."""
        fields = dict(self.cleaned_data)
        lease_seconds = fields.pop("lease_minutes") * 60
        return {**fields, "lease_seconds": lease_seconds}

    def refuse(self, errors: list[dict]) -> None:
        """Shows the faults that a verb has found, each at its field where there is one."""
        for fault in errors:
            self.add_error(fault["where"] if fault["where"] in self.fields else None, fault["what"])


class AddRaterForm(forms.Form):
    username = forms.CharField(max_length=150, label="User name")

    def clean_username(self) -> AbstractBaseUser:
        name = self.cleaned_data["username"]
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            raise forms.ValidationError(
                f"There is no account '{name}'. Make one under Accounts, then add it here."
            )
        return user
