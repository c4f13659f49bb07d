"""What the pages of joining send. The verbs decide whether it may be so."""

from django import forms
from django.contrib.auth.forms import BaseUserCreationForm
from django.utils.translation import gettext_lazy as _

from joining.invitations import DAYS
from joining.models import Strata
from joining.strata_choices import AGE_BANDS, GENDERS, IDEOLOGIES

NOT_SAID = ("", _("I’d rather not say"))
OWN_WORDS = "own"
LARGEST_UPLOAD = 5 * 1024 * 1024


class SignUpForm(BaseUserCreationForm):
    """A new account: a name and a password."""

    def __init__(self, *args, email: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.email = email  # no password should be like it
        name, password, again = (self.fields[name] for name in self.fields)
        name.help_text = _("Need not be your real name. Admins see it, other raters do not.")
        password.help_text = _("At least 8 characters, not only digits, and not easy to guess.")
        again.label, again.help_text = _("The same password again"), ""

    def validate_password_for_user(self, user, password_field_name: str = "password1") -> None:
        """What is wrong with the password is said where it is chosen, not where it is repeated."""
        super().validate_password_for_user(user, password_field_name)


class StrataForm(forms.Form):
    """What raters may say of themselves; everything may stay blank."""

    age_band = forms.ChoiceField(
        label=_("Your age"),
        choices=[NOT_SAID, *AGE_BANDS],
        required=False,
        help_text=_("Feelings about the same post differ between the young and the old."),
    )
    gender = forms.ChoiceField(
        label=_("Your gender"),
        choices=[NOT_SAID, *GENDERS, (OWN_WORDS, _("In my own words:"))],
        required=False,
        help_text=_("So that no gender speaks for all."),
    )
    gender_own = forms.CharField(
        label=_("Your gender in your own words"), max_length=40, required=False
    )
    ethnicity = forms.CharField(
        label=_("Your ethnic or cultural background"),
        max_length=60,
        required=False,
        help_text=_("In your own words. Background changes what hurts and what is funny."),
    )
    ideology = forms.ChoiceField(
        label=_("In politics people speak of left and right. Where do you see yourself?"),
        choices=[NOT_SAID, *IDEOLOGIES],
        required=False,
        help_text=_("Many posts are about politics, and people feel differently about them."),
    )
    location = forms.CharField(
        label=_("Where you live"),
        max_length=60,
        required=False,
        help_text=_("A country or a region is enough."),
    )

    @classmethod
    def of(cls, strata: Strata | None) -> "StrataForm":
        """The form as the rater filled it in last."""
        if strata is None:
            return cls()
        said = {name: getattr(strata, name) for name in cls.base_fields if name != "gender_own"}
        if said["gender"] and said["gender"] not in dict(GENDERS):
            said |= {"gender": OWN_WORDS, "gender_own": strata.gender}
        return cls(initial=said)

    def parts(self) -> dict[str, str]:
        """The fields as `strata.declare` takes them."""
        said = dict(self.cleaned_data)
        own = said.pop("gender_own")
        if said["gender"] == OWN_WORDS or (own and not said["gender"]):
            said["gender"] = own
        return said


class EntryForm(forms.Form):
    shows_guideline = forms.BooleanField(label="They read the guideline", required=False)
    asks_strata = forms.BooleanField(label="They are asked about themselves", required=False)
    spread = forms.ChoiceField(
        label="Each post goes to raters of different",
        choices=[
            ("", "any kind"),
            ("age_band", "age"),
            ("gender", "gender"),
            ("ideology", "ideology"),
        ],
        required=False,
        help_text="As evenly as they come: nobody waits for raters who don’t. Only for what raters "
        "are asked about and have told.",
    )


class ConsentTextForm(forms.Form):
    text = forms.CharField(
        label="The text",
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="A blank line begins a paragraph. Say who runs the study, what it is for, what "
        "is stored and for how long, and whom to ask.",
    )


class InviteForm(forms.Form):
    days = forms.IntegerField(label="Valid for (days)", min_value=1, max_value=365, initial=DAYS)


class InviteManyForm(InviteForm):
    prefix = "many"
    file = forms.FileField(
        label="CSV file",
        help_text="With a column “email”; other columns don’t matter.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,text/csv"}),
    )
    field_order = ["file", "days"]

    def clean_file(self):
        if self.cleaned_data["file"].size > LARGEST_UPLOAD:
            raise forms.ValidationError("The file has more than 5 MB. Please split it.")
        return self.cleaned_data["file"]
