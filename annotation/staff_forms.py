"""What admins may change of a campaign, as a page asks for it."""

from django import forms

from annotation.models import Campaign


class SettingsForm(forms.Form):
    """What may be changed of a campaign that is there, in groups."""

    GROUPS = {
        "What raters read": ["name", "guideline"],
        "Posts": ["raters_per_post", "lease_minutes", "daily_limit"],
        "Care": [
            "leaves_out_sensitive", "cover_reported_from", "break_after_minutes", "support_text",
        ],
        "Pay": ["pay_per_hour", "pay_currency"],
    }  # fmt: skip

    name = forms.CharField(max_length=200)
    guideline = forms.CharField(
        widget=forms.Textarea,
        required=False,
        help_text="What raters should keep in mind. Shown above the affects’ definitions.",
    )
    raters_per_post = forms.IntegerField(
        min_value=1,
        max_value=1000,
        help_text="Each post gets this many judgements. Fixed from the first post handed out on: "
        "posts with different numbers of raters don’t compare.",
    )
    lease_minutes = forms.IntegerField(
        min_value=1,
        max_value=7 * 24 * 60,
        help_text="A post that is not answered goes back to the queue after this time. Holds for "
        "posts handed out from now on.",
    )
    daily_limit = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        label="Judgements a rater may make in a day",
        help_text="Whoever has made so many since midnight gets no more posts until tomorrow. "
        "Empty: no limit.",
    )
    leaves_out_sensitive = forms.BooleanField(
        required=False,
        label="Leave out sensitive posts",
        help_text="Nobody is asked about them. Otherwise they are covered until a rater asks to "
        "see one, and each rater may choose to get none.",
    )
    cover_reported_from = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        label="Cover posts with this many reports",
        help_text="Posts that so many people of the platform have reported count as sensitive. "
        "Empty: reports cover nothing.",
    )
    break_after_minutes = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2**15 - 1,
        label="Suggest a break after (minutes)",
        help_text="After so many minutes of work the page suggests a break. Empty: never.",
    )
    support_text = forms.CharField(
        widget=forms.Textarea,
        required=False,
        help_text="Whom raters can turn to, with addresses and hours. For example: “Some posts "
        "are hard to look at. Talk to us: Mira Kern, care@example.org, weekdays 9 to 17. "
        "At any hour: the crisis line of your country.” Raters reach it from every post.",
    )
    pay_per_hour = forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        help_text="For an hour of active time; idle time is not counted. Raters see it, and an "
        "estimate of what they have earned. Empty: no pay is shown.",
    )
    pay_currency = forms.CharField(
        max_length=3, label="Currency", help_text="Three letters, such as EUR, USD or INR."
    )

    @classmethod
    def of(cls, campaign: Campaign, data: dict | None = None) -> "SettingsForm":
        """The form filled with what the campaign says now."""
        now = {name: getattr(campaign, name, None) for name in cls.base_fields}
        return cls(data, initial={**now, "lease_minutes": round(campaign.lease_seconds / 60)})

    def clean_pay_currency(self) -> str:
        return self.cleaned_data["pay_currency"].upper()

    def changes(self) -> dict:
        """The fields that differ, as `campaigns.change` takes them."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        if "lease_minutes" in changed:
            changed["lease_seconds"] = changed.pop("lease_minutes") * 60
        return changed

    def refuse(self, errors: list[dict]) -> None:
        """Shows the faults that a verb has found, each at its field where there is one."""
        for fault in errors:
            where = fault["where"].replace("lease_seconds", "lease_minutes")
            self.add_error(where if where in self.fields else None, fault["what"])

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS.items()]
