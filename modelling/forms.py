"""The form that starts a training run."""

from django import forms

from annotation.models import Campaign
from modelling import recipes
from snapshots.models import Snapshot


class RunForm(forms.Form):
    snapshot = forms.ModelChoiceField(Snapshot.objects.none(), empty_label=None)
    recipe = forms.ChoiceField(initial="small")

    def __init__(self, *args, campaign: Campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["snapshot"].queryset = campaign.snapshots.filter(state=Snapshot.State.READY)
        self.fields["recipe"].choices = [(name, name) for name in recipes.names()]
