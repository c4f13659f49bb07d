"""What admins say of an entrance. The verbs decide whether it may be so."""

from django import forms

from joining.models import Entrance

DATE_AND_TIME = "%Y-%m-%dT%H:%M"
PLACEHOLDERS = "{participant}, {study} and {session} are filled in."


class EntranceForm(forms.ModelForm):
    """Everything about an entrance that may be changed later."""

    completion_url = forms.URLField(
        label="Completion URL",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=f"Where those who are done are sent. {PLACEHOLDERS}",
    )
    screen_out_url = forms.URLField(
        label="Screen-out URL",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=f"Where those go who can’t take part. {PLACEHOLDERS}",
    )

    class Meta:
        model = Entrance
        fields = [
            "name", "quota", "places", "closes_at", "completion_code", "completion_url",
            "screen_out_url",
        ]  # fmt: skip
        labels = {
            "quota": "Judgements each",
            "places": "Participants at most",
            "closes_at": "Closes at",
        }
        help_texts = {
            "name": "Only admins see it: the study’s name on the platform, say.",
            "quota": "Empty: as many as there are posts.",
            "places": "Empty: any number.",
            "closes_at": "To newcomers. Empty: when you close it.",
            "completion_code": "Shown to those who are done.",
        }
        widgets = {
            "closes_at": forms.DateTimeInput(
                format=DATE_AND_TIME, attrs={"type": "datetime-local"}
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("quota", "places"):
            self.fields[name].widget.attrs["min"] = 1

    def refuse(self, errors: list[dict]) -> None:
        """Shows the faults that a verb has found, each at its field where there is one."""
        for fault in errors:
            self.add_error(fault["where"] if fault["where"] in self.fields else None, fault["what"])


class NewEntranceForm(EntranceForm):
    class Meta(EntranceForm.Meta):
        fields = ["kind", *EntranceForm.Meta.fields]
        labels = {**EntranceForm.Meta.labels, "kind": "Where people come from"}
