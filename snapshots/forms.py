from django import forms

from lib.errors import PathosError
from snapshots import plans


class SnapshotForm(forms.Form):
    """What a new snapshot shall be; `plan` once it is valid."""

    rules = forms.CharField(
        initial=plans.DEFAULT_RULE,
        max_length=200,
        help_text='Consensus rules, separated by commas: "votes>=3", "soft".',
    )
    name = forms.CharField(
        required=False, max_length=100, help_text="Another name gives other pseudonyms."
    )
    withdrawn = forms.BooleanField(required=False, label="Include withdrawn posts")

    def __init__(self, *args, default_name: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.default_name = default_name
        self.fields["name"].widget.attrs["placeholder"] = default_name

    def clean(self) -> dict:
        fields = super().clean()
        rules = [rule for rule in fields.get("rules", "").split(",") if rule.strip()]
        try:
            self.plan = plans.make(
                name=fields.get("name") or self.default_name,
                rules=rules,
                withdrawn=fields["withdrawn"],
            )
        except PathosError as error:
            raise forms.ValidationError(error.message) from error
        return fields
