"""What the page sends."""

from django import forms

from routing import rules
from routing.errors import BadImportance, BadRound
from routing.models import Pin, Plan
from routing.rules import CHECK, STRATEGIES, Shares, check_importance

CHOICES = [(name, name) for name in STRATEGIES]


class PlanForm(forms.ModelForm):
    """The plan as the admin sees it. Shares that are no mixture are refused with the sentence."""

    class Meta:
        model = Plan
        fields = [
            "enabled",
            "strategy",
            "budget",
            "every_judgements",
            "every_hours",
            "exploit",
            "uncertainty",
            "diversity",
            "uniform",
            "temperature",
            "sampling",
            "min_raters",
            "collapses",
            "seed",
        ]
        labels = {
            "enabled": "Start rounds by themselves",
            "budget": "Posts a round draws",
            "every_judgements": "New judgements until the next round",
            "every_hours": "Hours until the next round, if anything new was judged",
            "collapses": "Ask only one of several near-duplicates",
            "min_raters": "Judgements a post needs to be learnt from",
            "exploit": "Share for likely carriers of rare, important affects",
            "uncertainty": "Share for posts the heads are unsure about",
            "diversity": "Share spread evenly over groups of posts that are alike",
            "uniform": "Share drawn evenly",
        }
        help_texts = {
            "strategy": "focused looks for every affect by how rare it is; mixed is the published "
            "formula.",
            "uniform": "Above 0: it keeps a chance for every post, so figures can be corrected.",
            "sampling": "Systematic draws as many as planned; Poisson each post by itself.",
            "temperature": "t in p^t (mixed) and p^(1/t) (focused), where p is an affect’s probability. "
            "Empty: what the strategy does best with, 0.5 (mixed) or 0.25 (focused).",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["strategy"].choices = [each for each in CHOICES if each[0] != CHECK]

    def clean(self) -> dict:
        cleaned = super().clean()
        parts = [cleaned.get(name) for name in rules.COMPONENTS]
        if None not in parts:
            try:
                Shares(*parts)
            except BadRound as refused:
                self.add_error("uniform", refused.message)
        return cleaned


class RoundForm(forms.Form):
    """One round now."""

    strategy = forms.ChoiceField(choices=CHOICES)
    budget = forms.IntegerField(min_value=1, label="Posts to draw")


class PinForm(forms.ModelForm):
    """Why a post is asked next."""

    class Meta:
        model = Pin
        fields = ["reason"]


class ImportanceForm(forms.Form):
    """One number for each affect of the campaign; 0 is not looked for at all."""

    def __init__(self, plan: Plan, data=None):
        super().__init__(data, prefix="importance")
        self.plan = plan
        affects = list(plan.campaign.taxonomy.affects.all())
        self.usual = {affect.key: affect.importance for affect in affects}
        self.initial = self.usual | plan.importance
        for affect in affects:
            self.fields[affect.key] = forms.FloatField(min_value=0, label=affect.name)

    def clean(self) -> dict:
        cleaned = super().clean()
        try:
            check_importance(cleaned, tuple(self.usual))
        except BadImportance as refused:
            raise forms.ValidationError(refused.message) from refused
        return cleaned

    def save(self) -> None:
        """Keeps what differs from the taxonomy, so that the rest still follows it."""
        given = self.cleaned_data
        differ = {key: given[key] for key, usual in self.usual.items() if given[key] != usual}
        self.plan.importance = differ
        self.plan.save()
