"""The form with which an admin proposes an affect."""

from django import forms

from taxonomy.models import Proposal


class ProposalForm(forms.Form):
    name = forms.CharField(max_length=Proposal._meta.get_field("name").max_length)
    note = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Why it is missing, and how it differs from what is there.",
    )
    examples = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Posts or words that stand for it, one a line.",
    )

    def clean_examples(self) -> list[str]:
        return self.cleaned_data["examples"].splitlines()
